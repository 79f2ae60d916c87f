"""Observations: what was asked is what its event commits to, and its last day is the last one that was told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from hub.audit.findings import Finding, Tally, Terms, Touched
from hub.core.calendar import end_of_day
from hub.core.chain import commitment
from hub.models import Filing, Observation
from hub.observations import words_of

_TOLD = text("""
    select e.id, e.kind, e.position, e.filing_id, e.delivery_id, e.happened_at, e.data, leg.cuo
    from events e left join deliveries leg on leg.id = e.delivery_id
    where e.position is not null and (
        e.kind in ('observed', 'observation_notified')
        or (e.kind = 'term_recomputed' and e.data ->> 'deadline' = 'correct_by')
    ) and e.filing_id in (
        select leaf.filing_id from ledger_leaves leaf join events one on one.id = leaf.event_id
        where leaf.batch_id >= :since and one.kind in ('observed', 'observation_notified', 'term_recomputed')
    ) order by e.filing_id, e.position
""").columns(data=JSONB)
_KEPT = select(
    Filing.filing_number, Filing.salt, Observation.filing_id, Observation.delivery_id, Observation.items,
    Observation.text, Observation.allegations, Observation.notified_at, Observation.correct_by,
).join(Filing, Filing.id == Observation.filing_id)  # fmt: skip


def check_observations(session: Session, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """What events say of observations still stands in their rows; words that no event commits to are not judged."""
    told: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_TOLD, {"since": terms.since}):
        told[row.filing_id].append(row)
    kept: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_KEPT.where(Observation.filing_id.in_(list(told)))):
        kept[row.filing_id].append(row)
    named = select(Filing.id, Filing.filing_number).where(Filing.id.in_(list(told)))
    numbers = dict(session.execute(named.order_by(Filing.id)).all())
    for filing_id, number in numbers.items():  # a filing that is gone is told by its events
        rows, events = kept[filing_id], told[filing_id]
        tally.counts["observations"] += len(rows)
        for event in (*_other_words(rows, events), *_other_days(rows, events)):
            part = "observed" if event.kind == "observed" else "correct_by"
            yield Finding(
                Touched.OBSERVATION_ALTERED, filing=number, cuo=event.cuo or "", position=event.position,
                event=event.id, kind=event.kind, detail=part,
            )  # fmt: skip


def _other_words(rows: Iterable[Any], events: Iterable[Any]) -> Iterator[Any]:
    """The events whose commitment no row of their leg opens."""
    here = Counter((row.delivery_id, commitment(row.salt, words_of(row))) for row in rows)
    for event in events:
        if event.kind == "observed" and "observed_commitment" in event.data:
            key = (event.delivery_id, event.data["observed_commitment"])
            if not here[key]:
                yield event
            here[key] -= 1


def _other_days(rows: Iterable[Any], events: Iterable[Any]) -> Iterator[Any]:
    """The notifications of which no row of their leg has the instant and the last day that was told last."""
    here = {(row.delivery_id, row.notified_at, row.correct_by) for row in rows}
    said: dict[int | None, tuple[Any, datetime | None]] = {}
    every = []
    for event in events:
        leg = event.delivery_id
        if event.kind == "observation_notified":
            every += [said.pop(leg)] if leg in said else []
            until = event.data.get("correct_by")
            said[leg] = (event, datetime.fromisoformat(until) if until else None)
        elif event.kind == "term_recomputed" and leg in said:
            said[leg] = (said[leg][0], end_of_day(date.fromisoformat(event.data["new"])))
    for event, until in (*every, *said.values()):
        if (event.delivery_id, event.happened_at, until) not in here:
            yield event
