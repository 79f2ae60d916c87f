"""What is looked for in the trail, and what is found."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LINE, EVENT = "trail", "event"


@dataclass(frozen=True)
class Place:
    """Where a page ended: the next one begins behind it."""

    at: datetime
    book: str
    id: int

    @property
    def key(self) -> tuple[datetime, str, int]:
        return (self.at, self.book, self.id)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty for everything. `since` and `until` are instants, the second not included."""

    person_id: int = 0
    entity_code: str = ""
    kind: str = ""
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: Place | None = None


@dataclass(frozen=True)
class Line:
    """One thing that somebody saw or did. `number` is a filing's or a leg's."""

    place: Place
    kind: str
    actor_id: int | None
    entity_code: str
    about_user_id: int | None
    number: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return self.place.at


@dataclass(frozen=True)
class Found:
    """A page, newest first, and where the next one begins."""

    lines: tuple[Line, ...]
    next: Place | None
