"""The ledger as it is read: the roots that are published, the state of the sealing, the proof of one filing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, func, select, text
from sqlalchemy.orm import Session

from hub.core import merkle
from hub.core.errors import NotFound
from hub.core.roots import Root, root_from_json
from hub.models import Batch, Event, Stamp, StampTrouble, Unsealed
from hub.sealing import MAX_UNSTAMPED
from hub.wire.roots import payload_of

PAGE = 50
EXPORTED = 1000
"""Roots of one answer to a machine."""


@dataclass(frozen=True)
class SignedRoot:
    """A batch as it is published: its statement, the JWS over it, the instant of its stamp if it has one of its own."""

    statement: Root
    jws: str
    stamped_at: datetime | None


@dataclass(frozen=True)
class LedgerState:
    """How the sealing goes. Instants are aware; None is "never", or nothing that waits."""

    batches: int
    sealed_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    stamped_batch: int
    stamped_at: datetime | None
    authority: str
    stamp_failing_since: datetime | None
    stamp_code: str

    @property
    def is_stamp_pending(self) -> bool:
        """Whether a root waits for its time-stamp."""
        return self.batches > self.stamped_batch


@dataclass(frozen=True)
class Page:
    """A page of roots, newest first: page `number` of `last`, from 1."""

    roots: tuple[SignedRoot, ...]
    number: int
    last: int
    state: LedgerState


@dataclass(frozen=True)
class Inclusion:
    """Where an event stands: leaf `index` of `count` in a batch, and the siblings (32 bytes each) up to its root."""

    batch: int
    index: int
    count: int
    path: tuple[bytes, ...]

    def to_json(self) -> dict[str, Any]:
        """The proof as a bundle carries it."""
        return {**vars(self), "path": [one.hex() for one in self.path]}


@dataclass(frozen=True)
class StampOf:
    """A time-stamp (DER) over the statement of a batch, and so over every batch before it."""

    batch: int
    token: bytes
    at: datetime
    authority: str


@dataclass(frozen=True)
class Proofs:
    """What proves the events of one filing.

    `roots` are signed statements, oldest first: those of the batches, and from each the chain to the first stamp
    that covers it, or to the newest batch where none does. `unsealed`: ids of events that have no leaf yet.
    """

    inclusions: dict[int, Inclusion]
    roots: tuple[str, ...]
    stamps: tuple[StampOf, ...]
    unsealed: tuple[int, ...]


def state(session: Session) -> LedgerState:
    """How the ledger stands, for its page and for the operator."""
    last = session.execute(select(Batch.id, Batch.sealed_at).order_by(Batch.id.desc()).limit(1)).first()
    waiting, since = session.execute(select(func.count(), func.min(Unsealed.event_at))).one()
    newest = select(Stamp.batch_id, Stamp.stamped_at, Stamp.authority).order_by(Stamp.batch_id.desc()).limit(1)
    stamp = session.execute(newest).first()
    trouble = session.scalar(select(StampTrouble).limit(1))
    return LedgerState(
        batches=last.id if last else 0,
        sealed_at=last.sealed_at if last else None,
        waiting=waiting,
        waiting_since=since,
        stamped_batch=stamp.batch_id if stamp else 0,
        stamped_at=stamp.stamped_at if stamp else None,
        authority=stamp.authority if stamp else "",
        stamp_failing_since=trouble.failing_since if trouble else None,
        stamp_code=trouble.last_code if trouble else "",
    )


def page(session: Session, number: int) -> Page:
    """A page of the public book; a number beyond it is its last."""
    known = state(session)
    last = max(1, -(-known.batches // PAGE))
    number = min(max(1, number), last)
    roots = newest_roots(session, before=known.batches + 1 - (number - 1) * PAGE)
    return Page(roots, number, last, known)


def newest_roots(session: Session, *, before: int | None = None, limit: int = PAGE) -> tuple[SignedRoot, ...]:
    """A page of roots, newest first: those of batches under `before`."""
    query = _roots().order_by(Batch.id.desc()).limit(limit)
    return _signed(session, query.where(Batch.id < before) if before is not None else query)


def roots_from(session: Session, first: int = 1, *, limit: int = EXPORTED) -> tuple[SignedRoot, ...]:
    """Roots from batch `first` on, oldest first."""
    return _signed(session, _roots().where(Batch.id >= first).order_by(Batch.id).limit(limit))


def root_of(session: Session, batch: int) -> tuple[SignedRoot, tuple[StampOf, ...]]:
    """One root with its own stamps. Raises NotFound."""
    found = _signed(session, _roots().where(Batch.id == batch))
    if not found:
        raise NotFound(code="BATCH_NOT_FOUND")
    return found[0], _stamps(session, [batch])


def _roots() -> Any:
    stamped = select(func.min(Stamp.stamped_at)).where(Stamp.batch_id == Batch.id).scalar_subquery()
    return select(Batch.jws, stamped.label("stamped_at"))


def _signed(session: Session, query: Any) -> tuple[SignedRoot, ...]:
    rows = session.execute(query)
    return tuple(SignedRoot(root_from_json(payload_of(row.jws)), row.jws, row.stamped_at) for row in rows)


_PLACES = text("""
    select leaf.event_id, leaf.batch_id, leaf.position, batch.count as size, batch.blocks, held.hashes
    from ledger_leaves leaf join ledger_batches batch on batch.id = leaf.batch_id, lateral (
        select string_agg(hash, ''::bytea order by position) as hashes from ledger_leaves
        where batch_id = leaf.batch_id and position between leaf.position / :block * :block
            and leaf.position / :block * :block + :block - 1
    ) held
    where leaf.filing_id = :filing order by leaf.batch_id
