"""Drafted: what stands in a draft, as the submission that intake takes."""

from collections.abc import Mapping, Sequence

from hub import intake
from hub.core.directory import Directory
from hub.core.districts import with_district
from hub.core.errors import InvalidIdentifier, NotFound
from hub.core.identifiers import check_person_document
from hub.core.messages import Addressee, DocumentRole, Filer
from hub.core.tupa import GENERAL, ProcedureRecord
from hub.intake import Submission
from hub.models import Draft, DraftFile
from hub.storage import Stored
from hub.submitted import SubmittedFile

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
        began_at=draft.created_at,
        destination_code=values.get("destination", ""),
        filer=filer_of(values),
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


def filer_of(values: Mapping[str, str]) -> Filer:
    """Who files, as far as it was typed."""
    is_legal = values.get("person_type") == "legal"
    kind, number = values.get("document_kind", ""), values.get("document_number_of_person", "")
    return Filer(
        document_kind=kind,
        document_number=_person_number(kind, number),
        names=values.get("names", ""),
        email=values.get("email", ""),
        phone=values.get("phone", ""),
        address=with_district(values.get("address", ""), values.get("district", "")),
        ruc=values.get("ruc", "") if is_legal else "",
        business_name=values.get("business_name", "") if is_legal else "",
        ubigeo=values.get("ubigeo", ""),
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
