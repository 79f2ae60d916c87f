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
    """The event `e` is the first of these kinds about its leg."""
    return (
        "not exists (select from events b where b.filing_id = e.filing_id and b.delivery_id = e.delivery_id "
        f"and b.kind in {of} and b.position < e.position)"
    )


def _bucket(span: str) -> str:
    seconds = f"greatest(extract(epoch from {span}), {LEAST})::float8"
    return f"floor({PER_DOUBLING} * ln({seconds}) / ln(2.0::float8))::int"


PRESENTED = f"""
    select {_LEG}, f.destination_id, count(*) as filings,
        count(*) filter (where left(r.ubigeo, 4) <> left(p.ubigeo, 4)) as from_outside,
        coalesce(sum(f.pages_detected), 0) as pages,
        0 as handed_over, 0 as same_day, 0 as within_day, 0 as registered, null::timestamptz as last_cargo_at
    from filings f
    join filers r on r.id = f.filer_id
    left join unnest(cast(:bodies as int[]), cast(:ubigeos as text[])) as p (id, ubigeo)
        on p.id = f.destination_id and r.ubigeo <> ''
    where f.presented_at >= :start and f.presented_at < :until
    group by {_LEG}, f.destination_id
"""  # noqa: S608 - our own words
SAID = f"""
    select {_LEG}, d.destination_id, 0, 0, 0,
        count(*) filter (where {_is_first(_SAID)}),
        count(*) filter (where (e.happened_at at time zone 'America/Lima')::date
            <= (d.created_at at time zone 'America/Lima')::date and {_is_first(_SAID)}),
        count(*) filter (where e.happened_at <= d.created_at + interval '24 hours' and {_is_first(_SAID)}),
        count(*) filter (where e.kind = 'registered' and {_is_first("('registered')")}),
        max(e.at) filter (where e.kind = 'registered')
    from events e
    join deliveries d on d.id = e.delivery_id
    join filings f on f.id = e.filing_id
    where e.at >= :start and e.at < :until and e.kind in {_SAID}
    group by {_LEG}, d.destination_id
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
    select :start, what, destination_id, bucket, count(*)
    from (
        select 'acknowledged' as what, d.destination_id, {_bucket("e.happened_at - d.created_at")} as bucket
        from events e join deliveries d on d.id = e.delivery_id
        where e.at >= :start and e.at < :until and e.kind in {_SAID} and {_is_first(_SAID)}
        union all
        select 'distributed', d.destination_id, {_bucket("e.happened_at - f.presented_at")}
        from events e join deliveries d on d.id = e.delivery_id join filings f on f.id = e.filing_id
        where e.at >= :start and e.at < :until and e.kind in {_SAID} and {_is_first(_SAID)} and d.purpose = 'first'
        union all
        select 'registered', d.destination_id, {_bucket("e.happened_at - d.created_at")}
        from events e join deliveries d on d.id = e.delivery_id
        where e.at >= :start and e.at < :until and e.kind = 'registered' and {_is_first("('registered')")}
        union all
        select 'filed_' || f.channel, f.destination_id, {_bucket("f.presented_at - f.began_at")}
        from filings f
        where f.presented_at >= :start and f.presented_at < :until and f.began_at is not null
    ) as counted
    group by what, destination_id, bucket
""")  # noqa: S608
CLEAR: tuple[TextClause, ...] = (
    text("delete from board_flows where start >= :start and start < :until"),
    text("delete from board_shares where start >= :start and start < :until"),
    text("delete from board_waits where start >= :start and start < :until"),
    text("delete from board_spans where start >= :start and start < :until"),
)
"""Whatever was counted within a span, so that it is counted once."""