""").columns(hashes=LargeBinary, blocks=LargeBinary)


def proofs(session: Session, filing_id: int) -> Proofs:
    """The proof of every event of a filing that is sealed, and which are not yet (or never: from before the ledger)."""
    places = session.execute(_PLACES, {"filing": filing_id, "block": merkle.BLOCK}).all()
    batches = sorted({row.batch_id for row in places})
    inclusions = {row.event_id: _inclusion(row) for row in places}
    covering = _covering_stamps(session, batches)
    known = session.scalars(select(Event.id).where(Event.filing_id == filing_id).order_by(Event.id))
    return Proofs(
        inclusions=inclusions,
        roots=_chains(session, batches, covering),
        stamps=_stamps(session, sorted({one for one in covering.values() if one})),
        unsealed=tuple(one for one in known if one not in inclusions),
    )


def _inclusion(row: Any) -> Inclusion:
    block, blocks = (_hashes(held) for held in (row.hashes, row.blocks))
    return Inclusion(row.batch_id, row.position, row.size, tuple(merkle.path_through(block, blocks, row.position)))


def _hashes(held: bytes) -> list[bytes]:
    return [held[at : at + 32] for at in range(0, len(held), 32)]


_COVERING = text("""
    select batch, (select min(batch_id) from ledger_stamps where batch_id >= batch) as stamped
    from unnest(cast(:batches as bigint[])) as batch
""")


def _covering_stamps(session: Session, batches: Sequence[int]) -> dict[int, int | None]:
    """For each batch, the first stamped batch that covers it."""
    return {row.batch: row.stamped for row in session.execute(_COVERING, {"batches": list(batches)})}


_CHAINS = text("""
    select jws from ledger_batches where id in (
        select generate_series(first, last)
        from unnest(cast(:firsts as bigint[]), cast(:lasts as bigint[])) as wanted (first, last)
    ) order by id
""")


def _chains(session: Session, batches: Sequence[int], covering: dict[int, int | None]) -> tuple[str, ...]:
    """The signed statements of these batches and of those up to their stamps; a chain too long to give is left out."""
    newest = session.scalar(select(func.max(Batch.id))) or 0
    lasts = [covering[batch] or newest for batch in batches]
    lasts = [last if last - batch <= MAX_UNSTAMPED else batch for batch, last in zip(batches, lasts, strict=True)]
    rows = session.execute(_CHAINS, {"firsts": list(batches), "lasts": lasts})
    return tuple(row.jws for row in rows)


def _stamps(session: Session, batches: Iterable[int]) -> tuple[StampOf, ...]:
    query = select(Stamp).where(Stamp.batch_id.in_(list(batches))).order_by(Stamp.batch_id, Stamp.id)
    return tuple(StampOf(row.batch_id, row.token, row.stamped_at, row.authority) for row in session.scalars(query))
