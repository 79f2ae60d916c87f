"""Cautions: what a clerk should look at before receiving. Warned once, and received all the same if they confirm."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.errors import NotFound, Problem
from hub.core.identifiers import is_ruc_of
from hub.core.messages import DocumentRole, Filer
from hub.models import Document, FilerRow, Filing
from hub.submitted import SubmittedFile


def cautions(
    session: Session,
    directory: Directory,
    filer: Filer,
    destination_code: str,
    files: Sequence[SubmittedFile],
    now: datetime,
    *,
    within: timedelta,
    declares_representation: bool,
) -> tuple[Problem, ...]:
    """Everything to look at twice; nothing of it stops a filing (TUO 135.1: a counter never refuses)."""
    return (
        *ruc_of_another(filer),
        *representation_not_stated(filer, declares_representation),
        *same_content(session, directory, filer, destination_code, files, now, within),
    )


def unconfirmed(found: Sequence[Problem], confirmed: str) -> tuple[Problem, ...]:
    """The cautions that were not confirmed: `confirmed` holds the marks of those that were shown and accepted."""
    marks = set(confirmed.split())
    return tuple(one for one in found if mark_of(one) not in marks)


def mark_of(caution: Problem) -> str:
    """What names a caution in the confirmation: its code, and the filing it speaks of."""
    return f"{caution.code}:{caution.params.get('number', '')}"


def ruc_of_another(filer: Filer) -> tuple[Problem, ...]:
    """A RUC 10... holds its owner's DNI in digits 3 to 10: a warning where it is not the representative's."""
    if not filer.ruc or is_ruc_of(filer.ruc, filer.document_kind, filer.document_number):
        return ()
    return (Problem("ruc", "RUC_OF_ANOTHER"),)


def representation_not_stated(filer: Filer, is_stated: bool) -> tuple[Problem, ...]:
    """Who files for a legal person states that they represent it (TUO 126.1: a simple power letter is enough)."""
    if not filer.ruc or is_stated:
        return ()
    return (Problem("declares_representation", "REPRESENTATION_NOT_STATED"),)


def same_content(
    session: Session,
    directory: Directory,
    filer: Filer,
    destination_code: str,
    files: Sequence[SubmittedFile],
    now: datetime,
    within: timedelta,
) -> tuple[Problem, ...]:
    """The same main document by the same person for the same destination a moment ago.

    It is warned about, never dropped (TUO 135.1).
    """
    mains = [file.stored.sha256 for file in files if file.role is DocumentRole.MAIN]
    try:
        destination = directory.entity(destination_code)
    except NotFound:
        return ()  # said by intake
    query = (
        select(Filing.filing_number)
        .join(Document, Document.filing_id == Filing.id)
        .join(FilerRow, FilerRow.id == Filing.filer_id)
        .where(
            Document.sha256.in_(mains),
            Document.role == DocumentRole.MAIN.value,
            FilerRow.document_kind == filer.document_kind,
            FilerRow.document_number == filer.document_number,
            FilerRow.ruc == filer.ruc,
            Filing.destination_id == destination.id,
            Filing.presented_at > now - within,
        )
    )
    number = session.scalar(query.order_by(Filing.id.desc()).limit(1))
    return (Problem("main_document", "SAME_CONTENT", {"number": number}),) if number else ()
