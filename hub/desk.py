"""A counter's desk: finding a filing that a person may see, and what is observed and waits for its correction.

Every condition stands on an index, so that 100,000 filings cost what ten do: numbers are whole, names are words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from hub.core.errors import InvalidIdentifier
from hub.core.identifiers import FilingNumber
from hub.models import Delivery, FilerRow, Filing, Observation
from hub.models.filings import NAME_WORDS, plain, words_begin
from hub.sight import Viewer, taken_at, visible_to

PAGE: Final = 50
_ENTRY = re.compile(r"([0-9]{1,7})-([0-9]{4})")
_IDENTITY = re.compile(r"[A-Z0-9]{6,20}")


@dataclass(frozen=True)
class Found:
    """What a search gave, newest first; `is_more` where there is more than a page."""

    filings: tuple[Filing, ...] = ()
    is_more: bool = False


def find(session: Session, viewer: Viewer, typed: str) -> Found:
    """Filings by number, by the register's number, by identity document or RUC, or by words of a name.

    Only what the person may see: what their seat took and what is addressed to their body (Ley 29733).
    """
    query = query_of(viewer, typed)
    if query is None:
        return Found()
    found = session.scalars(query).unique().all()
    return Found(tuple(found[:PAGE]), len(found) > PAGE)


def query_of(viewer: Viewer, typed: str) -> Select[Filing] | None:
    """One more than a page of what was meant; None for nothing that could be searched."""
    which = meant_by(viewer, " ".join(typed.split()))
    if which is None:
        return None
    query = select(Filing).join(FilerRow, FilerRow.id == Filing.filer_id).where(which, visible_to(viewer))
    return query.order_by(Filing.id.desc()).limit(PAGE + 1)


def meant_by(viewer: Viewer, typed: str) -> ColumnElement[bool] | None:
    """What was meant by what was typed; None for nothing that could be searched."""
    if (number := _filing_number(typed)) is not None:
        return Filing.filing_number == number
    compact = typed.replace(" ", "").upper()
    if entry := _ENTRY.fullmatch(compact):
        return _of_register(viewer, int(entry[1]), int(entry[2]), compact)
    if any(sign.isdigit() for sign in compact) and _IDENTITY.fullmatch(compact):
        same = (FilerRow.document_number == compact, (FilerRow.ruc == compact) & (FilerRow.ruc != ""))
        return or_(*same)
    return _named(typed)


def _filing_number(typed: str) -> FilingNumber | None:
    """The number of a filing; None for other words, which may mean something else."""
    try:
        return FilingNumber(typed)
    except InvalidIdentifier:
        return None


def _of_register(viewer: Viewer, sequence: int, year: int, typed: str) -> ColumnElement[bool]:
    """The entry of the person's own register, or what their body registered under that number."""
    entered = (Filing.received_by_id == viewer.entity_id) & (Filing.entry_year == year)
    registered = select(Delivery.filing_id).where(
        Delivery.destination_id == viewer.entity_id, Delivery.destination_registry_number == typed
    )
    return or_(entered & (Filing.entry_sequence == sequence), Filing.id.in_(registered))


def _named(typed: str) -> ColumnElement[bool] | None:
    """Each word typed begins a word of the name or razón social; marks and capitals count for nothing."""
    asked = words_begin(typed)
    if asked is None or not re.search("[a-z0-9]{2}", plain(typed)):
        return None
    return NAME_WORDS.bool_op("@@")(asked)


def observed(session: Session, viewer: Viewer) -> Sequence[tuple[Filing, Observation]]:
    """What a seat took and is observed, the nearest deadline first; what has none yet stands last."""
    query = select(Filing, Observation).join(Observation, Observation.filing_id == Filing.id)
    query = query.where(Observation.closed_at.is_(None), taken_at(viewer))
    rows = session.execute(query.order_by(Observation.correct_by.asc().nulls_last(), Filing.id).limit(4 * PAGE))
    return [(filing, observation) for filing, observation in rows.unique()]
