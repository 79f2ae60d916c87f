"""Quarantine: files taken without being looked through, and those in which a virus was found later.

A person's right does not hang on an antivirus: where it does not answer, a file is taken all the same, is said to be
unchecked, and is looked through as soon as may be. What is then found is given out no more, and a person is told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.errors import MesaError
from hub.events import tell
from hub.models import Document, FileScan, Filing

FIRST: Final = timedelta(minutes=1)
LAST: Final = timedelta(hours=1)
"""Until the next try, doubling."""
BATCH: Final = 20
LISTED: Final = 50
SHOWN: Final = timedelta(days=30)
"""The board lists what was found since then."""


class Quarantined(MesaError):
    """A virus was found in this file: nobody is given it."""

    code = "DOCUMENT_QUARANTINED"


@dataclass(frozen=True)
class Waiting:
    """A file to be looked through. `object_keys`: where its bytes may be."""

    sha256: str
    object_keys: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """For who runs the sector: how many files wait, and the documents in quarantine with their filings."""

    unchecked: int
    held: tuple[tuple[Document, Filing, str], ...]
    """Each with the name of what was found."""


def note_unchecked(session: Session, sha256: str, object_key: str, size: int, why: str, now: datetime) -> None:
    """Remember that a file was taken without being looked through; flushed."""
    values = {"sha256": sha256, "object_key": object_key, "size": size, "why": why, "asked_at": now, "tries": 0,
              "next_try_at": now, "found": ""}  # fmt: skip
    add = insert(FileScan).values(values)
    again = {"object_key": object_key, "why": why, "scanned_at": None, "next_try_at": now}
    # what was found stays found; what was clean may be looked through again
    session.execute(add.on_conflict_do_update(index_elements=["sha256"], set_=again, where=FileScan.found == ""))


def found_in(session: Session, sha256: str) -> str:
    """What was found in the same bytes before; empty for nothing that is known."""
    return session.scalar(select(FileScan.found).where(FileScan.sha256 == sha256)) or ""


def held_among(session: Session, digests: Collection[str]) -> frozenset[str]:
    """Which of these contents are in quarantine."""
    return frozenset(session.scalars(select(FileScan.sha256).where(FileScan.sha256.in_(digests), FileScan.found != "")))


def states_of(session: Session, documents: Sequence[Document]) -> dict[str, str]:
    """`held` or `unchecked`, by SHA-256, for those documents that are not simply in order."""
    if not documents:
        return {}
    digests = {one.sha256 for one in documents}
    query = select(FileScan.sha256, FileScan.found, FileScan.scanned_at).where(FileScan.sha256.in_(digests))
    return {
        row.sha256: "held" if row.found else "unchecked"
        for row in session.execute(query)
        if row.found or row.scanned_at is None
    }


def claim(session: Session, now: datetime) -> tuple[Waiting, ...]:
    """Files to be looked through now, the longest waiting first; each is this worker's until its next try.

    Flushed: the caller commits before it looks.
    """
    query = select(FileScan).where(FileScan.scanned_at.is_(None), FileScan.next_try_at <= now)
    due = session.scalars(query.order_by(FileScan.next_try_at).limit(BATCH).with_for_update(skip_locked=True)).all()
    for one in due:
        one.next_try_at = now + min(FIRST * 2 ** min(one.tries, 10), LAST)
        one.tries += 1
    session.flush()
    return tuple(Waiting(one.sha256, _places(session, one)) for one in due)


def _places(session: Session, one: FileScan) -> tuple[str, ...]:
    query = select(Document.object_key).where(Document.sha256 == one.sha256)
    elsewhere = session.scalars(query.order_by(Document.id).limit(LISTED))
    return tuple(dict.fromkeys((one.object_key, *elsewhere)))


def write_scanned(session: Session, sha256: str, found: str, now: datetime) -> int:
    """Write what was found in a file, empty for nothing. Gives how many documents it puts in quarantine; flushed.

    Each filing tells it once, so that whoever handles it reads it.
    """
    scan = session.get(FileScan, sha256, with_for_update=True)
    if scan is None or scan.scanned_at is not None:
        return 0
    scan.scanned_at, scan.found = now, found[:120]
    if not found:
        return 0
    held = session.execute(
        select(Document, Filing).join(Filing, Filing.id == Document.filing_id).where(Document.sha256 == sha256)
        .order_by(Filing.id, Document.position)
    ).unique().all()  # fmt: skip
    for document, filing in held:
        tell(session, filing, "quarantined", now, document=str(document.id))
    return len(held)


def write_gone(session: Session, sha256: str, now: datetime) -> None:
    """A file that is nowhere any more, because its form was never sent: nothing waits for it."""
    scan = session.get(FileScan, sha256)
    if scan is not None:
        scan.scanned_at, scan.why = now, "gone"


def standing(session: Session, now: datetime) -> Standing:
    """How it stands, for the board; what was found longer ago stays in the stories of its filings."""
    open_ones = select(func.count()).select_from(FileScan).where(FileScan.scanned_at.is_(None))
    held = (
        select(Document, Filing, FileScan.found)
        .join(FileScan, FileScan.sha256 == Document.sha256)
        .join(Filing, Filing.id == Document.filing_id)
        .where(FileScan.found != "", FileScan.scanned_at > now - SHOWN)
        .order_by(FileScan.scanned_at.desc(), Document.id)
        .limit(LISTED)
    )
    rows = tuple((document, filing, found) for document, filing, found in session.execute(held).unique())
    return Standing(session.scalar(open_ones) or 0, rows)
