"""Outcomes: what came of an attempt, when to try again, when a person must look."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import delivery
from hub.cargos import apply
from hub.core.retrying import RetryPolicy
from hub.core.statuses import DeliveryStatus, FilingStatus, OutboundStatus
from hub.models import RawMessage
from hub.outcomes import keep_raw
from tests.stages.legs import (
    LEASE,
    RULES,
    attempts_of,
    claim,
    claim_one,
    events_of,
    later,
    leg_of,
    message_of,
    news,
    record_one,
    try_once,
)
from tests.stages.sector import NOW, make_sector, take

# It arrived


@pytest.mark.parametrize("kind", ["ack", "has"])
def test_what_arrived_is_sent_since_its_destination_holds_it(session, leg, kind):
    held_since = NOW - timedelta(seconds=1)
    assert try_once(session, leg, kind, later(seconds=2), held_since=held_since, raw=b"<Acuse/>")
    message, (attempt,), (event,) = (
        message_of(session, leg),
        attempts_of(session, leg),
        events_of(session, leg, "sent"),
    )
    assert (leg.status, leg.sent_at, leg.filing.status) == (DeliveryStatus.SENT, held_since, FilingStatus.DELIVERED)
    assert (message.status, message.done_at) == (OutboundStatus.DONE, later(seconds=2))
    assert (attempt.outcome, attempt.number, attempt.worker) == (kind, 1, "w1")
    assert (event.author, event.said_by, event.happened_at) == ("destination", "igp", held_since)
    assert event.raw_digest == attempt.raw_digest != ""


def test_a_raw_answer_is_kept_once_however_often_it_comes(session):
    digests = {keep_raw(session, b"<Falla/>", NOW), keep_raw(session, b"<Falla/>", later(hours=1))}
    (digest,) = digests
    (kept,) = session.scalars(select(RawMessage).where(RawMessage.digest == digest))
    assert (kept.body, kept.kept_at) == (b"<Falla/>", NOW)
    assert keep_raw(session, b"", NOW) == ""


# Taken: it is fetching the documents


def test_taken_uses_no_attempt_extends_the_lease_and_is_asked_about_when_it_is_over(session, leg):
    mine = claim_one(session, leg)
    record_one(session, mine, "taken", later(seconds=30))
    message = message_of(session, leg)
    assert (message.status, message.attempts, message.must_ask) == (OutboundStatus.CLAIMED, 0, True)
    assert message.lease_until == later(seconds=30) + LEASE
    assert leg.status is DeliveryStatus.SENDING
    over = message.lease_until + timedelta(seconds=1)
    assert delivery.free_stuck(session, over) == 1
    (again,) = claim(session, leg.destination_id, "w2", over)
    assert (again.attempt, again.message.must_ask) == (1, True)


def test_an_acuse_that_comes_by_itself_ends_what_was_being_fetched(session):
    directory = make_sector(session)
    _, leg = take(session, directory)
    try_once(session, leg, "taken")
    apply(session, directory, news(leg, "held"), later(seconds=40))
    session.flush()
    assert leg.status is DeliveryStatus.SENT
    assert message_of(session, leg).status is OutboundStatus.VOID
    assert delivery.free_stuck(session, later(hours=1)) == 0


def test_who_fetches_for_three_days_is_shown_to_a_person(session, leg):
    now = NOW
    while leg.status is not DeliveryStatus.FAILED:
        try_once(session, leg, "taken", now)
        now += timedelta(hours=6)
        delivery.free_stuck(session, now)
        leg = leg_of(session, leg.cuo)
    assert now - NOW == timedelta(hours=78)


# It did not work


def test_the_same_message_is_tried_again_at_growing_intervals_up_to_an_hour(session, leg):
    now, waits = NOW, []
    identity = message_of(session, leg).id
    for _ in range(8):
        state = delivery.lock_institution(session, leg.destination_id)
        state.open_until, state.failures_in_a_row, state.times_opened, state.opened_at = None, 0, 0, None
        session.flush()
        try_once(session, leg, "temporary", now)
        message = message_of(session, leg)
        waits.append((message.next_try_at - now) // timedelta(seconds=1))
        now = message.next_try_at
    assert waits == [20, 60, 180, 540, 1620, 3600, 3600, 3600]
    assert (message.id, message.attempts, leg.status) == (identity, 8, DeliveryStatus.QUEUED)


@pytest.mark.parametrize("may_have_arrived", [True, False])
def test_a_second_try_first_asks_where_the_first_may_have_arrived(session, leg, may_have_arrived):
    try_once(session, leg, "temporary", may_have_arrived=may_have_arrived)
    assert message_of(session, leg).must_ask is may_have_arrived


def test_what_had_to_be_asked_is_still_asked_after_a_try_that_surely_did_not_arrive(session, leg):
    try_once(session, leg, "temporary", may_have_arrived=True)
    try_once(session, leg, "temporary", later(minutes=1), may_have_arrived=False)
    assert message_of(session, leg).must_ask is True


def test_a_permanent_failure_is_a_dead_letter_that_is_shown(session, leg):
    try_once(session, leg, "permanent", code="RECEPTOR_EQUIVOCADO", raw=b"{}")
    message, (event,) = message_of(session, leg), events_of(session, leg, "failed")
    assert (message.status, message.last_code) == (OutboundStatus.DEAD, "RECEPTOR_EQUIVOCADO")
    assert (leg.status, leg.filing.status) == (DeliveryStatus.FAILED, FilingStatus.ON_ITS_WAY)
    assert event.data == {"code": "RECEPTOR_EQUIVOCADO"}
    assert event.raw_digest == attempts_of(session, leg)[0].raw_digest


def test_who_cannot_tell_is_asked_for_a_day_and_then_a_person_looks(session, leg):
    now, asked = NOW, 0
    while leg.status is not DeliveryStatus.FAILED:
        try_once(session, leg, "cannot_tell", now, code="CANNOT_TELL")
        asked, now = asked + 1, message_of(session, leg).next_try_at
    assert timedelta(hours=24) <= now - NOW < timedelta(hours=25)
    assert asked > 24
    assert message_of(session, leg).status is OutboundStatus.DEAD
    assert message_of(session, leg).must_ask is True


def test_the_day_of_who_cannot_tell_starts_when_it_first_cannot(session, leg):
    try_once(session, leg, "temporary", NOW)
    try_once(session, leg, "cannot_tell", later(hours=30))
    assert message_of(session, leg).status is OutboundStatus.WAITING
    try_once(session, leg, "cannot_tell", later(hours=53))
    assert message_of(session, leg).status is OutboundStatus.WAITING
    try_once(session, leg, "cannot_tell", later(hours=54))
    assert message_of(session, leg).status is OutboundStatus.DEAD


def test_after_three_days_of_closed_breaker_a_person_looks(session, leg):
    patient = replace(RULES, breaker=replace(RULES.breaker, failures=10_000))
    now = NOW
    while leg.status is not DeliveryStatus.FAILED:
        record_one(session, claim_one(session, leg, now=now), "temporary", now, patient)
        now = max(message_of(session, leg).next_try_at, now)
    assert timedelta(hours=72) <= now - NOW < timedelta(hours=74)


def test_a_weekend_without_answer_makes_no_dead_letter(session, leg):
    """Five days down: the breaker is open nearly all the time, and that time does not count."""
    now, tries = NOW, 0
    while now < later(days=5):
        if claims := claim(session, leg.destination_id, now=now):
            record_one(session, claims[0], "temporary", now, code="UNREACHABLE")
            tries += 1
        now += timedelta(minutes=5)
    assert leg_of(session, leg.cuo).status is DeliveryStatus.QUEUED
    assert tries < 130  # one probe in about an hour, not one in five minutes
    (mine,) = claim(session, leg.destination_id, now=later(days=5, hours=1))
    record_one(session, mine, "ack", later(days=5, hours=1), held_since=later(days=5, hours=1))
    assert leg_of(session, leg.cuo).status is DeliveryStatus.SENT


def test_the_time_of_earlier_outages_is_not_taken_off_a_new_message(session):
    directory = make_sector(session)
    state = delivery.lock_institution(session, directory.entity("igp").id)
    state.open_seconds = 9e6
    _, leg = take(session, directory)
    short = replace(RULES, retry=RetryPolicy(jitter=0, give_up_after=timedelta(minutes=1)))
    record_one(session, claim_one(session, leg), "temporary", NOW, short)
    assert message_of(session, leg).status is OutboundStatus.WAITING
    record_one(session, claim_one(session, leg, now=later(minutes=2)), "temporary", later(minutes=2), short)
    assert message_of(session, leg).status is OutboundStatus.DEAD


# Late


def test_an_outcome_that_news_overtook_only_fills_its_instant(session):
    directory = make_sector(session)
    _, leg = take(session, directory)
    mine = claim_one(session, leg)
    apply(session, directory, news(leg, "registered", later(minutes=1), registry_number="00077"), later(minutes=1))
    session.flush()
    assert record_one(session, mine, "ack", later(minutes=2), held_since=NOW) is False
    leg = leg_of(session, leg.cuo)
    assert (leg.status, leg.sent_at) == (DeliveryStatus.REGISTERED, NOW)
    assert message_of(session, leg).status is OutboundStatus.VOID
    assert [attempt.outcome for attempt in attempts_of(session, leg)] == ["late"]
    assert events_of(session, leg, "sent") == []


@pytest.mark.parametrize("kind", ["temporary", "permanent", "cannot_tell"])
def test_a_late_failure_changes_nothing(session, kind):
    directory = make_sector(session)
    _, leg = take(session, directory)
    mine = claim_one(session, leg)
    apply(session, directory, news(leg, "registered"), NOW)
    record_one(session, mine, kind, code="X")
    leg = leg_of(session, leg.cuo)
    assert (leg.status, leg.sent_at) == (DeliveryStatus.REGISTERED, None)
    assert message_of(session, leg).status is OutboundStatus.VOID
