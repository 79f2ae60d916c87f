"""Acts: a body notifies a document to who filed. It goes into the casilla and is never part of what was filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import trail
from hub.casilla import ACT, Act, Depositor, deposit
from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.core.errors import ForbiddenStep, InvalidFiling, NotFound, Problem
from hub.core.messages import DocumentRole
from hub.core.statuses import Author, DeliveryStatus
from hub.models import Delivery, Document, Notice
from hub.routing import lock_leg
from hub.storage import Stored

SAME_WITHIN: Final = timedelta(minutes=10)
"""The same document of the same leg again in this time is the same form sent twice."""
LONGEST_SUBJECT: Final = 500
DEPOSITABLE: Final = DeliveryStatus.REGISTERED
"""Who registered a filing may answer it."""


@dataclass(frozen=True)
class NewAct:
    """A document that a body issued, as its officer hands it in. Its bytes are stored already; `pages` of its PDF."""

    subject: str
    issued_on: date | None
    file_name: str
    media_type: str
    stored: Stored | None
    pages: int | None = None


def check(new: NewAct, now: datetime) -> list[Problem]:
    """Everything that is wrong with it."""
    problems = []
    if not new.subject.strip():
        problems.append(Problem("act_subject", "ACT_SUBJECT_MISSING"))
    if len(new.subject) > LONGEST_SUBJECT:
        problems.append(Problem("act_subject", "TOO_LONG", {"limit": LONGEST_SUBJECT}))
    if new.issued_on is None:
        problems.append(Problem("issued_on", "DATE_INVALID"))
    elif new.issued_on > local_date(now):
        problems.append(Problem("issued_on", "DATE_FUTURE"))
    if new.stored is None:
        problems.append(Problem("act_document", "ACT_DOCUMENT_MISSING"))
    return problems


def deposit_act(
    session: Session, directory: Directory, cuo: str, new: NewAct, now: datetime, by_user_id: int | None = None
) -> Notice:
    """Notify a document of the body to which a leg goes; flushed, not committed. Sent twice it is one notice.

    Raises InvalidFiling with every problem; ForbiddenStep for a leg that its body has not registered.
    """
    problems = check(new, now)
    if problems or new.stored is None or new.issued_on is None:
        raise InvalidFiling(problems)
    leg = lock_leg(session, cuo)
    if leg is None:
        raise NotFound(cuo, code="LEG_NOT_FOUND")
    if leg.status is not DEPOSITABLE:
        raise ForbiddenStep(leg.status, DEPOSITABLE)
    if known := _sent_just_now(session, leg, new.stored.sha256, now):
        return known
    act = Act(_document(session, leg, new, new.stored), " ".join(new.subject.split()), new.issued_on)
    by = Depositor(Author.OFFICER, directory.by_id(leg.destination_id).code)
    trail.note(session, "act_notified", now, actor_id=by_user_id, entity_code=by.said_by, number=cuo)
    return deposit(session, directory, leg.filing, now, leg=leg, act=act, by=by)


def _sent_just_now(session: Session, leg: Delivery, sha256: str, now: datetime) -> Notice | None:
    query = select(Notice).join(Document, Document.id == Notice.document_id)
    query = query.where(Notice.delivery_id == leg.id, Notice.kind == ACT, Document.sha256 == sha256)
    return session.scalar(query.where(Notice.deposited_at > now - SAME_WITHIN).order_by(Notice.id).limit(1))


def _document(session: Session, leg: Delivery, new: NewAct, stored: Stored) -> Document:
    """Its row belongs to the leg: it travels nowhere with the filing."""
    count = select(func.count(Document.id)).where(Document.filing_id == leg.filing_id)
    document = Document(
        filing_id=leg.filing_id,
        delivery_id=leg.id,
        role=DocumentRole.ANSWER.value,
        position=session.scalar(count) or 0,
        file_name=new.file_name,
        media_type=new.media_type,
        size=stored.size,
        sha256=stored.sha256,
        object_key=stored.object_key,
        pages=new.pages,
    )
    session.add(document)
    session.flush()
    return document


def documents_of(session: Session, leg: Delivery) -> Sequence[Document]:
    """The documents that a leg's body notified."""
    query = select(Document).where(Document.delivery_id == leg.id, Document.role == DocumentRole.ANSWER.value)
    return session.scalars(query.order_by(Document.position)).all()
