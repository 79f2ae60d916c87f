"""R-TERM: how long a body has, from which day, and what the citizen may do when it is over."""

from dataclasses import replace
from datetime import date

import pytest

from hub import terms
from hub.cargos import apply
from hub.core.calendar import Calendar
from hub.core.statuses import FilingStatus
from hub.core.terms import Act, Light, maximum_days, standing
from hub.core.tupa import GENERAL, ProcedureRecord, Silence
from hub.entities import check
from hub.entities.procedures import to_procedure
from hub.web.term_words import standing_words, what_follows
from tests.core.test_calendar import at
from tests.entities.certificates import NOW, write_keys
from tests.entities.conftest import DEMO
from tests.stages.legs import news
from tests.stages.sector import a_submission, at_counter, make_sector, take
from tests.web.bare import bare_app

FRIDAY = at("2026-11-20", "16:20:00")
EVALUATION = ProcedureRecord("E", "Evaluación", Silence.POSITIVE, 30)


@pytest.fixture(autouse=True)
def in_spanish():
    """Sentences are said inside an application."""
    with bare_app().test_request_context():
        yield


def filed(session, procedure, now=FRIDAY):
    """A filing at IGP's own counter that follows a procedure of IGP's, and its leg."""
    directory = make_sector(session, igp={"procedures": (procedure,) if procedure else ()})
    code = procedure.tupa_code if procedure else ""
    filing, leg = take(session, directory, a_submission(procedure_code=code), now=now, reception=at_counter("igp"))
    return directory, filing, leg


@pytest.mark.rule("R-TERM-1")
@pytest.mark.parametrize(
    ("act", "days", "due"),
    [
        ("mere_procedure", 3, date(2026, 11, 25)),
        ("report", 7, date(2026, 12, 1)),
        ("report_with_travel", 10, date(2026, 12, 4)),
        ("citizens_act", 10, date(2026, 12, 4)),
    ],
)
def test_each_act_has_the_maximum_of_the_law(session, act, days, due):
    procedure = to_procedure({"code": "P", "name": "Uno", "act": act})
    _, _, leg = filed(session, procedure)
    assert (maximum_days(Act(act)), leg.term_days, leg.due_on) == (days, days, due)


@pytest.mark.rule("R-TERM-2")
def test_an_evaluation_takes_thirty_days_and_its_silence_is_positive(session):
    _, _, leg = filed(session, to_procedure({"code": "P", "name": "Uno"}))
    assert (leg.term_days, leg.due_on) == (30, date(2027, 1, 7))


@pytest.mark.rule("R-TERM-2")
def test_automatic_approval_has_no_term_and_holds_from_the_presentation(session):
    directory, filing, leg = filed(session, to_procedure({"code": "P", "name": "Uno", "silence": "automatic"}))
    assert (leg.term_days, leg.due_on) == (None, None)
    due = terms.due(directory, filing, leg, date(2026, 11, 20))
    assert due.approved_at == FRIDAY and "aprobado al presentarlo" in what_follows(due, "IGP")
    filing.status = FilingStatus.OBSERVED  # TUO 136.3.2: not while it is observed
    assert terms.due(directory, filing, leg, date(2026, 11, 20)).approved_at is None
    filing.status = FilingStatus.LAPSED
    assert terms.due(directory, filing, leg, date(2026, 11, 25)).approved_at is None


@pytest.mark.rule("R-TERM-3")
def test_access_to_public_information_is_everybodys_and_takes_ten_days(session, tmp_path):
    text = DEMO.read_text(encoding="utf-8")
    directory = check(text, keys=write_keys(tmp_path), environ={}, now=NOW).directory
    for body in directory.entities:
        procedure = body.procedure("acceso-informacion")
        assert (procedure.days, procedure.silence) == (10, Silence.NEGATIVE) and "27806" in procedure.norm
    _, _, leg = filed(session, directory.entity("igp").procedure("acceso-informacion"))
    assert leg.due_on == date(2026, 12, 4)


@pytest.mark.rule("R-TERM-4")
def test_plain_correspondence_has_no_term_and_a_request_without_preset_the_general_maximum(session):
    directory, filing, leg = filed(session, None)
    assert (filing.procedure, leg.due_on, terms.due(directory, filing, leg, date(2026, 11, 23))) == ({}, None, None)
    filing, leg = take(
        session, directory, a_submission(procedure_code="general"), now=FRIDAY, reception=at_counter("igp")
    )
    assert (leg.term_days, leg.due_on) == (30, date(2027, 1, 7))
    assert terms.due(directory, filing, leg, date(2026, 11, 23)).procedure == GENERAL


