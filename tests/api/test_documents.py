"""An institution fetches the documents of its own legs, in pieces too, with a credential that opens once."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from hub import credentials
from hub.clock import now
from hub.core.statuses import DeliveryStatus
from hub.models import Document
from tests.api.test_messages import refused

MAIN = b"%PDF-1.4 " + bytes(range(256)) * 20
ANNEX = b"anexo " * 100_000


@pytest.fixture(scope="module")
def leg(hub):
    return hub.file(contents=(MAIN, ANNEX, b""))


def test_the_destination_gets_the_bytes(hub, leg):
    for place, content in enumerate(leg.contents):
        answer = hub.fetch(leg, place)
        assert (answer.status_code, answer.content) == (200, content)
        assert int(answer.headers["Content-Length"]) == len(content)


def test_the_etag_is_the_sha256(hub, leg):
    assert hub.fetch(leg).headers["ETag"] == f'"{hashlib.sha256(MAIN).hexdigest()}"'


@pytest.mark.parametrize(
    ("asked", "status", "piece"),
    [
        ("bytes=100-", 206, MAIN[100:]),
        ("bytes=0-9", 206, MAIN[:10]),
        ("bytes=10-99999999", 206, MAIN[10:]),
        ("bytes=-7", 206, MAIN[-7:]),
        ("bytes=-99999999", 200, MAIN),
        ("bytes=0-", 200, MAIN),
        ("bytes=0-1,5-6", 200, MAIN),
        ("lines=1-2", 200, MAIN),
        ("bytes=nada", 200, MAIN),
    ],
)
def test_a_range_gives_its_piece(hub, leg, asked, status, piece):
    answer = hub.fetch(leg, Range=asked)
    assert (answer.status_code, answer.content) == (status, piece)
    assert ("Content-Range" in answer.headers) == (status == 206)


def test_a_range_past_the_end_is_a_416(hub, leg):
    answer = hub.fetch(leg, Range=f"bytes={len(MAIN)}-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(MAIN)}")


def test_a_range_of_another_version_is_answered_whole(hub, leg):
    etag = hub.fetch(leg).headers["ETag"]
    assert hub.fetch(leg, Range="bytes=5-", If_Range=etag).status_code == 206
    assert hub.fetch(leg, Range="bytes=5-", If_Range='"otro"').status_code == 200


def test_who_has_it_already_gets_no_bytes(hub, leg):
    etag = hub.fetch(leg).headers["ETag"]
    answer = hub.fetch(leg, If_None_Match=etag)
    assert (answer.status_code, answer.content) == (304, b"")


def test_without_a_credential_there_is_nothing(hub, leg):
    answer = hub.fetch(leg, token="")
    refused(answer, 401, "CREDENCIAL_AUSENTE")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_credential_opens_once(hub, leg):
    token = hub.token()
    assert hub.fetch(leg, token=token).status_code == 200
    refused(hub.fetch(leg, token=token), 401, "CREDENCIAL_REPETIDA")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (lambda hub: "esto.no.es", "CREDENCIAL_INVALIDA"),
        (lambda hub: "a" * 5000, "CREDENCIAL_INVALIDA"),
        (lambda hub: hub.token()[:-4] + "AAAA", "CREDENCIAL_INVALIDA"),
        (lambda hub: hub.token(at=now() - timedelta(minutes=7)), "CREDENCIAL_VENCIDA"),
        (lambda hub: hub.token(at=now() + timedelta(minutes=7)), "CREDENCIAL_INVALIDA"),
        (lambda hub: hub.token(to="20131366028"), "CREDENCIAL_INVALIDA"),
    ],
)
def test_a_credential_that_does_not_hold_is_refused(hub, leg, token, code):
    refused(hub.fetch(leg, token=token(hub)), 401, code)


def test_another_institution_gets_nothing_of_this_leg(hub, leg):
    refused(hub.fetch(leg, token=hub.token("senamhi")), 403, "CUO_AJENO")


def test_a_document_of_another_filing_is_not_in_this_leg(hub, leg):
    other = hub.file("senamhi", contents=(b"%PDF-1.4 ajeno",))
    refused(hub.fetch(leg, document_id=other.document_ids[0]), 404, "DOCUMENTO_DESCONOCIDO")
    refused(hub.fetch(leg, document_id=uuid4()), 404, "DOCUMENTO_DESCONOCIDO")
    refused(hub.fetch(leg, document_id="1"), 404, "DOCUMENTO_DESCONOCIDO")


def test_a_cuo_of_nobody_has_no_documents(hub, leg):
    refused(hub.fetch(replace(leg, cuo="9999999999")), 404, "CUO_DESCONOCIDO")


def test_a_leg_taken_back_gives_nothing_more(hub):
    taken_back = hub.file()
    with hub.session() as session:
        session.merge(hub.leg(taken_back.cuo)).status = DeliveryStatus.REROUTED
        session.commit()
    refused(hub.fetch(taken_back), 403, "DOCUMENTO_NO_AUTORIZADO")


def test_a_document_that_the_store_lost_is_a_temporary_problem(hub):
    lost = hub.file(contents=(b"%PDF-1.4 perdido",))
    with hub.session() as session:
        hub.house.store.discard(session.get(Document, lost.document_ids[0]).object_key)
    answer = hub.fetch(lost)
    assert refused(answer, 503, "NO_DISPONIBLE")["temporary"] is True
    assert answer.headers["Retry-After"]


def test_a_browser_would_run_nothing_of_it(hub, leg):
    headers = hub.fetch(leg).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "filename*=UTF-8''Solicitud%20%C3%91a%C3%B1a.pdf" in headers["Content-Disposition"]


def test_used_credentials_are_forgotten_once_they_have_expired(hub, leg):
    hub.fetch(leg)
    with hub.session() as session:
        assert credentials.forget_expired(session, now()) == 0
        assert credentials.forget_expired(session, now() + timedelta(minutes=7)) > 0
        session.rollback()
