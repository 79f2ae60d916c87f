"""R-OBS-6 to 9: corrected in time it keeps its date; what a body may insist on; the office in charge; the dates."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from hub import observations
from hub.core.errors import Forbidden, ForbiddenStep, InvalidFiling
from hub.core.observing import correct_by
from hub.core.statuses import DeliveryStatus, FilingStatus
from hub.models import Document
from hub.parcels import Addresses, sobre_of
from tests.stages.legs import message_of, try_once
from tests.stages.observed import (
    ASKED,
    FRIDAY,
    MONDAY,
    WEDNESDAY,
    a_file,
    correct,
    file_at,
    lima,
    newest,
    observe,
    say,
)

# R-OBS-6: corrected in time, it keeps its date


@pytest.mark.rule("R-OBS-6")
def test_corrected_in_time_it_counts_as_received_with_the_first_document(session, sector, own):
    filing, leg = own
    observation = observe(session, sector, leg, MONDAY, notified=MONDAY)
    correct(session, sector, observation, WEDNESDAY, files=(a_file(),))
    following = filing.deliveries[-1]
    assert (filing.presented_at, filing.considered_on) == (FRIDAY, date(2026, 11, 20))
    assert (following.purpose, following.previous_id, following.mode) == ("correction", leg.id, leg.mode)
    assert (following.clock_start, following.left_out_days) == (date(2026, 11, 23), 2)
    assert (leg.status, filing.status) == (DeliveryStatus.CORRECTED, FilingStatus.ON_ITS_WAY)


@pytest.mark.rule("R-OBS-6")
def test_the_leg_of_a_correction_carries_everything_and_names_the_one_it_corrects(session, sector, own):
    filing, leg = own
    observation = observe(session, sector, leg, MONDAY, "Falta la firma", notified=MONDAY)
    correct(session, sector, observation, WEDNESDAY, files=(a_file("firmado.pdf"),))
    following = filing.deliveries[-1]
    of_filing = select(Document).where(Document.filing_id == filing.id)
    documents = session.scalars(of_filing.order_by(Document.position)).all()
    sobre = sobre_of(message_of(session, following), following, documents, sector, Addresses("http://x"), WEDNESDAY)
    assert [one.file_name for one in sobre.documents] == ["solicitud.pdf", "firmado.pdf"]
    assert sobre.header.cuo_ref == leg.cuo
    assert "(1) La firmé" in sobre.additional_information


@pytest.mark.rule("R-OBS-6")
def test_a_filing_observed_at_the_counter_leaves_when_it_is_corrected_with_its_first_date(session, sector):
    filing = file_at(session, sector, FRIDAY, counter_of="sernanp", destination="senace", asked=ASKED)
    correct(session, sector, newest(session, filing.id), lima("2026-11-24", 18))
    (leg,) = filing.deliveries
    assert (leg.purpose, leg.corrects_cuo, leg.mode.value) == ("first", "", "delegated")
    assert (filing.considered_on, leg.clock_start) == (date(2026, 11, 20), date(2026, 11, 23))
    assert leg.due_on == date(2027, 1, 11)  # Monday and Tuesday were left out
    assert message_of(session, leg).status == "waiting"


@pytest.mark.rule("R-OBS-6")
def test_the_same_form_twice_makes_one_subsanacion(session, sector, own):
    filing, leg = own
    observation, token = observe(session, sector, leg, MONDAY, notified=MONDAY), uuid4()
    first = correct(session, sector, observation, WEDNESDAY, form_token=token)
    again = correct(session, sector, observation, WEDNESDAY, form_token=token)
    assert (first.id, len(filing.deliveries)) == (again.id, 2)
    with pytest.raises(Forbidden):
        correct(session, sector, observation, WEDNESDAY)


@pytest.mark.rule("R-OBS-6")
def test_only_what_answers_nothing_or_no_contract_carries_is_sent_back_to_who_writes_it(session, sector, own):
    _, leg = own
    observation = observe(session, sector, leg, MONDAY, notified=MONDAY)
    for answers, code in (((" ",), "CORRECTION_EMPTY"), (("x" * 4000,), "ANSWERS_TOO_LONG")):
        with pytest.raises(InvalidFiling) as caught:
            correct(session, sector, observation, WEDNESDAY, answers=answers)
        assert [problem.code for problem in caught.value.problems] == [code]
    assert observation.closed_at is None


# R-OBS-7: insisting


@pytest.mark.rule("R-OBS-7")
def test_a_body_may_insist_on_what_was_not_corrected_and_add_nothing(session, sector, own):
    filing, leg = own
    first = observe(session, sector, leg, MONDAY, "Falta la firma.", "Falta el anexo 2", notified=MONDAY)
    correct(session, sector, first, WEDNESDAY)
    second = filing.deliveries[-1]
    later = lima("2026-11-26", 9)
    try_once(session, second, "ack", later, held_since=later)
    with pytest.raises(ForbiddenStep):
        say(session, sector, second, "observed", later, items=("Falta la firma", "Falta el anexo 3"))
    again = observe(session, sector, second, later, "falta  la firma", notified=later)
    assert (again.reiterates_id, again.is_late) == (first.id, False)
    assert again.correct_by == lima("2026-11-30", 23, 59, 59)


# R-OBS-8: the office in charge


@pytest.mark.rule("R-OBS-8")
def test_the_office_in_charge_raises_once_what_reception_could_not_see(session, sector, own):
    filing, leg = own
    first = observe(session, sector, leg, MONDAY, "Falta la firma", notified=MONDAY)
    correct(session, sector, first, WEDNESDAY)
    second = filing.deliveries[-1]
    say(session, sector, second, "registered", lima("2026-11-26"))
    by_office = observe(session, sector, second, lima("2026-12-02"), "El plano no tiene escala")
    assert (by_office.source, by_office.observe_by, by_office.is_late) == ("office", None, False)
    observations.notify(session, sector, by_office, lima("2026-12-02"), "opened")
    assert by_office.correct_by == lima("2026-12-04", 23, 59, 59)
    correct(session, sector, by_office, lima("2026-12-03"))
    third = filing.deliveries[-1]
    assert (third.left_out_days, third.due_on) == (3, date(2027, 1, 12))
    say(session, sector, third, "registered", lima("2026-12-04"))
    with pytest.raises(ForbiddenStep):
        say(session, sector, third, "observed", lima("2026-12-05"), items=("Falta un sello",))


# R-OBS-9: worked dates


@pytest.mark.rule("R-OBS-9")
@pytest.mark.parametrize(
    ("notified", "until"),
    [
        (lima("2026-11-20"), lima("2026-11-24", 23, 59, 59)),
        (lima("2026-12-07"), lima("2026-12-11", 23, 59, 59)),
        (lima("2026-11-21"), lima("2026-11-24", 23, 59, 59)),
        (lima("2026-11-23", 23, 59), lima("2026-11-25", 23, 59, 59)),
    ],
)
def test_correct_by_is_the_end_of_the_second_business_day_after_the_notification(sector, notified, until):
    assert correct_by(notified, sector.calendar("igp")) == until


@pytest.mark.rule("R-OBS-9")
def test_the_first_notification_counts_and_no_later_one_gives_more_time(session, sector, own):
    _, leg = own
    observation = observe(session, sector, leg, MONDAY, notified=MONDAY)
    assert not observations.notify(session, sector, observation, WEDNESDAY, "deemed")
    assert (observation.notified_how, observation.correct_by) == ("opened", lima("2026-11-25", 23, 59, 59))
