"""Where a filing is now, in one look: who holds it, since when, until when, and who said so last."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from hub.core.statuses import Author, FilingStatus
from hub.tracking import Line, Track
from hub.web.journey import places
from hub.web.sentences import say_author
from hub.web.term_words import today

_F = FilingStatus
_WITH_FILER = frozenset({_F.OBSERVED, _F.ANSWERED, _F.CLOSED, _F.LAPSED, _F.WITHDRAWN})
"""Statuses in which no term of an institution runs."""


@dataclass(frozen=True)
class Whereabouts:
    """`since` is an aware instant. `until` is a day or an instant, and `until_for` says what for."""

    holder: str
    office: str
    since: datetime | None
    until: date | datetime | None
    until_for: str
    told_at: datetime
    told_by: str
    is_over: bool = False
    """Nothing more comes: it was answered or concluded."""


def whereabouts(track: Track) -> Whereabouts:
    """Of a filing as it is tracked."""
    until, until_for = _until(track)
    newest = max(track.lines, key=lambda line: line.known_at, default=None)
    return Whereabouts(
        holder=_holder(track),
        office=track.unit if track.status in (_F.REGISTERED, _F.IN_PROCESS) else "",
        since=_since(track),
        until=until,
        until_for=until_for,
        told_at=newest.known_at if newest else track.last_news_at,
        told_by=_teller(track, newest),
        is_over=track.status in (_F.ANSWERED, _F.CLOSED),
    )


def _holder(track: Track) -> str:
    if track.leg_status is None and track.status in (_F.HELD, _F.OBSERVED, _F.LAPSED):
        return _("Mesa de Partes de %(body)s, %(counter)s", body=track.received_by.acronym, counter=track.counter)
    if track.status is _F.ON_ITS_WAY:
        return _("Esta mesa de partes, que lo lleva a %(body)s", body=track.destination.acronym)
    return track.destination.name


def _since(track: Track) -> datetime | None:
    """When the place that it stands in was reached: its first dated stop."""
    stood = [place for place in places(track) if place.state in ("current", "attention")]
    held = stood[-1] if stood else places(track)[-1]
    return next((one.at for one in held.stations if one.at), None)


def _until(track: Track) -> tuple[date | datetime | None, str]:
    """What runs now: the filer's two days, or the institution's term."""
    if track.asking and track.asking.correct_by:
        return track.asking.correct_by, _("para que lo corrijas")
    due = today(track.term)
    if due is None or due.standing is None or track.status in _WITH_FILER:
        return None, ""
    return due.standing.due_on, _("para que %(body)s responda", body=track.destination.acronym)


def _teller(track: Track, line: Line | None) -> str:
    if line is None:
        return ""
    said_by = track.received_by.acronym if line.author is Author.CLERK else line.said_by
    return say_author(line.author, said_by)
