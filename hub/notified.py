"""Notified: when a notice of the casilla reached its filer.

Opened, acknowledged by the mail's link, handed over in person, or deemed by the law (Ley 31736; TUO 20.4).
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from hub import observations
from hub.casilla import calendar_of, deemed_on, window_from
from hub.core.calendar import LIMA, local_date
from hub.core.directory import Directory
from hub.core.errors import InvalidFiling, NeedsReason, Problem
from hub.core.observing import How
from hub.core.statuses import Author
from hub.events import tell
from hub.models import Delivery, Filing, Notice, Observation
from hub.sight import Viewer
from hub.unnotified import notice_for

_AUTHORS = {How.OPENED: Author.FILER, How.ACKNOWLEDGED: Author.FILER, How.IN_PERSON: Author.OFFICER}


def opened(session: Session, directory: Directory, notice: Notice, now: datetime) -> None:
    """Its holder opened it; flushed, not committed. The first notification counts, whichever it was."""
    leg, notice = _lock(session, notice)
    if notice.notified_on is None and is_deemed(session, directory, notice, local_date(now)):
        _deem(session, directory, notice, leg, now)
    notice.opened_at = notice.opened_at or now
    _notify(session, directory, notice, leg, now, How.OPENED, now)


def acknowledged(session: Session, directory: Directory, notice: Notice, now: datetime) -> None:
    """The filer confirmed by the mail's link that it arrived: the receipt of TUO 20.4; flushed, not committed."""
    leg, notice = _lock(session, notice)
    if notice.notified_on is None and is_deemed(session, directory, notice, local_date(now)):
        _deem(session, directory, notice, leg, now)
    _notify(session, directory, notice, leg, now, How.ACKNOWLEDGED, now)


def by_hand(
    session: Session,
    directory: Directory,
    viewer: Viewer,
    notice_id: int,
    on: date,
    note: str,
    now: datetime,
) -> Notice:
    """A person notified it by cédula or across the counter on that day; flushed, not committed.

    Raises NotFound for one that is not theirs to see, NeedsReason without a note (the number of the cédula), and
    InvalidFiling for a day before its deposit or still to come.
    """
    notice = notice_for(session, viewer, notice_id)
    if not note.strip():
        raise NeedsReason()
    if not local_date(notice.deposited_at) <= on <= local_date(now):
        raise InvalidFiling((Problem("on", "NOTICE_DAY_INVALID"),))
    leg, notice = _lock(session, notice)
    at = min(datetime.combine(on, time(12), LIMA), now)
    if _notify(session, directory, notice, leg, at, How.IN_PERSON, now, said_by=str(viewer.user_id)):
        notice.notified_note = note.strip()[:200]
    return notice


def due(session: Session, now: datetime, limit: int = 100) -> Sequence[int]:
    """Ids of the notices that the law may take as notified today, or whose observation was notified elsewhere."""
    elsewhere = exists().where(Observation.id == Notice.observation_id, Observation.notified_at.is_not(None))
    is_over = and_(Notice.deemed_on <= local_date(now), Notice.has_consent, Notice.alerted_at.is_not(None))
    query = select(Notice.id).where(Notice.notified_on.is_(None), or_(is_over, elsewhere))
    return session.scalars(query.order_by(Notice.id).limit(limit)).all()


def deem(session: Session, directory: Directory, notice_id: int, now: datetime) -> bool:
    """Take a notice as notified if its window is over; flushed, not committed. False where nothing changed.

    The window is counted again: a day that was decreed since then moves it.
    """
    leg, notice = _lock(session, session.get_one(Notice, notice_id))
    if notice.notified_on is not None:
        return False
    observation = session.get(Observation, notice.observation_id) if notice.observation_id else None
    if observation is not None and observation.notified_at is not None:
        notice.notified_on, notice.notified_how = local_date(observation.notified_at), observation.notified_how
        return True
    if not is_deemed(session, directory, notice, local_date(now)):
        return False
    _deem(session, directory, notice, leg, now)
    return True


def is_deemed(session: Session, directory: Directory, notice: Notice, today: date) -> bool:
    """True from the first business day after the fifth, if it was authorised and an alert was taken."""
    if not notice.has_consent or notice.alerted_at is None:
        return False
    notice.deemed_on = deemed_on(window_from(notice), calendar_of(session, directory, notice))
    return notice.deemed_on <= today


def _deem(session: Session, directory: Directory, notice: Notice, leg: Delivery | None, now: datetime) -> None:
    at = datetime.combine(notice.deemed_on or local_date(now), time(), LIMA)
    _notify(session, directory, notice, leg, at, How.DEEMED, now)


def _lock(session: Session, notice: Notice) -> tuple[Delivery | None, Notice]:
    """The leg first, as everywhere; then the notice, read anew."""
    leg = None
    if notice.delivery_id is not None:
        wanted = select(Delivery).where(Delivery.id == notice.delivery_id).with_for_update(of=Delivery)
        leg = session.scalars(wanted.execution_options(populate_existing=True)).one()
    session.refresh(notice, with_for_update=True)
    return leg, notice


def _notify(
    session: Session,
    directory: Directory,
    notice: Notice,
    leg: Delivery | None,
    at: datetime,
    how: How,
    now: datetime,
    said_by: str = "",
) -> bool:
    if notice.notified_on is not None:
        return False
    notice.notified_on, notice.notified_how = local_date(at), how.value
    author = _AUTHORS.get(how, Author.HUB)
    if notice.observation_id is not None:
        observation = session.get_one(Observation, notice.observation_id)
        observations.notify(session, directory, observation, at, how, said_by=said_by, known_at=now)
    filing = session.get_one(Filing, notice.filing_id)
    day = notice.notified_on.isoformat()
    tell(
        session,
        filing,
        "notified",
        now,
        author=author,
        said_by=said_by or author.value,
        delivery=leg,
        happened_at=at,
        notice=notice.id,
        how=how.value,
        on=day,
    )
    return True
