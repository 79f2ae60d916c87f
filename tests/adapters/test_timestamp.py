"""The time-stamp authority over HTTP: what it stamps, and that nothing it does wrong is more than a delay."""

import hashlib

import pytest

from adapters.timestamp import HttpTimeStamper
from hub.core.errors import PermanentFailure, TemporaryFailure
from tests.ports import free_port

DIGEST = hashlib.sha256(b"hola").digest()


def failure(stamper, kind=TemporaryFailure):
    with pytest.raises(kind) as failed:
        stamper.stamp(DIGEST)
    return failed.value.code


def test_a_digest_is_stamped(stamper):
    assert stamper.stamp(DIGEST).token


def test_an_authority_that_is_down_is_a_delay(tsa):
    assert failure(HttpTimeStamper(f"http://127.0.0.1:{free_port()}/", tsa.certificate, 2)) == "UNREACHABLE"


def test_an_authority_whose_certificate_is_not_there_is_a_delay(tsa, tmp_path):
    assert failure(HttpTimeStamper(tsa.url, tmp_path / "none.pem", 2)) == "TSA_CERTIFICATE_MISSING"


def test_an_address_that_cannot_be_is_told_apart(tsa):
    assert failure(HttpTimeStamper("no es una dirección", tsa.certificate, 2), PermanentFailure) == "ADDRESS_INVALID"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b"", "STAMP_UNREADABLE"),
        (200, b"<html>", "STAMP_UNREADABLE"),
        (503, b"", "TSA_REFUSED"),
        (302, b"", "TSA_REFUSED"),
    ],
)
def test_an_authority_that_answers_badly_is_a_delay(scripted, tsa, status, body, code):
    scripted.say(status, body)
    assert failure(HttpTimeStamper(scripted.url, tsa.certificate, 2)) == code
