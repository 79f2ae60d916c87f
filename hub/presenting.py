"""Presenting online: a draft and its files become a filing.

Only the unreadable file, the unidentifiable person and the impossible number stop it, and the limits that the
destination publishes (TUO 135.1, 136.1; Ley 31170). What else lacks is observed afterwards, never refused.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hub import drafts, intake, mailing
from hub.core.directory import Directory
from hub.core.errors import InvalidFiling, InvalidIdentifier, NotFound, Problem
from hub.core.identifiers import check_person_document
from hub.core.limits import Offered, limit_problems
from hub.core.messages import Addressee, DocumentRole, Filer
from hub.core.tupa import GENERAL, ProcedureRecord
from hub.intake import Reception, Submission, SubmittedFile
from hub.models import Draft, DraftFile, Filing
from hub.storage import Stored

CORRESPONDENCE = "correspondencia"
"""What for: to hand in or to tell something, without a procedure."""
_ADDED = (("fee_receipt", "Comprobante de pago"), ("capacity", "Representa en calidad de"))
"""What the form asks apart and no field of the contract carries: it travels in the additional information."""


def procedure_of(directory: Directory, values: Mapping[str, str]) -> ProcedureRecord | None:
    """What the draft is for; None for plain correspondence, for nothing chosen, and for what is no longer there."""
    code = values.get("purpose", "")
    if code == GENERAL.tupa_code:
        return GENERAL
    try:
        return directory.entity(values.get("destination", "")).procedure(code)
    except NotFound:
        return None


def submission_of(draft: Draft, files: Sequence[DraftFile], *, accepts_notification: bool = False) -> Submission:
    """The draft as intake takes it. One page counts as one folio: nothing is on paper."""
    values = {name: text for name, text in draft.values.items() if isinstance(text, str)}
    purpose = values.get("purpose", "")
    return Submission(
        form_token=draft.form_token,
        destination_code=values.get("destination", ""),
        filer=_filer(values),
        document_type=values.get("document_type", ""),
        document_number=values.get("document_number", ""),
        subject=" ".join(values.get("subject", "").split()),
        related_expediente=values.get("related_expediente", ""),
        additional_information=_told(values),
        addressee=Addressee(unit=values.get("addressee", "")),
        folios=min(max(sum(file.pages or 0 for file in files), 1), intake.MAX_FOLIOS),
        files=tuple(_submitted(file) for file in files),
        accepts_notification=accepts_notification and may_authorise(draft),
        declares_representation=bool(values.get("represents")) and values.get("person_type") == "legal",
        procedure_code="" if purpose == CORRESPONDENCE else purpose,
    )


def may_authorise(draft: Draft) -> bool:
    """Electronic notification is authorised by who proved their mail, or gave a phone for the alert (TUO 20.4)."""
    return bool(draft.proved_email or draft.values.get("phone"))


def _submitted(file: DraftFile) -> SubmittedFile:
    stored = Stored(file.object_key, file.sha256, file.size)
    return SubmittedFile(DocumentRole(file.role), file.file_name, file.media_type, stored, file.pages)


def _filer(values: Mapping[str, str]) -> Filer:
    is_legal = values.get("person_type") == "legal"
    kind, number = values.get("document_kind", ""), values.get("document_number_of_person", "")
    return Filer(
        document_kind=kind,
        document_number=_person_number(kind, number),
        names=values.get("names", ""),
        email=values.get("email", ""),
        phone=values.get("phone", ""),
        address=values.get("address", ""),
        ruc=values.get("ruc", "") if is_legal else "",
        business_name=values.get("business_name", "") if is_legal else "",
    )


def _person_number(kind: str, typed: str) -> str:
    """The number as it is kept; one that cannot exist stays as typed, and intake says so."""
    try:
        return check_person_document(kind, typed)
    except InvalidIdentifier:
        return typed


def _told(values: Mapping[str, str]) -> str:
    added = [f"{label}: {values[name]}" for name, label in _ADDED if values.get(name)]
    return "\n".join(text for text in (values.get("additional_information", ""), *added) if text)


def problems(
    directory: Directory, draft: Draft, files: Sequence[DraftFile], ceiling: int, now: datetime
) -> list[Problem]:
    """Everything that stops this draft, field by field. `ceiling`: bytes of all files where a body publishes none."""
    submission = submission_of(draft, files)
    return [
        *intake.check(submission, directory, now),
        *_own_problems(draft.values),
        *over_limits(directory, draft, offered(files), ceiling),
    ]


def _own_problems(values: Mapping[str, str]) -> list[Problem]:
    """What the form asks besides: what for, who, a RUC for a company, and one way to be found (TUO 124.1, 124.5)."""
    found = [Problem(name, "CHOICE_REQUIRED") for name in ("purpose", "person_type") if not values.get(name)]
    if values.get("person_type") == "legal" and not values.get("ruc"):
        found.append(Problem("ruc", "RUC_LENGTH"))
    if not any(values.get(name) for name in ("email", "phone", "address")):
        found.append(Problem("email", "CONTACT_MISSING"))
    if values.get("phone") and len(re.sub(r"\D", "", values["phone"])) < 6:
        found.append(Problem("phone", "PHONE_INVALID"))
    return found


def over_limits(directory: Directory, draft: Draft, files: Sequence[Offered], ceiling: int) -> list[Problem]:
    """What of these files is over the limits that the destination publishes."""
    try:
        destination = directory.entity(draft.values.get("destination", ""))
    except NotFound:
        return []
    return limit_problems(destination.limits, ceiling, files)


def offered(files: Sequence[DraftFile]) -> list[Offered]:
    """The files of a draft, as the limits know them."""
    return [Offered(DocumentRole(one.role), one.file_name, one.size, one.media_type) for one in files]


def offered_with(files: Sequence[DraftFile], new: Offered) -> list[Offered]:
    """The files of a draft and one more; a new main document takes the place of the one before."""
    kept = offered(files)
    return [one for one in kept if new.role is not DocumentRole.MAIN or one.role is not DocumentRole.MAIN] + [new]


def send_link(session: Session, draft: Draft, now: datetime) -> None:
    """Mail the link of a draft to its proved address, once a minute at most; flushed. Without one nothing is sent."""
    if not draft.proved_email:
        return
    once = f"borrador:{draft.id.hex}:{int(now.timestamp()) // 60}"
    mailing.post(session, draft.proved_email, "draft_link", once, now, draft_id=draft.id.hex)


def send(
    session: Session, directory: Directory, draft: Draft, ceiling: int, now: datetime, *, accepts_notification: bool
) -> Filing:
    """Present a draft: a filing of the destination's own counter, received by itself; flushed, not committed.

    Raises InvalidFiling with every problem, Forbidden DRAFT_SENT for a draft that is a filing already.
    """
    held = drafts.lock(session, draft)
    files = drafts.files_of(session, held)
    if found := problems(directory, held, files, ceiling, now):
        raise InvalidFiling(found)
    submission = submission_of(held, files, accepts_notification=accepts_notification)
    body = directory.entity(submission.destination_code)
    reception = Reception("online", body.code, body.principal_counter.code)
    filing = intake.receive(session, directory, submission, reception, now)
    drafts.hand_over(session, held, filing.id)
    return filing
