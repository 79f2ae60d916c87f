"""Each figure that the dashboard shows, beside a plain count of the same over filings, legs, events and messages.

The plain counts share nothing with hub/figures: no spans, no buckets, no sums; the first word of a destination is
found by sorting, and not by a least position.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from hub import needing, rerouting
from hub.cargos import apply
from hub.core.messages import Filer
from hub.core.statuses import RefusalReason
from hub.figures import counting, live, promises, reading, turns
from hub.figures.reading import Narrow
from hub.intake import Reception
from hub.rerouting import Person, Why
from tests.stages.legs import news, try_once
from tests.stages.sector import NOW, a_submission, at_counter, make_sector, take

SINCE = counting.midnight(NOW) - timedelta(days=6)
AT = NOW + timedelta(hours=3)
ALL = Narrow()
SAID = """
with said as (
    select distinct on (e.delivery_id) e.*, d.destination_id, d.created_at as leg_at, d.purpose,
        f.presented_at as filed_at
    from events e join deliveries d on d.id = e.delivery_id join filings f on f.id = e.filing_id
    where e.kind in ('sent', 'registered', 'observed', 'refused') order by e.delivery_id, e.position
), cargo as (
    select e.delivery_id, min(e.at) as at, min(e.happened_at) as happened_at from events e
    where e.kind = 'registered' group by e.delivery_id
) """
DOOR = "case f.channel when 'counter' then e.code || ':' || f.counter_code else f.channel end"


@pytest.fixture
def directory(session):
    return make_sector(session)


@pytest.fixture
def lived(session, directory):
    """Three days: taken at once, after midnight, after more than a day, refused and sent on, observed, never taken."""
    slow = (timedelta(seconds=20), timedelta(hours=9), timedelta(hours=30))
    for n in range(14):
        at = NOW - timedelta(days=n % 3, hours=n % 5, minutes=n)
        one = replace(
            a_submission(destination_code=("igp", "senace", "oefa")[n % 3]),
            document_type=("carta", "solicitud")[n % 2], began_at=at - timedelta(minutes=2 + n),
            filer=Filer("dni", "10117410", "Ana Quispe", ubigeo=("120101", "150101", "")[n % 3]),
        )  # fmt: skip
        online = Reception("online", one.destination_code, "central")
        _, leg = take(session, directory, one, at, online if n % 4 == 0 else at_counter())
        if n < 11:
            goes_on(session, directory, leg, n, at, at + slow[n % 3])
    session.flush()
    for start, until in counting.due(session, AT, most=100):
        counting.count(session, directory, start, until, AT)


def goes_on(session, directory, leg, n, at, held):
    """What its institution says: it holds it; then by turns a cargo, a refusal, an observation, nothing."""
    by = directory.by_id(leg.destination_id).code
    if held > AT:
        return
    try_once(session, leg, "ack", held, held_since=held)
    said = min(held + timedelta(hours=1), AT)
    if n in (1, 3):
        apply(session, directory, news(leg, "refused", said, by, reason=RefusalReason.NOT_COMPETENT, text="No"), said)
        if n == 3:
            why = Why(RefusalReason.NOT_COMPETENT, "Le toca a otra")
            following = rerouting.reroute(session, directory, leg.cuo, "minam", why, Person("1"), said)
            try_once(session, following, "ack", said, held_since=said + timedelta(seconds=5))
    elif n % 5 == 4:
        apply(session, directory, news(leg, "observed", said, by, items=(), text="Falta la firma"), said)
    elif n != 2:
        apply(session, directory, news(leg, "registered", said, by), said)


def plain(session, query):
    """Rows of a plain question as sorted tuples."""
    return sorted(tuple(row) for row in session.execute(text(query), {"since": SINCE}))


def code(directory, body):
    return directory.by_id(body).code


def door_key(directory, door):
    return f"{code(directory, door.origin_id)}:{door.counter_code}" if door.channel == "counter" else door.channel


def test_what_was_filed_by_door_and_institution(session, directory, lived):
    query = f"""select {DOOR}, b.code, count(*), coalesce(sum(f.pages_detected), 0),
        count(*) filter (where r.ubigeo like '12%' and f.channel = 'online')
        from filings f join entities e on e.id = f.received_by_id
        join entities b on b.id = f.destination_id join filers r on r.id = f.filer_id group by 1, 2"""
    shown = [(door_key(directory, one.door), code(directory, one.destination_id), one.filings, one.pages,
              one.from_outside) for one in reading.flows(session, SINCE) if one.filings]  # fmt: skip
    assert sorted(shown) == plain(session, query) and len(shown) == 6


def test_what_institutions_said_of_it(session, directory, lived):
    query = SAID + """select b.code, count(*), count(*) filter (where
            (s.happened_at at time zone 'America/Lima')::date <= (s.leg_at at time zone 'America/Lima')::date),
        count(*) filter (where s.happened_at - s.leg_at <= interval '1 day'), count(c.at), max(c.at)
        from said s left join cargo c using (delivery_id) join entities b on b.id = s.destination_id group by 1"""
    found = reading.flows(session, SINCE)
    totals = [reading.total([one for one in found if one.destination_id == body.id], destination_id=body.id)
              for body in directory.entities]  # fmt: skip
    shown = [(code(directory, one.destination_id), one.handed_over, one.same_day, one.within_day, one.registered,
              one.last_cargo_at) for one in totals if one.handed_over]  # fmt: skip
    assert sorted(shown) == plain(session, query)
    everything = reading.total(found)
    assert everything.handed_over > everything.within_day > everything.same_day > 0


def test_trends_by_day_hour_and_kind(session, directory, lived):
    instant = "f.presented_at at time zone 'America/Lima'"
    days = f"select ({instant})::date::text, count(*) from filings f group by 1"
    shown = [(at.astimezone(counting.LIMA).date().isoformat(), n) for at, n in reading.by_day(session, SINCE, ALL)]
    assert sorted(shown) == plain(session, days) and len(shown) == 3
    hours = f"select to_char(extract(hour from {instant}), 'FM00'), count(*) from filings f group by 1"
    assert reading.shares(session, SINCE, "hour", ALL) == plain(session, hours)
    kinds = "select document_type, count(*) from filings group by 1"
    assert reading.shares(session, SINCE, "kind", ALL) == plain(session, kinds)


SPANS = SAID + """
select span.what, b.code, count(*), percentile_disc(0.5) within group (order by span.took),
    percentile_disc(0.95) within group (order by span.took)
