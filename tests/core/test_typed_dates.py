"""Days and instants as people type them: what is none, and what is a slip of the hand, is refused."""

from datetime import UTC, date, datetime

import pytest

from hub.core.calendar import read_instant, read_month

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
FAR = ["", "ayer", "2026-13-01T10:00", "9999-12-31T23:59", "0001-01-01T00:00", "0206-11-22T10:00", "2006-11-22T10:00"]


@pytest.mark.parametrize("typed", FAR)
def test_an_instant_of_another_year_is_none(typed):
    assert read_instant(typed, NOW) is None


def test_an_instant_is_in_the_hour_of_peru_unless_it_says_another():
    assert read_instant("2026-11-22T10:00", NOW) == NOW == read_instant("2026-11-22T15:00Z", NOW)


@pytest.mark.parametrize("typed", ["", "2026", "9999-12", "0001-01", "2026-12", "2026-11-22"])
def test_a_month_that_did_not_begin_is_none(typed):
    assert read_month(typed, date(2026, 11, 22)) is None


def test_the_month_that_runs_is_given_by_its_first_day():
    assert read_month("2026-11", date(2026, 11, 22)) == date(2026, 11, 1)
