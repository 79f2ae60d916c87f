"""The sandbox institution over REST: what it refuses, and with which code."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from hub.wire.keys import load_signer
from tests.adapters.institution import NEVER, ask, credential, post
from tests.adapters.parcels import make_sobre, other_signature, sealed_parcel
from tests.fixtures.sandbox import HUB_RUC, RUCS


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.replace(b"Pide registros", b"Pide registroz"), "FIRMA_INVALIDA"),
        (lambda data: data[:-30], "XML_MAL_FORMADO"),
        (lambda data: b"", "XML_MAL_FORMADO"),
        (lambda data: b'<!DOCTYPE Sobre [<!ENTITY a "b">]>' + data.partition(b"?>\n")[2], "XML_CON_ENTIDADES"),
        (lambda data: b'<!DOCTYPE Sobre SYSTEM "http://127.0.0.1:9/x">' + data.partition(b"?>\n")[2], "XML_CON_DTD"),
        (lambda data: data.replace(b"<Asunto>", b"<Asunto><!-- no -->"), "ESQUEMA_INVALIDO"),
        (lambda data: data.replace(b"<Folios>3", b"<Folios>tres"), "ESQUEMA_INVALIDO"),
        (lambda data: data + b"<?despues algo?>", "ESQUEMA_INVALIDO"),
        (lambda data: data.replace(b"ecdsa-sha256", b"ecdsa-sha1"), "ALGORITMO_NO_ADMITIDO"),
        (lambda data: data.replace(b'URI=""', b'URI="#otro"'), "REFERENCIA_NO_ADMITIDA"),
        (lambda data: data[: data.index(b"<ds:Signature")] + b"</Sobre>", "FIRMA_AUSENTE"),
    ],
)
def test_what_is_not_as_the_contract_says_is_refused(calm, change, code):
    igp, new_parcel = calm
    parcel = new_parcel()
    answer = post(igp, change(parcel.sealed))
    assert answer.json()["code"] == code
    assert (answer.json()["temporary"], igp.held(parcel.cuo)) == (False, [])


def test_a_signed_message_moved_inside_another_is_refused(calm):
    igp, new_parcel = calm
    root = etree.fromstring(new_parcel().sealed)
    wrapper = etree.fromstring(new_parcel().sealed)
    wrapper[-1].getparent().remove(wrapper[-1])
    wrapper.append(root)
    assert post(igp, etree.tostring(wrapper)).json()["code"] == "FIRMA_FUERA_DE_LUGAR"


def test_a_sobre_signed_by_another_entity_is_refused(calm, keys):
    igp, new_parcel = calm
    forged = other_signature(new_parcel(), load_signer(*keys.of("senace")))
    assert post(igp, forged.sealed).json()["code"] == "FIRMANTE_DESCONOCIDO"


def test_a_sobre_for_another_institution_or_from_the_future_is_refused(calm, signer):
    igp, new_parcel = calm
    elsewhere = sealed_parcel(make_sobre(RUCS["senace"], ()), signer, None)
    assert post(igp, elsewhere.sealed).json()["code"] == "RECEPTOR_EQUIVOCADO"
    ahead = new_parcel(issued_at=datetime.now(UTC) + timedelta(minutes=6))
    assert post(igp, ahead.sealed).json()["code"] == "INSTANTE_ADELANTADO"
    old = new_parcel(issued_at=datetime.now(UTC) - timedelta(hours=20))
    assert post(igp, old.sealed).status_code == 200


def test_a_document_that_is_not_the_announced_one_is_refused(calm):
    igp, new_parcel = calm
    lie = new_parcel(announce=lambda ref: replace(ref, sha256="0" * 64))
    assert post(igp, lie.sealed).json()["code"] == "DOCUMENTO_ALTERADO"
    shorter = new_parcel(announce=lambda ref: replace(ref, size=ref.size - 1))
    assert post(igp, shorter.sealed).json()["code"] == "DOCUMENTO_ALTERADO"
    assert igp.held(lie.cuo) + igp.held(shorter.cuo) == []


def test_a_document_elsewhere_than_at_the_hub_is_not_fetched(calm):
    igp, new_parcel = calm
    parcel = new_parcel(announce=lambda ref: replace(ref, address="http://127.0.0.1:9/secreto"))
    assert post(igp, parcel.sealed).json()["code"] == "DOCUMENTO_INACCESIBLE"


def test_an_id_or_a_cuo_with_other_content_is_refused(sandbox, parcel_for, signer):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    same_id = replace(parcel.sobre, subject="Otro asunto")
    same_cuo = replace(parcel.sobre, header=replace(parcel.sobre.header, message_id=uuid4()))
    for sobre in (same_id, same_cuo):
        answer = post(igp, sealed_parcel(sobre, signer, parcel.partner).sealed)
        assert (answer.status_code, answer.json()["code"]) == (409, "MENSAJE_CON_OTRO_CONTENIDO")
        assert answer.json()["message_id"] == str(sobre.header.message_id)
    assert len(igp.held()) == 1


def test_a_report_needs_a_token_of_the_hub_used_once(sandbox, parcel_for, keys):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    now = int(time.time())
    stranger = load_pem_private_key(keys.of("senace")[0].read_bytes(), None)
    claims = {"iss": HUB_RUC, "aud": RUCS["igp"], "iat": now, "exp": now + 60, "jti": "x"}
    once = credential(keys, igp)
    tried = [
        (once, 200, None),
        (once, 401, "CREDENCIAL_REPETIDA"),
        ("", 401, "CREDENCIAL_AUSENTE"),
        ("no.es.token", 401, "CREDENCIAL_INVALIDA"),
        (jwt.encode(claims, stranger, "ES256"), 401, "CREDENCIAL_INVALIDA"),
        (credential(keys, igp, aud=RUCS["senace"]), 401, "CREDENCIAL_INVALIDA"),
        (credential(keys, igp, exp=now - 60), 401, "CREDENCIAL_VENCIDA"),
        (credential(keys, igp, exp=now + 3600), 401, "CREDENCIAL_VENCIDA"),
    ]
    for given, status, code in tried:
        answer = ask(igp, parcel.cuo, given)
        assert answer.status_code == status, given
        assert code is None or answer.json()["code"] == code


def test_an_unknown_cuo_is_404_with_its_code(calm, keys):
    igp, _ = calm
    answer = ask(igp, "0000000099", credential(keys, igp))
    assert (answer.status_code, answer.json()["code"]) == (404, "CUO_DESCONOCIDO")


def test_nothing_that_is_sent_makes_an_unhandled_error(calm):
    igp, new_parcel = calm
    assert post(igp, b"x" * 2_000_000).status_code == 413
    assert post(igp, b"{}", **{"Content-Type": "application/json"}).status_code == 415
    assert requests.get(f"{igp.url}/otra", timeout=5).status_code == 400
    assert requests.post(f"{igp.url}/control", data=b"[", timeout=5).status_code == 400
    assert post(igp, b"\xff\xfe\x00").json()["code"] == "XML_MAL_FORMADO"
    assert post(igp, new_parcel().sealed).status_code == 200
