"""Carrying one message: ask first where its last try may have arrived, then hand it over. No transaction open."""

from collections.abc import Callable
from datetime import datetime

from hub.core.errors import DeliveryFailure, PermanentFailure
from hub.core.ports import Ack, Adapter, CannotTell, Has, News, Parcel, Taken
from hub.outcomes import Outcome, OutcomeKind

Clock = Callable[[], datetime]


Prepare = Callable[[Parcel], Parcel]
"""What a way still needs for its parcel before it can be asked or handed anything; raises as an adapter does."""


def carry(
    adapter: Adapter, parcel: Parcel, *, must_ask: bool, clock: Clock, prepare: Prepare | None = None
) -> tuple[Outcome, tuple[News, ...]]:
    """One attempt at one message. Gives its outcome and the news that asking brought."""
    started_at = clock()
    try:
        if prepare is not None:
            parcel = prepare(parcel)
        if must_ask:
            answer = adapter.status_of(parcel.partner, parcel.cuo)
            if isinstance(answer, Has):
                return _known(answer, started_at, clock()), answer.news
            if isinstance(answer, CannotTell):
                return _outcome(OutcomeKind.CANNOT_TELL, started_at, clock(), detail=answer.detail, raw=answer.raw), ()
        handed = adapter.deliver(parcel)
    except DeliveryFailure as error:
        return _failed(error, started_at, clock()), ()
    if isinstance(handed, Taken):
        return _outcome(OutcomeKind.TAKEN, started_at, clock(), raw=handed.raw), ()
    return _held(OutcomeKind.ACK, handed, started_at, clock()), ()


def _known(answer: Has, started_at: datetime, finished_at: datetime) -> Outcome:
    if not answer.is_complete:
        return _outcome(OutcomeKind.TAKEN, started_at, finished_at, raw=answer.raw)
    held_since = answer.held_since or finished_at
    return _held(OutcomeKind.HAS, Ack(held_since, answer.raw), started_at, finished_at)


def _held(kind: OutcomeKind, ack: Ack, started_at: datetime, finished_at: datetime) -> Outcome:
    return Outcome(kind, started_at, finished_at, held_since=ack.held_since, raw=ack.raw)


def _outcome(
    kind: OutcomeKind, started_at: datetime, finished_at: datetime, *, detail: str = "", raw: bytes = b""
) -> Outcome:
    return Outcome(kind, started_at, finished_at, code=kind.value.upper(), detail=detail, raw=raw)


def _failed(error: DeliveryFailure, started_at: datetime, finished_at: datetime) -> Outcome:
    kind = OutcomeKind.PERMANENT if isinstance(error, PermanentFailure) else OutcomeKind.TEMPORARY
    return Outcome(
        kind,
        started_at,
        finished_at,
        code=error.code,
        detail=error.detail,
        raw=error.raw,
        may_have_arrived=error.may_have_arrived,
    )
