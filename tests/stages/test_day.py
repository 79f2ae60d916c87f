"""The report of a day: an outage that a queue waited through, what came and went, what lasted over midnight."""

from datetime import date, timedelta

from hub.figures.day import report
from hub.models import AuditEntry, OperatorAlert
from tests.stages.legs import claim_one, later, message_of, record_one
from tests.stages.sector import NOW, a_submission, take
from tests.stages.test_breaker import fail

DAY = date(2026, 11, 20)  # NOW is 16:20 in Peru
MORNING_AFTER = NOW + timedelta(hours=18)


def told(session, now=MORNING_AFTER, day=DAY, body_id=0):
    return report(session, day, now, body_id)


def outage_with_a_queue(session, sector, leg):
    """Down from 16:20; three more wait; it answers at 17:25 and takes them, the oldest first."""
    fail(session, leg, 5)
    legs = [leg] + [
        take(session, sector, a_submission(), now=later(minutes=minutes))[1] for minutes in (10, 20, 30)
    ]
    for number, one in enumerate(legs):
        message_of(session, one).next_try_at = later(minutes=65 + number)
    session.flush()
    for number, one in enumerate(legs):
        at = later(minutes=65 + number)
        record_one(session, claim_one(session, one, now=at), "ack", at)
    return legs


def test_the_day_tells_the_outage_what_waited_and_that_all_arrived(session, sector, leg):
    outage_with_a_queue(session, sector, leg)
    (silence,) = told(session).silences
    assert (silence.since, silence.until) == (NOW, later(minutes=65))
    drain = silence.drained
    assert (drain.waited, drain.delivered, drain.late) == (4, 4, 0)
    assert (drain.longest, drain.last_at) == (later(minutes=65) - leg.created_at, later(minutes=68))


def test_each_institution_has_its_figures_and_its_highest_queue(session, sector, leg):
    outage_with_a_queue(session, sector, leg)
    found = {sector.by_id(one.body_id).code: one for one in told(session).bodies}
    igp, sernanp = found["igp"], found["sernanp"]
    assert (igp.addressed, igp.counts, igp.waiting) == (4, {"sent": 4}, 0)
    assert (igp.peak.count, igp.peak.at) == (4, later(minutes=30))
    assert (sernanp.taken, igp.taken) == (4, 0)
    (only,) = told(session, body_id=igp.body_id).bodies
    assert only == igp
    during = {one.body_id: one for one in told(session, now=later(minutes=40)).bodies}[igp.body_id]
    assert (during.counts, during.peak.count) == ({}, 4)


def test_what_lasts_over_midnight_is_told_on_both_days(session, sector, leg):
    fail(session, leg, 5)
    for day in (DAY, DAY + timedelta(days=1)):
        found = told(session, day=day)
        assert [one.until for one in found.silences] == [None]
        assert {one.waiting for one in found.bodies if one.body_id == leg.destination_id} == {1}
    assert told(session, day=DAY - timedelta(days=1)).silences == ()


def test_windows_and_alerts_that_touch_the_day_are_told(session, sector, leg):
    for days in (0, 3):
        since, until = NOW + timedelta(days=days), NOW + timedelta(days=days, hours=2)
        data = {"since": since.isoformat(), "until": until.isoformat()}
        session.add(AuditEntry(at=NOW, entity_code="igp", kind="window_announced", data=data))
        session.add(OperatorAlert(kind="disk_filling", subject=str(days), opened_at=since, closed_at=until))
    session.flush()
    found = told(session)
    assert len(found.windows) == 1
    assert [one.subject for one in found.alerts] == ["0"]
