"""Corrections: the filer's answer to an observation, complete, item by item, with its documents (TUO 136, 137)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import routing
from hub.core.directory import Directory
from hub.core.errors import Forbidden, InvalidFiling, Problem
from hub.core.observing import Closed, How, is_in_time
from hub.core.statuses import Author, DeliveryStatus
from hub.events import tell
from hub.models import Delivery, Document, Filing, Observation, Subsanacion
from hub.notices import tell_filer
from hub.observations import close, leave_out_pending, lock, notify
from hub.paper_orders import order_reading
from hub.submitted import SubmittedFile, document_of

CARRIED = 4000
"""Characters of additional information that every contract takes; the answers travel in it."""


@dataclass(frozen=True)
class Correction:
    """What the filer answers: one text for each item, in their order, and files that are stored already.

    `form_token` was made with the form. `clerk_id` is set at a counter.
    """

    form_token: UUID
    answers: tuple[str, ...]
    files: tuple[SubmittedFile, ...] = ()
    channel: str = "online"
    clerk_id: int | None = None

    @property
    def author(self) -> Author:
        return Author.CLERK if self.clerk_id else Author.FILER

    @property
    def said_by(self) -> str:
        return str(self.clerk_id or "filer")


def already_submitted(session: Session, form_token: UUID) -> Subsanacion | None:
    """The subsanación that this form made before, if it was sent before."""
    return session.scalar(select(Subsanacion).where(Subsanacion.form_token == form_token))


def submit(
    session: Session, directory: Directory, observation: Observation, correction: Correction, now: datetime
) -> Subsanacion:
    """Take a subsanación, complete at `now`, and send it on its way; flushed, not committed (TUO 136.1, 137.1).

    The same form twice gives the same one. Raises Forbidden OBSERVATION_CLOSED or CORRECTION_LATE, and InvalidFiling
    for one that answers nothing. The observation is locked, its leg first: of a correction that was complete in time
    and the lapse, the correction wins.
    """
    if known := already_submitted(session, correction.form_token):
        return known
    leg = lock(session, observation)
    if known := already_submitted(session, correction.form_token):  # the same form, sent twice at once
        return known
    filing = session.get_one(Filing, observation.filing_id)
    _check_open(observation, now)
    if problems := check(filing, leg, correction):
        raise InvalidFiling(problems)
    how = How.IN_PERSON if correction.clerk_id else How.OPENED
    notify(session, directory, observation, now, how, said_by=correction.said_by)  # who answers it knows of it
    close(observation, Closed.CORRECTED, now)
    subsanacion = _write(session, filing, observation, correction, now)
    following = _send(session, directory, filing, leg, observation, subsanacion, now)
    subsanacion.delivery_id = following.id
    routing.refresh_status(session, filing)
    tell_filer(session, filing, "corrected", f"corrected:{observation.id}", now)
    order_reading(session, filing.id, now)
    return subsanacion


def _check_open(observation: Observation, now: datetime) -> None:
    if observation.closed_at is not None:
        is_lapsed = observation.closed_as == Closed.LAPSED.value
        raise Forbidden(str(observation.id), code="CORRECTION_LATE" if is_lapsed else "OBSERVATION_CLOSED")
    if observation.correct_by is not None and not is_in_time(now, observation.correct_by):
        raise Forbidden(str(observation.id), code="CORRECTION_LATE")


def check(filing: Filing, leg: Delivery | None, correction: Correction) -> list[Problem]:
    """What makes a subsanación impossible: nothing in it, or more words than any contract carries."""
    if not correction.files and not any(answer.strip() for answer in correction.answers):
        return [Problem("", "CORRECTION_EMPTY")]
    room = CARRIED - len(filing.additional_information) - (len(leg.answers) if leg else 0) - 2
    if len(in_words(correction.answers)) > room:
        return [Problem("", "ANSWERS_TOO_LONG", {"limit": max(room, 0)})]
    return []


def in_words(answers: tuple[str, ...]) -> str:
    """The answers as they travel, in Spanish: the institution reads them beside its own items."""
    said = [f"({number}) {answer.strip()}" for number, answer in enumerate(answers, 1) if answer.strip()]
    return f"Respuesta a lo observado: {' '.join(said)}" if said else ""


def joined(before: str, words: str) -> str:
    """The answers so far and the new one, a line each."""
    return "\n".join(filter(None, (before, words)))


def _write(
    session: Session, filing: Filing, observation: Observation, correction: Correction, now: datetime
) -> Subsanacion:
    answers = [answer.strip() for answer in correction.answers[: len(observation.items)]]
    subsanacion = Subsanacion(
        observation_id=observation.id,
        filing_id=filing.id,
        form_token=correction.form_token,
        submitted_at=now,
        channel=correction.channel,
        clerk_id=correction.clerk_id,
        answers=answers + [""] * (len(observation.items) - len(answers)),
    )
    session.add(subsanacion)
    session.flush()
    last = session.scalar(select(func.max(Document.position)).where(Document.filing_id == filing.id))
    documents = [document_of((last or 0) + place, file) for place, file in enumerate(correction.files, 1)]
    for document in documents:
        document.filing_id, document.subsanacion_id = filing.id, subsanacion.id
    session.add_all(documents)
    session.flush()
    session.expire(filing, ["documents"])
    tell(
        session,
        filing,
        "corrected",
        now,
        author=correction.author,
        said_by=correction.said_by,
        observation=observation.id,
        documents=[{"sha256": one.sha256, "bytes": one.size, "role": one.role} for one in documents],
    )
    return subsanacion


def _send(
    session: Session,
    directory: Directory,
    filing: Filing,
    leg: Delivery | None,
    observation: Observation,
    subsanacion: Subsanacion,
    now: datetime,
) -> Delivery:
    """Open the leg that carries it: the first one where the counter had observed, else one after the observed leg."""
    words = in_words(tuple(subsanacion.answers))
    if leg is None:
        following = routing.open_first_leg(session, directory, filing, routing.reserve(session), now, answers=words)
    else:
        leg.advance(DeliveryStatus.CORRECTED)
        following = routing.open_following_leg(
            session, directory, leg, "correction", now, answers=joined(leg.answers, words), **inherited(leg)
        )
    leave_out_pending(directory, following, observation, now)
    return following


def inherited(leg: Delivery) -> dict[str, object]:
    """What the leg of a correction takes over: it counts as received with the first document (TUO 137.1)."""
    return {
        "mode": leg.mode,
        "corrects_cuo": leg.cuo,
        "competent_body_had_it_at": leg.competent_body_had_it_at,
        "clock_start": leg.clock_start,
        "term_days": leg.term_days,
        "due_on": leg.due_on,
        "left_out_days": leg.left_out_days,
        "expediente_number": leg.expediente_number,
    }
