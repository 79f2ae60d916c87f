"""Observations: what a body asks to be corrected, once, in one act; when it is notified; how it ends (TUO 136, 137)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hub.core.calendar import Calendar, considered_on, end_of_day, local_date
from hub.core.chain import commitment
from hub.core.directory import Directory
from hub.core.errors import ForbiddenStep, NotFound
from hub.core.observing import Closed, How, Source, correct_by, is_in_time, observe_by, only_raised_before
from hub.core.statuses import Author, DeliveryStatus, Mode
from hub.events import tell
from hub.models import Delivery, Filing, Observation
from hub.terms import leave_out

_TELLERS = {How.IN_PERSON: Author.CLERK, How.OPENED: Author.FILER, How.ACKNOWLEDGED: Author.FILER}


@dataclass(frozen=True)
class Asked:
    """What is asked to be corrected: the items one by one, a note, what the citizen alleges (TUO 136.2)."""

    items: tuple[str, ...]
    note: str = ""
    allegations: str = ""


def observe_at_counter(
    session: Session, directory: Directory, filing: Filing, asked: Asked, by: str, now: datetime
) -> Observation:
    """Observe a filing on reception, before who files it, and so notified at once; flushed (TUO 136.1, 136.2).

    It holds the filing back: no leg is opened until it is corrected (TUO 136.3).
    """
    observation = Observation(
        filing_id=filing.id,
        delivery_id=None,
        source=Source.COUNTER.value,
        items=list(asked.items),
        text=asked.note,
        allegations=asked.allegations,
        observed_at=now,
        observe_by=observe_by(filing.considered_on, calendar_of(directory, filing, None)),
        is_late=False,
    )
    session.add(observation)
    session.flush()
    tell(session, filing, "observed", now, author=Author.CLERK, said_by=by, **told(observation, filing.salt))
    notify(session, directory, observation, now, How.IN_PERSON, said_by=by)
    return observation


def observe_leg(session: Session, directory: Directory, delivery: Delivery, asked: Asked, at: datetime) -> Observation:
    """Write down what a destination observed at its instant `at`; added, not flushed, its event left to the caller.

    The leg is locked, and has not taken the step. One that comes after `observe_by` is kept and flagged: it will
    have no `correct_by` and never lapse (TUO 136.6). Raises ForbiddenStep as `check_once` does.
    """
    source = source_of(delivery)
    reiterates = check_once(session, delivery, source, asked.items)
    until = None if source is Source.OFFICE else observing_until(directory, delivery, at)
    observation = Observation(
        filing_id=delivery.filing_id,
        delivery_id=delivery.id,
        source=source.value,
        reiterates_id=reiterates.id if reiterates else None,
        items=list(asked.items),
        text=asked.note,
        allegations=asked.allegations,
        observed_at=at,
        observe_by=until,
        is_late=until is not None and not is_in_time(at, end_of_day(until)),
    )
    session.add(observation)
    return observation


def source_of(delivery: Delivery) -> Source:
    """Which stage observes a leg: the office in charge once it is registered, else its mesa de partes (TUO 136.5)."""
    return Source.OFFICE if delivery.status is DeliveryStatus.REGISTERED else Source.DESTINATION


def told(observation: Observation, salt: bytes) -> dict[str, Any]:
    """What its event tells: how much is asked and by which stage; of the words, a commitment with the filing's salt."""
    return {
        "items": len(observation.items),
        "is_late": observation.is_late,
        "source": observation.source,
        "is_reiteration": observation.reiterates_id is not None,
        "observed_commitment": commitment(salt, words_of(observation)),
    }


def words_of(observation: Any) -> dict[str, Any]:
    """What an event commits to: what is asked, the note and what the citizen alleges (TUO 136.2)."""
    return {"items": list(observation.items), "note": observation.text, "allegations": observation.allegations}


def check_once(session: Session, delivery: Delivery, source: Source, items: Sequence[str]) -> Observation | None:
    """The earlier observation that this one insists on; None for the first of its stage (TUO 136.1, 137.2).

    Raises ForbiddenStep for a second one that asks for anything new: its news is parked.
    """
    query = select(Observation).outerjoin(Delivery, Delivery.id == Observation.delivery_id)
    query = query.where(Observation.filing_id == delivery.filing_id, _of_same_stage(delivery, source))
    earlier = session.scalars(query.order_by(Observation.id)).all()
    if not earlier:
        return None
    if not only_raised_before(items, [item for one in earlier for item in one.items]):
        raise ForbiddenStep(delivery.status, DeliveryStatus.OBSERVED)
    return earlier[-1]


def _of_same_stage(delivery: Delivery, source: Source) -> ColumnElement[bool]:
    """Observations after which this stage may only insist.

    The counter of a body, or one that acts for it by an agreement, is that body's own mesa de partes.
    """
    by_same_body = Delivery.destination_id == delivery.destination_id
    if source is Source.OFFICE:
        return or_(by_same_body & (Observation.source == source.value), Observation.delivery_id == delivery.id)
    if delivery.mode is Mode.REMITTANCE:
        return by_same_body
    return or_(by_same_body, Observation.source == Source.COUNTER.value)


