"""An institution in pause: its queue is held until somebody says so; and one that is silent, tried at once."""

from datetime import timedelta

import pytest

from hub import breaker, maintenance, pausing
from hub.core.errors import NeedsReason
from hub.core.retrying import BreakerPolicy
from hub.delivery import held_row
from hub.figures.pauses import pauses
from hub.models import AuditEntry, User
from tests.stages.legs import claim, later, legs_for, state_of
from tests.stages.sector import NOW, make_clerk, make_sector


@pytest.fixture
def directory(session):
    return make_sector(session)


@pytest.fixture
def body(session, directory):
    """IGP, in pause since NOW."""
    found = directory.entity("igp")
    pausing.pause(session, found, "Investigan un incidente", make_clerk(session).id, NOW)
    return found


def by(session):
    return session.query(User).first().id


def test_in_a_pause_nothing_is_sent_and_afterwards_the_oldest_first_and_little(session, directory, body):
    legs = legs_for(session, directory, 20)
    assert claim(session, body.id, now=later(days=3), cap=10) == []
    pausing.resume(session, body, by(session), later(days=3))
    (first,) = claim(session, body.id, now=later(days=3), cap=10)
    assert first.delivery.id == legs[0].id
    assert len(claim(session, body.id, now=later(days=3, hours=1), cap=10)) == 9


def test_another_institution_is_not_held(session, directory, body):
    legs_for(session, directory, 2, "senace")
    assert len(claim(session, directory.entity("senace").id, now=later(minutes=30))) == 2


def test_a_pause_says_why_and_a_second_one_changes_nothing(session, directory, body):
    with pytest.raises(NeedsReason):
        pausing.pause(session, directory.entity("senace"), "  ", by(session), NOW)
    pausing.pause(session, body, "Otra cosa", by(session), later(hours=1))
    state = state_of(session, body.id)
    assert (state.paused_at, state.paused_reason) == (NOW, "Investigan un incidente")
    for _ in range(2):
        pausing.resume(session, body, by(session), later(hours=2))
    words = [(one.kind, one.data["reason"]) for one in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert words == [(kind, "Investigan un incidente") for kind in ("institution_paused", "institution_resumed")]


def test_the_time_of_a_pause_counts_against_no_message(session, body):
    def held(**after):
        return state_of(session, body.id).open_seconds_until(later(**after))

    assert held(hours=2) == 7200
    pausing.resume(session, body, by(session), later(hours=3))
    assert [held(hours=hours) for hours in (3, 9)] == [10800, 10800]


def test_a_window_that_is_announced_outlives_the_pause(session, body):
    state = state_of(session, body.id)
    state.maintenance_from, state.maintenance_until = later(hours=1), later(hours=4)
    session.flush()
    pausing.resume(session, body, by(session), later(hours=2))
    assert state_of(session, body.id).is_in_maintenance(later(hours=3))


def test_the_pauses_of_a_day_are_those_that_touch_it(session, body):
    assert [(one.since, one.until) for one in pauses(session, later(days=2), later(days=3))] == [(NOW, None)]
    pausing.resume(session, body, by(session), later(days=4))
    assert [one.until for one in pauses(session, later(days=2), later(days=5))] == [later(days=4)]
    assert pauses(session, later(days=4, hours=1), later(days=5)) == []


def test_a_silent_institution_is_tried_at_once_with_its_oldest(session, directory):
    body, who = directory.entity("igp"), make_clerk(session).id
    legs = legs_for(session, directory, 3)
    for one in claim(session, body.id, now=NOW, cap=1):
        one.message.status, one.message.next_try_at = "waiting", later(hours=5)
    policy = BreakerPolicy(failures=1, open_for=timedelta(hours=2), open_at_most=timedelta(hours=2))
    breaker.count_failure(session, body.id, policy, NOW, "SILENCE")
    session.flush()
    assert claim(session, body.id, now=later(minutes=5)) == []
    for _ in range(2):
        pausing.try_now(session, body, who, later(minutes=5))
    (probe,) = claim(session, body.id, now=later(minutes=5))
    assert probe.delivery.id == legs[0].id
    assert [one.kind for one in session.query(AuditEntry)] == ["institution_tried"]


def test_who_answers_is_not_tried(session, directory):
    pausing.try_now(session, directory.entity("igp"), make_clerk(session).id, NOW)
    assert session.query(AuditEntry).count() == 0


@pytest.mark.parametrize("hold", ["pause", "window"])
def test_who_is_set_aside_is_not_tried(session, directory, hold):
    body, who = directory.entity("igp"), make_clerk(session).id
    state = held_row(session, body.id)
    state.opened_at, state.open_until = NOW, later(hours=2)
    if hold == "pause":
        pausing.pause(session, body, "Investigan un incidente", who, NOW)
    else:
        maintenance.announce(session, body, NOW, later(hours=3), "Cambio de servidor", who, NOW)
    pausing.try_now(session, body, who, later(minutes=5))
    assert state.open_until == later(hours=2)
    assert "institution_tried" not in [one.kind for one in session.query(AuditEntry)]
