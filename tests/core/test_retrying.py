"""When to try again, or never."""

from datetime import datetime, timedelta, timezone

from hub.core.retrying import BreakerPolicy, RetryPolicy

NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)
MIDDLE = 0.5


def test_delays_grow_threefold_from_twenty_seconds_to_an_hour():
    policy = RetryPolicy()
    seconds = [policy.delay(attempt, MIDDLE).total_seconds() for attempt in range(1, 8)]
    assert seconds == [20, 60, 180, 540, 1620, 3600, 3600]


def test_jitter_stays_within_a_fifth():
    policy = RetryPolicy()
    assert policy.delay(1, 0.0).total_seconds() == 16
    assert policy.delay(1, 0.999).total_seconds() < 24


def test_after_three_days_of_closed_breaker_a_person_must_look():
    policy = RetryPolicy()
    assert policy.next_try(40, NOW, timedelta(hours=71, minutes=59), MIDDLE) is not None
    assert policy.next_try(40, NOW, timedelta(hours=72), MIDDLE) is None


def test_an_institution_that_cannot_tell_is_asked_for_a_day():
    policy = RetryPolicy()
    assert policy.next_try(9, NOW, timedelta(hours=23), MIDDLE, cannot_tell=True) is not None
    assert policy.next_try(9, NOW, timedelta(hours=24), MIDDLE, cannot_tell=True) is None


def test_the_breaker_opens_at_the_fifth_failure_and_doubles_to_half_an_hour():
    policy = BreakerPolicy()
    assert policy.opens_until(4, 0, NOW) is None
    opened = [policy.opens_until(5 + times, times, NOW) - NOW for times in range(7)]
    assert [int(wait.total_seconds() / 60) for wait in opened] == [1, 2, 4, 8, 16, 30, 30]
