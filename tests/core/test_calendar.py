"""The twelve vectors of presentation, for both policies, and the worked example of an observation."""

from datetime import date, datetime, timezone

import pytest

from hub.core.calendar import (
    LIMA,
    Calendar,
    Policy,
    clock_start,
    considered_on,
    due_after_observation,
    due_on,
    end_of_day,
    is_late_today,
    local_date,
)

CALENDAR = Calendar()
# presented | B: considered, day 1, +2, +7, +10, +30 | A: day 1, +2, +30
VECTORS = """
2026-11-20 | 2026-11-20 2026-11-23 2026-11-24 2026-12-01 2026-12-04 2027-01-07 | 2026-11-23 2026-11-24 2027-01-07
2026-11-21 | 2026-11-23 2026-11-24 2026-11-25 2026-12-02 2026-12-07 2027-01-08 | 2026-11-23 2026-11-24 2027-01-07
2026-12-05 | 2026-12-07 2026-12-10 2026-12-11 2026-12-18 2026-12-23 2027-01-22 | 2026-12-07 2026-12-10 2027-01-21
2026-12-07 | 2026-12-07 2026-12-10 2026-12-11 2026-12-18 2026-12-23 2027-01-22 | 2026-12-10 2026-12-11 2027-01-22
2026-12-08 | 2026-12-10 2026-12-11 2026-12-14 2026-12-21 2026-12-24 2027-01-25 | 2026-12-10 2026-12-11 2027-01-22
2026-12-24 | 2026-12-24 2026-12-28 2026-12-29 2027-01-06 2027-01-11 2027-02-08 | 2026-12-28 2026-12-29 2027-02-08
2026-12-31 | 2026-12-31 2027-01-04 2027-01-05 2027-01-12 2027-01-15 2027-02-12 | 2027-01-04 2027-01-05 2027-02-12
2026-07-22 | 2026-07-22 2026-07-24 2026-07-27 2026-08-05 2026-08-11 2026-09-08 | 2026-07-24 2026-07-27 2026-09-08
2026-07-27 | 2026-07-27 2026-07-30 2026-07-31 2026-08-10 2026-08-13 2026-09-10 | 2026-07-30 2026-07-31 2026-09-10
2027-03-24 | 2027-03-24 2027-03-29 2027-03-30 2027-04-06 2027-04-09 2027-05-07 | 2027-03-29 2027-03-30 2027-05-07
2027-06-04 | 2027-06-04 2027-06-08 2027-06-09 2027-06-16 2027-06-21 2027-07-20 | 2027-06-08 2027-06-09 2027-07-20
2027-12-07 | 2027-12-07 2027-12-10 2027-12-13 2027-12-20 2027-12-23 2028-01-20 | 2027-12-10 2027-12-13 2028-01-20
"""
ROWS = [[part.split() for part in line.split("|")] for line in VECTORS.strip().splitlines()]


def at(day, clock="16:20:00"):
    return datetime.fromisoformat(f"{day}T{clock}-05:00")


@pytest.mark.parametrize(("presented", "b", "a"), [(row[0][0], row[1], row[2]) for row in ROWS])
def test_the_vectors_of_policy_b_hold_to_the_day(presented, b, a):
    considered = considered_on(at(presented), Policy.NEXT_BUSINESS_DAY, CALENDAR)
    dues = [due_on(considered, days, CALENDAR) for days in (2, 7, 10, 30)]
    assert [considered, clock_start(considered, CALENDAR), *dues] == [date.fromisoformat(text) for text in b]


@pytest.mark.parametrize(("presented", "b", "a"), [(row[0][0], row[1], row[2]) for row in ROWS])
def test_the_vectors_of_policy_a_hold_to_the_day(presented, b, a):
    considered = considered_on(at(presented), Policy.SENT, CALENDAR)
    assert considered == date.fromisoformat(presented)
    dues = [due_on(considered, days, CALENDAR) for days in (2, 30)]
    assert [clock_start(considered, CALENDAR), *dues] == [date.fromisoformat(text) for text in a]


@pytest.mark.parametrize("clock", ["00:00:00", "07:59:00", "16:31:00", "23:59:59"])
def test_no_hour_of_a_business_day_moves_a_filing_to_the_next(clock):
    assert considered_on(at("2026-11-20", clock), Policy.NEXT_BUSINESS_DAY, CALENDAR) == date(2026, 11, 20)


def test_the_day_is_that_of_lima_not_of_greenwich():
    last_second = datetime(2026, 11, 21, 4, 59, 59, tzinfo=timezone.utc)
    assert local_date(last_second) == date(2026, 11, 20)
    assert end_of_day(date(2026, 11, 20)) == last_second
    assert last_second.astimezone(LIMA).hour == 23


def test_days_by_decree_are_not_business_days_where_they_apply():
    bridge = Calendar(decree_days=frozenset({date(2026, 11, 23)}))
    assert clock_start(date(2026, 11, 20), bridge) == date(2026, 11, 24)
    assert clock_start(date(2026, 11, 20), CALENDAR) == date(2026, 11, 23)


def test_days_under_observation_are_left_out_of_the_term():
    filed, notified, corrected = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 25)
    assert due_on(filed, 30, CALENDAR) == date(2027, 1, 7)
    assert due_after_observation(filed, 30, notified, corrected, CALENDAR) == date(2027, 1, 11)


def test_the_years_have_the_business_days_that_were_counted():
    for year, expected in ((2026, 248), (2027, 247)):
        assert CALENDAR.business_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == expected


def test_from_half_past_eleven_of_a_business_day_midnight_is_near():
    said = [is_late_today(at("2026-11-20", clock), CALENDAR) for clock in ("23:29:59", "23:30:00", "23:59:59")]
    assert said == [False, True, True]
    assert not is_late_today(at("2026-11-21", "23:45:00"), CALENDAR)
