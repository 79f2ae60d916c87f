"""Differences and what people do about them: send again, take what the institution says, note, explain. Each leaves its
reason with the difference and in the trail; a difference that is gone at the next comparison closes itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from hub import receiving, routing, trail
from hub.core.bodies import AdapterKind
from hub.core.comparing import Gap
from hub.core.directory import Directory
from hub.core.errors import Forbidden, NeedsReason
from hub.core.ports import Has, News
from hub.core.statuses import Author, DeliveryStatus, InboundStatus, MessageKind, OutboundStatus
from hub.events import tell
from hub.models import Delivery, Difference, DifferenceAct, LegNote, OutboundMessage, RawMessage, User
from hub.wire.iotramite import envelope
from hub.wire.iotramite.read import read_consulta
from hub.wire.news import to_news
from hub.wire.seal import open_sealed

MOST: Final = 200
LONGEST: Final = 500


class Mend(StrEnum):
    """What a person can do about a difference."""

    AGAIN = "again"  # the same message goes once more; the institution is asked first
    TAKE = "take"  # what it said is read as if it had just come, its signature verified
    NOTE = "note"
    EXPLAIN = "explain"  # it is known why: no trouble while it stays as it is


@dataclass(frozen=True)
class Order:
    """What is asked for, of which differences, and why."""

    mend: Mend
    ids: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """What would be done about a difference, or was: empty `code` for what can be, else why not."""

    row: Difference
    code: str = ""


_SENDABLE: Final = (DeliveryStatus.SENT, DeliveryStatus.FAILED)


def code_of(session: Session, row: Difference, mend: Mend) -> str:
    """Why something cannot be done about a difference; empty where it can."""
    if row.closed_at is not None:
        return "DIFFERENCE_CLOSED"
    if mend is Mend.TAKE and not row.raw_digests:
        return "NOTHING_TO_TAKE"
    if mend is Mend.AGAIN:
        leg = session.get(Delivery, row.delivery_id) if row.delivery_id else None
        is_lost = row.kind == Gap.LACKING.value or (leg is not None and leg.status is DeliveryStatus.FAILED)
        return "" if leg is not None and is_lost and leg.status in _SENDABLE else "NOT_SENDABLE"
    return ""


def rows(session: Session, ids: Sequence[int]) -> Sequence[Difference]:
    """These differences, the oldest first."""
    query = select(Difference).where(Difference.id.in_(ids[:MOST])).order_by(Difference.found_at, Difference.id)
    return session.scalars(query).all()


def acts(session: Session, ids: Sequence[int]) -> list[tuple[DifferenceAct, str]]:
    """What people did about these differences, the newest first, and who."""
    query = select(DifferenceAct, User.name, User.email).join(User, User.id == DifferenceAct.by_user_id)
    rows = session.execute(query.where(DifferenceAct.difference_id.in_(ids)).order_by(DifferenceAct.id.desc()))
    return [(act, name or email) for act, name, email in rows]


def of_day(session: Session, start: datetime, end: datetime, body_id: int = 0) -> Sequence[Difference]:
    """The differences that were found, closed or acted on between two instants, the oldest first."""
    acted = select(DifferenceAct.difference_id).where(DifferenceAct.at >= start, DifferenceAct.at < end)
    query = select(Difference).where(
        or_(
            and_(Difference.found_at >= start, Difference.found_at < end),
            and_(Difference.closed_at >= start, Difference.closed_at < end),
            Difference.id.in_(acted),
        )
    )
    query = query.where(Difference.entity_id == body_id) if body_id else query
    return session.scalars(query.order_by(Difference.found_at, Difference.id).limit(MOST)).all()


def count(session: Session) -> int:
    """How many wait for a person: neither gone nor explained."""
    waiting = (Difference.closed_at.is_(None), Difference.explained_at.is_(None))
    return session.scalar(select(func.count()).select_from(Difference).where(*waiting)) or 0


def listed(session: Session, body_id: int = 0) -> Sequence[Difference]:
    """What differs now, of one institution or of all: what waits for a person first, the oldest of it on top."""
    query = select(Difference).where(*_open(body_id)).limit(MOST)
    return session.scalars(
        query.order_by(Difference.explained_at.is_not(None), Difference.found_at, Difference.id)
    ).all()


def count_open(session: Session, body_id: int = 0) -> int:
    """How many differ now, explained or not: with one institution, or with all."""
    return session.scalar(select(func.count()).select_from(Difference).where(*_open(body_id))) or 0


def _open(body_id: int) -> list[ColumnElement[bool]]:
    its = [Difference.entity_id == body_id] if body_id else []
    return [Difference.closed_at.is_(None), *its]


def preview(session: Session, order: Order) -> list[Step]:
    """What would become of each; nothing is changed."""
    return [Step(row, code_of(session, row, order.mend)) for row in rows(session, order.ids)]


def mend(
    session: Session, directory: Directory, row: Difference, order: Order, by_user_id: int, now: datetime
) -> None:
    """Do it to one difference; what it leaves behind is flushed, and the caller commits. News that are taken are
    committed as all news are.

    Raises NeedsReason without a reason, Forbidden for what cannot be done, and whatever refuses a message.
    """
    reason = order.reason.strip()[:LONGEST]
    if not reason:
        raise NeedsReason()
    if code := code_of(session, row, order.mend):
        raise Forbidden(str(row.id), code=code)
    _DO[order.mend](_Act(session, directory, row, reason, by_user_id, now))
    session.add(
        DifferenceAct(difference_id=row.id, at=now, by_user_id=by_user_id, what=order.mend.value, text=reason)
    )
    trail.note(
        session, f"difference_{order.mend.value}", now, actor_id=by_user_id,
        entity_code=directory.by_id(row.entity_id).code, legs=[row.cuo], reason=reason,
    )  # fmt: skip
    session.flush()


@dataclass(frozen=True)
class _Act:
    session: Session
    directory: Directory
    row: Difference
    reason: str
    by: int
    now: datetime


def _send_again(act: _Act) -> None:
    """Its destination lost it: the leg stops, and the same message goes once more under the same CUO."""
    session, now = act.session, act.now
    leg = routing.lock_leg(session, act.row.cuo)
    if leg is not None and leg.status is DeliveryStatus.SENT:
        leg.advance(DeliveryStatus.FAILED)
        its = (OutboundMessage.delivery_id == leg.id, OutboundMessage.kind == MessageKind.SOBRE)
        is_over = OutboundMessage.status.in_((OutboundStatus.DONE, OutboundStatus.VOID))
        session.execute(update(OutboundMessage).where(*its, is_over).values(status=OutboundStatus.DEAD))
        tell(session, leg.filing, "failed", now, author=Author.ADMIN, said_by=str(act.by), delivery=leg,
             code="LOST_AT_DESTINATION")  # fmt: skip
    routing.send_again(session, act.row.cuo, act.reason, str(act.by), now)


def _take(act: _Act) -> None:
    """Read what the institution said as any message of its is read. Raises what refuses a message; Forbidden where
    nothing of it fits the leg any more."""
    session, news = act.session, []
    for digest in act.row.raw_digests:
        raw = session.get(RawMessage, digest)
        news += _news_in(act, raw.body) if raw is not None else []
    done = [
        receiving.take(session, act.directory, receiving.received_when_asked(one), act.now)[0] for one in news
    ]
    if InboundStatus.APPLIED not in done:
        raise Forbidden(act.row.cuo, code="NOTHING_FITS")


def _news_in(act: _Act, raw: bytes) -> list[News]:
    """What a message says, if it is this institution's word about this leg: signed, or the answer of its address."""
    body = act.directory.by_id(act.row.entity_id)
    if body.adapter.kind in (AdapterKind.IOTRAMITE, AdapterKind.PIDE):
        number = envelope.values_of(envelope.read_envelope(raw).element).get("vcuo") or act.row.cuo
        answer = read_consulta(raw, number, body.ruc, act.now)
        return list(answer.news) if isinstance(answer, Has) and number == act.row.cuo else []
    opened = open_sealed(raw, act.directory.trust, receiver_ruc=act.directory.operator.ruc, now=act.now)
    said = to_news(opened.message, opened.raw)
    if said.said_by_ruc != body.ruc or said.cuo != act.row.cuo:
        raise Forbidden(act.row.cuo, code="NOT_ITS_WORD")
    return [said]


def _note(act: _Act) -> None:
    leg = act.session.get(Delivery, act.row.delivery_id) if act.row.delivery_id else None
    if leg is not None:
        note = LegNote(filing_id=leg.filing_id, delivery_id=leg.id, by_user_id=act.by, at=act.now, text=act.reason)
        act.session.add(note)


def _explain(act: _Act) -> None:
    act.row.explained_at = act.now


_DO: Final[dict[Mend, Callable[[_Act], None]]] = {
    Mend.AGAIN: _send_again, Mend.TAKE: _take, Mend.NOTE: _note, Mend.EXPLAIN: _explain,
}  # fmt: skip
