"""The casilla: what is notified with legal effect is deposited here, and its alert goes out at once.

Ley 31736; DS 098-2025-PCM art. 55; TUO 20.4 and 24.1. The courtesy letters of `hub.notices` are another thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import alerts
from hub.core.calendar import Calendar, local_date
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.statuses import Author, OutboundStatus
from hub.events import tell
from hub.models import Delivery, Document, Filing, Notice, Observation, OutboundMessage

WINDOW: Final = 5
"""Business days to open it; it is valid from the first one after them (Ley 31736)."""
NOTIFY_WITHIN: Final = 5
"""Business days from an act to its notification (TUO 24.1)."""
OBSERVATION: Final = "observation"
ACT: Final = "act"


@dataclass(frozen=True)
class Act:
    """A document that a body issued, to be notified. `document` is a row that belongs to the filing."""

    document: Document
    subject: str
    issued_on: date


@dataclass(frozen=True)
class Depositor:
    """Who deposits: the hub by itself, or a body by its officer (`said_by` is its code)."""

    author: Author = Author.HUB
    said_by: str = "hub"


def has_consent(filing: Filing) -> bool:
    """The filer authorised electronic notification, by itself and apart from everything else (TUO 20.4, Ley 31736)."""
    return filing.accepts_notification


def notify_by(issued_on: date, calendar: Calendar) -> date:
    """The last day on which an act is notified in time: five business days from its issue (TUO 24.1)."""
    return calendar.add_business_days(issued_on, NOTIFY_WITHIN)


def deemed_on(deposited_on: date, calendar: Calendar) -> date:
    """The day from which a notice is valid though nobody opened it: the first business day after the fifth."""
    return calendar.next_business_day(calendar.add_business_days(deposited_on, WINDOW))


def deposit(
    session: Session,
    directory: Directory,
    filing: Filing,
    now: datetime,
    *,
    leg: Delivery | None = None,
    observation: Observation | None = None,
    act: Act | None = None,
    by: Depositor | None = None,
) -> Notice:
    """Deposit an observation or an act for the filer and queue its alerts; flushed, not committed.

    Exactly one of `observation` and `act` is given. Days are counted by the calendar of the body it goes to. What is
    deposited late counts all the same, and says so.
    """
    today, calendar = local_date(now), directory.calendar_of(leg.destination_id if leg else filing.destination_id)
    notice = Notice(
        filing_id=filing.id,
        delivery_id=leg.id if leg else None,
        observation_id=observation.id if observation else None,
        document_id=act.document.id if act else None,
        kind=ACT if act else OBSERVATION,
        subject=act.subject if act else "",
        issued_on=act.issued_on if act else None,
        notify_by=notify_by(act.issued_on, calendar) if act else None,
        has_consent=has_consent(filing),
        deposited_at=now,
        deemed_on=deemed_on(today, calendar) if has_consent(filing) else None,
    )
    notice.is_late = notice.notify_by is not None and today > notice.notify_by
    session.add(notice)
    session.flush()
    _tell(session, filing, notice, leg, act, by or Depositor(), now)
    alerts.queue(session, filing, notice, now)
    return notice


def _tell(
    session: Session,
    filing: Filing,
    notice: Notice,
    leg: Delivery | None,
    act: Act | None,
    by: Depositor,
    now: datetime,
) -> None:
    document = act.document if act else None
    tell(
        session,
        filing,
        "notice_deposited",
        now,
        author=by.author,
        said_by=by.said_by,
        delivery=leg,
        notice=notice.id,
        what=notice.kind,
        has_consent=notice.has_consent,
        deemed_on=notice.deemed_on.isoformat() if notice.deemed_on else "",
        notify_by=notice.notify_by.isoformat() if notice.notify_by else "",
        is_late=notice.is_late,
        documents=[{"sha256": document.sha256, "bytes": document.size, "role": document.role}] if document else [],
    )


def alert_taken(session: Session, directory: Directory, notice_id: int, now: datetime) -> None:
    """A gateway took an alert: from the first one on the notice can be valid (DS 098-2025-PCM art. 55).

    The window is counted from the deposit, or from the alert's day where that came later.
    """
    notice = session.get_one(Notice, notice_id, with_for_update=True)
    if notice.alerted_at is not None:
        return
    notice.alerted_at = now
    if notice.has_consent and notice.notified_on is None:
        notice.deemed_on = deemed_on(window_from(notice), calendar_of(session, directory, notice))


def alert_returned(session: Session, directory: Directory, notice_id: int) -> None:
    """The mail of an alert came back. Where no other alert was taken, nobody was alerted and no window runs.

    What was notified meanwhile stays so: it was opened, or given in person.
    """
    notice = session.get_one(Notice, notice_id, with_for_update=True)
    taken = select(OutboundMessage.id).where(
        OutboundMessage.notice_id == notice_id, OutboundMessage.status == OutboundStatus.DONE
    )
    if notice.notified_on is not None or session.scalar(taken.limit(1)) is not None:
        return
    notice.alerted_at = None
    if notice.has_consent:
        notice.deemed_on = deemed_on(window_from(notice), calendar_of(session, directory, notice))


def window_from(notice: Notice) -> date:
    """The day from which its window is counted."""
    return local_date(max(notice.deposited_at, notice.alerted_at or notice.deposited_at))


def calendar_of(session: Session, directory: Directory, notice: Notice) -> Calendar:
    """The business days of the body that notifies."""
    if notice.delivery_id is None:
        return directory.calendar_of(session.get_one(Filing, notice.filing_id).destination_id)
    return directory.calendar_of(session.get_one(Delivery, notice.delivery_id).destination_id)


def notices_of(session: Session, filing: Filing) -> Sequence[Notice]:
    """Everything deposited for a filing, the newest first."""
    return session.scalars(select(Notice).where(Notice.filing_id == filing.id).order_by(Notice.id.desc())).all()


def notice_of(session: Session, filing: Filing, notice_id: int) -> Notice:
    """One notice of a filing. Raises NotFound for another's."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.filing_id != filing.id:
        raise NotFound(str(notice_id), code="NOTICE_NOT_FOUND")
    return notice


def contents(session: Session, notice: Notice) -> tuple[Observation | None, Document | None]:
    """What it notifies: the observation or the document."""
    observation = session.get(Observation, notice.observation_id) if notice.observation_id else None
    document = session.get(Document, notice.document_id) if notice.document_id else None
    return observation, document


@dataclass(frozen=True)
class Summary:
    """What may be said of a casilla to who does not hold the key: how many notices, how many still to be opened.

    What was notified in another way (in person, by the button of its observation) does not wait to be opened.
    """

    code: str
    total: int
    unopened: int


def summary(session: Session, filing: Filing) -> Summary:
    """Of one filing."""
    found = notices_of(session, filing)
    return Summary(filing.verification_code, len(found), _waiting(session, filing))


def _waiting(session: Session, filing: Filing) -> int:
    """Notices that neither were opened nor notified; their observation may have been, before its round comes."""
    waits = Notice.opened_at.is_(None) & Notice.notified_on.is_(None) & Observation.notified_at.is_(None)
    query = select(func.count(Notice.id)).outerjoin(Observation, Observation.id == Notice.observation_id)
    return session.scalar(query.where(Notice.filing_id == filing.id, waits)) or 0
