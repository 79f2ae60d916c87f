"""Tries that may fail, counted in the database: the count holds across processes and machines."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.models import SignInThrottle

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Limit:
    """So many failed tries in a quarter of an hour. `of` says of what; `what` is kept only as a digest."""

    of: str
    what: str
    at_most: int

    @property
    def key(self) -> str:
        return f"{self.of}:{hashlib.sha256(self.what.encode()).hexdigest()[:40]}"


def network_of(address: str | None) -> str:
    """What stands for a caller: its address, of IPv6 the network that one subscriber is given."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return ""
    return str(known) if known.version == 4 else str(ip_network((known, 64), strict=False))


def count_try(session: Session, limits: tuple[Limit, ...], now: datetime) -> bool:
    """Count a try before it is made, so that many at once do not slip by; the caller commits.

    False when it is one too many. The order of `limits` is the same everywhere, so that two tries never wait for
    each other in a ring.
    """
    window = _window(now)
    is_allowed = True
    for limit in limits:
        counted = (
            insert(SignInThrottle)
            .values(key=limit.key, window_start=window, count=1)
            .on_conflict_do_update(
                index_elements=["key", "window_start"], set_={"count": SignInThrottle.count + 1}
            )
            .returning(SignInThrottle.count)
        )
        count = session.execute(counted).scalar_one()
        is_allowed = is_allowed and count <= limit.at_most
        if count == 1:
            session.execute(delete(SignInThrottle).where(SignInThrottle.window_start < window - WINDOW))
    return is_allowed


def forgive(session: Session, limits: tuple[Limit, ...], now: datetime) -> None:
    """The try was a good one: it does not count; the caller commits."""
    for limit in limits:
        session.execute(
            update(SignInThrottle)
            .where(SignInThrottle.key == limit.key, SignInThrottle.window_start == _window(now))
            .values(count=SignInThrottle.count - 1)
        )


def _window(now: datetime) -> datetime:
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, timezone.utc)
