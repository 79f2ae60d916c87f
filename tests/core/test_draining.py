"""How a queue stood and drained, by hours that are written down."""

from datetime import datetime, timedelta, timezone

from hub.core.draining import Peak, Wait, drained, peak

START = datetime(2026, 11, 20, 5, tzinfo=timezone.utc)


def at(minutes):
    return START + timedelta(minutes=minutes)


def waits(*pairs):
    return [Wait(at(since), at(until) if until is not None else None) for since, until in pairs]


def test_the_highest_of_a_queue_counts_what_was_there_at_once():
    found = peak(waits((-10, 5), (1, 30), (2, 31), (3, None), (50, 51), (90, 91)), at(0), at(60))
    assert found == Peak(4, at(3))
    assert peak([], at(0), at(60)) == Peak(0, None)
    assert peak(waits((0, 10), (10, 20)), at(0), at(60)) == Peak(1, at(0))  # one leaves as the other comes


def test_an_outage_tells_what_waited_the_longest_and_whether_all_arrived():
    found = drained(waits((-5, -1), (1, 65), (30, 66), (59, 67), (70, 71)), at(0), at(60), at(600))
    assert (found.waited, found.delivered, found.all_delivered) == (3, 3, True)
    assert (found.longest, found.last_at, found.late) == (timedelta(minutes=64), at(67), 0)
    lasting = drained(waits((1, None), (2, 3)), at(0), None, at(30))
    assert (lasting.waited, lasting.delivered, lasting.longest) == (2, 1, timedelta(minutes=29))


def test_who_left_after_its_turn_is_seen():
    assert drained(waits((1, 65), (2, 61), (3, 62), (4, 63)), at(0), at(60), at(90)).late == 3
    assert drained(waits((1, 61), (2, 62), (3, 63)), at(0), at(60), at(90)).late == 0