@pytest.mark.rule("R-TERM-4")
def test_a_filing_keeps_its_preset_whatever_becomes_of_it(session):
    directory, filing, leg = filed(session, replace(EVALUATION, days=5, retention_class="SERIE-1"))
    assert filing.retention_class == "SERIE-1"
    changed = replace(directory, entities=tuple(replace(one, procedures=()) for one in directory.entities))
    terms.set_due(changed, filing, leg)
    assert (leg.term_days, leg.due_on) == (5, date(2026, 11, 27))


@pytest.mark.rule("R-TERM-5")
def test_days_are_consecutive_business_days_without_holidays_and_what_was_observed(session):
    """The worked example: two days left out, due 2027-01-11; two holidays of December and two feasts inside."""
    directory, _, leg = filed(session, EVALUATION)
    assert leg.due_on == date(2027, 1, 7)
    terms.leave_out(directory, leg, date(2026, 11, 23), date(2026, 11, 25))
    assert (leg.left_out_days, leg.due_on) == (2, date(2027, 1, 11))
    assert Calendar().is_business_day(leg.due_on)


@pytest.mark.rule("R-TERM-6")
def test_the_count_starts_on_the_business_day_that_follows(session):
    _, _, leg = filed(session, replace(EVALUATION, days=1), at("2026-12-07"))
    assert (leg.clock_start, leg.due_on) == (date(2026, 12, 10), date(2026, 12, 10))


@pytest.mark.rule("R-TERM-6")
def test_a_remittance_counts_from_the_day_its_destination_had_it(session):
    directory = make_sector(session)
    _, leg = take(session, directory, a_submission(procedure_code="general"), now=FRIDAY)
    assert (leg.clock_start, leg.due_on) == (None, None)
    saturday = at("2026-11-21", "09:00:00")
    apply(session, directory, news(leg, "registered", saturday), saturday)
    assert (leg.term_days, leg.clock_start, leg.due_on) == (30, date(2026, 11, 24), date(2027, 1, 8))


@pytest.mark.rule("R-TERM-7")
@pytest.mark.parametrize(
    ("today", "light", "words"),
    [
        (date(2026, 11, 23), Light.GREEN, "Vence en 9 días hábiles"),
        (date(2026, 11, 27), Light.RUNNING, "Vence en 5 días hábiles"),
        (date(2026, 12, 2), Light.AMBER, "Vence en 2 días hábiles"),
        (date(2026, 12, 3), Light.AMBER, "Vence en 1 día hábil"),
        (date(2026, 12, 4), Light.AMBER, "Vence hoy"),
        (date(2026, 12, 5), Light.RED, "Plazo vencido"),
    ],
)
def test_the_light_of_a_term_of_ten_days(today, light, words):
    found = standing(date(2026, 12, 4), 10, today, Calendar())
    assert (found.light, standing_words(found).label) == (light, words)


@pytest.mark.rule("R-TERM-7")
@pytest.mark.parametrize(
    ("silence", "words"), [("positive", "se entiende aprobada"), ("negative", "apelar"), ("none", "queja")]
)
def test_when_the_term_is_over_the_citizen_is_told_what_they_may_do(session, silence, words):
    directory, filing, leg = filed(session, replace(EVALUATION, silence=Silence(silence)))
    over = terms.due(directory, filing, leg, date(2027, 1, 8))
    assert over.standing.light is Light.RED and words in what_follows(over, "IGP")
    filing.status = FilingStatus.OBSERVED
    paused = terms.due(directory, filing, leg, date(2027, 1, 8))
    assert paused.standing is None and "detenido" in what_follows(paused, "IGP")
    filing.status = FilingStatus.ANSWERED
    assert terms.due(directory, filing, leg, date(2027, 1, 8)).standing is None


@pytest.mark.rule("R-TERM-7")
def test_the_page_says_until_when_the_body_has_and_the_inbox_too(house, clerk):
    number = clerk.filed(destination="sernanp", procedure="general")
    filing, _, (leg,) = house.filing(number)
    page = house.visitor().get(f"/seguimiento/{filing.verification_code}").text
    assert f"SERNANP tiene hasta el {leg.due_on:%d/%m/%Y} para responder" in page
    assert "Vence en" in page
