"""A real institution that stops: told once, not while nobody may call it, and back as soon as it answers."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from hub.clock import now
from hub.core.statuses import RefusalReason
from hub.delivery import recipients_with_work
from hub.jobs import ROUNDS
from hub.knocking import knock
from hub.models import InstitutionState
from hub.rerouting import Person, Why, reroute
from tests.fixtures.sandbox import wait_until
from tests.monitoring.overseer import Overseer
from tests.monitoring.town import town

__all__ = ["town"]
MOVED = Why(RefusalReason.OTHER, "No responde y el plazo corre")


def state_of(town):
    with Session(town.office.engine) as session:
        return session.get(InstitutionState, town.office.tools.directory.entity("igp").id)


def knocked(town, since):
    """Go round until it was asked after `since`; gives its row."""
    wait_until(lambda: knock(town.office.tools), 60)
    state = state_of(town)
    assert max(filter(None, (state.last_failure_at, state.last_success_at))) > since
    return state


@pytest.fixture
def stopped(town):
    """The institution does not answer, and what waited for it was sent to another."""
    town.sent()
    town.igp.stop()
    cuo = town.office.file()
    town.office.work_until(lambda: getattr(state_of(town), "opened_at", None), 60)
    with Session(town.office.engine) as session:
        reroute(session, town.office.tools.directory, cuo, "minam", MOVED, Person("x"), now(), is_confirmed=True)
        session.commit()
        assert town.office.tools.directory.entity("igp").id not in recipients_with_work(session, now())
    yield town
    if not town.igp.process or town.igp.process.poll() is not None:
        town.igp.start()


def test_it_is_asked_though_nothing_waits_for_it_and_its_alert_closes(stopped):
    overseer, fell = Overseer(stopped.office), state_of(stopped)
    overseer.look(2)
    assert overseer.stands("institution_down") == ["igp"]
    state = knocked(stopped, now())
    assert state.failures_in_a_row > fell.failures_in_a_row and state.opened_at == fell.opened_at
    stopped.igp.start()
    state = knocked(stopped, now())
    assert (state.opened_at, state.open_until, state.failures_in_a_row) == (None, None, 0)
    overseer.look()
    assert overseer.told("institution_down") == ["opened", "closed"]
    assert knock(stopped.office.tools) == 0 and knock in [one.job for one in ROUNDS]


def test_nobody_is_told_of_one_that_is_paused_or_in_its_window_and_nobody_asks_it(stopped):
    overseer = Overseer(stopped.office)
    window = {"maintenance_from": now() - timedelta(hours=1), "maintenance_until": now() + timedelta(hours=1)}
    for held in ({"paused_at": now()}, window):
        put(stopped, **held)
        overseer.look(2)
        assert overseer.stands("institution_down") == [], held
        assert knock(stopped.office.tools) == 0
        put(stopped, **dict.fromkeys(held))
        overseer.look(2)
        assert overseer.stands("institution_down") == ["igp"]
    stopped.igp.start()
    wait_until(partial(is_closed, stopped), 60)


def is_closed(town):
    knock(town.office.tools)
    return state_of(town).opened_at is None


def put(town, **values):
    with Session(town.office.engine) as session:
        state = session.get(InstitutionState, town.office.tools.directory.entity("igp").id)
        for name, value in values.items():
            setattr(state, name, value)
        session.commit()
