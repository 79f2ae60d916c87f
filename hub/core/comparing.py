"""Both ends of a leg side by side: what the hub holds of it, what its destination says, and whether they differ."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hub.core.ports import Has, HasNot, Listed, News, NewsKind
from hub.core.statuses import DeliveryStatus

_D = DeliveryStatus


class Gap(StrEnum):
    """In what both ends differ."""

    LACKING = "lacking"  # it was handed over, and they say that they do not have it
    UNKNOWN = "unknown"  # they hold it, and nobody here knows it, or it was never handed out to them
    DIFFERS = "differs"  # both have it, and say different things of it


COMPARED: Final = (
    _D.SENT, _D.REGISTERED, _D.OBSERVED, _D.CORRECTED, _D.LAPSED, _D.REFUSED, _D.FAILED,
)  # fmt: skip
"""Statuses of which both ends can be asked: of the others the hub itself is at work, or took the leg back."""
OPEN: Final = (_D.SENT, _D.OBSERVED, _D.FAILED)
"""Those from which a leg is expected to move: compared every night, however old."""

_FITS: Final[dict[DeliveryStatus, frozenset[str]]] = {
    _D.SENT: frozenset({"held"}),
    _D.REGISTERED: frozenset({"registered"}),
    _D.OBSERVED: frozenset({"observed"}),
    _D.CORRECTED: frozenset({"observed", "registered"}),  # what follows is another leg, under its own CUO
    _D.LAPSED: frozenset({"observed", "held"}),
    _D.REFUSED: frozenset({"refused", "observed"}),  # the national contract has no word for a refusal but O
    _D.FAILED: frozenset(),
}
_MAY_LACK: Final = (_D.FAILED, _D.REFUSED)
"""What never arrived, and what they did not take, they need not have."""
_SAID: Final = {NewsKind.REGISTERED, NewsKind.OBSERVED, NewsKind.REFUSED}


@dataclass(frozen=True)
class Ours:
    """What the hub holds of a leg. `moved_at`: the newest movement that its destination told.

    `may_move`: it is registered, and its destination did not say that it is over.
    """

    status: DeliveryStatus
    registry_number: str = ""
    moved_at: datetime | None = None
    sent_at: datetime | None = None
    may_move: bool = False


@dataclass(frozen=True)
class Theirs:
    """What an institution says of a leg: held, registered, observed or refused, and with which number.

    `said_at`: when it says that this came about; empty where its way tells no exact instants.
    """

    state: str
    registry_number: str = ""
    said_at: datetime | None = None
    moved_at: datetime | None = None


def theirs_of(answer: Has) -> Theirs:
    """What an answer comes to: the last thing that it says of the leg, and its last movement.

    Of two that it tells for the same instant the one that it tells last, as where news are applied.
    """
    told = [one for one in answer.news if one.kind in _SAID]
    moves = [one.happened_at for one in answer.news if one.kind is NewsKind.MOVEMENT]
    if not told:
        return Theirs("held", moved_at=max(moves, default=None))
    last = max(reversed(told), key=lambda one: one.happened_at)
    said_at = last.happened_at if last.message_id is not None else None
    return Theirs(last.kind.value, _number(told), said_at, max(moves, default=None))


def _number(told: list[News]) -> str:
    """What is observed after its registration keeps the number."""
    return next((one.registry_number for one in reversed(told) if one.registry_number), "")


def theirs_in(line: Listed) -> Theirs:
    """What a line of an institution's list comes to."""
    return Theirs(line.state.value, line.registry_number)


def gap(ours: Ours, theirs: Theirs | HasNot) -> Gap | None:
    """In what they differ; None where both say the same."""
    if isinstance(theirs, HasNot):
        return None if ours.status in _MAY_LACK else Gap.LACKING
    if theirs.state not in _FITS.get(ours.status, frozenset()):
        return Gap.DIFFERS
    both_numbered = ours.registry_number and theirs.registry_number
    if both_numbered and ours.registry_number != theirs.registry_number[:14]:
        return Gap.DIFFERS
    if theirs.moved_at is not None and (ours.moved_at is None or ours.moved_at < theirs.moved_at):
        return Gap.DIFFERS
    return None


def is_fresh(ours: Ours, theirs: Theirs | HasNot, now: datetime, grace: timedelta) -> bool:
    """True where what differs is so new that its message may be on its way."""
    if isinstance(theirs, HasNot):
        return ours.sent_at is not None and ours.sent_at > now - grace
    newest = max((at for at in (theirs.said_at, theirs.moved_at) if at is not None), default=None)
    return newest is not None and newest > now - grace
