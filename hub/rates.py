"""How fast an institution may call: a rate with some room, counted in the database, so that every process keeps it."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.models import CallRate
from hub.wire.codes import Refusal


@dataclass(frozen=True)
class Rate:
    """`per_second` calls for as long as one likes, and `at_once` more before that is enforced."""

    per_second: float
    at_once: int


def spend(session: Session, ruc: str, rate: Rate, now: datetime) -> None:
    """Count one call of an institution; the caller commits.

    Raises ContractError RATE_LIMITED with the seconds to wait; a call that is refused is not counted. What is written
    may be lost in a crash: the commit does not wait for the disk. What was counted at a slower rate than today's is
    forgiven.
    """
    each = timedelta(seconds=1 / rate.per_second)
    room = each * rate.at_once
    is_of_another_rate = CallRate.spent_until > now + room + 2 * each
    session.execute(text("set local synchronous_commit to off"))
    counted = insert(CallRate).values(ruc=ruc, spent_until=now + each)
    counted = counted.on_conflict_do_update(
        index_elements=["ruc"],
        set_={"spent_until": case((is_of_another_rate, now), else_=func.greatest(CallRate.spent_until, now)) + each},
        where=(CallRate.spent_until <= now + room) | is_of_another_rate,
    )
    if session.execute(counted.returning(CallRate.ruc)).first() is not None:
        return
    spent_until = session.scalar(select(CallRate.spent_until).where(CallRate.ruc == ruc)) or now
    error = Refusal.RATE_LIMITED.error()
    error.retry_after = max(1, math.ceil((spent_until - room - now).total_seconds()))
    raise error
