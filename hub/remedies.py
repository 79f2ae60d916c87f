"""Remedies on many legs at once: what each would do is shown first, then done leg by leg, with one reason for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import rerouting, routing, trail
from hub.core.directory import Directory
from hub.core.errors import Forbidden, MesaError, NeedsConfirmation, NeedsReason
from hub.core.statuses import DeliveryStatus, RefusalReason
from hub.models import Delivery, Filing, LegNote, User
from hub.rerouting import Person, Why
from hub.sight import Viewer, legs_visible_to

MOST: Final = 200
"""Legs of one remedy."""
LONGEST: Final = 500


class Remedy(StrEnum):
    """What a person of the sector can do to a leg."""

    AGAIN = "again"
    ELSEWHERE = "elsewhere"
    NOTE = "note"


@dataclass(frozen=True)
class Order:
    """What is asked for. `to` is the body of `elsewhere`; `shown` the state in which each leg was seen (Step.state).

    Two things are confirmed apart: `is_confirmed` where the paper may have arrived, `is_loop_confirmed` where it went
    round as often as it may.
    """

    remedy: Remedy
    cuos: tuple[str, ...]
    reason: str = ""
    to: str = ""
    is_confirmed: bool = False
    is_loop_confirmed: bool = False
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What would be done with a leg, or was: empty `code` for what can be, else why not. `state`: how it was then."""

    leg: Delivery
    code: str = ""
    needs_confirmation: bool = False
    is_loop: bool = False
    state: str = ""


def preview(session: Session, directory: Directory, order: Order) -> list[Step]:
    """What would become of each leg; nothing is changed. Legs that nobody knows are left out."""
    look: dict[Remedy, Callable[[Delivery], Step]] = {
        Remedy.AGAIN: _look_again, Remedy.ELSEWHERE: partial(_look_elsewhere, session, directory, order.to),
        Remedy.NOTE: Step,
    }  # fmt: skip
    return [replace(look[order.remedy](leg), state=_state(session, leg)) for leg in _legs(session, order.cuos)]


def _legs(session: Session, cuos: Sequence[str]) -> Sequence[Delivery]:
    query = select(Delivery).where(Delivery.cuo.in_(cuos[:MOST])).order_by(Delivery.created_at, Delivery.id)
    return session.scalars(query).unique().all()


def _state(session: Session, leg: Delivery) -> str:
    """What a person decides by: where the leg is, whether it was handed out, and what must be confirmed of it."""
    handed_out = leg.handed_out_at.isoformat() if leg.handed_out_at else "no"
    asks, is_loop = rerouting.needs_confirmation(session, leg), rerouting.is_one_too_many(session, leg.filing_id)
    return f"{leg.status.value} {handed_out} {asks:d}{is_loop:d}"


def _look_again(leg: Delivery) -> Step:
    is_failed = leg.status is DeliveryStatus.FAILED
    return Step(leg, "" if is_failed else "NOT_FAILED", is_failed and leg.may_be_there)


def _look_elsewhere(session: Session, directory: Directory, to: str, leg: Delivery) -> Step:
    if not rerouting.can_be_rerouted(session, leg):
        return Step(leg, "NOT_REROUTABLE")
    if to and directory.entity(to).id == leg.destination_id:
        return Step(leg, "SAME_DESTINATION")
    asks, is_loop = rerouting.needs_confirmation(session, leg), rerouting.is_one_too_many(session, leg.filing_id)
    return Step(leg, "", asks, is_loop)


def carry_out(session: Session, directory: Directory, order: Order, by_user_id: int, now: datetime) -> list[Step]:
    """Do it to each leg by itself: one that does not allow it stops no other. Flushed, not committed.

    A leg that is not as it was shown is left as it is (STATE_CHANGED), except for a note, which changes nothing.
    Raises NeedsReason without a reason, Forbidden NOTHING_CHOSEN without a leg. The trail keeps who did what and why.
    """
    if not order.reason.strip():
        raise NeedsReason()
    legs = _legs(session, order.cuos)
    if not legs:
        raise Forbidden(code="NOTHING_CHOSEN")
    act = _ACTS[order.remedy]
    steps = [_one(session, order, leg, partial(act, session, directory, order, leg, by_user_id, now)) for leg in legs]
    done = [step.leg.cuo for step in steps if not step.code]
    trail.note(
        session, f"remedy_{order.remedy.value}", now, actor_id=by_user_id, entity_code=order.to,
        legs=done, reason=order.reason.strip()[:LONGEST],
    )  # fmt: skip
    session.flush()
    return steps


def _one(session: Session, order: Order, leg: Delivery, act: Callable[[], str]) -> Step:
    try:
        with session.begin_nested():
            if order.remedy is not Remedy.NOTE:
                _check_as_shown(session, order, leg.cuo)
            return Step(leg, act())
    except MesaError as error:
        return Step(leg, error.code)


def _check_as_shown(session: Session, order: Order, cuo: str) -> None:
    """Lock the leg. Raises Forbidden STATE_CHANGED where it is not as the person saw it, or they did not see it."""
    leg = routing.lock_leg(session, cuo)
    if leg is None or order.shown.get(cuo) != _state(session, leg):
        raise Forbidden(cuo, code="STATE_CHANGED")


def _send_again(
    session: Session, _: Directory, order: Order, leg: Delivery, by: int, now: datetime
) -> str:
    reason = order.reason.strip()[:LONGEST]
    routing.send_again(session, leg.cuo, reason, str(by), now, is_confirmed=order.is_confirmed)
    return ""


def _send_elsewhere(
    session: Session, directory: Directory, order: Order, leg: Delivery, by: int, now: datetime
) -> str:
    asks, is_loop = rerouting.needs_confirmation(session, leg), rerouting.is_one_too_many(session, leg.filing_id)
    if asks and not order.is_confirmed:
        raise NeedsConfirmation(leg.cuo)
    if asks and is_loop and not order.is_loop_confirmed:
        raise Forbidden(leg.cuo, code="LOOP_STOPPED")
    why = Why(leg.refusal_reason or RefusalReason.NOT_COMPETENT, order.reason.strip()[:LONGEST])
    is_confirmed = order.is_loop_confirmed if is_loop else asks
    following = rerouting.reroute(
        session, directory, leg.cuo, order.to, why, Person(str(by)), now, is_confirmed=is_confirmed
    )
    return "" if following else "LOOP_STOPPED"


def _note(session: Session, _: Directory, order: Order, leg: Delivery, by: int, now: datetime) -> str:
    text = order.reason.strip()[:LONGEST]
    session.add(LegNote(filing_id=leg.filing_id, delivery_id=leg.id, by_user_id=by, at=now, text=text))
    return ""


_ACTS = {Remedy.AGAIN: _send_again, Remedy.ELSEWHERE: _send_elsewhere, Remedy.NOTE: _note}


@dataclass(frozen=True)
class Noted:
    """A note as it is read: what, when, and by whom."""

    text: str
    at: datetime
    by: str


def notes(session: Session, filing_id: int, viewer: Viewer) -> list[Noted]:
    """What people noted on the legs of a filing that a person may see, the newest first."""
    query = select(LegNote.text, LegNote.at, User.name).join(User, User.id == LegNote.by_user_id)
    query = query.outerjoin(Delivery, Delivery.id == LegNote.delivery_id).join(Filing, Filing.id == LegNote.filing_id)
    query = query.where(LegNote.filing_id == filing_id, legs_visible_to(viewer))
    return [Noted(*row) for row in session.execute(query.order_by(LegNote.id.desc()))]
