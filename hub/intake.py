"""Intake: receive a filing. Its documents are stored before; all the rest is one transaction."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hub import registry
from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.core.errors import InvalidFiling, InvalidIdentifier, NotFound, Problem
from hub.core.identifiers import Ruc, check_person_document
from hub.core.messages import Addressee, DocumentRole, Filer
from hub.core.tupa import GENERAL, ProcedureRecord, to_snapshot
from hub.models import FilerRow, Filing
from hub.observations import Asked
from hub.submitted import SubmittedFile, document_of

__all__ = ["Follows", "Reception", "Submission", "SubmittedFile", "already_received", "check", "receive"]

TEXT_LIMITS = {
    "document_type": 40,
    "document_number": 100,
    "subject": 500,
    "related_expediente": 40,
    "additional_information": 4000,
}
ADDRESSEE_LIMITS = {"unit": 150, "name": 100, "job_title": 100}
"""Lengths of the national contract, which our own has too: nothing is cut on the way."""
FILER_LIMITS = {"names": 250, "email": 254, "phone": 20, "address": 300, "business_name": 250}
MAX_FOLIOS = 32_767
"""The national contract counts folios in a smallint."""
OLDEST_TICKET = timedelta(hours=12)
"""Whoever took a turn is attended the same day, or shortly after midnight."""


@dataclass(frozen=True)
class Reception:
    """Where and by whom a filing is taken. `clerk_id` is empty where the reception is automatic."""

    channel: str
    entity_code: str
    counter_code: str
    clerk_id: int | None = None


@dataclass(frozen=True)
class Submission:
    """A filing as handed in, its files stored. `form_token` was made with the form."""

    form_token: UUID
    destination_code: str
    filer: Filer
    document_type: str
    document_number: str
    subject: str
    folios: int
    files: tuple[SubmittedFile, ...]
    related_expediente: str = ""
    additional_information: str = ""
    addressee: Addressee = field(default_factory=Addressee)
    accepts_notification: bool = False
    declares_representation: bool = False
    ticket_at: datetime | None = None
    began_at: datetime | None = None
    """When the first page of its form was opened, where that is known."""
    procedure_code: str = ""
    """Of the destination's TUPA; `general` for a request without a procedure; empty for plain correspondence."""


@dataclass(frozen=True)
class Follows:
    """The filing that this one was made from or is about. `how`: after_lapse, withdrawal or copy."""

    filing_id: int
    how: str


_KNOWN = select(Filing.id).where(Filing.form_token == bindparam("form_token"))


def already_received(session: Session, form_token: UUID) -> Filing | None:
    """The filing this form made before, if it was sent before (double click, reload, retry)."""
    known = session.execute(_KNOWN, {"form_token": form_token}).first()
    return session.get_one(Filing, known.id) if known else None


def receive(
    session: Session,
    directory: Directory,
    submission: Submission,
    reception: Reception,
    now: datetime,
    *,
    observed: Asked | None = None,
    follows: Follows | None = None,
) -> Filing:
    """Receive a filing: number it, open its first leg, queue its message; flushed, not committed.

    `observed`: what the clerk observes in the presence of who files it; it is received all the same, and waits for
    its correction (TUO 136.1). The same form twice gives the same filing. Raises InvalidFiling with every problem at
    once. Nothing here looks at missing requirements or limits: a counter never refuses (TUO 135.1, 136.1).
    """
    if known := already_received(session, submission.form_token):
        return known
    problems = check(submission, directory, now)
    if problems:
        raise InvalidFiling(problems)
    new = _new_filing(directory, submission, reception)
    if follows is not None:
        new.values.update(follows_id=follows.filing_id, follows_as=follows.how)
    return registry.register(session, directory, replace(new, observed=observed), now)


def is_count_unlike(folios: int, pages: int | None) -> bool:
    """A folio is a leaf, of one page or two: fewer pages than folios, or more than twice as many, are worth a look.

    Said and never asked about again: a count stops nothing (TUO 135.1).
    """
    return pages is not None and not folios <= pages <= 2 * folios


def procedure_of(directory: Directory, submission: Submission) -> ProcedureRecord | None:
    """The procedure that a filing follows; None for plain correspondence. Raises NotFound for one of no such body."""
    if submission.procedure_code == GENERAL.tupa_code:
        return GENERAL
    destination = directory.entity(submission.destination_code)
    return destination.procedure(submission.procedure_code) if submission.procedure_code else None


