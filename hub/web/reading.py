"""Reading a clerk's form: what was typed and uploaded, as the submission that intake takes."""

import re
from datetime import datetime, time, timedelta

from flask import request

from hub.clock import now as clock_now
from hub.core.calendar import LIMA, local_date
from hub.core.districts import with_district
from hub.core.errors import InvalidIdentifier, Problem
from hub.core.identifiers import check_person_document
from hub.core.messages import Addressee, DocumentRole, Filer
from hub.intake import OLDEST_TICKET, Submission
from hub.web import photographs, uploads
from hub.web.forms import Form
from hub.web.sentences import DOCUMENT_TYPES


def received_at() -> datetime:
    """The instant that counts for a form: every byte of it is here, its files stored and hashed (LPAG 123.2).

    Not when its page was opened, nor when its first byte came.
    """
    request.form.get("form_token")  # reads the body to its end, if nobody has yet
    return clock_now()


def read_submission(form: Form, form_token, now: datetime) -> tuple[Submission, tuple[Problem, ...]]:
    """The submission of a form already read, and what is wrong that only its reader can know."""
    typed = form.values()
    main, main_problems = uploads.read_main("main_document")
    annexes, annex_problems = uploads.read_annexes("annexes")
    role = DocumentRole.ANNEX if main or main_problems else DocumentRole.MAIN
    leaves, leaf_problems = photographs.read_photographs("photographs", role)
    ticket_at, ticket_problems = _ticket(typed["ticket_time"], now)
    submission = Submission(
        form_token=form_token,
        destination_code=typed["destination"],
        filer=_filer(typed),
        document_type=typed["document_type"],
        document_number=typed["document_number"],
        subject=" ".join(typed["subject"].split()),
        folios=int(typed["folios"]) if re.fullmatch(r"[0-9]{1,6}", typed["folios"]) else 0,
        files=(*main, *leaves, *annexes) if role is DocumentRole.MAIN else (*main, *annexes, *leaves),
        related_expediente=typed["related_expediente"],
        additional_information=typed["additional_information"],
        addressee=Addressee(unit=typed["addressee"]),
        accepts_notification=bool(typed["accepts_notification"]),
        declares_representation=bool(typed["declares_representation"]),
        ticket_at=ticket_at,
        procedure_code=_procedure_code(typed),
    )
    return submission, (*main_problems, *annex_problems, *leaf_problems, *ticket_problems, *_choice_problems(typed))


def _procedure_code(typed: dict[str, str]) -> str:
    """The code of a procedure within the body it goes to; one of another body stays whole, and intake says so."""
    return typed["procedure"].removeprefix(f"{typed['destination']}/")


def _filer(typed: dict[str, str]) -> Filer:
    is_legal = typed["person_type"] == "legal"
    return Filer(
        document_kind=typed["document_kind"],
        document_number=_person_number(typed["document_kind"], typed["document_number_of_person"]),
        names=typed["names"],
        email=typed["email"],
        phone=typed["phone"],
        address=with_district(typed["address"], typed.get("district", "")),
        ruc=typed["ruc"] if is_legal else "",
        business_name=typed["business_name"] if is_legal else "",
        ubigeo=typed.get("ubigeo", ""),
    )


def _person_number(kind: str, typed: str) -> str:
    """The number as it is kept; one that cannot exist stays as typed, and intake says so."""
    try:
        return check_person_document(kind, typed)
    except InvalidIdentifier:
        return typed


def _choice_problems(typed: dict[str, str]) -> tuple[Problem, ...]:
    """What was chosen must be one of the answers, and a company or organisation has a RUC."""
    problems = []
    if typed["document_type"] not in DOCUMENT_TYPES:
        problems.append(Problem("document_type", "DOCUMENT_TYPE_MISSING"))
    if typed["person_type"] == "legal" and not typed["ruc"]:
        problems.append(Problem("ruc", "RUC_LENGTH"))
    return tuple(problems)


def _ticket(typed: str, now: datetime) -> tuple[datetime | None, tuple[Problem, ...]]:
    """The instant on a turn's ticket: of today, or of last evening where midnight has passed since (TUO 149.5)."""
    if not typed:
        return None, ()
    try:
        at = datetime.combine(local_date(now), time.fromisoformat(typed), LIMA)
    except (ValueError, TypeError):
        return None, (Problem("ticket_time", "TIME_INVALID"),)
    at = at if at <= now else at - timedelta(days=1)
    return (at, ()) if now - at <= OLDEST_TICKET else (None, (Problem("ticket_time", "TIME_FUTURE"),))
