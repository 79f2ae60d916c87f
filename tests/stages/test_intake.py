"""Intake: one transaction from form to outbox."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hub.core.errors import InvalidFiling
from hub.core.messages import DocumentRole, Filer
from hub.core.statuses import DeliveryStatus, FilingStatus, MessageKind, Mode, OutboundStatus
from hub.intake import SubmittedFile, receive
from hub.models import Event, Filing, OutboundMessage
from hub.storage import Stored
from tests.stages.sector import NOW, a_submission, at_counter, make_clerk, make_sector, take


def test_a_filing_is_born_with_its_numbers_its_leg_its_message_and_its_events(session):
    filing, leg = take(session, make_sector(session))
    assert filing.filing_number.startswith("2026-")
    assert filing.presented_at == NOW
    assert filing.considered_on == date(2026, 11, 20)
    assert filing.entry_sequence == 1
    assert filing.status is FilingStatus.ON_ITS_WAY
    assert leg.status is DeliveryStatus.QUEUED
    message = session.scalars(select(OutboundMessage).where(OutboundMessage.delivery_id == leg.id)).one()
    assert (message.kind, message.status, message.channel) == (MessageKind.SOBRE, OutboundStatus.WAITING, "rest")
    kinds = session.scalars(select(Event.kind).where(Event.filing_id == filing.id).order_by(Event.id)).all()
    assert kinds == ["presented", "queued"]


def test_who_left_an_address_is_written_to(session):
    filing, _ = take(session, make_sector(session))
    letters = session.scalars(select(OutboundMessage).where(OutboundMessage.kind == MessageKind.MAIL)).all()
    assert [letter.content["letter"] for letter in letters if letter.filing_id == filing.id] == ["constancia"]


def test_the_same_form_twice_makes_one_filing(session):
    directory, submission = make_sector(session), a_submission()
    first, _ = take(session, directory, submission)
    second = receive(session, directory, submission, at_counter(), NOW + timedelta(seconds=3))
    assert second.id == first.id


def test_the_database_itself_refuses_a_second_filing_of_one_form(session):
    filing, _ = take(session, make_sector(session))
    other, _ = take(session, _directory_of(session), a_submission())
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(
            text("update filings set form_token = :t where id = :i"), {"t": filing.form_token, "i": other.id}
        )


def _directory_of(session):
    from tests.stages import sector

    rows = {row.code: row for row in session.scalars(select(sector.EntityRow))}
    entities = tuple(sector._entity(rows[code]) for code in sector.BODIES)
    return sector.Directory(sector.SectorRecord("Ambiente", "minam"), entities)


def test_the_book_of_a_counter_has_no_gaps_even_when_a_filing_fails(session):
    directory = make_sector(session)
    first, _ = take(session, directory)
    with pytest.raises(RuntimeError), session.begin_nested():
        take(session, directory)
        raise RuntimeError("the disk is full")
    second, _ = take(session, directory)
    assert (first.entry_sequence, second.entry_sequence) == (1, 2)


@pytest.mark.parametrize("statement", ["presented_at = now()", "filing_number = '1999-0000009-9'"])
def test_the_instant_and_the_number_of_a_filing_are_never_edited(session, statement):
    filing, _ = take(session, make_sector(session))
    with pytest.raises(IntegrityError, match="never changed"), session.begin_nested():
        session.execute(text(f"update filings set {statement} where id = :id"), {"id": filing.id})


@pytest.mark.parametrize("statement", ["update events set kind = 'x'", "delete from events", "delete from filings"])
def test_events_and_filings_are_never_taken_back(session, statement):
    take(session, make_sector(session))
    with pytest.raises(IntegrityError, match="never changed"), session.begin_nested():
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("destination", "counter_of", "mode", "has_clock"),
    [
        ("sernanp", "sernanp", Mode.OWN, True),
        ("senace", "sernanp", Mode.DELEGATED, True),
        ("igp", "sernanp", Mode.REMITTANCE, False),
    ],
)
def test_the_title_of_a_counter_decides_when_the_term_starts(session, destination, counter_of, mode, has_clock):
    directory = make_sector(session)
    _, leg = take(session, directory, a_submission(destination_code=destination), reception=at_counter(counter_of))
    assert leg.mode is mode
    assert (leg.clock_start == date(2026, 11, 23)) is has_clock


BAD_FILERS = {
    "DNI_LENGTH": Filer("dni", "1011741", "Ana"),
    "NAMES_MISSING": Filer("dni", "10117410", "  "),
    "EMAIL_INVALID": Filer("dni", "10117410", "Ana", email="ana arroba ejemplo"),
    "RUC_CHECK_DIGIT": Filer("dni", "10117410", "Ana", ruc="20492966659", business_name="X"),
    "BUSINESS_NAME_MISSING": Filer("dni", "10117410", "Ana", ruc="20492966658"),
}


@pytest.mark.parametrize("code", BAD_FILERS)
def test_a_filer_who_cannot_exist_is_named_beside_the_field(session, code):
    with pytest.raises(InvalidFiling) as caught:
        take(session, make_sector(session), a_submission(filer=BAD_FILERS[code]))
    assert code in [problem.code for problem in caught.value.problems]
    assert session.scalars(select(Filing)).all() == []


def test_every_problem_is_named_at_once(session):
    wrong = a_submission(
        destination_code="nadie",
        subject="",
        folios=0,
        files=(),
        filer=Filer("ce", "1", "Ana"),
        document_number="9" * 101,
    )
    with pytest.raises(InvalidFiling) as caught:
        take(session, make_sector(session), wrong)
    assert {problem.code for problem in caught.value.problems} >= {
        "DESTINATION_UNKNOWN", "SUBJECT_MISSING", "FOLIOS_INVALID", "MAIN_DOCUMENT_MISSING", "CE_LENGTH", "TOO_LONG",
    }  # fmt: skip


def test_a_body_that_has_left_names_its_successor(session):
    directory = make_sector(session, oefa={"left_on": date(2026, 1, 1), "successor": "minam"})
    with pytest.raises(InvalidFiling) as caught:
        take(session, directory, a_submission(destination_code="oefa"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["successor"]) == ("DESTINATION_LEFT", "Institución MINAM")


def test_a_counter_takes_what_is_over_any_limit(session):
    huge = SubmittedFile(DocumentRole.ANNEX, "plano.tiff", "image/tiff", Stored(uuid4().hex, "cd" * 32, 40 * 2**30))
    submission = a_submission()
    filing, leg = take(session, make_sector(session), replace(submission, files=(*submission.files, huge)))
    assert [document.size for document in filing.documents] == [1200, 40 * 2**30]
    assert leg.status is DeliveryStatus.QUEUED


def test_who_took_it_is_remembered(session):
    clerk = make_clerk(session)
    filing, _ = take(session, make_sector(session), reception=at_counter(clerk_id=clerk.id))
    assert filing.clerk_id == clerk.id
