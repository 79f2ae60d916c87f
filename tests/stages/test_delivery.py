"""Delivery: who claims what, and what becomes of a claim whose worker died."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import delivery
from hub.cargos import apply
from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.models import Delivery, InstitutionState, OutboundMessage
from hub.outcomes import record
from hub.routing import lock_leg
from tests.stages.legs import (
    LEASE,
    RULES,
    SEALED,
    attempts_of,
    claim,
    claim_one,
    later,
    leg_of,
    message_of,
    news,
    outcome,
    record_one,
    try_once,
)
from tests.stages.sector import NOW, a_submission, make_sector, take

SILENT = timedelta(minutes=10)


def legs_for(session, directory, count, destination="igp"):
    """Legs to one destination, filed a second after one another."""
    when = [NOW - timedelta(seconds=count - n) for n in range(count)]
    return [take(session, directory, a_submission(destination_code=destination), now=one)[1] for one in when]


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
    assert len(delivery.claim_letters(session, "w1", NOW, lease=LEASE, batch=5)) == 1
    assert delivery.claim_letters(session, "w2", NOW, lease=LEASE, batch=5) == []
    session.flush()
    assert delivery.free_stuck(session, NOW + LEASE + timedelta(seconds=1)) == 1
    assert len(delivery.claim_letters(session, "w2", later(minutes=5), lease=LEASE, batch=5)) == 1


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


# With several connections: real threads on a database of their own.


@pytest.fixture
def sector(fresh_engine):
    """(engine, directory, the legs' CUOs): 40 filings for IGP, committed."""
    with Session(fresh_engine) as session:
        directory = make_sector(session)
        legs = legs_for(session, directory, 40)
        cuos = [leg.cuo for leg in legs]
        session.commit()
    return fresh_engine, directory, cuos


def in_threads(count, work):
    """Run `work(n)` in threads; raises what the first of them raised."""
    problems = []

    def guarded(number):
        try:
            work(number)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=guarded, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    if problems:
        raise problems[0]


def test_two_workers_at_once_never_claim_the_same_message(sector):
    engine, directory, cuos = sector
    claimed, together = [], threading.Barrier(4)

    def work(number):
        together.wait()
        while len(claimed) < len(cuos):
            with Session(engine) as session:
                mine = claim(session, directory.entity("igp").id, f"w{number}", cap=1000, batch=3)
                session.commit()
                claimed.extend(one.delivery.cuo for one in mine)

    in_threads(4, work)
    assert sorted(claimed) == sorted(cuos)


def test_another_worker_at_the_same_institution_is_not_awaited(sector):
    engine, directory, _ = sector
    igp = directory.entity("igp").id
    with Session(engine) as first, Session(engine) as second:
        assert claim(first, igp, batch=1)
        first.commit()
        assert claim(first, igp, batch=1)
        started = time.monotonic()
        assert claim(second, igp, "w2", batch=1) == []
        assert time.monotonic() - started < 1


def test_a_leg_being_written_to_is_passed_over(sector):
    engine, directory, cuos = sector
    with Session(engine) as busy, Session(engine) as worker:
        lock_leg(busy, cuos[0])
        (mine,) = claim(worker, directory.entity("igp").id, cap=1)
        assert mine.delivery.cuo == cuos[1]


def test_the_cap_holds_while_workers_race(sector):
    engine, directory, _ = sector
    igp, most, together = directory.entity("igp").id, [], threading.Barrier(4)

    def work(number):
        together.wait()
        for _ in range(15):
            with Session(engine) as session:
                mine = claim(session, igp, f"w{number}", cap=5, batch=2)
                session.commit()
                in_flight = session.scalars(
                    select(OutboundMessage.id).where(OutboundMessage.status == OutboundStatus.CLAIMED)
                ).all()
                most.append(len(in_flight))
                for one in mine[:1]:
                    record(session, one, outcome("ack", held_since=NOW), RULES, NOW)
                session.commit()

    in_threads(4, work)
    assert max(most) <= 5


def test_a_cargo_that_comes_between_claim_and_hand_out_takes_the_message_back(sector):
    engine, directory, cuos = sector
    ours = []
    with Session(engine) as worker, Session(engine) as door:
        (mine,) = claim(worker, directory.entity("igp").id, batch=1)
        worker.commit()
        leg = lock_leg(door, cuos[0])
        handing = threading.Thread(
            target=lambda: ours.append(delivery.hand_out(worker, [(mine, SEALED, "digest")], NOW)), daemon=True
        )
        handing.start()
        handing.join(0.3)
        assert handing.is_alive()  # it waits for the leg, and holds nothing that the cargo needs
        apply(door, directory, news(leg, "registered"), NOW)
        door.commit()
        handing.join(5)
    assert ours == [set()]


def test_claims_outcomes_and_cargos_at_once_never_wait_for_each_other_in_a_circle(sector):
    """Some seconds of everything at once, on few legs. PostgreSQL breaks a circle by an error: it would show."""
    engine, directory, cuos = sector
    igp, ends, applied = directory.entity("igp").id, time.monotonic() + 4, []
    quick = replace(RULES, retry=replace(RULES.retry, first=timedelta(0)), breaker=replace(RULES.breaker, failures=999))

    def carry(number):
        turn = 0
        while time.monotonic() < ends:
            turn += 1
            with Session(engine) as session:
                claims = claim(session, igp, f"w{number}", cap=100, batch=8)
                session.commit()
                if claims:
                    delivery.hand_out(session, [(mine, SEALED, "digest") for mine in claims], NOW)
                session.commit()
                for mine in claims:
                    kind = ("temporary", "cannot_tell", "temporary", "taken")[turn % 4]
                    record(session, mine, outcome(kind), quick, NOW)
                    session.commit()
                delivery.free_stuck(session, later(hours=1))
                session.commit()

    def register(number):
        for cuo in cuos[number::2]:
            with Session(engine) as session:
                leg = session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one()
                applied.append(apply(session, directory, news(leg, "registered"), NOW).changed)
                session.commit()
            time.sleep(max(0.0, (ends - time.monotonic()) / 25))

    in_threads(5, lambda number: carry(number) if number < 3 else register(number - 3))
    assert applied == [True] * len(cuos)
    with Session(engine) as session:
        statuses = session.scalars(
            select(OutboundMessage.status).where(OutboundMessage.kind == MessageKind.SOBRE).distinct()
        ).all()
        assert statuses == [OutboundStatus.VOID]
        assert session.scalars(select(Delivery.status).distinct()).all() == [DeliveryStatus.REGISTERED]
