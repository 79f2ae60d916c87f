"""How each institution stands: whether it answers, what waits for it, how fast it is, how long its papers last."""

from collections import defaultdict
from collections.abc import Sequence
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
from hub.figures.turns import Turns
from hub.models import InstitutionState

MEDIAN, MOST_OF_ALL = 0.5, 0.95
SEVERAL = 2
"""Failures in a row that are no chance. The breaker wants more, each of which may take a call's whole time."""
COMES_WITHIN = timedelta(hours=1)
"""Whoever fetches its messages looks for them more often than that, at any hour."""


class Answering(StrEnum):
    """Whether an institution answers now."""

    HERE = "here"  # it has no system of its own: its inbox is the hub's
    YES = "yes"
    FAILING = "failing"  # its last calls failed, and its breaker is still closed
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
    held: Queue | None
    """What it has and gave no cargo for."""
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
    session: Session,
    directory: Directory,
    flows: list[Flow],
    waits: dict[tuple[str, int], Waits],
    open_legs: Turns,
    now: datetime,
) -> list[Standing]:
    """Every body to which something can be filed today, what needs a look first."""
    bodies = directory.active(local_date(now))
    return sorted(of_bodies(session, bodies, flows, waits, open_legs, now),
                  key=lambda one: (one.is_well, one.entity.acronym))  # fmt: skip


def of_bodies(
    session: Session,
    bodies: Sequence[EntityRecord],
    flows: list[Flow],
    waits: dict[tuple[str, int], Waits],
    open_legs: Turns,
    now: datetime,
) -> list[Standing]:
    """How these stand, in their order; also a body that left, of which something may wait still."""
    states, queues, reports = live.states(session), live.queues(session), live.reports(session)
    arrived: dict[int, list[Flow]] = defaultdict(list)
    for one in flows:
        arrived[one.destination_id].append(one)
    return [
        Standing(
            entity=body,
            answering=(answering := answering_of(body, states.get(body.id), queues.get(body.id), now)),
            since=_since(answering, states.get(body.id), queues.get(body.id)),
            state=states.get(body.id),
            queue=queues.get(body.id),
            held=open_legs.held.get(body.id),
            acknowledged=speed(waits, "acknowledged", body.id),
            registered=speed(waits, "registered", body.id),
            flow=total(arrived[body.id], destination_id=body.id),
            certificates=_certificates(body, now),
            report=reports.get(body.id),
        )
        for body in bodies
    ]


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
        return Answering.FAILING if state is not None and state.failures_in_a_row >= SEVERAL else Answering.YES
    return Answering.NO if state.open_until is None or state.open_until > now else Answering.PROBED


def _since(answering: Answering, state: InstitutionState | None, queue: Queue | None) -> datetime | None:
    """Since when that is so; empty where it was never otherwise."""
    if answering is Answering.STAYS_AWAY and queue is not None:
        return queue.oldest
    if state is None:
        return None
    failing = state.failing_since or state.opened_at
    known = {
        Answering.YES: state.last_success_at, Answering.FAILING: failing, Answering.NO: failing,
        Answering.PROBED: failing, Answering.PAUSED: state.paused_at, Answering.MAINTENANCE: state.maintenance_from,
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
