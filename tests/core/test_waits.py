"""Buckets of durations: percentiles within a fifth of the truth."""

import random
from datetime import timedelta

import pytest

from hub.core.waits import LEAST, Waits, bucket_of


def waits_of(seconds):
    times = {}
    for one in seconds:
        times[bucket_of(one)] = times.get(bucket_of(one), 0) + 1
    return Waits(times)


def test_nothing_measured_has_no_percentile():
    assert (Waits({}).total, Waits({}).percentile(0.5)) == (0, None)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95, 1.0])
def test_a_percentile_is_within_a_fifth(share):
    drawn = sorted(random.Random(7).lognormvariate(4, 2) for _ in range(5000))
    truth = drawn[min(int(share * len(drawn)), len(drawn) - 1)]
    found = waits_of(drawn).percentile(share).total_seconds()
    assert truth / 1.2 <= found <= truth * 1.2


@pytest.mark.parametrize("seconds", [0, -3, LEAST / 2])
def test_whatever_was_faster_than_can_be_measured_counts_as_the_least(seconds):
    assert bucket_of(seconds) == bucket_of(LEAST)


def test_all_in_one_bucket_is_that_bucket():
    found = waits_of([60] * 10).percentile(0.5)
    assert timedelta(seconds=50) < found < timedelta(seconds=72)