from (
    select 'acknowledged' as what, destination_id, happened_at - leg_at as took from said
    union all select 'distributed', destination_id, happened_at - filed_at from said where purpose = 'first'
    union all select 'registered', d.destination_id, c.happened_at - d.created_at
        from cargo c join deliveries d on d.id = c.delivery_id
    union all select 'filed_' || channel, destination_id, presented_at - began_at from filings
        where began_at is not null
) span join entities b on b.id = span.destination_id group by 1, 2"""


def test_how_long_things_took(session, directory, lived):
    """The counts exactly; the median and what 95 of 100 did not exceed, within the fifth that buckets may be off."""
    waits = reading.waits(session, SINCE)
    counted = plain(session, SPANS)
    shown = sorted((what, code(directory, body), waits[what, body].total) for what, body in waits if body)
    assert shown == [row[:3] for row in counted] and len({row[0] for row in counted}) == 5
    for what, body, _, *percentiles in counted:
        found = waits[what, directory.entity(body).id]
        for share, took in zip((0.5, 0.95), percentiles, strict=True):
            near = found.percentile(share) / max(took, timedelta(seconds=0.05))
            assert 0.8 < near < 1.25, (what, body, share, took, found.percentile(share))


def test_the_promises(session, directory, lived):
    kept = promises.promises(reading.flows(session, SINCE), reading.waits(session, SINCE), 386.0)
    query = """select count(*), count(*) filter (where r.ubigeo like '12%' and f.channel = 'online') * 386.0,
        sum(f.pages_detected) filter (where f.channel <> 'counter') from filings f join filers r on r.id = f.filer_id"""
    [(filings, saved, pages)] = plain(session, query)
    assert (kept.filings, kept.saved, kept.pages) == (filings, float(saved), pages) and saved and pages


def test_what_waits_at_its_institution_and_at_its_door(session, directory, lived):
    queued = """select b.code, count(*), min(m.created_at) from outbound_messages m
        join entities b on b.id = m.recipient_id where m.kind = 'sobre' and m.status in ('waiting', 'claimed')
        group by 1"""
    shown = [(code(directory, body), one.count, one.oldest) for body, one in live.queues(session).items()]
    assert sorted(shown) == plain(session, queued) and shown
    legs = f"""select {DOOR}, b.code, count(*), min(d.created_at)
        from deliveries d join filings f on f.id = d.filing_id
        join entities e on e.id = f.received_by_id join entities b on b.id = d.destination_id
        where d.status in ('queued', 'sending', 'failed') group by 1, 2"""
    shown = [(door_key(directory, door), code(directory, body), one.count, one.oldest)
             for (door, body), one in live.waiting(session).items()]  # fmt: skip
    assert sorted(shown) == plain(session, legs) and shown


def test_whose_turn_it_is(session, directory, lived):
    by_turn = """select case when status in ('queued', 'sending') then 'hub' when status = 'sent' then 'body'
        when status = 'observed' then 'filer' else 'sector' end, count(*) from deliveries
        where status not in ('registered', 'rerouted', 'corrected', 'lapsed', 'cancelled') group by 1"""
    found = turns.turns(session, ALL)
    assert sorted((turn.value, n) for turn, n in found.legs.items() if n) == plain(session, by_turn)
    assert all(found.legs[turn] for turn in (turns.Turn.HUB, turns.Turn.BODY, turns.Turn.SECTOR))
    held = """select b.code, count(*), min(d.sent_at) from deliveries d join entities b on b.id = d.destination_id
        where d.status = 'sent' group by 1"""
    assert sorted((code(directory, body), one.count, one.oldest) for body, one in found.held.items()) == plain(
        session, held
    )


def test_turns_are_narrowed_as_everything_is(session, directory, lived):
    doors = {one.door for one in reading.flows(session, SINCE)}
    whole = turns.turns(session, ALL).legs
    for turn in turns.Turn:
        by_door = [turns.turns(session, Narrow(door)).legs[turn] for door in doors]
        by_body = [turns.turns(session, Narrow(None, body.id)).legs[turn] for body in directory.entities]
        assert sum(by_door) == sum(by_body) == whole[turn]


def test_what_needs_a_person(session, directory, lived):
    query = """select 'late', cuo from deliveries where status in ('queued', 'sending', 'failed')
            and created_at <= cast(:since as timestamptz)
        union all select 'refused', d.cuo from deliveries d where d.status = 'refused'
            and not exists (select from deliveries o where o.filing_id = d.filing_id and o.id > d.id)"""
    needs = needing.needs(session, ALL, AT)
    shown = [(kind.value, one.cuo) for kind, some in needs.items() for one in some if kind.value in ("late", "refused")]
    asked = session.execute(text(query), {"since": AT - timedelta(hours=24)})
    assert sorted(shown) == sorted(tuple(row) for row in asked) and {kind for kind, _ in shown} == {"late", "refused"}
