"""What happened to a filing, as lines that a page prints, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from hub.board import RouteStory
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.statuses import Author, RefusalReason
from hub.models import Event
from hub.tracking import Line, Track
from hub.web.dates import day
from hub.web.sentences import label, say_author, say_event, step

ATTENTION = frozenset({"observed", "refused", "lapsed", "failed", "parked", "mail_failed", "alert_failed",
                       "annexes_missing", "cargo_not_given", "quarantined"})


@dataclass(frozen=True)
class Happening:
    """One line: what happened, when there, when we knew (both aware), and who says it."""

    title: str
    happened_at: datetime
    known_at: datetime
    said: str
    details: tuple[tuple[str, str], ...] = ()
    """(what it is, the value): "Oficina", "Dirección de Sismología"."""
    needs_attention: bool = False


def of_track(track: Track) -> tuple[Happening, ...]:
    """The public lines of a filing: no words of anybody, only what, when and who."""
    return tuple(_public_line(track, line) for line in reversed(track.lines))


def _public_line(track: Track, line: Line) -> Happening:
    said_by = track.received_by.acronym if line.author is Author.CLERK else line.said_by
    return Happening(
        title=say_event(line.kind, line.data, line.concerns or track.destination.acronym),
        happened_at=line.happened_at,
        known_at=line.known_at,
        said=say_author(line.author, said_by),
        details=_details(line.data),
        needs_attention=line.kind in ATTENTION,
    )


People = Mapping[str, str]
"""The number of an account -> whose it is; an account that is not in it is told by its number."""
NOBODY: People = MappingProxyType({})


def of_story(story: RouteStory, directory: Directory, people: People = NOBODY) -> tuple[Happening, ...]:
    """Every line of a leg's filing, for who runs the sector: also codes and the reasons that people wrote."""
    return of_events(story.events, directory, (story.row.origin.acronym, story.row.destination.acronym), people)


def of_events(
    events: Iterable[Event], directory: Directory, way: tuple[str, str], people: People = NOBODY
) -> tuple[Happening, ...]:
    """Every line of these events, newest first, for who handles the filing. `way`: short names of its two bodies."""
    return tuple(_full_line(event, directory, way, people) for event in reversed(tuple(events)))


def _full_line(event: Event, directory: Directory, way: tuple[str, str], people: People) -> Happening:
    origin, destination = way
    return Happening(
        title=say_event(event.kind, event.data, _concerns(event, directory) or destination),
        happened_at=event.happened_at,
        known_at=event.at,
        said=say_author(event.author, origin if event.author is Author.CLERK else _name(event, directory, people)),
        details=(*_details(event.data), *_inner_details(event.data)),
        needs_attention=event.kind in ATTENTION,
    )


def _concerns(event: Event, directory: Directory) -> str:
    """The short name of the body that an event names as where the paper goes."""
    to = event.data.get("destination", "")
    return directory.entity(to).acronym if to and event.kind != "presented" else ""


def _name(event: Event, directory: Directory, people: People) -> str:
    """The body that says it; a person of the house by their name, or by the number that the event keeps."""
    try:
        return directory.entity(event.said_by).acronym
    except NotFound:
        return people.get(event.said_by) or _("cuenta %(id)s", id=event.said_by)


def _details(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    shown = (
        (_("Número de registro"), _registry_number(data)),
        (_("Expediente"), data.get("expediente_number", "")),
        (_("Oficina"), data.get("unit", "")),
        (_("Motivo"), label(RefusalReason(data["reason"])) if _is_refusal(data) else ""),
    )
    return (*_recomputed(data), *((name, text) for name, text in shown if text))


def _recomputed(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Why and how a term changed: a day by decree, or an outage."""
    if "deadline" not in data:
        return ()
    shown = (
        (_("Antes"), _day(data.get("old", ""))),
        (_("Ahora"), _day(data.get("new", ""))),
        (_("Norma"), data.get("norm", "")),
        (_("Día no laborable"), _day(data.get("day", ""))),
        (_("Indisponibilidad del servicio"), data.get("outage", "")),
    )
    return tuple((name, text) for name, text in shown if text)


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso)) if iso else ""


def _registry_number(data: dict[str, Any]) -> str:
    number, year = data.get("registry_number", ""), data.get("registry_year", "")
    return f"{number}-{year}" if number and year and year not in number else number


def _is_refusal(data: dict[str, Any]) -> bool:
    return data.get("reason") in {reason.value for reason in RefusalReason}


def _inner_details(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    shown = (
        (_("Código"), data.get("code", "")),
        (_("Paso que no cabe"), step(data.get("step", ""))),
        (_("Dijo"), data.get("text", "")),
        (_("Por qué"), "" if _is_refusal(data) else data.get("reason", "")),
    )
    return tuple((name, text) for name, text in shown if text)
