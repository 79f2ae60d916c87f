"""R-CAL: days by decree: only with a norm, only where they hold, and brought to the terms that were open."""

from datetime import date, timedelta

import pytest

from hub import decrees
from hub.casilla import deposit
from hub.core.bodies import CounterRecord
from hub.core.errors import Forbidden, NeedsReason
from hub.models import Observation
from hub.observations import notify
from tests.core.test_calendar import at
from tests.stages.legs import events_of
from tests.stages.sector import a_submission, at_counter, make_sector, take

NORM = "DS 090-2026-PCM"
WEDNESDAY = date(2026, 12, 2)
FRIDAY = at("2026-11-20", "10:00:00")


def in_cusco():
    return {"counters": (CounterRecord("central", "Sede central", "Cusco", "080101", is_principal=True),)}


def filed_at_igp(session, directory, **values):
    submission = a_submission(procedure_code="general", **values)
    return take(session, directory, submission, now=FRIDAY, reception=at_counter("igp"))[1]


def settle(session, directory, row, now):
    return sum(decrees.settle(session, directory, row, now))


@pytest.mark.rule("R-CAL-1")
@pytest.mark.parametrize("norm", ["", "   ", "por orden del jefe", "2026", "¿?", "ab1", "en 2026", "DS 42", "DS"])
def test_nobody_closes_a_day_without_the_number_of_a_norm(session, norm):
    with pytest.raises(NeedsReason) as refused:
        decrees.record_day(session, make_sector(session), WEDNESDAY, norm, (), "admin", FRIDAY)
    assert refused.value.code == "NORM_REQUIRED"
    assert decrees.listed(session) == []


@pytest.mark.rule("R-CAL-1")
@pytest.mark.parametrize("norm", [
    NORM, "D.S. N.° 042-2025-PCM", "Decreto Supremo Nº 042-2025-PCM", "Ley 31788", "ley n.º  31788", "RM 012-2026-TR",
    "R.V.M. 012-2026", "Resolución Ministerial N° 012-2026-TR", "DL 1310",
])  # fmt: skip
def test_a_norm_is_known_by_its_kind_and_its_number(norm):
    assert decrees.has_norm(norm)


@pytest.mark.rule("R-CAL-1")
def test_a_day_is_given_back_only_by_a_norm_too_and_its_row_stays(session):
    directory = make_sector(session)
    row = decrees.record_day(session, directory, WEDNESDAY, NORM, (), "admin", FRIDAY)
    with pytest.raises(NeedsReason):
        decrees.end_day(session, directory, row.id, "ya no", "admin", FRIDAY)
    decrees.end_day(session, directory, row.id, "DS 091-2026-PCM", "admin", FRIDAY)
    assert [(one.norm, one.ended_norm) for one in decrees.listed(session)] == [(NORM, "DS 091-2026-PCM")]
    with pytest.raises(Forbidden):
        decrees.end_day(session, directory, row.id, NORM, "admin", FRIDAY)


@pytest.mark.rule("R-CAL-2")
def test_a_decree_for_lima_and_callao_leaves_the_day_a_business_day_in_cusco(session):
    directory = make_sector(session, senace=in_cusco())
    lima = filed_at_igp(session, directory)
    submission = a_submission(procedure_code="general", destination_code="senace")
    cusco = take(session, directory, submission, now=FRIDAY, reception=at_counter("senace"))[1]
    assert (lima.due_on, cusco.due_on) == (date(2027, 1, 7), date(2027, 1, 7))
    row = decrees.record_day(session, directory, WEDNESDAY, NORM, ("15", "07"), "admin", FRIDAY)
    assert settle(session, directory, row, FRIDAY) == 1
    assert (lima.due_on, cusco.due_on) == (date(2027, 1, 8), date(2027, 1, 7))
    assert events_of(session, cusco, "term_recomputed") == []


@pytest.mark.rule("R-CAL-2")
@pytest.mark.parametrize("scope", [("1",), ("99",), ("150",), ("Lima",)])
def test_a_scope_that_is_no_beginning_of_an_ubigeo_is_refused(session, scope):
    with pytest.raises(Forbidden) as refused:
        decrees.record_day(session, make_sector(session), WEDNESDAY, NORM, scope, "admin", FRIDAY)
    assert refused.value.code == "SCOPE_INVALID"


