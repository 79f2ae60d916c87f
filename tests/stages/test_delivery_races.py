"""Several workers and a door at once: real threads, real connections, a database of their own."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import delivery
from hub.cargos import apply
from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.models import Delivery, OutboundMessage
from hub.outcomes import record
from hub.routing import lock_leg
from tests.stages.legs import RULES, SEALED, claim, later, legs_for, news, outcome
from tests.stages.sector import NOW, make_sector


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
