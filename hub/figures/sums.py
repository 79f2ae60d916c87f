"""The sums of one span of time, each one statement over its filings or its events.

A filing counts in the span in which it was presented; what a destination said, in the span in which the hub heard it:
neither changes once the span is over.
"""

from sqlalchemy import TextClause, text

from hub.core.waits import LEAST, PER_DOUBLING

_LEG = "f.channel, f.received_by_id, f.counter_code"
_SAID = "('sent', 'registered', 'observed', 'refused')"
"""The words of a destination from which the hub knows that it holds the paper."""


def _is_first(of: str) -> str:
    """The event `e` is the first of these kinds about its leg `d`, by its instant.

    As the first of a leg's own few events: asked as "none before", all events ever would be read for each span. The
    hour before the leg only keeps the look-up short: machines' clocks differ by less.
    """
    return (
        "e.position = (select b.position from events b where b.filing_id = e.filing_id "  # noqa: S608
        "and b.at between d.created_at - interval '1 hour' and e.at and b.delivery_id = e.delivery_id "
        f"and b.kind in {of} order by b.at, b.position limit 1)"
    )


def _bucket(span: str) -> str:
    seconds = f"greatest(extract(epoch from {span}), {LEAST})::float8"
    return f"floor({PER_DOUBLING} * ln({seconds}) / ln(2.0::float8))::int"


def _day(instant: str) -> str:
    return f"({instant} at time zone 'America/Lima')::date"


WORDS = f"""
    select {_LEG}, f.presented_at, d.destination_id, d.created_at, d.purpose, e.at, e.happened_at,
        {_is_first(_SAID)} as is_first, e.kind = 'registered' as is_cargo,
        e.kind = 'registered' and {_is_first("('registered')")} as is_registered
    from events e
    join deliveries d on d.id = e.delivery_id
    join filings f on f.id = e.filing_id
    where e.at >= :start and e.at < :until and e.kind in {_SAID}
    offset 0 -- a fence: what is first is looked up once for each word, and not once for each sum
"""  # noqa: S608 - our own words
PRESENTED = f"""
    select {_LEG}, f.destination_id, count(*) as filings,
        count(*) filter (where left(r.ubigeo, 4) <> left(p.ubigeo, 4)
            and (f.channel = 'online' or left(c.ubigeo, 4) <> left(p.ubigeo, 4))) as from_outside,
        coalesce(sum(f.pages_detected), 0) as pages,
        0 as handed_over, 0 as same_day, 0 as within_day, 0 as registered, null::timestamptz as last_cargo_at
    from filings f
    join filers r on r.id = f.filer_id
    left join unnest(cast(:bodies as int[]), cast(:ubigeos as text[])) as p (id, ubigeo)
        on p.id = f.destination_id and r.ubigeo <> ''
    left join unnest(cast(:counter_bodies as int[]), cast(:counter_codes as text[]), cast(:counter_ubigeos as text[]))
        as c (id, code, ubigeo) on c.id = f.received_by_id and c.code = f.counter_code
    where f.presented_at >= :start and f.presented_at < :until
    group by {_LEG}, f.destination_id
"""  # noqa: S608
SAID = f"""
    select channel, received_by_id, counter_code, destination_id, 0, 0, 0,
        count(*) filter (where is_first),
        count(*) filter (where is_first and {_day("happened_at")} <= {_day("created_at")}),
        count(*) filter (where is_first and happened_at <= created_at + interval '24 hours'),
        count(*) filter (where is_registered),
        max(at) filter (where is_cargo)
    from ({WORDS}) as words
    group by channel, received_by_id, counter_code, destination_id
"""  # noqa: S608
FLOWS: TextClause = text(f"""
    insert into board_flows
    select :start, channel, received_by_id, counter_code, destination_id, sum(filings), sum(from_outside), sum(pages),
        sum(handed_over), sum(same_day), sum(within_day), sum(registered), max(last_cargo_at)
    from ({PRESENTED} union all {SAID}) as counted
    group by channel, received_by_id, counter_code, destination_id
""")  # noqa: S608
SHARES: TextClause = text(f"""
    insert into board_shares
    select :start, w.what, w.value, {_LEG}, f.destination_id, count(*)
    from filings f
    cross join lateral (values ('kind', f.document_type),
        ('hour', to_char(f.presented_at at time zone 'America/Lima', 'HH24'))) as w (what, value)
    where f.presented_at >= :start and f.presented_at < :until
    group by w.what, w.value, {_LEG}, f.destination_id
""")  # noqa: S608
WAITS: TextClause = text(f"""
    insert into board_waits
    select :start, what, destination_id, {_bucket("span")}, count(*)
    from (
        select w.what, words.destination_id, w.span
        from ({WORDS}) as words
        cross join lateral (values ('acknowledged', happened_at - created_at, is_first),
            ('distributed', happened_at - presented_at, is_first and purpose = 'first'),
            ('registered', happened_at - created_at, is_registered)) as w (what, span, is_wanted)
        where w.is_wanted
        union all
        select 'filed_' || f.channel, f.destination_id, f.presented_at - f.began_at
        from filings f
        where f.presented_at >= :start and f.presented_at < :until and f.began_at is not null
    ) as counted
    group by 2, 3, 4
""")  # noqa: S608
CLEAR: tuple[TextClause, ...] = (
    text("delete from board_flows where start >= :start and start < :until"),
    text("delete from board_shares where start >= :start and start < :until"),
    text("delete from board_waits where start >= :start and start < :until"),
    text("delete from board_spans where start >= :start and start < :until"),
)
"""Whatever was counted within a span, so that it is counted once."""
