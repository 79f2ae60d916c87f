"""The drawn line of a filing: its stations from the counter to the answer, and where it is now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask_babel import gettext as _

from hub.core.statuses import FilingStatus


class Travelling(Protocol):
    """What the line needs to know of a filing; instants are aware and None where it has not come that far."""

    @property
    def status(self) -> FilingStatus: ...
    @property
    def is_delayed(self) -> bool: ...
    @property
    def counter(self) -> str: ...
    @property
    def destination(self) -> str: ...
    @property
    def presented_at(self) -> datetime: ...
    @property
    def sent_at(self) -> datetime | None: ...
    @property
    def registered_at(self) -> datetime | None: ...
    @property
    def registry_number(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def in_process_at(self) -> datetime | None: ...
    @property
    def answered_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Station:
    """One stop: `state` is done, current, attention or ahead."""

    name: str
    state: str
    place: str = ""
    at: datetime | None = None


_F = FilingStatus
_REACHED = {
    _F.HELD: 1, _F.ON_ITS_WAY: 1, _F.DELIVERED: 2, _F.OBSERVED: 3, _F.LAPSED: 3, _F.REFUSED: 3, _F.REGISTERED: 3,
    _F.IN_PROCESS: 4, _F.ANSWERED: 5, _F.CLOSED: 5, _F.WITHDRAWN: 5,
}
"""How many stations lie behind, or are being stood on, in each status."""

_ATTENTION = frozenset({_F.HELD, _F.OBSERVED, _F.LAPSED, _F.REFUSED})
_ENDED = frozenset({_F.REGISTERED, _F.ANSWERED, _F.CLOSED, _F.WITHDRAWN})
"""Statuses in which the station stood on is already complete."""


def stations(filing: Travelling) -> tuple[Station, ...]:
    """The six stations of `filing`, in order."""
    reached = _REACHED[filing.status]
    drawn = (
        (_("Presentado"), filing.counter, filing.presented_at),
        (_("En camino"), "", None),
        (_("En manos de %(name)s", name=filing.destination), "", filing.sent_at),
        (_third_name(filing.status), filing.registry_number, filing.registered_at),
        (_("En atención"), filing.unit, filing.in_process_at),
        (_last_name(filing.status), "", filing.answered_at),
    )
    return tuple(
        Station(name, _state(filing, place, reached), text, at)
        for place, (name, text, at) in enumerate(drawn)
    )


def _state(filing: Travelling, place: int, reached: int) -> str:
    if place < reached:
        return "done"
    if place > reached:
        return "ahead"
    if filing.status in _ATTENTION or (filing.status is _F.ON_ITS_WAY and filing.is_delayed):
        return "attention"
    return "done" if filing.status in _ENDED else "current"


def _third_name(status: FilingStatus) -> str:
    return {
        _F.OBSERVED: _("Observado"), _F.LAPSED: _("No presentado"), _F.REFUSED: _("No aceptado"),
    }.get(status, _("Registrado"))


def _last_name(status: FilingStatus) -> str:
    return {_F.CLOSED: _("Concluido"), _F.WITHDRAWN: _("Retirado")}.get(status, _("Respondido"))
