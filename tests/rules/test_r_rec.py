"""R-REC-1 to 5, and 7: the counter never refuses, its register is whole, and on what title it acts for another body."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hub import registers
from hub.core.bodies import CounterRecord
from hub.core.errors import InvalidFiling
from hub.core.messages import DocumentRole, Filer
from hub.core.statuses import DeliveryStatus, FilingStatus, Mode
from hub.intake import SubmittedFile, receive
from hub.models import Filing
from hub.observations import Asked
from hub.sight import Viewer
from hub.storage import Stored
from tests.stages.legs import try_once
from tests.stages.observed import ASKED, file_at, lima, say
from tests.stages.sector import a_submission, at_counter, make_sector

FRIDAY, MONDAY = lima("2026-11-20", 11, 2), lima("2026-11-23", 10)


def clerk_of(sector, code, counter="central"):
    return Viewer(1, frozenset({"clerk"}), sector.entity(code).id, counter)


# R-REC-1, R-REC-2: nobody is turned away


@pytest.mark.rule("R-REC-1")
def test_a_form_without_a_requirement_gets_its_number_and_what_is_missing_is_observed(session, sector):
    submission = replace(a_submission(), procedure_code="IGP-07", document_number="", files=a_submission().files)
    missing = Asked(("Falta el recibo de pago del derecho de trámite",))
    filing = receive(session, sector, submission, at_counter(), FRIDAY, observed=missing)
    assert filing.filing_number.startswith("2026-")
    assert (filing.entry_sequence, filing.presented_at, filing.status) == (1, FRIDAY, FilingStatus.OBSERVED)


LACKING = {
    "without annexes, letter number or address": {"document_number": ""},
    "with a signature that nobody can see": {"additional_information": ""},
    "over the limits that its destination publishes": {
        "files": (
            SubmittedFile(DocumentRole.MAIN, "a.pdf", "application/pdf", Stored("k1", "ab" * 32, 9 * 2**30), pages=900),
            SubmittedFile(DocumentRole.ANNEX, "b.exe", "application/octet-stream", Stored("k2", "cd" * 32, 5)),
        )
    },
    "of somebody without mail or telephone": {"filer": Filer("dni", "10117410", "Ana Quispe Ñahui")},
}


@pytest.mark.rule("R-REC-2")
@pytest.mark.parametrize("lacking", LACKING)
def test_what_fails_requirements_is_received(session, sector, lacking):
    filing = receive(session, sector, replace(a_submission(), **LACKING[lacking]), at_counter(), FRIDAY)
    assert filing.deliveries[0].status is DeliveryStatus.QUEUED


@pytest.mark.rule("R-REC-2")
@pytest.mark.parametrize(
    ("impossible", "code"),
    [
        ({"files": ()}, "MAIN_DOCUMENT_MISSING"),
        ({"filer": Filer("dni", "1011741", "Ana")}, "DNI_LENGTH"),
        ({"filer": Filer("dni", "10117410", "Ana", ruc="20131367009", business_name="X")}, "RUC_CHECK_DIGIT"),
        ({"destination_code": "nadie"}, "DESTINATION_UNKNOWN"),
    ],
)
def test_only_the_unreadable_the_unidentifiable_and_the_impossible_stop_one(session, sector, impossible, code):
    with pytest.raises(InvalidFiling) as caught:
        receive(session, sector, a_submission(**impossible), at_counter(), FRIDAY)
    assert code in [problem.code for problem in caught.value.problems]


# R-REC-3, R-REC-4: one register


@pytest.mark.rule("R-REC-3")
def test_every_counter_of_a_body_enters_in_its_one_register_with_its_own_name(session):
    seats = (
        CounterRecord("central", "Sede central", "Lima", "150101", is_principal=True),
        CounterRecord("huancayo", "Sede Huancayo", "Huancayo", "120101"),
    )
    sector = make_sector(session, igp={"counters": seats})
    for place, counter in enumerate(("huancayo", "central", "huancayo"), 1):
        where = replace(at_counter("igp"), counter_code=counter)
        filing = receive(session, sector, a_submission(), where, FRIDAY + timedelta(minutes=place))
        assert (filing.counter_code, filing.entry_sequence) == (counter, place)
    assert sector.entity("igp").principal_counter.code == "central"
    assert registers.gaps(session, sector.entity("igp"), 2026) == ()


@pytest.mark.rule("R-REC-4")
def test_the_register_of_entries_is_in_order_of_arrival_and_says_from_whom_and_for_whom(session, sector):
    asked = (None, ASKED, None)
    filings = [file_at(session, sector, FRIDAY + timedelta(minutes=n), asked=asked[n]) for n in range(3)]
    with pytest.raises(RuntimeError), session.begin_nested():
        file_at(session, sector, FRIDAY)
        raise RuntimeError("the disk is full")
    filings.append(file_at(session, sector, FRIDAY + timedelta(minutes=9)))
    viewer = clerk_of(sector, "sernanp")
    book = registers.entries(
        session, sector, viewer, registers.open_book(sector, viewer, "sernanp", date(2026, 11, 20))
    )
    assert [entry.number for entry in book] == ["00001-2026", "00002-2026", "00003-2026", "00004-2026"]
    assert [entry.filing_number for entry in book] == [filing.filing_number for filing in filings]


@pytest.mark.rule("R-REC-4")
@pytest.mark.parametrize("statement", ["delete from filings", "update filings set presented_at = now()"])
def test_what_was_entered_is_never_taken_out_nor_dated_anew(session, sector, statement):
    file_at(session, sector, FRIDAY)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(statement))
    assert len(session.scalars(select(Filing)).all()) == 1


# R-REC-5, R-REC-7: on what title


@pytest.mark.rule("R-REC-5")
@pytest.mark.parametrize(
    ("counter_of", "destination", "mode"),
    [("igp", "igp", Mode.OWN), ("sernanp", "senace", Mode.DELEGATED), ("senace", "sernanp", Mode.REMITTANCE)],
)
def test_without_an_agreement_a_sibling_counter_only_remits(session, sector, counter_of, destination, mode):
    filing = file_at(session, sector, FRIDAY, destination=destination, counter_of=counter_of)
    (leg,) = filing.deliveries
    assert leg.mode is mode
    assert (leg.clock_start is None) is (mode is Mode.REMITTANCE)


@pytest.mark.rule("R-REC-5")
@pytest.mark.parametrize(("day", "mode"), [("2025-12-31", Mode.REMITTANCE), ("2026-01-01", Mode.DELEGATED)])
def test_an_agreement_holds_from_its_day(sector, day, mode):
    assert sector.mode("sernanp", "senace", date.fromisoformat(day)) is mode


@pytest.mark.rule("R-REC-7")
def test_under_delegation_the_counters_stamp_is_the_reception_even_if_it_is_opened_the_next_day(session, sector):
    filing = file_at(session, sector, FRIDAY, destination="senace")
    (leg,) = filing.deliveries
    assert (leg.competent_body_had_it_at, filing.considered_on) == (FRIDAY, date(2026, 11, 20))
    assert leg.clock_start == date(2026, 11, 23)
    say(session, sector, leg, "registered", lima("2026-11-24"), by="senace")
    assert (leg.competent_body_had_it_at, leg.clock_start, leg.due_on) == (
        FRIDAY, date(2026, 11, 23), date(2027, 1, 7),
    )  # fmt: skip


@pytest.mark.rule("R-REC-7")
def test_in_a_remittance_the_citizen_keeps_the_date_and_the_body_counts_from_when_it_has_it(session, sector):
    filing = file_at(session, sector, FRIDAY)
    (leg,) = filing.deliveries
    try_once(session, leg, "ack", MONDAY, held_since=MONDAY)
    assert (filing.considered_on, leg.clock_start) == (date(2026, 11, 20), date(2026, 11, 24))
