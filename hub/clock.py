"""The clock: the only place where the house reads the time. Stages get `now` handed in."""

from datetime import datetime, timezone


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(timezone.utc)
