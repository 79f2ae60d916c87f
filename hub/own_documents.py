"""A body's own documents: an officer sends an oficio, a carta or an informe to another institution, and follows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from hub import intake, trail
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import InvalidFiling, NotFound, Problem
from hub.core.messages import Filer
from hub.core.statuses import Author
from hub.events import tell
from hub.intake import Follows, Reception, Submission
from hub.models import Delivery, Filing, OwnDocument
from hub.sendings import CHANNEL
from hub.sight import BODY_ROLES, Viewer, in_unit_of, is_bound_to_unit

LISTED = 50


@dataclass(frozen=True)
class Officer:
    """Who signs for the body: the account, and the identity document that every filer has."""

    user_id: int
    names: str
    email: str
    document_kind: str
    document_number: str


def check(submission: Submission, directory: Directory, body: EntityRecord, now: datetime) -> list[Problem]:
    """Everything that stops it; besides what stops any filing, a body does not write to itself."""
    found = intake.check(submission, directory, now)
    if submission.destination_code == body.code:
        found.append(Problem("destination", "DESTINATION_IS_YOURS"))
    return found


def as_body(submission: Submission, body: EntityRecord, officer: Officer) -> Submission:
    """The same document with the body as its filer, by its RUC, and the officer as who represents it."""
    filer = Filer(
        document_kind=officer.document_kind,
        document_number=officer.document_number,
        names=officer.names,
        email=officer.email,
        ruc=body.ruc,
        business_name=body.name,
    )
    return replace(submission, filer=filer, declares_representation=True)


def send(
    session: Session,
    directory: Directory,
    body: EntityRecord,
    submission: Submission,
    user_id: int,
    now: datetime,
    because_of: Delivery | None = None,
) -> Filing:
    """Present it at the destination's mesa de partes, as a filing online is (LPAG 123.2); flushed, not committed.

    `because_of`: the leg in the body's own inbox that it is about; the two are linked. The same form twice is one
    filing. Raises InvalidFiling with every problem.
    """
    if known := intake.already_received(session, submission.form_token):
        return known
    if found := check(submission, directory, body, now):
        raise InvalidFiling(found)
    to = directory.entity(submission.destination_code)
    reception = Reception(CHANNEL, to.code, to.principal_counter.code)
    follows = Follows(because_of.filing_id, "answer") if because_of else None
    filing = intake.receive(session, directory, submission, reception, now, follows=follows)
    cause = because_of.id if because_of else None
    session.add(OwnDocument(filing_id=filing.id, entity_id=body.id, user_id=user_id, because_of_id=cause))
    if because_of is not None:
        tell(session, because_of.filing, "own_document", now, author=Author.OFFICER, said_by=str(user_id),
             delivery=because_of, destination=to.code, number=filing.filing_number)  # fmt: skip
    trail.note(session, "document_sent", now, actor_id=user_id, entity_code=body.code, number=filing.filing_number)
    session.flush()
    return filing


def of_body(session: Session, viewer: Viewer, page: int = 1) -> Sequence[Filing]:
    """A page of what the viewer's body sent, newest first; a body never sees another's."""
    query = select(Filing).join(OwnDocument, OwnDocument.filing_id == Filing.id)
    query = query.where(_seen_by(viewer)).order_by(OwnDocument.filing_id.desc())
    return session.scalars(query.limit(LISTED).offset(LISTED * (page - 1))).all()


def pages(session: Session, viewer: Viewer) -> int:
    """How many pages that list has, one at least."""
    mine = select(func.count(OwnDocument.filing_id)).where(_seen_by(viewer))
    return max(1, -(-(session.scalar(mine) or 0) // LISTED))


def of_number(session: Session, viewer: Viewer, number: str) -> Filing:
    """One that the viewer's body sent, and that is theirs to read. Raises NotFound for any other filing."""
    query = select(Filing).join(OwnDocument, OwnDocument.filing_id == Filing.id)
    found = session.scalar(query.where(_seen_by(viewer), Filing.filing_number == number))
    if found is None:
        raise NotFound(number, code="FILING_NOT_FOUND")
    return found


def _seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """What a person reads of their body's documents, as a condition on OwnDocument.

    Who is of a counter or of a unit reads what they wrote, and a unit what was written on account of a leg that stands
    with it; everybody else of the body reads them all.
    """
    of_body = OwnDocument.entity_id == viewer.entity_id
    if viewer.roles & BODY_ROLES and not is_bound_to_unit(viewer):
        return of_body
    theirs = [OwnDocument.user_id == viewer.user_id]
    if is_bound_to_unit(viewer):
        with_unit = select(Delivery.id).where(Delivery.id == OwnDocument.because_of_id, in_unit_of(viewer))
        theirs.append(exists(with_unit))
    return and_(of_body, or_(*theirs))


def about(session: Session, leg: Delivery) -> Sequence[Filing]:
    """What its body wrote to others on account of a leg, newest first."""
    query = select(Filing).join(OwnDocument, OwnDocument.filing_id == Filing.id)
    return session.scalars(query.where(OwnDocument.because_of_id == leg.id).order_by(Filing.id.desc())).all()


def last_identity(session: Session, user_id: int) -> tuple[str, str]:
    """The kind and number of the identity document that an officer used last; the DNI and nothing at first."""
    query = select(Filing).join(OwnDocument, OwnDocument.filing_id == Filing.id)
    last = session.scalar(query.where(OwnDocument.user_id == user_id).order_by(Filing.id.desc()).limit(1))
    return (last.filer.document_kind, last.filer.document_number) if last else ("dni", "")
