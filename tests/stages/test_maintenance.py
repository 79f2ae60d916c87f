"""Windows of maintenance: the queue is held, nobody counts failures, and it is let go little by little."""

from datetime import timedelta

import pytest

from hub import maintenance
from hub.core.errors import InvalidFiling, NeedsReason
from hub.models import AuditEntry, User
from tests.stages.legs import claim, later, legs_for, state_of
from tests.stages.sector import NOW, make_clerk, make_sector


@pytest.fixture
def directory(session):
    return make_sector(session)


@pytest.fixture
def announced(session, directory):
    """A window from now to an hour on, at IGP; gives its row."""
    body = directory.entity("igp")
    maintenance.announce(session, body, NOW, later(hours=1), "Cambio de servidores", make_clerk(session).id, NOW)
    return body.id


def test_in_a_window_nothing_is_sent_and_afterwards_little_at_first(session, directory, announced):
    legs_for(session, directory, 20)
    assert claim(session, announced, now=later(minutes=30), cap=10) == []
    assert len(claim(session, announced, now=later(hours=1), cap=10)) == 1
    assert len(claim(session, announced, now=later(hours=1, minutes=5), cap=10)) == 4  # five at a time, one on its way
    assert len(claim(session, announced, now=later(hours=2), cap=10)) == 5


def test_the_oldest_goes_first(session, directory, announced):
    legs = legs_for(session, directory, 3)
    (first,) = claim(session, announced, now=later(hours=1), cap=10)
    assert first.delivery.id == legs[0].id


def test_a_window_that_ends_early_lets_go(session, directory, announced):
    legs_for(session, directory, 3)
    maintenance.end(session, directory.entity("igp"), session.query(User).first().id, later(minutes=10))
    assert not state_of(session, announced).is_in_maintenance(later(minutes=10))
    assert len(claim(session, announced, now=later(minutes=20), cap=10)) == 3


def test_another_institution_is_not_held(session, directory, announced):
    legs_for(session, directory, 2, "senace")
    assert len(claim(session, directory.entity("senace").id, now=later(minutes=30))) == 2


@pytest.mark.parametrize(("since", "until"), [(None, 1), (0, None), (1, 0), (-3, -1), (0, 72)])
def test_an_impossible_window_is_refused(session, directory, since, until):
    at = [None if hours is None else NOW + timedelta(hours=hours) for hours in (since, until)]
    with pytest.raises(InvalidFiling):
        maintenance.announce(session, directory.entity("igp"), *at, "Motivo", 1, NOW)


def test_a_window_says_why(session, directory):
    with pytest.raises(NeedsReason):
        maintenance.announce(session, directory.entity("igp"), NOW, later(hours=1), "  ", 1, NOW)


def test_a_window_that_never_began_holds_nothing_back(session, directory):
    body, by = directory.entity("igp"), make_clerk(session).id
    maintenance.announce(session, body, later(hours=5), later(hours=6), "Cambio de servidores", by, NOW)
    maintenance.end(session, body, by, NOW)
    legs_for(session, directory, 9)
    assert len(claim(session, body.id, now=later(minutes=1), cap=9)) == 9
    words = [(one.kind, one.data["reason"]) for one in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert words == [("window_announced", "Cambio de servidores"), ("window_ended", "Cambio de servidores")]


def test_a_window_counts_against_no_message(session, directory, announced):
    def held(**after):
        return state_of(session, announced).open_seconds_until(later(**after))

    assert [held(minutes=minutes) for minutes in (0, 20, 60, 90)] == [0, 1200, 3600, 3600]
    body, by = directory.entity("igp"), session.query(User).first().id
    maintenance.announce(session, body, later(hours=3), later(hours=4), "Otra vez", by, later(hours=2))
    assert [held(hours=hours) for hours in (2, 4, 9)] == [3600, 7200, 7200]
