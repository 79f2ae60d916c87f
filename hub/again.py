"""Presenting again what counted as not presented: its data and its documents, under a new number (TUO 136.4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.calendar import local_date
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import Forbidden, StorageFailure
from hub.core.messages import Addressee, DocumentRole
from hub.core.statuses import FilingStatus
from hub.core.tupa import GENERAL
from hub.intake import Follows, Reception, Submission, already_received, receive
from hub.models import Document, Filing
from hub.parcels import filer_of
from hub.storage import Store, Stored
from hub.submitted import SubmittedFile

AFTER_LAPSE: Final = "after_lapse"


def made_from(session: Session, lapsed: Filing) -> Filing | None:
    """The filing that was already made from one that lapsed: it is made once."""
    return already_received(session, form_token_of(lapsed))


def form_token_of(lapsed: Filing) -> UUID:
    """The one form that a lapsed filing makes, so that two clicks make one filing."""
    return uuid5(lapsed.form_token, AFTER_LAPSE)


def copy_files(store: Store, documents: Sequence[Document]) -> tuple[SubmittedFile, ...]:
    """What the filer handed in, corrections included, as files of their own. No database: they are stored first.

    Raises StorageFailure, with nothing left behind.
    """
    copies: list[SubmittedFile] = []
    try:
        for one in documents:
            if one.delivery_id is None:
                copies.append(_copied(store, one))
    except StorageFailure:
        store.discard_all(one.stored.object_key for one in copies)
        raise
    return tuple(copies)


def _copied(store: Store, document: Document) -> SubmittedFile:
    is_main = document.role == DocumentRole.MAIN.value
    return SubmittedFile(
        DocumentRole.MAIN if is_main else DocumentRole.ANNEX,
        document.file_name,
        document.media_type,
        Stored(store.copy(document.object_key), document.sha256, document.size),
        document.pages,
    )


def again_from(
    session: Session,
    directory: Directory,
    lapsed: Filing,
    files: tuple[SubmittedFile, ...],
    now: datetime,
    reception: Reception | None = None,
) -> Filing:
    """Present again a filing that lapsed, with `files` from `copy_files`; flushed, not committed.

    A new filing with a date of its own, tied to the old one. Without `reception` it is filed online, and so enters
    the register of its destination. Asked for twice it gives the same one. Raises Forbidden NOT_LAPSED, and
    DESTINATION_LEFT where nobody answers any more for its destination.
    """
    session.execute(select(Filing.id).where(Filing.id == lapsed.id).with_for_update())
    if known := made_from(session, lapsed):
        return known
    if lapsed.status is not FilingStatus.LAPSED:
        raise Forbidden(lapsed.filing_number, code="NOT_LAPSED")
    body = directory.heir(directory.by_id(lapsed.destination_id).code, local_date(now))
    if body is None:
        raise Forbidden(lapsed.filing_number, code="DESTINATION_LEFT")
    where = reception or Reception("online", body.code, body.principal_counter.code)
    follows = Follows(lapsed.id, AFTER_LAPSE)
    return receive(session, directory, _submission(lapsed, body, files), where, now, follows=follows)


def _submission(lapsed: Filing, body: EntityRecord, files: tuple[SubmittedFile, ...]) -> Submission:
    filer = filer_of(lapsed.filer)
    offered = {GENERAL.tupa_code, *(procedure.tupa_code for procedure in body.procedures)}
    code = (lapsed.procedure or {}).get("tupa_code", "")
    return Submission(
        form_token=form_token_of(lapsed),
        destination_code=body.code,
        filer=filer,
        document_type=lapsed.document_type,
        document_number=lapsed.document_number,
        subject=lapsed.subject,
        folios=lapsed.folios,
        files=files,
        related_expediente=lapsed.related_expediente,
        additional_information=lapsed.additional_information,
        addressee=Addressee(**lapsed.addressee),
        accepts_notification=lapsed.accepts_notification and bool(filer.email or filer.phone),
        procedure_code=code if code in offered else "",
    )
