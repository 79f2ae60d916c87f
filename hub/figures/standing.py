"""How each institution stands: whether it answers, what waits for it, how fast it is, how long its papers last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from hub.core.bodies import AdapterKind, EntityRecord
from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.core.waits import Waits
from hub.figures import live
from hub.figures.live import Queue
from hub.figures.reading import Flow, total
from hub.models import InstitutionState

MEDIAN, MOST_OF_ALL = 0.5, 0.95
COMES_WITHIN = timedelta(hours=1)
"""Whoever fetches its messages looks for them more often than that, at any hour."""


class Answering(StrEnum):
    """Whether an institution answers now."""

    HERE = "here"  # it has no system of its own: its inbox is the hub's
    YES = "yes"
    FETCHES = "fetches"  # nobody calls it: it comes for what is its own
    STAYS_AWAY = "stays_away"  # and has not come for long
    PROBED = "probed"  # it failed, and one message tries whether it is back
    NO = "no"  # its breaker is open
    PAUSED = "paused"
    MAINTENANCE = "maintenance"  # in a window that was announced


@dataclass(frozen=True)
class Speed:
    """The median and what 95 of 100 did not exceed; empty where nothing was measured."""

    median: timedelta | None
    most: timedelta | None


@dataclass(frozen=True)
class Certificate:
    """One of an institution's certificates, by the beginning of its fingerprint."""

    fingerprint: str
    days_left: int
    is_revoked: bool


@dataclass(frozen=True)
class Standing:
    """An institution on the board."""

    entity: EntityRecord
    answering: Answering
    since: datetime | None
    state: InstitutionState | None
    queue: Queue | None
    acknowledged: Speed
    registered: Speed
    flow: Flow
    certificates: tuple[Certificate, ...]
    report: tuple[datetime, bool] | None

    @property
    def is_well(self) -> bool:
        """Nobody needs to look at it."""
        return self.answering in (Answering.HERE, Answering.YES, Answering.FETCHES)


def standings(
    session: Session, directory: Directory, flows: list[Flow], waits: dict[tuple[str, int], Waits], now: datetime
) -> list[Standing]:
    """Every body to which something can be filed today, what needs a look first."""
    states, queues, reports = live.states(session), live.queues(session), live.reports(session)
    found = [
        Standing(
            entity=body,
            answering=(answering := answering_of(body, states.get(body.id), queues.get(body.id), now)),
            since=_since(answering, states.get(body.id), queues.get(body.id)),
            state=states.get(body.id),
            queue=queues.get(body.id),
            acknowledged=speed(waits, "acknowledged", body.id),
            registered=speed(waits, "registered", body.id),
            flow=total([one for one in flows if one.destination_id == body.id], destination_id=body.id),
            certificates=_certificates(body, now),
            report=reports.get(body.id),
        )
        for body in directory.active(local_date(now))
    ]
    return sorted(found, key=lambda one: (one.is_well, one.entity.acronym))


def answering_of(
    body: EntityRecord, state: InstitutionState | None, queue: Queue | None, now: datetime
) -> Answering:
    """Whether an institution answers, by what is known of it."""
    if state is not None and state.is_in_maintenance(now):
        return Answering.MAINTENANCE
    if state is not None and state.paused_at is not None:
        return Answering.PAUSED
    if body.adapter.kind is AdapterKind.HOSTED:
        return Answering.HERE
    if body.adapter.kind is AdapterKind.PULL:
        is_late = queue is not None and now - queue.oldest > COMES_WITHIN
        return Answering.STAYS_AWAY if is_late else Answering.FETCHES
    if state is None or state.opened_at is None:
        return Answering.YES
    return Answering.NO if state.open_until is None or state.open_until > now else Answering.PROBED


def _since(answering: Answering, state: InstitutionState | None, queue: Queue | None) -> datetime | None:
    """Since when that is so; empty where it was never otherwise."""
    if answering is Answering.STAYS_AWAY and queue is not None:
        return queue.oldest
    if state is None:
        return None
    known = {
        Answering.YES: state.last_success_at, Answering.NO: state.opened_at, Answering.PROBED: state.opened_at,
        Answering.PAUSED: state.paused_at, Answering.MAINTENANCE: state.maintenance_from,
    }  # fmt: skip
    return known.get(answering)


def speed(waits: dict[tuple[str, int], Waits], what: str, body_id: int) -> Speed:
    """How long something takes at an institution; 0 is all of them."""
    found = waits.get((what, body_id), Waits({}))
    return Speed(found.percentile(MEDIAN), found.percentile(MOST_OF_ALL))


def _certificates(body: EntityRecord, now: datetime) -> tuple[Certificate, ...]:
    return tuple(
        Certificate(one.fingerprint[:8], (one.valid_until - now).days, one.revoked_at is not None)
        for one in sorted(body.certificates, key=lambda one: one.valid_until)
    )
