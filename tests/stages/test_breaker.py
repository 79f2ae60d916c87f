"""The breaker: an institution that does not answer is left alone, and nobody else is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import breaker
from hub.core.retrying import BreakerPolicy
from hub.core.statuses import DeliveryStatus, OutboundStatus
from hub.models import InstitutionOutage
from tests.stages.legs import claim, later, legs_for, message_of, record_one, state_of, try_once
from tests.stages.sector import NOW, a_submission, make_sector, take


def fail(session, leg, times, now=NOW, kind="temporary"):
    for _ in range(times):
        message = message_of(session, leg)
        message.next_try_at = now
        session.flush()
        try_once(session, leg, kind, now)


def test_five_failures_in_a_row_leave_an_institution_alone_for_a_minute(session, leg):
    fail(session, leg, 4)
    assert state_of(session, leg.destination_id).open_until is None
    fail(session, leg, 1)
    state = state_of(session, leg.destination_id)
    assert (state.open_until, state.opened_at, state.failures_in_a_row) == (later(minutes=1), NOW, 5)


def test_the_breaker_doubles_to_half_an_hour(session, leg):
    fail(session, leg, 5)
    opened, now = [], NOW
    for _ in range(7):
        state = state_of(session, leg.destination_id)
        opened.append((state.open_until - now) // timedelta(minutes=1))
        now = state.open_until
        fail(session, leg, 1, now)
    assert opened == [1, 2, 4, 8, 16, 30, 30]
    assert state_of(session, leg.destination_id).opened_at == NOW


@pytest.mark.parametrize("kind", ["ack", "taken", "cannot_tell", "permanent"])
def test_an_answer_closes_the_breaker_and_its_time_is_added_up(session, leg, kind):
    fail(session, leg, 5)
    fail(session, leg, 1, later(minutes=2), kind)
    state = state_of(session, leg.destination_id)
    assert (state.open_until, state.opened_at, state.failures_in_a_row, state.times_opened) == (None, None, 0, 0)
    assert state.open_seconds == 120
    assert state.last_success_at == later(minutes=2)


def test_failures_that_are_not_in_a_row_open_nothing(session, leg):
    for _ in range(4):
        fail(session, leg, 4)
        fail(session, leg, 1, kind="cannot_tell")
    assert state_of(session, leg.destination_id).open_until is None


def test_what_was_in_flight_when_it_opened_does_not_double_it(session):
    directory = make_sector(session)
    legs = [take(session, directory, now=NOW - timedelta(seconds=n))[1] for n in range(6)]
    claims = claim(session, legs[0].destination_id, cap=6)
    for mine in claims:
        record_one(session, mine, "temporary")
    assert state_of(session, legs[0].destination_id).open_until == later(minutes=1)


def test_the_breaker_of_one_institution_is_no_other_ones(session):
    directory = make_sector(session)
    _, leg = take(session, directory)
    _, other = take(session, directory, a_submission(destination_code="senace"))
    fail(session, leg, 5)
    assert claim(session, other.destination_id)


def test_what_could_not_be_written_is_nobody_elses_failure(session, leg):
    fail(session, leg, 5)
    fail_at = later(hours=1)
    try_once(session, leg, "permanent", fail_at, code="ESQUEMA_INVALIDO", is_about_institution=False)
    assert leg.status is DeliveryStatus.FAILED
    assert state_of(session, leg.destination_id).failures_in_a_row == 5


def test_when_it_is_back_the_queue_goes_on_with_the_oldest(session):
    legs = legs_for(session, make_sector(session), 7)
    body, at = legs[0].destination_id, NOW
    for mine in claim(session, body, cap=5):  # the oldest five: the breaker opens
        record_one(session, mine, "temporary", at)
    for _ in range(3):  # each probe is of the oldest that is due, which puts it off for longer
        at = state_of(session, body).open_until
        record_one(session, *claim(session, body, now=at), "temporary", at)
    at = state_of(session, body).open_until
    [back] = claim(session, body, now=at)
    assert back.delivery.id != legs[0].id, "the oldest of all was put off beyond this probe"
    record_one(session, back, "ack", at)
    waiting = [leg.id for leg in legs if leg.id != back.delivery.id]
    assert [one.delivery.id for one in claim(session, body, now=at, cap=9)] == waiting


def test_an_answer_while_the_breaker_is_closed_puts_nothing_forward(session):
    first, _ = legs_for(session, make_sector(session), 2)
    mine, other = claim(session, first.destination_id)
    record_one(session, mine, "temporary")
    record_one(session, other, "ack")
    assert message_of(session, first).next_try_at > NOW


def test_that_it_did_not_answer_is_written_down_from_the_first_failure_to_an_answer(session, leg):
    fail(session, leg, 4)
    assert session.scalars(select(InstitutionOutage)).all() == []
    fail(session, leg, 1, later(seconds=40))
    fail(session, leg, 1, later(minutes=3))
    (down,) = session.scalars(select(InstitutionOutage)).all()
    assert (down.entity_id, down.since, down.until) == (leg.destination_id, NOW, None)
    fail(session, leg, 1, later(minutes=9), "ack")
    session.refresh(down)
    assert down.until == later(minutes=9)
    assert state_of(session, leg.destination_id).failing_since is None


def test_where_nothing_waits_for_it_one_worker_is_to_ask_and_the_next_one_later(session, leg):
    fail(session, leg, 5)
    policy, ends = BreakerPolicy(), later(minutes=1)
    assert breaker.untried(session, policy, ends) == [], "its own message is the try"
    message_of(session, leg).status = OutboundStatus.VOID
    session.flush()
    assert breaker.untried(session, policy, later(seconds=59)) == []
    assert breaker.untried(session, policy, ends) == [leg.destination_id]
    assert state_of(session, leg.destination_id).open_until == ends + timedelta(minutes=2)
    assert breaker.untried(session, policy, ends) == []
