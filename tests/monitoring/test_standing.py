"""How an alert lives: what flaps is told a few times and not all night, and what nobody knows is not called mended."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from hub.clock import now
from hub.core.monitoring import Condition, Kind
from hub.monitoring.standing import Told, settle

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FULL = Condition(Kind.DISK_FILLING, "flaps:/srv", details={"host": "flaps", "percent": 9})


@pytest.fixture
def see(office):
    """see(*found, after=1, seen=None) -> what a round tells, so many minutes after the one before; kept nowhere."""
    at = now()
    with Session(office.engine) as session:
        settle(session, (), at, DAY)

        def look(*found, after=1, seen=None):
            nonlocal at
            at += after * MINUTE
            return [one.what for one in settle(session, found, at, DAY, seen)]

        yield look
        session.rollback()


def test_what_flaps_is_told_twice_and_closed_after_an_hour_without_it(see):
    told = [what for _ in range(40) for what in (*see(FULL), *see(FULL), *see())]
    assert told == [Told.OPENED, Told.CLOSED, Told.OPENED]
    assert see(after=30) == [] and see(FULL) == []
    assert see() == [] and see(after=59) == []
    assert see(after=2) == [Told.CLOSED]


def test_what_comes_back_much_later_is_new_and_closes_at_once(see):
    assert [*see(FULL), *see(), *see(FULL, after=61), *see()] == [Told.OPENED, Told.CLOSED] * 2


def test_what_a_machine_saw_that_is_gone_is_told_as_not_known(see):
    assert see(FULL, seen={"flaps"}) == [Told.OPENED]
    assert see(seen={"another"}) == [Told.LOST]


def test_what_grows_is_told_again_and_what_swings_at_a_step_is_not(see):
    def stuck(count):
        return Condition(Kind.STUCK_DELIVERY, "grows", len(str(count)) - 1, {"count": count})

    told = [see(stuck(count)) for count in (1, 9, 10, 9, 10, 99, 100, 800)]
    assert told == [[Told.OPENED], [], [Told.AGAIN], [], [], [], [Told.AGAIN], []]
