"""The credential of a call without a message."""

import json
from datetime import timedelta
from uuid import UUID

import jwt
import pytest

from hub.core.errors import ContractError
from hub.wire.tokens import check_token, make_token
from hub.wire.trusted import leaf_of
from tests.wire import sector
from tests.wire.sector import HUB, IGP, NOW, SENACE, directory, signer_of, trust_of, trusted

JTI = UUID("9f0c1c1e-0f4b-4d55-9a53-0c54b1f8e7a1")


def token(signer=None, **changes):
    values = {"caller_ruc": IGP, "called_ruc": HUB, "jti": JTI, "now": NOW, **changes}
    return make_token(signer or signer_of(IGP), **values)


def checked(text, trust=None, *, called=HUB, now=NOW):
    return check_token(text, trust or directory(), called_ruc=called, now=now)


def refusal(text, *args, **where):
    with pytest.raises(ContractError) as refused:
        checked(text, *args, **where)
    return refused.value.code


def by_hand(key=None, alg="ES256", header=None, **changes):
    """A token signed by PyJWT, its claims as given; None leaves a claim out."""
    issued = int(NOW.timestamp())
    claims = {"iss": IGP, "aud": HUB, "iat": issued, "exp": issued + 300, "jti": str(JTI), **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    thumbprint = json.loads(jwt.utils.base64url_decode(token().split(".")[0]))["x5t#S256"]
    key = signer_of(IGP)._key if key is None else key
    return jwt.PyJWS().encode(
        json.dumps(claims).encode(), key, alg, {"x5t#S256": thumbprint} if header is None else header
    )


@pytest.mark.parametrize("signer", [signer_of(IGP), sector.rsa_signer(IGP, 2048)], ids=["ES256", "RS256"])
def test_a_credential_holds_and_gives_back_what_the_door_must_see_once(signer):
    found = checked(token(signer), trust_of({IGP: [trusted(signer)]}))
    assert (found.caller_ruc, found.jti) == (IGP, JTI)
    assert found.expires_at == NOW.replace(microsecond=0) + timedelta(minutes=5)


def test_what_another_library_signs_holds_too():
    assert checked(by_hand()).jti == JTI


def test_what_we_sign_holds_for_another_library():
    key = leaf_of(signer_of(IGP).certificate_pem).x509.public_key()
    assert jwt.decode(token(), key, ["ES256"], audience=HUB, options={"verify_exp": False, "verify_iat": False})


def test_no_credential_is_missing():
    assert refusal("") == "CREDENCIAL_AUSENTE"


@pytest.mark.parametrize("text", ["a", "a.b.c", "....", "é.é.é", "x" * 5000, token()[:-8], token() + "."])
def test_what_is_no_jwt_is_invalid(text):
    assert refusal(text) == "CREDENCIAL_INVALIDA"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": None}, {"aud": None}, {"iat": None}, {"exp": None}, {"jti": None},
        {"iss": 20131367008}, {"iss": SENACE}, {"jti": "uno"}, {"jti": 1}, {"aud": [HUB, SENACE]},
        {"exp": "mañana"}, {"exp": 10**30}, {"iat": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_a_claim_that_is_missing_or_of_another_kind_is_invalid(changes):
    assert refusal(by_hand(**changes)) == "CREDENCIAL_INVALIDA"


def test_a_credential_for_another_is_invalid():
    assert refusal(token(), called=SENACE) == "CREDENCIAL_INVALIDA"


def test_a_credential_of_a_certificate_off_the_directory_is_invalid():
    assert refusal(token(sector.make_signer(IGP))) == "CREDENCIAL_INVALIDA"


def test_another_entity_cannot_speak_for_the_caller():
    assert refusal(token(signer_of(SENACE))) == "CREDENCIAL_INVALIDA"


def test_a_credential_signed_by_another_key_is_invalid():
    assert refusal(by_hand(signer_of(SENACE)._key)) == "CREDENCIAL_INVALIDA"


def test_none_and_hmac_are_invalid():
    assert refusal(by_hand("", "none")) == "CREDENCIAL_INVALIDA"
    assert refusal(by_hand("s" * 40, "HS256")) == "CREDENCIAL_INVALIDA"


def test_without_the_thumbprint_it_is_bound_to_nothing():
    assert refusal(by_hand(header={})) == "CREDENCIAL_INVALIDA"


def test_after_its_time_it_is_expired():
    assert checked(token(), now=NOW + timedelta(minutes=5, seconds=30))
    assert refusal(token(), now=NOW + timedelta(minutes=6, seconds=1)) == "CREDENCIAL_VENCIDA"


def test_meant_for_longer_than_five_minutes_it_is_expired_at_once():
    assert refusal(by_hand(exp=int(NOW.timestamp()) + 301)) == "CREDENCIAL_VENCIDA"


def test_from_the_future_it_is_invalid():
    assert refusal(token(), now=NOW - timedelta(minutes=2)) == "CREDENCIAL_INVALIDA"


def test_a_revoked_or_expired_certificate_gives_no_credential():
    revoked = trust_of({IGP: [trusted(signer_of(IGP), revoked_at=NOW)]})
    closed = trust_of({IGP: [trusted(signer_of(IGP), valid_until=NOW - timedelta(days=1))]})
    assert refusal(token(), revoked) == "CERTIFICADO_REVOCADO"
    assert refusal(token(), closed) == "CERTIFICADO_VENCIDO"


def test_a_weak_key_gives_no_credential():
    weak = sector.rsa_signer(IGP, 1024)
    assert refusal(token(weak), trust_of({IGP: [trusted(weak)]})) == "CLAVE_DEBIL"
