"""The drawn line of a filing: its stations from the counter to the answer, and where it is now."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from hub.core.statuses import DeliveryStatus, FilingStatus, Movement
from hub.tracking import Track


@dataclass(frozen=True)
class Station:
    """One stop: `state` is done, current, attention or ahead; `at` is when it was reached, if it was."""

    name: str
    state: str
    place: str = ""
    at: datetime | None = None


_F = FilingStatus
_REACHED = {
    _F.HELD: 1, _F.ON_ITS_WAY: 1, _F.DELIVERED: 2, _F.OBSERVED: 3, _F.LAPSED: 3, _F.REFUSED: 3, _F.REGISTERED: 3,
    _F.IN_PROCESS: 4, _F.ANSWERED: 5, _F.CLOSED: 5, _F.WITHDRAWN: 5,
}  # fmt: skip
"""The station stood on in each status, counted from 0."""

_ATTENTION = frozenset({_F.HELD, _F.OBSERVED, _F.LAPSED, _F.REFUSED})
_ENDED = frozenset({_F.REGISTERED, _F.ANSWERED, _F.CLOSED, _F.WITHDRAWN})
"""Statuses in which the station stood on is already complete."""


def is_delayed(track: Track) -> bool:
    """A person is looking at why it does not leave."""
    return track.status is FilingStatus.ON_ITS_WAY and track.leg_status is DeliveryStatus.FAILED


def stations(track: Track) -> tuple[Station, ...]:
    """The six stations of a filing, in order."""
    is_held_back = track.leg_status is None and track.status in (_F.OBSERVED, _F.LAPSED)  # by its counter
    reached = 1 if is_held_back else _REACHED[track.status]
    received = _("Registrado") if is_held_back else _reception_name(track.status)
    drawn = (
        (_("Presentado"), track.received_by.acronym, track.presented_at),
        _held_back(track) if is_held_back else (_("En camino"), "", _when(track, "queued")),
        (_("En manos de %(name)s", name=track.destination.acronym), "", _when(track, "sent")),
        (received, track.registry_number, _when(track, "registered", "observed", "refused")),
        (_("En atención"), track.unit if reached >= 4 else "", _when_moved(track, Movement.IN_PROCESS)),
        (_last_name(track.status), "", _when_moved(track, Movement.ANSWERED, Movement.CLOSED, Movement.WITHDRAWN)),
    )
    return tuple(
        Station(name, _state(track, place, reached), text, at if place <= reached else None)
        for place, (name, text, at) in enumerate(drawn)
    )


def _held_back(track: Track) -> tuple[str, str, datetime | None]:
    """The second stop of what its own counter observed: it does not leave until it is corrected (TUO 136.3)."""
    return _reception_name(track.status), "", _when(track, "observed", "lapsed")


def _state(track: Track, place: int, reached: int) -> str:
    if place < reached:
        return "done"
    if place > reached:
        return "ahead"
    if track.status in _ATTENTION or is_delayed(track):
        return "attention"
    return "done" if track.status in _ENDED else "current"


def _when(track: Track, *kinds: str) -> datetime | None:
    """When the last of these was said to have happened."""
    return next((line.happened_at for line in reversed(track.lines) if line.kind in kinds), None)


def _when_moved(track: Track, *movements: Movement) -> datetime | None:
    moved = (line for line in reversed(track.lines) if line.kind == "movement")
    return next((line.happened_at for line in moved if line.data.get("movement") in movements), None)


def _reception_name(status: FilingStatus) -> str:
    return {
        _F.OBSERVED: _("Observado"), _F.LAPSED: _("No presentado"), _F.REFUSED: _("No aceptado"),
    }.get(status, _("Registrado"))  # fmt: skip


def _last_name(status: FilingStatus) -> str:
    return {_F.CLOSED: _("Concluido"), _F.WITHDRAWN: _("Retirado")}.get(status, _("Respondido"))
