"""The trail searched: who saw and did what, by person, body, act, number and time; a page at a time, or all of it.

Two books are read as one. Each is read in the order of its own index from where the page before ended, so that a page
costs the same among a million lines.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import islice

from sqlalchemy.orm import Session

from hub.sight import Viewer, opens_every_book
from hub.trail_search.asked import EVENT, LINE, Found, Line, Place, Wanted
from hub.trail_search.books import of_events, of_trail
from hub.trail_search.people import names_of, people

__all__ = ["EVENT", "LINE", "Found", "Line", "Place", "Wanted", "everything", "may_search", "names_of", "page",
           "people"]  # fmt: skip

PAGE = 15
CHUNK = 1000


def may_search(viewer: Viewer) -> bool:
    """Who runs or audits the sector reads everything; coordinator and auditor of a body, what its people did."""
    return opens_every_book(viewer) or bool(viewer.entity_id and viewer.roles & {"entity_coordinator", "auditor"})


def page(session: Session, viewer: Viewer, own: str, wanted: Wanted) -> Found:
    """A page of what somebody may read; `own` is the code of their body."""
    lines = tuple(islice(_lines(session, viewer, own, wanted, PAGE + 1), PAGE + 1))
    return Found(lines[:PAGE], lines[PAGE - 1].place if len(lines) > PAGE else None)


def everything(session: Session, viewer: Viewer, own: str, wanted: Wanted) -> Iterator[tuple[Line, ...]]:
    """All that fits, newest first, in chunks; the session may be left between two of them."""
    while True:
        chunk = tuple(islice(_lines(session, viewer, own, wanted, CHUNK), CHUNK))
        yield chunk
        if len(chunk) < CHUNK:
            return
        wanted = replace(wanted, before=chunk[-1].place)


def _lines(session: Session, viewer: Viewer, own: str, wanted: Wanted, limit: int) -> Iterator[Line]:
    if not may_search(viewer):
        return iter(())
    if not opens_every_book(viewer):
        wanted = replace(wanted, entity_code=own)
    books: tuple[Callable[[Session, Wanted, int], Sequence[Line]], ...] = (of_trail, of_events)
    found = (book(session, wanted, limit) for book in books)
    return merge(*found, key=lambda one: one.place.key, reverse=True)
