"""Annexes announced by an address: what was fetched becomes part of the filing; what could not be is said plainly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hub.core.messages import DocumentRole
from hub.core.statuses import MessageKind, OutboundStatus
from hub.events import tell
from hub.mailing import wake
from hub.models import Delivery, Document, OutboundMessage, Sending
from hub.paper_orders import order_reading
from hub.routing import lock_leg
from hub.submitted import SubmittedFile, document_of
from hub.wire.iotramite.texts import fit

WAITING: Final = "waiting"
KEPT: Final = "kept"
MISSING: Final = "missing"
LATE: Final = "ANNEX_LATE"
SAID: Final = 1000
"""Characters of their names in a message."""
FIRST_PAUSE: Final = timedelta(seconds=10)


@dataclass(frozen=True)
class Wanted:
    """Annexes to fetch. `known`: the digests of what the filing has already."""

    sending_id: int
    told_id: int
    url: str
    names: tuple[str, ...]
    known: frozenset[str]


def claim(session: Session, now: datetime, *, lease: timedelta, limit: int) -> list[Wanted]:
    """Take what is due, oldest first; the caller commits before it fetches. After `lease` another one tries."""
    due = (
        select(Sending)
        .where(Sending.annexes == WAITING, Sending.annex_next_at <= now)
        .order_by(Sending.annex_next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(due).all()
    for one in found:
        one.annex_tries, one.annex_next_at = one.annex_tries + 1, now + lease
    return [_wanted(session, one) for one in found]


def _wanted(session: Session, one: Sending) -> Wanted:
    known = session.scalars(select(Document.sha256).where(Document.filing_id == one.filing_id))
    return Wanted(one.id, one.told_id, one.annex_url, tuple(one.annex_names), frozenset(known))


def keep(session: Session, sending_id: int, files: Sequence[SubmittedFile], now: datetime) -> bool:
    """Add what was fetched, and let the document go on its way; flushed, not committed.

    False where it is too late: it was given up, or has left without them.
    """
    sending, leg = _locked(session, sending_id)
    if sending.annexes != WAITING:
        return False
    if not _lies_unsigned(session, leg):
        _close(session, sending, leg, MISSING, LATE, now)
        return False
    last = session.scalar(select(func.max(Document.position)).where(Document.filing_id == sending.filing_id)) or 0
    documents = [document_of(last + place, file) for place, file in enumerate(files, 1)]
    for document in documents:
        document.filing_id, document.subsanacion_id = sending.filing_id, sending.subsanacion_id
    session.add_all(documents)
    session.flush()
    session.expire(leg.filing, ["documents"])
    order_reading(session, sending.filing_id, now)
    said = [{"sha256": one.sha256, "bytes": one.size, "role": one.role} for one in documents]
    _close(session, sending, leg, KEPT, "", now, documents=said)
    return True


def put_off(session: Session, sending_id: int, code: str, now: datetime, *, is_lasting: bool) -> None:
    """They could not be fetched now: again later, or never where that changes nothing or the wait is over."""
    sending, leg = _locked(session, sending_id)
    if sending.annexes != WAITING:
        return
    again = now + FIRST_PAUSE * 2 ** min(sending.annex_tries, 6)
    if is_lasting or sending.annex_until is None or again >= sending.annex_until:
        _close(session, sending, leg, MISSING, code, now)
        return
    sending.annex_next_at, sending.annex_code = again, code[:60]


def leave_behind(session: Session, sending_id: int, now: datetime) -> None:
    """The document leaves now: annexes that have not come by then are missing, and it says so; flushed."""
    sending, leg = _locked(session, sending_id)
    if sending.annexes == WAITING:
        _close(session, sending, leg, MISSING, LATE, now)


def role_of(sending: Sending) -> DocumentRole:
    """An annex; of a subsanación, part of what corrects."""
    return DocumentRole.CORRECTION if sending.subsanacion_id else DocumentRole.ANNEX


def missing_of(sending: Sending | None) -> tuple[str, ...]:
    """The names of what was announced and is not here."""
    return tuple(sending.annex_names) if sending is not None and sending.annexes == MISSING else ()


def in_words(sending: Sending | None) -> str:
    """What a destination reads where annexes are missing; in Spanish, as it travels."""
    names = missing_of(sending)
    if sending is None or not names:
        return ""
    listed = fit(", ".join(f"«{name}»" for name in names), SAID)
    return (
        f"El remitente anunció {len(names)} anexo(s) que la mesa de partes no pudo traer ({sending.annex_code}): "
        f"{listed}. La dirección que dio es {sending.annex_url}"
    )


def _locked(session: Session, sending_id: int) -> tuple[Sending, Delivery]:
    """The leg is locked first, here as everywhere."""
    cuo = select(Delivery.cuo).join(Sending, Sending.delivery_id == Delivery.id).where(Sending.id == sending_id)
    leg = lock_leg(session, session.scalars(cuo).one())
    sending = session.get_one(Sending, sending_id, with_for_update=True, populate_existing=True)
    if leg is None:
        raise RuntimeError(f"the leg of sending {sending_id} is gone")
    return sending, leg


def _lies_unsigned(session: Session, leg: Delivery) -> bool:
    """True while its message waits and was never signed: what is added now travels with it."""
    waits = select(OutboundMessage.id).where(
        OutboundMessage.delivery_id == leg.id,
        OutboundMessage.kind == MessageKind.SOBRE,
        OutboundMessage.status == OutboundStatus.WAITING,
        OutboundMessage.sealed.is_(None),
    )
    return session.scalar(waits.with_for_update()) is not None


def _close(
    session: Session, sending: Sending, leg: Delivery, state: str, code: str, now: datetime, **data: Any
) -> None:
    sending.annexes, sending.annex_code, sending.annex_next_at = state, code[:60], None
    if code:
        data["code"] = code
    kind = "annexes_kept" if state == KEPT else "annexes_missing"
    tell(session, leg.filing, kind, now, delivery=leg, count=len(sending.annex_names), **data)
    waiting = update(OutboundMessage).where(
        OutboundMessage.delivery_id == leg.id,
        OutboundMessage.kind == MessageKind.SOBRE,
        OutboundMessage.status == OutboundStatus.WAITING,
        OutboundMessage.next_try_at > now,
        OutboundMessage.attempts == 0,
    )
    session.execute(waiting.values(next_try_at=now).execution_options(synchronize_session=False))
    wake(session)
