"""Unnamed: objects of the store that no row names, left by who was killed between the two. No network here."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.models import Base

AGE: Final = timedelta(days=7)
"""Younger ones may be on their way in: what is being sent is named when it is whole."""
BATCH: Final = 1000


def unnamed(session: Session, object_keys: Sequence[str]) -> list[str]:
    """Those of these object keys that no row of any table names, in the same order."""
    columns = [table.c.object_key for table in Base.metadata.sorted_tables if "object_key" in table.c]
    named = {key for column in columns for key in session.scalars(select(column).where(column.in_(object_keys)))}
    return [key for key in object_keys if key not in named]
