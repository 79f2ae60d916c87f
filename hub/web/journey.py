"""The drawn line of a filing: the places it passes from the counter to the institution, and where it is now."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from hub.core.statuses import DeliveryStatus, FilingStatus, Movement
from hub.tracking import Line, PastLeg, Track


@dataclass(frozen=True)
class Station:
    """One stop: `state` is done, current, attention or ahead; `at` is when it was reached, if it was."""

    name: str
    state: str = "done"
    note: str = ""
    """A number or an office that goes with it."""
    at: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Whoever holds it for a while. `kind` is counter, online, hub or body: how it is drawn."""

    kind: str
    name: str
    stations: tuple[Station, ...]
    detail: str = ""

    @property
    def state(self) -> str:
        """That of the place: where it is now, where it was, or where it will be."""
        states = {station.state for station in self.stations}
        return next((one for one in ("attention", "current") if one in states), "done" if "done" in states else "ahead")


_F = FilingStatus
_REACHED = {
    _F.HELD: -1, _F.ON_ITS_WAY: 0, _F.DELIVERED: 1, _F.OBSERVED: 2, _F.LAPSED: 2, _F.REFUSED: 2, _F.REGISTERED: 2,
    _F.IN_PROCESS: 3, _F.ANSWERED: 4, _F.CLOSED: 4, _F.WITHDRAWN: 4,
}  # fmt: skip
"""The station of its newest leg stood on in each status, counted from 0."""

_ATTENTION = frozenset({_F.HELD, _F.OBSERVED, _F.LAPSED, _F.REFUSED})
_ENDED = frozenset({_F.REGISTERED, _F.ANSWERED, _F.CLOSED, _F.WITHDRAWN})
"""Statuses in which the station stood on is already complete."""
_CUT_SHORT = frozenset({_F.LAPSED, _F.WITHDRAWN})
"""Statuses after which nothing else comes: what was not reached is not drawn."""


def is_delayed(track: Track) -> bool:
    """A person is looking at why it does not leave."""
    return track.status is FilingStatus.ON_ITS_WAY and track.leg_status is DeliveryStatus.FAILED


def places(track: Track) -> tuple[Place, ...]:
    """Every place in order: where it was handed in, the hub, each institution that had it, and the one that has it."""
    drawn = (_beginning(track), *(place for leg in track.past for place in _past(leg, track)), *_newest(track))
    kept = (replace(place, stations=_kept(track, place.stations)) for place in drawn)
    return tuple(place for place in kept if place.stations)


def stations(track: Track) -> tuple[Station, ...]:
    """Every stop, in order."""
    return tuple(station for place in places(track) for station in place.stations)


def _kept(track: Track, found: tuple[Station, ...]) -> tuple[Station, ...]:
    if track.status not in _CUT_SHORT:
        return found
    return tuple(one for one in found if one.state == "attention" or one.at or one.name == _("Retirado"))


def _is_held_back(track: Track) -> bool:
    """Its own counter has it still, to look at it or until what it observed is corrected (TUO 136.3)."""
    return track.leg_status is None and track.status in _ATTENTION


def _beginning(track: Track) -> Place:
    handed_in = Station(_("Presentado"), at=track.presented_at)
    if track.is_online:
        return Place("online", _("Por internet"), (handed_in,))
    held = ()
    if _is_held_back(track):
        name = _("En revisión") if track.status is _F.HELD else _reception_name(track.status)
        held = (Station(name, "attention", at=_when(track, "observed", "lapsed")),)
    detail = _("Mesa de partes, %(counter)s", counter=track.counter)
    return Place("counter", track.received_by.acronym, (handed_in, *held), detail)


def _past(leg: PastLeg, track: Track) -> tuple[Place, ...]:
    """A leg that ended: its way, and what its institution did with it."""
    ended = {
        DeliveryStatus.CORRECTED: _("Observado y corregido"), DeliveryStatus.REROUTED: _("Enviado a quien le toca"),
    }.get(leg.ended, _("No aceptado"))  # fmt: skip
    had_it = (Station(_("Recibido"), at=leg.had_it_at),) if leg.had_it_at else ()
    way = Station(_("En camino"), at=leg.began_at)
    return _hub(way), Place("body", leg.body.acronym, (*had_it, Station(ended, at=leg.left_at)))


def _hub(way: Station) -> Place:
    return Place("hub", _("Mesa Integrada"), (way,))


def _newest(track: Track) -> tuple[Place, ...]:
    """The way to the institution that has it, or will, and what it does there up to the answer."""
    lines, reached = _of_newest(track), -1 if _is_held_back(track) else _REACHED[track.status]
    is_correction = bool(track.past) and track.past[-1].ended is DeliveryStatus.CORRECTED
    registered = _("Registrado") if reached < 0 else _reception_name(track.status)
    drawn = (
        (_("Tu corrección, en camino") if is_correction else _("En camino"), "", _when_of(lines, "queued")),
        (_("Recibido"), "", _when_of(lines, "sent")),
        (registered, track.registry_number, _when_of(lines, "registered", "observed", "refused")),
        (_("En atención"), track.unit if reached >= 3 else "", _when_moved(lines, Movement.IN_PROCESS)),
        (_last_name(track.status), "", _when_moved(lines, Movement.ANSWERED, Movement.CLOSED, Movement.WITHDRAWN)),
    )
    way, *there = (
        Station(name, _state(track, place, reached), text, at if place <= reached else None)
        for place, (name, text, at) in enumerate(drawn)
    )
    return _hub(way), Place("body", track.destination.acronym, tuple(there))


def _state(track: Track, place: int, reached: int) -> str:
    if place < reached:
        return "done"
    if place > reached:
        return "ahead"
    if track.status in _ATTENTION or is_delayed(track):
        return "attention"
    return "done" if track.status in _ENDED else "current"


def _of_newest(track: Track) -> tuple[Line, ...]:
    """What was said since its newest leg was opened: what another institution did is no news of this one."""
    opened = [place for place, line in enumerate(track.lines) if line.kind == "queued"]
    return track.lines[opened[-1] :] if opened else track.lines


def _when(track: Track, *kinds: str) -> datetime | None:
    return _when_of(track.lines, *kinds)


def _when_of(lines: tuple[Line, ...], *kinds: str) -> datetime | None:
    """When the last of these was said to have happened."""
    return next((line.happened_at for line in reversed(lines) if line.kind in kinds), None)


def _when_moved(lines: tuple[Line, ...], *movements: Movement) -> datetime | None:
    moved = (line for line in reversed(lines) if line.kind == "movement")
    return next((line.happened_at for line in moved if line.data.get("movement") in movements), None)


def _reception_name(status: FilingStatus) -> str:
    return {
        _F.OBSERVED: _("Observado"), _F.LAPSED: _("No presentado"), _F.REFUSED: _("No aceptado"),
    }.get(status, _("Registrado"))  # fmt: skip


def _last_name(status: FilingStatus) -> str:
    return {_F.CLOSED: _("Concluido"), _F.WITHDRAWN: _("Retirado")}.get(status, _("Respondido"))