def _new_filing(directory: Directory, submission: Submission, reception: Reception) -> registry.NewFiling:
    procedure = procedure_of(directory, submission)
    series = procedure.retention_class if procedure else ""
    return registry.NewFiling(
        form_token=submission.form_token,
        channel=reception.channel,
        entity_code=reception.entity_code,
        counter_code=reception.counter_code,
        clerk_id=reception.clerk_id,
        destination_code=submission.destination_code,
        filer=FilerRow(**vars(submission.filer)),
        documents=[document_of(position, file) for position, file in enumerate(submission.files)],
        values={
            "document_type": submission.document_type.strip(),
            "document_number": submission.document_number.strip() or "s/n",
            "subject": submission.subject.strip(),
            "folios": submission.folios,
            "pages_detected": sum(file.pages or 0 for file in submission.files) or None,
            "related_expediente": submission.related_expediente.strip(),
            "additional_information": submission.additional_information.strip(),
            "addressee": vars(submission.addressee),
            "accepts_notification": submission.accepts_notification,
            "declares_representation": submission.declares_representation,
            "ticket_at": submission.ticket_at,
            "began_at": submission.began_at,
            "procedure": to_snapshot(procedure),
            "retention_class": series or directory.entity(submission.destination_code).retention_class,
        },
    )


def check(submission: Submission, directory: Directory, now: datetime) -> list[Problem]:
    """Everything that makes a filing impossible: nobody identified, nothing readable, nowhere to go.

    Nothing else stops one: what it lacks is observed (TUO 135.1, 136.1).
    """
    return [
        *_destination_problems(submission, directory, now),
        *_ticket_problems(submission, now),
        *filer_problems(submission.filer),
        *_notification_problems(submission),
        *_text_problems(submission),
        *_file_problems(submission),
    ]


def _destination_problems(submission: Submission, directory: Directory, now: datetime) -> list[Problem]:
    if not submission.destination_code:
        return [Problem("destination", "DESTINATION_MISSING")]
    try:
        entity = directory.entity(submission.destination_code)
    except NotFound:
        return [Problem("destination", "DESTINATION_UNKNOWN")]
    if not entity.has_left(local_date(now)):
        return _procedure_problems(submission, directory)
    heir = directory.heir(entity.code, local_date(now))
    return [Problem("destination", "DESTINATION_LEFT", {"name": entity.name, "successor": heir.name if heir else ""})]


def _procedure_problems(submission: Submission, directory: Directory) -> list[Problem]:
    try:
        procedure_of(directory, submission)
    except NotFound as error:
        return [Problem("procedure", error.code)]
    return []


def _ticket_problems(submission: Submission, now: datetime) -> list[Problem]:
    """A ticket is of the same attention: not of later, and not of days before (TUO 149.5)."""
    if submission.ticket_at is None or now - OLDEST_TICKET <= submission.ticket_at <= now:
        return []
    return [Problem("ticket_time", "TICKET_OF_ANOTHER_DAY")]


def filer_problems(filer: Filer) -> list[Problem]:
    """Why nobody is identified, or what is too long."""
    problems = [
        Problem(name, "TOO_LONG", {"limit": limit})
        for name, limit in FILER_LIMITS.items()
        if len(getattr(filer, name)) > limit
    ]
    if not filer.names.strip():
        problems.append(Problem("names", "NAMES_MISSING"))
    try:
        check_person_document(filer.document_kind, filer.document_number)
    except InvalidIdentifier as error:
        problems.append(Problem("document_number_of_person", error.code))
    if filer.email and not is_email(filer.email):
        problems.append(Problem("email", "EMAIL_INVALID"))
    return problems + _legal_person_problems(filer)


def _notification_problems(submission: Submission) -> list[Problem]:
    """Who authorises electronic notification can be alerted by mail or by SMS (DS 098-2025-PCM art. 55)."""
    filer = submission.filer
    if submission.accepts_notification and not (filer.email or filer.phone):
        return [Problem("accepts_notification", "NOTIFICATION_UNREACHABLE")]
    return []


def is_email(text: str) -> bool:
    """True for what can be an address of mail."""
    name, at, domain = text.rpartition("@")
    return bool(name and at and "." in domain.strip(".")) and text.isprintable() and " " not in text


def _legal_person_problems(filer: Filer) -> list[Problem]:
    if not filer.ruc:
        return []
    problems = [] if filer.business_name.strip() else [Problem("business_name", "BUSINESS_NAME_MISSING")]
    try:
        Ruc(filer.ruc)
    except InvalidIdentifier as error:
        problems.append(Problem("ruc", error.code))
    return problems


def _text_problems(submission: Submission) -> list[Problem]:
    problems = [
        Problem(name, "TOO_LONG", {"limit": limit})
        for name, limit in TEXT_LIMITS.items()
        if len(getattr(submission, name)) > limit
    ]
    problems += [
        Problem("addressee", "TOO_LONG", {"limit": limit})
        for name, limit in ADDRESSEE_LIMITS.items()
        if len(getattr(submission.addressee, name)) > limit
    ]
    problems += [
        Problem(name, f"{name.upper()}_MISSING")
        for name in ("document_type", "subject")
        if not getattr(submission, name).strip()
    ]
    if not 1 <= submission.folios <= MAX_FOLIOS:
        problems.append(Problem("folios", "FOLIOS_INVALID", {"limit": MAX_FOLIOS}))
    return problems


def _file_problems(submission: Submission) -> list[Problem]:
    has_main = any(file.role is DocumentRole.MAIN for file in submission.files)
    return [] if has_main else [Problem("main_document", "MAIN_DOCUMENT_MISSING")]