@pytest.mark.rule("R-CAL-3")
def test_a_decree_published_later_moves_the_open_terms_and_says_so_once(session):
    directory = make_sector(session)
    leg = filed_at_igp(session, directory)
    row = decrees.record_day(session, directory, WEDNESDAY, NORM, (), "admin", FRIDAY)
    assert settle(session, directory, row, FRIDAY) == 1
    assert leg.due_on == date(2027, 1, 8)
    (told,) = events_of(session, leg, "term_recomputed")
    assert (told.data["old"], told.data["new"], told.data["norm"]) == ("2027-01-07", "2027-01-08", NORM)
    assert settle(session, directory, row, FRIDAY) == 0


@pytest.mark.rule("R-CAL-3")
def test_a_term_that_would_have_begun_that_day_begins_after_it(session):
    directory = make_sector(session)
    leg = filed_at_igp(session, directory)
    row = decrees.record_day(session, directory, date(2026, 11, 23), NORM, (), "admin", FRIDAY)
    settle(session, directory, row, FRIDAY)
    assert (leg.filing.considered_on, leg.clock_start) == (date(2026, 11, 20), date(2026, 11, 24))
    decrees.end_day(session, directory, row.id, "DS 091-2026-PCM", "admin", FRIDAY)
    settle(session, directory, row, FRIDAY)
    assert (leg.clock_start, leg.due_on) == (date(2026, 11, 23), date(2027, 1, 7))


@pytest.mark.rule("R-CAL-3")
def test_what_the_citizen_awaits_moves_at_once_and_never_becomes_shorter(session):
    directory = make_sector(session)
    leg = filed_at_igp(session, directory)
    leg.filing.accepts_notification = True
    row = Observation(filing_id=leg.filing_id, delivery_id=leg.id, items=["Falta"], observed_at=FRIDAY)
    session.add(row)
    session.flush()
    notify(session, directory, row, FRIDAY, "opened")
    notice = deposit(session, directory, leg.filing, FRIDAY, leg=leg, observation=row)
    assert (row.correct_by, notice.deemed_on) == (at("2026-11-24", "23:59:59"), date(2026, 11, 30))
    day = decrees.record_day(session, directory, date(2026, 11, 24), NORM, (), "admin", FRIDAY)
    assert (row.correct_by, notice.deemed_on) == (at("2026-11-25", "23:59:59"), date(2026, 12, 1))
    decrees.end_day(session, directory, day.id, "DS 091-2026-PCM", "admin", FRIDAY)
    assert (row.correct_by, notice.deemed_on) == (at("2026-11-25", "23:59:59"), date(2026, 12, 1))


@pytest.mark.rule("R-CAL-3")
def test_days_that_an_observation_left_out_are_counted_anew_too(session):
    """A day by decree inside the pause was no business day: it lengthens the term once, not twice."""
    directory = make_sector(session)
    leg = filed_at_igp(session, directory)
    monday, wednesday = at("2026-11-23", "10:00:00"), at("2026-11-25", "10:00:00")
    session.add(
        Observation(filing_id=leg.filing_id, delivery_id=leg.id, items=["Falta"], observed_at=monday,
                    notified_at=monday, closed_at=wednesday, closed_as="corrected")
    )  # fmt: skip
    leg.left_out_days = 2
    leg.due_on = date(2027, 1, 11)
    session.flush()
    row = decrees.record_day(session, directory, date(2026, 11, 24), NORM, (), "admin", wednesday)
    settle(session, directory, row, wednesday)
    assert (leg.left_out_days, leg.due_on) == (1, date(2027, 1, 11))


def test_a_term_set_while_a_process_did_not_know_the_day_yet_is_counted_anew(session):
    directory = make_sector(session)
    row = decrees.record_day(session, directory, WEDNESDAY, NORM, (), "admin", FRIDAY)
    settle(session, directory, row, FRIDAY)
    late = filed_at_igp(session, directory)  # with the directory of before
    soon = FRIDAY + timedelta(minutes=1)
    assert decrees.unsettled(session, soon) == []
    afterwards = FRIDAY + timedelta(minutes=2)
    assert decrees.unsettled(session, afterwards) == [row]
    assert settle(session, directory, row, afterwards) == 1
    assert late.due_on == date(2027, 1, 8)
    assert decrees.unsettled(session, afterwards) == []


def test_the_same_day_is_not_recorded_twice_for_the_same_place(session):
    directory = make_sector(session)
    decrees.record_day(session, directory, WEDNESDAY, NORM, ("15",), "admin", FRIDAY)
    with pytest.raises(Forbidden):
        decrees.record_day(session, directory, WEDNESDAY, "DS 091-2026-PCM", ("15",), "admin", FRIDAY)
    decrees.record_day(session, directory, WEDNESDAY, "DS 091-2026-PCM", ("08",), "admin", FRIDAY)
