"""The clock's rounds over observations and late papers, with real transactions: who was complete in time wins."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from hub import lapses, watch
from hub.core.errors import Forbidden
from hub.core.statuses import DeliveryStatus
from hub.models import Delivery, Event, Observation
from tests.stages.observed import correct, file_at, lima, observe
from tests.stages.office import office as office
from tests.stages.sector import make_sector

FRIDAY = lima("2026-11-20", 9)


@pytest.fixture
def observed(fresh_engine):
    """Observed and notified on Friday the 20th, committed: (the sector, the observation's id, its last second)."""
    with Session(fresh_engine) as session:
        sector = make_sector(session)
        (leg,) = file_at(session, sector, FRIDAY, counter_of="igp", procedure_code="").deliveries
        observation = observe(session, sector, leg, FRIDAY, notified=FRIDAY)
        session.commit()
        return sector, observation.id, observation.correct_by


def submit(engine, sector, observation_id, at, wait_for=None):
    with Session(engine) as session:
        correct(session, sector, session.get(Observation, observation_id), at)
        if wait_for:
            wait_for()
        session.commit()


def test_the_round_that_comes_while_a_correction_is_written_waits_and_leaves_it(fresh_engine, observed):
    sector, observation_id, limit = observed
    is_written, lapsed = threading.Event(), []

    def come_round():
        is_written.wait(10)
        with Session(fresh_engine) as session:
            lapsed.append(lapses.lapse(session, observation_id, limit + timedelta(minutes=3)))
            session.commit()

    other = threading.Thread(target=come_round)
    other.start()

    def let_the_round_come():
        is_written.set()
        other.join(0.3)
        assert other.is_alive()  # it waits for the lock

    submit(fresh_engine, sector, observation_id, limit, wait_for=let_the_round_come)
    other.join(10)
    assert lapsed == [False]


def test_two_rounds_at_once_lapse_it_once_and_a_correction_comes_too_late(fresh_engine, observed):
    sector, observation_id, limit = observed
    late, results = limit + timedelta(minutes=3), []

    def come_round():
        with Session(fresh_engine) as session:
            results.append(lapses.lapse(session, observation_id, late))
            session.commit()

    rounds = [threading.Thread(target=come_round) for _ in range(2)]
    for one in rounds:
        one.start()
    for one in rounds:
        one.join(10)
    assert sorted(results) == [False, True]
    with pytest.raises(Forbidden):
        submit(fresh_engine, sector, observation_id, late)


def test_a_workers_rounds_lapse_what_is_over_and_write_what_is_late(office):
    cuo = office.file("igp")
    leg = office.leg(cuo)
    tools = replace(office.tools, clock=lambda: leg.created_at + timedelta(hours=25))
    assert (watch.write_alarms(tools), watch.write_alarms(tools)) == (1, 0)
    with Session(office.engine) as session:
        kept = session.get(Delivery, leg.id)
        at = kept.created_at + timedelta(hours=1)
        observation = observe(session, office.tools.directory, kept, at, by="igp", notified=at)
        session.commit()
        limit, observation_id = observation.correct_by, observation.id
    assert watch.lapse_observations(replace(tools, clock=lambda: limit)) == 0
    assert watch.lapse_observations(replace(tools, clock=lambda: limit + timedelta(minutes=3))) == 1
    with Session(office.engine) as session:
        assert session.get(Observation, observation_id).closed_as == "lapsed"
        assert session.get(Delivery, leg.id).status is DeliveryStatus.LAPSED
        assert session.query(Event).filter_by(delivery_id=leg.id, kind="hand_over_overdue").count() == 1