def observing_until(directory: Directory, delivery: Delivery, at: datetime) -> date:
    """The last day on which a leg's mesa de partes may observe it, if it had it at `at` or before (TUO 136.6).

    Two business days from the day that the filing counts from; in a remittance, and for what comes corrected, from
    the day that counts for the body that got it.
    """
    calendar = directory.calendar_of(delivery.destination_id)
    if delivery.purpose == "first" and delivery.mode is not Mode.REMITTANCE:
        return observe_by(delivery.filing.considered_on, calendar)
    had_it = delivery.sent_at if delivery.purpose == "correction" else delivery.competent_body_had_it_at
    policy = directory.by_id(delivery.destination_id).remittance_policy
    return observe_by(considered_on(min(had_it or at, at), policy, calendar), calendar)


def notify(
    session: Session,
    directory: Directory,
    observation: Observation,
    at: datetime,
    how: How | str,
    *,
    said_by: str = "",
    known_at: datetime | None = None,
) -> bool:
    """The filer knows of an observation since `at`: from then on they have two business days (TUO 136.1, 136.6).

    `how` is in_person, opened, acknowledged or deemed. The first notification counts: False, and nothing changes,
    where it was notified or closed before. One made late gets no `correct_by`. Flushed, not committed; the leg is
    locked first, as everywhere.
    """
    leg = lock(session, observation)
    if observation.notified_at is not None or observation.closed_at is not None:
        return False
    filing, how = session.get_one(Filing, observation.filing_id), How(how)
    observation.notified_at, observation.notified_how = at, how.value
    if not observation.is_late:
        observation.correct_by = correct_by(at, calendar_of(directory, filing, leg))
    session.flush()
    until = observation.correct_by
    tell(
        session,
        filing,
        "observation_notified",
        known_at or at,
        author=_TELLERS.get(how, Author.HUB),
        said_by=said_by or _TELLERS.get(how, Author.HUB).value,
        delivery=leg,
        happened_at=at,
        how=how.value,
        correct_by=until.isoformat() if until else "",
    )
    return True


def calendar_of(directory: Directory, filing: Filing, leg: Delivery | None) -> Calendar:
    """The business days of the place that observes: the destination's, or the counter's that took it."""
    if leg is not None:
        return directory.calendar_of(leg.destination_id)
    body = directory.by_id(filing.received_by_id)
    try:
        return directory.calendar_at(body.counter(filing.counter_code).ubigeo)
    except NotFound:  # a counter that is closed by now
        return directory.calendar(body.code)


def lock(session: Session, observation: Observation) -> Delivery | None:
    """Lock an observation, its leg first; both read anew. Gives the leg."""
    session.flush()
    leg = None
    if observation.delivery_id is not None:
        wanted = select(Delivery).where(Delivery.id == observation.delivery_id)
        leg = session.scalars(wanted.with_for_update(of=Delivery).execution_options(populate_existing=True)).one()
    session.refresh(observation, with_for_update=True)
    return leg


def newest_of(session: Session, filing_id: int) -> Observation | None:
    """The newest observation of a filing, open or not."""
    query = select(Observation).where(Observation.filing_id == filing_id)
    return session.scalar(query.order_by(Observation.id.desc()).limit(1))


def open_of(session: Session, filing_id: int) -> Observation | None:
    """The observation of a filing that waits for its correction, if there is one."""
    query = select(Observation).where(Observation.filing_id == filing_id, Observation.closed_at.is_(None))
    return session.scalar(query.order_by(Observation.id.desc()).limit(1))


def asked_at_counter(session: Session, filing_id: int) -> Observation | None:
    """What its counter observed on reception, while its correction is awaited."""
    observation = open_of(session, filing_id)
    return observation if observation is not None and observation.source == Source.COUNTER.value else None


def close_of_leg(session: Session, directory: Directory, leg: Delivery, as_: Closed, now: datetime) -> None:
    """Close what is open on a leg that is locked: its destination took it, or refused it, all the same."""
    query = select(Observation).where(Observation.delivery_id == leg.id, Observation.closed_at.is_(None))
    for observation in session.scalars(query.order_by(Observation.id).with_for_update()):
        close(observation, as_, now)
        leave_out_pending(directory, leg, observation, now)


def close(observation: Observation, as_: Closed, now: datetime) -> None:
    """End an observation that is locked."""
    observation.closed_at, observation.closed_as = now, as_.value


def leave_out_pending(directory: Directory, leg: Delivery, observation: Observation, until: datetime) -> None:
    """Leave out of a leg's term the days in which it was observed, after those of its notification (TUO 136.3, 137.1).

    An observation made late stops no term: after `observe_by` the body may no longer observe (TUO 136.6).
    """
    if observation.notified_at is None or observation.is_late or leg.clock_start is None:
        return
    leave_out(directory, leg, local_date(observation.notified_at), local_date(until))
