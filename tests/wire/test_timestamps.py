"""Time-stamps: what a token proves, and every reason not to believe one."""

import hashlib
from datetime import datetime, timedelta, timezone

import pytest
import rfc3161_client
from asn1crypto.cms import ContentInfo
from cryptography import x509

from adapters.sandbox.stamping import Refused, make_authority
from hub.core.errors import ContractError
from hub.wire.timestamps import check_token, request_for, token_in

DIGEST = hashlib.sha256(b"la raiz de un lote").digest()
OTHER = hashlib.sha256(b"otra cosa").digest()
NONCE = 2**62 + 5


@pytest.fixture(scope="module")
def token(tsa):
    return token_in(tsa.authority.reply(request_for(DIGEST, NONCE)), NONCE)


def refusal(call, *given):
    with pytest.raises(ContractError) as refused:
        call(*given)
    return refused.value.code


def test_a_stamp_says_when_and_by_whom(tsa, token):
    stamp = check_token(token, DIGEST, (tsa.pem,))
    assert abs(stamp.at - datetime.now(timezone.utc)) < timedelta(minutes=5)
    assert stamp.at.tzinfo is not None
    assert (stamp.authority, stamp.token) == ("Sello de tiempo de prueba", token)


def test_another_library_believes_it_too(tsa):
    reply = rfc3161_client.decode_timestamp_response(tsa.authority.reply(request_for(DIGEST, NONCE)))
    verifier = rfc3161_client.VerifierBuilder().add_root_certificate(x509.load_pem_x509_certificate(tsa.pem)).build()
    assert verifier.verify(reply, DIGEST)


def test_a_stamp_of_other_bytes_is_refused(tsa, token):
    assert refusal(check_token, token, OTHER, (tsa.pem,)) == "STAMP_OF_OTHER_BYTES"


def test_a_stamp_of_another_authority_is_refused(token, tmp_path):
    make_authority(tmp_path / "own", tmp_path / "crt.pem")
    assert refusal(check_token, token, DIGEST, ((tmp_path / "crt.pem").read_bytes(),)) == "STAMP_UNTRUSTED"


def test_no_trusted_certificate_trusts_nobody(token):
    assert refusal(check_token, token, DIGEST, ()) == "STAMP_UNTRUSTED"


EMPTY_PEM = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("kept", [b"", b"0\x82\x01\x01 as DER", EMPTY_PEM])
def test_a_certificate_of_the_authority_that_is_none_is_said_to_be(token, kept):
    assert refusal(check_token, token, DIGEST, (kept,)) == "TSA_CERTIFICATE_UNREADABLE"


def test_a_stamp_by_a_certificate_for_something_else_is_refused(tsa, tmp_path):
    """The root's own certificate is the authority's, and not for stamping."""
    alien = type(tsa.authority)(tsa.authority.key, tsa.authority.root, tsa.authority.root)
    token = token_in(alien.reply(request_for(DIGEST, NONCE)), NONCE)
    assert refusal(check_token, token, DIGEST, (tsa.pem,)) in {"STAMP_BROKEN", "STAMP_UNTRUSTED"}


def test_a_stamp_from_before_its_certificate_is_refused(tsa):
    early = tsa.authority.reply(request_for(DIGEST, NONCE), datetime(2020, 1, 1, tzinfo=timezone.utc))
    assert refusal(check_token, token_in(early, NONCE), DIGEST, (tsa.pem,)) == "STAMP_UNTRUSTED"


def unwatched(tsa, token):
    """The places that may change unseen: the frame before the signed content, a copy of the trusted root, and of the
    signer the version and the digest algorithm, which the signed attributes and the signature's own repeat."""
    signer = ContentInfo.load(token)["content"]["signer_infos"][0]
    parts = [tsa.authority.root.dump(), signer["version"].dump(), signer["digest_algorithm"].dump()]
    behind = token.index(signer.dump())
    starts = [token.index(parts[0]), *(token.index(part, behind) for part in parts[1:])]
    spans = [range(start, start + len(part)) for start, part in zip(starts, parts, strict=True)]
    return {place for span in (range(46), *spans) for place in span}


def test_every_byte_that_matters_is_watched(tsa, token):
    free = unwatched(tsa, token)
    for place in range(46, len(token), 23):
        changed = bytearray(token)
        changed[place] ^= 1
        if place not in free:
            refusal(check_token, bytes(changed), DIGEST, (tsa.pem,))


@pytest.mark.parametrize("bytes_", [b"", b"no", b"0\x03\x02\x01\x05", bytes(3000)])
def test_what_is_no_token_is_unreadable(bytes_, tsa):
    assert refusal(check_token, bytes_, DIGEST, (tsa.pem,)) == "STAMP_UNREADABLE"
    assert refusal(token_in, bytes_, NONCE) == "STAMP_UNREADABLE"


def test_an_answer_to_another_request_is_refused(tsa):
    reply = tsa.authority.reply(request_for(DIGEST, NONCE + 1))
    assert refusal(token_in, reply, NONCE) == "STAMP_OF_ANOTHER_REQUEST"


def test_a_refusal_is_told_as_one():
    assert refusal(token_in, Refused("bad_alg").reply(), NONCE) == "STAMP_REFUSED"


def test_the_authority_refuses_what_it_cannot_stamp(tsa):
    with pytest.raises(Refused):
        tsa.authority.reply(b"no es un pedido")
    with pytest.raises(Refused):
        tsa.authority.reply(request_for(b"corto", NONCE))
