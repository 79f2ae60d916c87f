"""R-OBS: observed once, in one act; two clocks; nothing runs meanwhile; corrected in time, or not presented."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hub.constancias import constancia_of
from hub.core.errors import Forbidden, ForbiddenStep
from hub.core.observing import observe_by
from hub.core.statuses import DeliveryStatus, FilingStatus
from hub.models import OutboundMessage, PaperOrder
from hub.sight import Viewer
from tests.stages.legs import claim, events_of, letters_of
from tests.stages.observed import (
    ASKED,
    FRIDAY,
    MONDAY,
    WEDNESDAY,
    correct,
    file_at,
    let_lapse,
    lima,
    newest,
    observe,
    say,
)

# R-OBS-1, R-OBS-2: at the counter, in one act


@pytest.mark.rule("R-OBS-1")
def test_a_second_observation_of_the_same_stage_is_parked_not_applied(session, sector, own):
    filing, leg = own
    first = observe(session, sector, leg, MONDAY, "Falta la firma", notified=MONDAY)
    following = correct(session, sector, first, WEDNESDAY).delivery_id
    (second,) = [one for one in filing.deliveries if one.id == following]
    with pytest.raises(ForbiddenStep):
        say(session, sector, second, "observed", WEDNESDAY + timedelta(hours=2), items=("Falta el anexo",))
    assert (second.status, newest(session, filing.id)) == (DeliveryStatus.QUEUED, first)


@pytest.mark.rule("R-OBS-1")
def test_the_counter_of_the_body_itself_has_observed_for_it(session, sector):
    filing = file_at(session, sector, FRIDAY, counter_of="igp", asked=ASKED)
    correct(session, sector, newest(session, filing.id), MONDAY)
    with pytest.raises(ForbiddenStep):
        say(session, sector, filing.deliveries[0], "observed", WEDNESDAY, items=("Falta un plano",))


@pytest.mark.rule("R-OBS-2")
def test_what_the_counter_observes_keeps_items_allegations_the_receiver_and_the_warning(session, sector):
    filing = file_at(session, sector, FRIDAY, asked=ASKED)
    observation = newest(session, filing.id)
    assert observation.items == ["Falta la firma", "Falta el recibo de pago"]
    assert observation.allegations == "Dice que lo trae mañana"
    assert (observation.source, observation.notified_how) == ("counter", "in_person")
    assert observation.notified_at == FRIDAY
    assert observation.correct_by == lima("2026-11-24", 23, 59, 59)
    kinds = [event.kind for event in events_of(session, observation)]
    assert kinds == ["presented", "observed", "observation_notified"]
    told = str([event.data for event in events_of(session, observation)])
    assert "firma" not in told
    assert "mañana" not in told


@pytest.mark.rule("R-OBS-2")
def test_the_citizens_copy_has_what_was_observed_and_what_they_alleged(session, sector):
    filing = file_at(session, sector, FRIDAY, asked=ASKED)
    clerk = Viewer(1, frozenset({"clerk"}), filing.received_by_id, "central")
    copy = constancia_of(session, sector, clerk, filing.filing_number, secret=b"s", public_url="http://x")
    assert (copy.leg, copy.observation.items) == (None, list(ASKED.items))
    assert copy.observation.allegations == "Dice que lo trae mañana"


# R-OBS-3: nothing is routed and no clock runs


@pytest.mark.rule("R-OBS-3")
def test_what_the_counter_observed_has_its_number_and_entry_and_goes_nowhere(session, sector):
    filing = file_at(session, sector, FRIDAY, asked=ASKED)
    assert (filing.status, filing.entry_sequence) == (FilingStatus.OBSERVED, 1)
    assert filing.filing_number.startswith("2026-")
    assert filing.deliveries == []
    sobres = select(OutboundMessage).where(OutboundMessage.filing_id == filing.id, OutboundMessage.kind == "sobre")
    assert session.scalars(sobres).all() == []
    assert claim(session, filing.destination_id) == []


@pytest.mark.rule("R-OBS-3")
def test_the_term_stops_from_the_notification_to_the_correction(session, sector, own):
    _, leg = own
    assert leg.due_on == date(2027, 1, 7)
    observation = observe(session, sector, leg, MONDAY, notified=MONDAY)
    correct(session, sector, observation, WEDNESDAY)
    assert leg.filing.deliveries[-1].due_on == date(2027, 1, 11)  # decisions.md: two days left out


@pytest.mark.rule("R-OBS-3")
def test_an_observation_that_its_destination_drops_stops_the_term_until_it_registers(session, sector, own):
    _, leg = own
    observe(session, sector, leg, MONDAY, notified=MONDAY)
    say(session, sector, leg, "registered", WEDNESDAY)
    assert (leg.status, leg.left_out_days, leg.due_on) == (DeliveryStatus.REGISTERED, 2, date(2027, 1, 11))
    assert newest(session, leg.filing_id).closed_as == "accepted"


# R-OBS-4: not presented


@pytest.mark.rule("R-OBS-4")
def test_what_is_not_corrected_in_time_counts_as_not_presented_with_the_refund(session, sector, own):
    filing, leg = own
    observation = observe(session, sector, leg, MONDAY, notified=MONDAY)
    assert let_lapse(session, observation.correct_by + timedelta(seconds=30)) == 0  # still being written, perhaps
    assert let_lapse(session, observation.correct_by + timedelta(minutes=3)) == 1
    assert (leg.status, filing.status) == (DeliveryStatus.LAPSED, FilingStatus.LAPSED)
    assert observation.closed_as == "lapsed"
    (event,) = events_of(session, leg, "lapsed")
    assert event.data["is_fee_refunded"] is True
    papers = session.scalars(select(PaperOrder.kind).where(PaperOrder.filing_id == filing.id)).all()
    assert "no_presentado" in papers
    assert {"alert", "lapsed"} <= set(letters_of(session, leg))
    assert let_lapse(session, observation.correct_by + timedelta(days=9)) == 0


@pytest.mark.rule("R-OBS-4")
def test_what_lapsed_at_the_counter_is_final(session, sector):
    filing = file_at(session, sector, FRIDAY, asked=ASKED)
    assert let_lapse(session, lima("2026-11-25")) == 1
    assert filing.status is FilingStatus.LAPSED
    with pytest.raises(Forbidden) as caught:
        correct(session, sector, newest(session, filing.id), lima("2026-11-25"))
    assert caught.value.code == "CORRECTION_LATE"
    assert filing.deliveries == []


@pytest.mark.rule("R-OBS-4")
def test_a_correction_complete_in_the_last_second_beats_the_lapse(session, sector, own):
    _, leg = own
    observation = observe(session, sector, leg, MONDAY, notified=MONDAY)
    correct(session, sector, observation, observation.correct_by + timedelta(microseconds=999_999))
    assert let_lapse(session, observation.correct_by + timedelta(days=1)) == 0
    assert leg.status is DeliveryStatus.CORRECTED


@pytest.mark.rule("R-OBS-4")
def test_a_second_later_it_is_late_even_before_the_clock_came_round(session, sector, own):
    _, leg = own
    observation = observe(session, sector, leg, MONDAY, notified=MONDAY)
    with pytest.raises(Forbidden):
        correct(session, sector, observation, observation.correct_by + timedelta(seconds=1))
    assert leg.status is DeliveryStatus.OBSERVED


# R-OBS-5: two clocks


@pytest.mark.rule("R-OBS-5")
@pytest.mark.parametrize(
    ("at", "is_late"), [(lima("2026-11-24", 23, 59, 59), False), (lima("2026-11-25", 0, 0, 0), True)]
)
def test_a_body_observes_within_two_business_days_and_what_comes_later_never_lapses(session, sector, own, at, is_late):
    _, leg = own
    observation = observe(session, sector, leg, at, notified=at)
    assert (observation.observe_by, observation.is_late) == (date(2026, 11, 24), is_late)
    assert (observation.correct_by is None) is is_late
    assert let_lapse(session, at + timedelta(days=60)) == (not is_late)


@pytest.mark.rule("R-OBS-5")
def test_a_late_observation_stops_no_term_and_is_corrected_whenever(session, sector, own):
    _, leg = own
    observation = observe(session, sector, leg, lima("2026-11-27"), notified=lima("2026-11-27"))
    correct(session, sector, observation, lima("2026-12-18"))
    assert leg.filing.deliveries[-1].due_on == date(2027, 1, 7)


@pytest.mark.rule("R-OBS-5")
@pytest.mark.parametrize(
    ("had_it_on", "until"), [("2026-11-20", "2026-11-24"), ("2026-11-23", "2026-11-25"), ("2026-12-07", "2026-12-11")]
)
def test_observe_by_is_two_business_days_after_the_day_it_counts_from(sector, had_it_on, until):
    assert observe_by(date.fromisoformat(had_it_on), sector.calendar("igp")) == date.fromisoformat(until)


@pytest.mark.rule("R-OBS-5")
def test_a_saturdays_filing_is_observed_until_the_wednesday(session, sector):
    filing = file_at(session, sector, lima("2026-11-21"), counter_of="igp")
    (leg,) = filing.deliveries
    observation = observe(session, sector, leg, lima("2026-11-25", 17))
    assert (observation.observe_by, observation.is_late) == (date(2026, 11, 25), False)
    assert observation.correct_by is None  # nobody knows of it yet: nothing lapses
    assert let_lapse(session, lima("2027-03-01")) == 0
