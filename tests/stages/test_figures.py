"""The figures of the dashboard agree with a plain count over filings and events, however often they are counted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from hub.cargos import apply
from hub.core.bodies import AdapterKind
from hub.core.calendar import LIMA
from hub.core.messages import Filer
from hub.figures import counting, live, promises, reading, standing, turns
from hub.figures.reading import Door, Narrow
from hub.intake import Reception
from hub.models import BoardSpan, Delivery
from tests.stages.legs import claim, later, news, try_once
from tests.stages.sector import NOW, a_submission, at_counter, make_sector, take

ALL = Narrow()
START = counting.midnight(NOW)
AT = later(hours=3)
"""When everything that the filings below live through has happened."""


@pytest.fixture
def directory(session):
    return make_sector(session)


def count(session, directory, now=AT):
    for start, until in counting.due(session, now, most=100):
        counting.count(session, directory, start, until, now)


@pytest.fixture
def lived(session, directory):
    """Filings of three days, from counters and online, acknowledged, registered, waiting; gives the legs."""
    legs = []
    for n in range(12):
        at = NOW - timedelta(days=n % 3, minutes=7 * n)
        lives_at = "120101" if n % 4 == 0 else "150101"
        submission = replace(
            a_submission(destination_code="igp" if n % 2 else "senace"),
            document_type="carta" if n % 3 else "solicitud",
            filer=Filer("dni", "10117410", "Ana Quispe", ubigeo=lives_at), began_at=at - timedelta(minutes=4),
        )  # fmt: skip
        online = Reception("online", submission.destination_code, "central")
        _, leg = take(session, directory, submission, at, online if n % 5 == 0 else at_counter())
        legs.append(leg)
        if n < 9:
            try_once(session, leg, "ack", at + timedelta(seconds=30), held_since=at + timedelta(seconds=30))
        if n < 6:
            by = "igp" if n % 2 else "senace"
            apply(session, directory, news(leg, "registered", at + timedelta(hours=2), by), at + timedelta(hours=2))
        session.flush()
    return legs


def plain(session, query):
    return session.execute(text(query), {"start": START - timedelta(days=6)}).all()


def test_the_flows_agree_with_a_plain_count(session, directory, lived):
    count(session, directory)
    flows = reading.flows(session, START - timedelta(days=6))
    asked = "select d.code, count(*) from filings f join entities d on d.id = f.destination_id group by 1 order by 1"
    found = {}
    for one in flows:
        code = directory.by_id(one.destination_id).code
        found[code] = found.get(code, 0) + one.filings
    assert sorted(found.items()) == [tuple(row) for row in plain(session, asked)]
    total = reading.total(flows)
    said = "select count(distinct delivery_id) from events where kind = any('{%s}')"
    assert total.handed_over == plain(session, said % "sent,registered,observed,refused")[0][0] == 9
    assert total.registered == plain(session, said % "registered")[0][0] == 6
    outside = "select count(*) from filings f join filers p on p.id = f.filer_id where left(p.ubigeo, 4) <> '1501'"
    online = outside + " and f.channel = 'online'"
    assert (total.from_outside, plain(session, outside)[0][0]) == (plain(session, online)[0][0], 3) == (1, 3)
    assert total.pages == plain(session, "select sum(pages_detected) from filings")[0][0]


def test_who_filed_at_a_counter_near_home_did_not_travel(session, directory, lived):
    """The same filings, had their counter been in the province where the people live."""
    away = [replace(body, counters=tuple(replace(one, ubigeo="120101") for one in body.counters))
            if body.code == "sernanp" else body for body in directory.entities]  # fmt: skip
    count(session, replace(directory, entities=tuple(away)))
    assert reading.total(reading.flows(session, START - timedelta(days=6))).from_outside == 3


def test_counting_again_changes_nothing(session, directory, lived):
    count(session, directory)
    before = sorted(map(repr, reading.flows(session, START - timedelta(days=6))))
    counting.count(session, directory, START, START + timedelta(hours=24), AT)
    for start, until in ((START - timedelta(days=1), START), (START - timedelta(days=2), START - timedelta(days=1))):
        counting.count(session, directory, start, until, AT)
    assert sorted(map(repr, reading.flows(session, START - timedelta(days=6)))) == before


def test_a_day_that_is_over_is_counted_once_and_its_hours_go(session, directory, lived):
    count(session, directory)
    tomorrow = START + timedelta(days=1, minutes=30)
    spans = counting.due(session, tomorrow, most=100)
    assert (START, START + timedelta(days=1)) in spans
    count(session, directory, tomorrow)
    hours = "select count(*) from board_spans where until - start < interval '1 day' and start < '%s'"
    assert plain(session, hours % (START + timedelta(days=1)).isoformat())[0][0] == 0
    assert all(until - start < timedelta(days=1) for start, until in counting.due(session, tomorrow, most=100))


def test_an_hour_within_a_day_that_was_counted_is_not_counted_beside_it(session, directory, lived):
    """A worker that read what is due before another counted the whole day."""
    day, last = START - timedelta(days=1), START - timedelta(hours=8)
    count(session, directory)
    before = sorted(map(repr, reading.flows(session, day)))
    counting.count(session, directory, last, last + timedelta(hours=1), AT)
    assert sorted(map(repr, reading.flows(session, day))) == before
    spans = "select count(*) from board_spans where start > '%s' and start < '%s'"
    assert plain(session, spans % (day.isoformat(), START.isoformat()))[0][0] == 0


def test_an_old_house_counts_each_day_once(session, directory):
    take(session, directory, a_submission(), NOW - timedelta(days=500))
    session.flush()
    ends = [START - timedelta(days=back) for back in range(402)]
    session.add_all(BoardSpan(start=end - counting.DAY, until=end, counted_at=NOW) for end in ends)
    session.flush()
    assert {until - start for start, until in counting.due(session, NOW, most=1000)} == {counting.HOUR}


def test_an_hour_that_was_counted_a_moment_ago_waits(session, directory, lived):
    count(session, directory)
    soon = AT + timedelta(seconds=5)
    assert counting.due(session, soon, every=timedelta(seconds=9)) == []
    assert len(counting.due(session, AT + timedelta(seconds=10), every=timedelta(seconds=9))) == 1


def test_a_word_before_its_leg_by_another_machines_clock_counts_once(session, directory):
    """The leg is opened by a machine whose clock is ahead of the one that hears the answer."""
    leg = take(session, directory, a_submission())[1]
    leg.created_at = later(milliseconds=200)
    heard = later(milliseconds=100)
    try_once(session, leg, "ack", heard, held_since=heard)
    count(session, directory)
    total = reading.total(reading.flows(session, START))
    assert (total.handed_over, total.within_day, total.same_day) == (1, 1, 1)


def test_two_words_whose_instants_contradict_their_order_are_one_hand_over(session, directory):
    leg = take(session, directory, a_submission())[1]
    try_once(session, leg, "ack", later(seconds=30), held_since=later(seconds=30))
    apply(session, directory, news(leg, "registered", later(seconds=29)), later(seconds=29))
    session.flush()
    count(session, directory)
    total = reading.total(reading.flows(session, START))
    assert (total.handed_over, total.registered) == (1, 1)


def test_hours_of_today_are_counted_until_they_are_over(session, directory, lived):
    count(session, directory)
    spans = counting.due(session, AT, most=100)
    assert spans[-1][0] <= AT < spans[-1][1] and len(spans) <= 2


def test_a_door_is_a_counter_and_all_that_is_online_is_one(session, directory, lived):
    count(session, directory)
    doors = {one.door for one in reading.flows(session, START - timedelta(days=6))}
    assert doors == {Door("online"), Door("counter", directory.entity("sernanp").id, "central")}


def test_what_is_narrowed_is_what_is_counted(session, directory, lived):
    count(session, directory)
    since, igp = START - timedelta(days=6), directory.entity("igp").id
    narrow = Narrow(Door("online"), igp)
    online = sum(one.filings for one in reading.flows(session, since) if narrow.holds(one.door, one.destination_id))
    assert online == sum(n for _, n in reading.by_day(session, since, narrow)) > 0
    for what in ("kind", "hour"):
        assert sum(n for _, n in reading.shares(session, since, what, narrow)) == online


def test_how_long_it_took_is_known_by_institution_and_for_all(session, directory, lived):
    count(session, directory)
    waits = reading.waits(session, START - timedelta(days=6))
    assert waits["acknowledged", 0].total == 9 and waits["registered", 0].total == 6
    half = waits["acknowledged", 0].percentile(0.5).total_seconds()
    assert 25 <= half <= 36
    assert 200 <= waits["filed_counter", 0].percentile(0.5).total_seconds() <= 290


def test_what_waits_is_told_by_its_leg_and_the_oldest(session, directory, lived):
    waiting = live.waiting(session)
    assert sum(queue.count for queue in waiting.values()) == 3
    queues = live.queues(session)
    assert sum(queue.count for queue in queues.values()) == 3
    assert min(queue.oldest for queue in queues.values()) == min(leg.created_at for leg in lived[9:])


def test_the_promises_are_the_sums_of_their_flows(session, directory, lived):
    count(session, directory)
    since = START - timedelta(days=6)
    flows, waits = reading.flows(session, since), reading.waits(session, since)
    kept = promises.promises(flows, waits, 386.0)
    assert (kept.filings, kept.saved, kept.within_day_share) == (12, 1 * 386.0, 1.0)
    assert kept.pages == sum(one.pages for one in flows if one.door.channel == "online")
    assert promises.promises([], {}, 386.0).within_day_share is None


def test_a_long_queue_hides_no_other(session, directory, lived):
    """Of each institution the oldest are told by their door; that there are more is said."""
    many, few = lived[10], lived[11]
    session.add_all(
        Delivery(cuo=f"{900_000 + n:010}", filing_id=many.filing_id, destination_id=many.destination_id,
                 status=many.status, mode=many.mode, created_at=many.created_at + timedelta(seconds=1 + n))
        for n in range(live.MOST + 5)
    )  # fmt: skip
    session.flush()
    waiting = live.waiting(session)
    of_many = [queue for (_, body), queue in waiting.items() if body == many.destination_id]
    assert sum(queue.count for queue in of_many) == live.MOST and all(queue.is_cut for queue in of_many)
    assert min(queue.oldest for queue in of_many) == many.created_at
    (other,) = [queue for (_, body), queue in waiting.items() if body == few.destination_id]
    assert not other.is_cut and other.oldest == few.created_at


def test_days_and_hours_are_those_of_peru_and_each_share_is_its_own(session, directory):
    """23:30 of the 18th and 00:30 of the 19th; held the next morning, and after thirty hours; one cargo."""
    late = datetime(2026, 11, 18, 23, 30, tzinfo=LIMA)
    early, cargo_at = late + timedelta(hours=1), late + timedelta(hours=11)
    for at, held in ((late, late + timedelta(hours=8, minutes=30)), (early, early + timedelta(hours=30))):
        _, leg = take(session, directory, a_submission(), at)
        try_once(session, leg, "ack", held, held_since=held)
        if at is late:
            apply(session, directory, news(leg, "registered", cargo_at), cargo_at)
        session.flush()
    count(session, directory)
    days = [START - timedelta(days=back) for back in (2, 1, 0)]
    assert reading.by_day(session, days[0], ALL) == [(days[0], 1), (days[1], 1)]
    assert reading.shares(session, days[0], "hour", ALL) == [("00", 1), ("23", 1)]
    rows = [(one.handed_over, one.same_day, one.within_day, one.registered, one.last_cargo_at)
            for one in (reading.total(reading.flows(session, day)) for day in days)]  # fmt: skip
    assert rows == [(2, 0, 1, 1, cargo_at), (2, 0, 1, 1, cargo_at), (1, 0, 0, 0, None)]
    assert reading.total(reading.flows(session, days[0])).within_day_share == 0.5


def test_what_nobody_holds_takes_from_the_promise_at_once(session, directory, lived):
    """Two of the three that wait were opened on earlier days; nothing else must arrive for that to be seen."""
    count(session, directory)
    for since, missed in ((START - timedelta(days=6), 2), (START, 1)):
        flows = live.with_unheld(session, reading.flows(session, since), since, AT)
        kept, held = promises.promises(flows, {}, 386.0), reading.total(flows).handed_over
        assert kept.within_day_share == kept.same_day_share == held / (held + missed)
    body = reading.total([one for one in flows if one.destination_id == lived[10].destination_id])
    assert body.within_day_share < 1
    lived[10].status = "cancelled"
    session.flush()
    assert reading.total(live.with_unheld(session, [], START, AT)).within_day_share is None


def test_what_was_opened_less_than_a_day_ago_may_still_arrive_in_time(session, directory):
    take(session, directory, a_submission(), NOW - timedelta(hours=23))
    one = reading.total(live.with_unheld(session, [], START, NOW))
    assert (one.not_same_day, one.not_within_day) == (1, 0)


def test_an_institution_that_fails_is_named_first(session, directory, lived):
    claim(session, lived[9].destination_id)
    state = live.states(session)[lived[9].destination_id]
    state.opened_at, state.open_until = later(minutes=1), later(minutes=9)
    found = standing.standings(session, directory, [], {}, turns.turns(session, ALL), later(minutes=2))
    assert (found[0].entity.id, found[0].answering) == (lived[9].destination_id, standing.Answering.NO)
    assert found[0].since == later(minutes=1)
    later_on = standing.standings(session, directory, [], {}, turns.turns(session, ALL), later(minutes=10))
    assert later_on[0].answering is standing.Answering.PROBED


def test_an_institution_whose_last_calls_failed_is_told_before_its_breaker_opens(session, directory, lived):
    body = lived[9].destination_id
    claim(session, body)
    state = live.states(session)[body]
    for failures, told in ((1, standing.Answering.YES), (2, standing.Answering.FAILING)):
        state.failures_in_a_row = failures
        session.flush()
        assert standing.answering_of(directory.by_id(body), state, None, later(minutes=2)) is told


def test_who_fetches_is_judged_by_what_waits_for_it(session, directory, lived):
    body, queue = directory.entity("igp"), live.Queue(3, later(hours=1))
    fetching = replace(body, adapter=replace(body.adapter, kind=AdapterKind.PULL))
    found = [standing.answering_of(fetching, None, queue, later(hours=hours)) for hours in (1.5, 3)]
    assert found == [standing.Answering.FETCHES, standing.Answering.STAYS_AWAY]
    assert standing.answering_of(fetching, None, None, later(hours=9)) is standing.Answering.FETCHES
