"""Delivery: who claims what, and what becomes of a claim whose worker died."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import update

from hub import delivery
from hub.cargos import apply
from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.models import InstitutionState
from tests.stages.legs import (
    LEASE,
    SEALED,
    attempts_of,
    claim,
    claim_one,
    events_of,
    later,
    leg_of,
    legs_for,
    message_of,
    news,
    record_one,
    try_once,
)
from tests.stages.sector import NOW, a_submission, make_sector, take

SILENT = timedelta(minutes=10)


def test_a_claim_is_a_lease_with_a_name(session):
    _, leg = take(session, make_sector(session))
    (mine,) = claim(session, leg.destination_id, "w1")
    message = mine.message
    assert (message.status, message.claimed_by, message.lease_until) == (OutboundStatus.CLAIMED, "w1", NOW + LEASE)
    assert (mine.worker, mine.attempt, message.first_tried_at) == ("w1", 1, NOW)
    assert leg.status is DeliveryStatus.SENDING
    assert mine.link_token


def test_what_is_claimed_is_not_claimed_again(session):
    _, leg = take(session, make_sector(session))
    claim(session, leg.destination_id, "w1")
    assert claim(session, leg.destination_id, "w2") == []


def test_what_is_not_yet_due_is_not_claimed(session):
    _, leg = take(session, make_sector(session), now=later(seconds=1))
    assert delivery.recipients_with_work(session, NOW) == []
    assert claim(session, leg.destination_id) == []


def test_the_oldest_is_claimed_first_and_no_more_than_the_cap(session):
    legs = legs_for(session, make_sector(session), 6)
    claims = claim(session, legs[0].destination_id, cap=4)
    assert [mine.delivery.cuo for mine in claims] == [leg.cuo for leg in legs[:4]]


def test_a_batch_is_a_limit_too(session):
    legs = legs_for(session, make_sector(session), 4)
    assert len(claim(session, legs[0].destination_id, batch=2)) == 2


def test_the_institution_that_waits_longest_comes_first(session):
    directory = make_sector(session)
    _, young = take(session, directory, a_submission(destination_code="senace"), now=NOW)
    _, old = take(session, directory, now=NOW - timedelta(minutes=1))
    assert delivery.recipients_with_work(session, NOW) == [old.destination_id, young.destination_id]


def test_the_cap_in_flight_holds_across_workers(session):
    legs = legs_for(session, make_sector(session), 6)
    igp = legs[0].destination_id
    assert len(claim(session, igp, "w1", cap=4, batch=3)) == 3
    assert len(claim(session, igp, "w2", cap=4)) == 1
    assert claim(session, igp, "w3", cap=4) == []


def test_the_cap_of_one_institution_is_no_other_ones(session):
    directory = make_sector(session)
    legs_for(session, directory, 2)
    (other,) = legs_for(session, directory, 1, "senace")
    claim(session, directory.entity("igp").id, cap=1)
    assert len(claim(session, other.destination_id, cap=1)) == 1


def test_nothing_is_claimed_for_a_paused_institution(session):
    _, leg = take(session, make_sector(session))
    session.add(InstitutionState(entity_id=leg.destination_id, paused_at=NOW, paused_reason="mudanza"))
    session.flush()
    assert claim(session, leg.destination_id) == []
    session.execute(update(InstitutionState).values(paused_at=None))
    assert len(claim(session, leg.destination_id)) == 1


def test_an_open_breaker_lets_nothing_out_and_then_one_probe(session):
    legs = legs_for(session, make_sector(session), 3)
    igp = legs[0].destination_id
    session.add(
        InstitutionState(entity_id=igp, opened_at=NOW, open_until=later(minutes=1), times_opened=1, failures_in_a_row=5)
    )
    session.flush()
    assert claim(session, igp, now=later(seconds=59)) == []
    (probe,) = claim(session, igp, "w1", later(minutes=1))
    assert claim(session, igp, "w2", later(minutes=1)) == []
    record_one(session, probe, "ack", later(minutes=1), held_since=NOW)
    assert len(claim(session, igp, "w2", later(minutes=1))) == 2


def test_a_failed_probe_opens_the_breaker_for_twice_as_long(session):
    (leg,) = legs_for(session, make_sector(session), 1)
    igp = leg.destination_id
    session.add(
        InstitutionState(entity_id=igp, opened_at=NOW, open_until=later(minutes=1), times_opened=1, failures_in_a_row=5)
    )
    session.flush()
    try_once(session, leg, "temporary", later(minutes=1))
    assert session.get(InstitutionState, igp).open_until == later(minutes=3)


def test_a_dead_workers_claim_goes_back_and_is_asked_about_if_the_paper_had_left(session):
    directory = make_sector(session)
    handed_out, kept_in = legs_for(session, directory, 2)
    first, _ = claim(session, handed_out.destination_id)
    delivery.hand_out(session, [(first, SEALED, "digest")], NOW)
    assert delivery.free_stuck(session, NOW + LEASE) == 0
    after = NOW + LEASE + timedelta(seconds=1)
    assert delivery.free_stuck(session, after) == 2
    for leg, must_ask in ((handed_out, True), (kept_in, False)):
        message = message_of(session, leg)
        assert (message.status, message.must_ask, message.next_try_at) == (OutboundStatus.WAITING, must_ask, after)
        assert leg_of(session, leg.cuo).status is DeliveryStatus.QUEUED


def test_a_dead_workers_letter_goes_back_too(session):
    take(session, make_sector(session))
    mail = {"kind": MessageKind.MAIL, "lease": LEASE, "batch": 5}
    assert len(delivery.claim_letters(session, "w1", NOW, **mail)) == 1
    assert delivery.claim_letters(session, "w2", NOW, **mail) == []
    session.flush()
    assert delivery.free_stuck(session, NOW + LEASE + timedelta(seconds=1)) == 1
    assert len(delivery.claim_letters(session, "w2", later(minutes=5), **mail)) == 1


def test_only_what_is_still_ours_leaves_the_house(session):
    kept, lost = legs_for(session, make_sector(session), 2)
    claims = claim(session, kept.destination_id)
    message_of(session, lost).claimed_by = "w2"
    session.flush()
    ours = delivery.hand_out(session, [(mine, SEALED, "digest") for mine in claims], NOW, ask_after=SILENT)
    assert ours == {message_of(session, kept).id}
    assert message_of(session, kept).sealed == SEALED
    assert leg_of(session, kept.cuo).handed_out_at == NOW
    assert message_of(session, lost).sealed is None
    assert leg_of(session, lost.cuo).handed_out_at is None


def test_the_digest_of_what_leaves_the_house_is_an_event_once(session):
    kept, lost = legs_for(session, make_sector(session), 2)
    claims = claim(session, kept.destination_id)
    message_of(session, lost).claimed_by = "w2"
    session.flush()
    delivery.hand_out(session, [(mine, SEALED, "digest") for mine in claims], NOW)
    (event,) = events_of(session, kept, "handed_out")
    assert event.data == {"message_digest": hashlib.sha256(SEALED).hexdigest()}
    assert (event.delivery_id, event.at) == (kept.id, NOW)
    assert events_of(session, lost, "handed_out") == []
    record_one(session, next(one for one in claims if one.delivery.id == kept.id), "temporary")
    claim_one(session, kept, now=later(hours=1))
    assert len(events_of(session, kept, "handed_out")) == 1


def test_handing_out_again_keeps_the_first_instant(session):
    _, leg = take(session, make_sector(session))
    try_once(session, leg, "temporary", may_have_arrived=False)
    claim_one(session, leg, now=later(minutes=1))
    assert leg_of(session, leg.cuo).handed_out_at == NOW


def test_a_dead_workers_outcome_that_comes_late_leaves_nothing_but_its_attempt(session):
    _, leg = take(session, make_sector(session))
    dead = claim_one(session, leg, "dead")
    after = NOW + LEASE + timedelta(seconds=1)
    delivery.free_stuck(session, after)
    (living,) = claim(session, leg.destination_id, "living", after)
    assert record_one(session, dead, "permanent", after, code="X") is False
    message = message_of(session, leg)
    assert (message.status, message.claimed_by, message.last_code) == (OutboundStatus.CLAIMED, "living", "")
    assert leg_of(session, leg.cuo).status is DeliveryStatus.SENDING
    assert [attempt.outcome for attempt in attempts_of(session, leg)] == ["late"]
    assert record_one(session, living, "ack", after, held_since=NOW) is True


def test_the_same_workers_earlier_claim_is_not_its_later_one(session):
    _, leg = take(session, make_sector(session))
    first = claim_one(session, leg, "w1")
    after = NOW + LEASE + timedelta(seconds=1)
    delivery.free_stuck(session, after)
    claim(session, leg.destination_id, "w1", after)
    assert record_one(session, first, "temporary", after) is False


def test_a_leg_that_stays_silent_is_asked_about_at_growing_intervals(session):
    _, leg = take(session, make_sector(session))
    try_once(session, leg, "ack", held_since=NOW)
    asked = []
    now = NOW
    for _ in range(6 * 24):
        now += timedelta(minutes=10)
        if delivery.silent_legs(session, now, again_in=SILENT, limit=9):
            asked.append((now - NOW) // timedelta(minutes=1))
        session.flush()
    assert asked == [10, 30, 70, 150, 310, 630, 1270]


def test_a_leg_whose_arrival_came_by_news_is_asked_about_too(session):
    directory = make_sector(session)
    _, leg = take(session, directory)
    (mine,) = claim(session, leg.destination_id)
    delivery.hand_out(session, [(mine, SEALED, "digest")], NOW, ask_after=SILENT)
    record_one(session, mine, "taken")
    apply(session, directory, news(leg, "held"), NOW)
    session.flush()
    assert delivery.silent_legs(session, later(minutes=9), again_in=SILENT, limit=9) == []
    assert [one.cuo for one in delivery.silent_legs(session, later(minutes=10), again_in=SILENT, limit=9)] == [leg.cuo]


@pytest.mark.parametrize(
    ("state", "is_asked"),
    [
        ({"paused_at": NOW}, False),
        ({"opened_at": NOW, "open_until": later(hours=1)}, False),
        ({"opened_at": NOW, "open_until": NOW}, True),
    ],
)
def test_nobody_asks_an_institution_that_is_paused_or_down(session, state, is_asked):
    _, leg = take(session, make_sector(session))
    try_once(session, leg, "ack", held_since=NOW)
    session.execute(update(InstitutionState).values(**state))
    assert bool(delivery.silent_legs(session, later(minutes=10), again_in=SILENT, limit=9)) is is_asked


def test_the_summary_counts_legs_by_status(session):
    legs = legs_for(session, make_sector(session), 3)
    claim(session, legs[0].destination_id, cap=1)
    assert delivery.summary_by_status(session) == {"queued": 2, "sending": 1}
