"""Throttles: failed tries are counted where every process sees them."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from hub.models import SignInThrottle
from hub.throttles import Limit, count_try, forgive, network_of

NOW = datetime(2026, 11, 21, 12, 3, tzinfo=timezone.utc)


def test_the_limit_is_the_last_that_passes_and_a_new_quarter_begins_anew(session):
    limits = (Limit("prueba", "ana", 3),)
    assert [count_try(session, limits, NOW) for _ in range(4)] == [True, True, True, False]
    assert count_try(session, limits, NOW + timedelta(minutes=15))


def test_a_good_try_is_taken_back(session):
    limits = (Limit("prueba", "ana", 1),)
    for _ in range(3):
        assert count_try(session, limits, NOW)
        forgive(session, limits, NOW)


def test_one_limit_that_is_full_is_enough(session):
    narrow, wide = Limit("cuenta", "ana", 1), Limit("origen", "::1", 50)
    assert count_try(session, (narrow, wide), NOW)
    assert not count_try(session, (narrow, wide), NOW)
    assert count_try(session, (Limit("cuenta", "luis", 1), wide), NOW)


def test_what_is_counted_is_not_written_down(session):
    count_try(session, (Limit("cuenta", "ana@ejemplo.pe", 1),), NOW)
    keys = session.scalars(select(SignInThrottle.key)).all()
    assert not any("ana" in key for key in keys)


def test_old_counts_are_dropped(session):
    count_try(session, (Limit("a", "x", 1),), NOW)
    count_try(session, (Limit("b", "y", 1),), NOW + timedelta(hours=1))
    assert len(session.scalars(select(SignInThrottle)).all()) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.0.0.7", "10.0.0.7"), ("2001:db8::1", "2001:db8::/64"), ("2001:db8::2", "2001:db8::/64"), (None, "")],
)
def test_a_subscriber_of_ipv6_is_one_caller(address, network):
    assert network_of(address) == network
