"""Signed roots: what holds, and each way to forge one."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hub.core.chain import GENESIS
from hub.core.errors import ContractError
from hub.core.roots import Root, first_break, root_from_json
from hub.wire.roots import KIND, certificate_of, open_root, sign_root
from tests.wire import sector
from tests.wire.sector import HUB, IGP, NOW, signer_of

CA = (sector.authority().certificate.public_bytes(Encoding.PEM),)
ROOT = Root(HUB, 1, 3, bytes(range(32)), GENESIS, NOW)


def refusal(signed, authorities=CA, **expected):
    with pytest.raises(ContractError) as refused:
        open_root(signed, authorities, **expected)
    return refused.value.code


def by_hand(payload, signer=None, **header):
    """A JWS signed by PyJWT over any payload."""
    signer = signer or signer_of(HUB)
    der = certificate_of(sign_root(signer, ROOT))
    x5c = ["".join(der.decode().splitlines()[1:-1])]
    return jwt.PyJWS().encode(payload, signer._key, signer.algorithm, {"typ": KIND, "x5c": x5c, **header})


@pytest.mark.parametrize("signer", [signer_of(HUB), sector.rsa_signer(HUB, 2048)], ids=["ES256", "RS256"])
def test_a_signed_root_opens_with_the_authority_alone(signer):
    assert open_root(sign_root(signer, ROOT), CA, hub=HUB) == ROOT


def test_a_signed_root_opens_with_its_own_certificate():
    assert open_root(sign_root(signer_of(HUB), ROOT), (signer_of(HUB).certificate_pem,)) == ROOT


def test_what_another_library_signs_opens_too():
    assert open_root(by_hand(ROOT.payload), CA) == ROOT


def test_every_changed_character_is_found():
    signed = sign_root(signer_of(HUB), ROOT)
    for at, was in enumerate(signed):
        other = "A" if was != "A" else "B"
        assert refusal(signed[:at] + other + signed[at + 1 :]).startswith("RAIZ_")
    for strange in (
        signed + "A",
        signed + "=",
        signed + "!",
        signed[:-1],
        signed[:-3] + "." + signed[-3:],
        "",
        "a.b.c",
    ):
        assert refusal(strange).startswith("RAIZ_")


def test_a_signer_of_another_authority_is_unknown():
    assert refusal(sign_root(signer_of(HUB), ROOT), (signer_of(IGP).certificate_pem,)) == "RAIZ_FIRMANTE_DESCONOCIDO"
    assert refusal(sign_root(signer_of(HUB), ROOT), ()) == "RAIZ_FIRMANTE_DESCONOCIDO"


def test_an_institution_of_the_same_authority_is_not_the_hub():
    assert refusal(sign_root(signer_of(IGP), ROOT)) == "RAIZ_FIRMANTE_NO_ES_EL_HUB"
    as_itself = sign_root(signer_of(IGP), replace(ROOT, hub=IGP))
    assert refusal(as_itself, hub=HUB) == "RAIZ_FIRMANTE_NO_ES_EL_HUB"


@pytest.mark.parametrize("days", [-365, 365 * 3])
def test_a_certificate_must_have_been_valid_when_it_sealed(days):
    signed = sign_root(signer_of(HUB), replace(ROOT, sealed_at=NOW + timedelta(days=days)))
    assert refusal(signed) == "RAIZ_CERTIFICADO_NO_VIGENTE"


def test_a_weak_key_and_a_foreign_algorithm_are_refused():
    assert refusal(sign_root(sector.rsa_signer(HUB, 1024), ROOT)) == "RAIZ_ALGORITMO_NO_ADMITIDO"
    header, payload, _ = sign_root(signer_of(HUB), ROOT).split(".")
    said = json.loads(base64.urlsafe_b64decode(header + "=="))
    for alg in ("none", "HS256", "RS256"):
        forged = base64.urlsafe_b64encode(json.dumps({**said, "alg": alg}).encode()).rstrip(b"=").decode()
        assert refusal(f"{forged}.{payload}.AAAA") == "RAIZ_ALGORITMO_NO_ADMITIDO"


def test_a_credential_signed_by_the_hub_is_no_root():
    assert refusal(by_hand(ROOT.payload, typ="JWT")) == "RAIZ_MAL_FORMADA"


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"[]", b"{}", b'{"v":1}', b"\xff",
        ROOT.payload + b" ",
        ROOT.payload.replace(b'"v":1', b'"v":2'),
        ROOT.payload.replace(b'"count":3', b'"count":0'),
        ROOT.payload.replace(b'"count":3', b'"count":1025'),
        ROOT.payload.replace(b'"batch":1', b'"batch":0'),
        ROOT.payload.replace(b'"batch":1', b'"batch":"1"'),
        ROOT.payload.replace(b"000102", b"0102"),
        ROOT.payload.replace(b"120000Z", b"120000"),
    ],
)  # fmt: skip
def test_a_statement_that_is_not_written_as_the_hub_writes_is_none(payload):
    assert refusal(by_hand(payload)) == "RAIZ_MAL_FORMADA"


def test_a_statement_is_read_as_it_was_written():
    assert root_from_json(ROOT.payload) == ROOT
    assert json.loads(ROOT.payload)["sealed_at"] == "2026-11-23T14:05:09.120000Z"


def test_a_chain_breaks_where_one_is_left_out_changed_or_of_another_hub():
    chain = [ROOT]
    for batch in (2, 3, 4):
        chain.append(replace(ROOT, batch=batch, previous=chain[-1].digest))
    assert first_break([]) is first_break(chain) is first_break(chain[2:]) is None
    assert first_break([chain[0], *chain[2:]]) == 3
    assert first_break([chain[0], replace(chain[1], count=4), *chain[2:]]) == 3
    assert first_break([*chain[:3], replace(chain[3], hub=IGP)]) == 4
