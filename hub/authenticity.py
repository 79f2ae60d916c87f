"""Is this paper ours? By the code that it bears or by its SHA-256: what may be told to whoever holds it.

Ley 29733: no name, no document of identity, no address, no subject; of a document that was handed in, only that it
stands in the register, since when and before whom.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.models import Delivery, Document, Filing, Outage, Paper, Subsanacion
from hub.tracking import by_code

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[0-9A-Z]{16}")
MOST_SHOWN = 20


@dataclass(frozen=True)
class ShownPaper:
    """One version of a paper. `is_newest`: no later version of the same paper exists."""

    kind: str
    version: int
    sha256: str
    made_at: datetime
    stamped_at: datetime | None
    is_newest: bool


@dataclass(frozen=True)
class Authentic:
    """What is told of the filing of a paper: no name and no identity of a person, no contents."""

    filing_number: str
    code: str
    presented_at: datetime
    received_by: str
    destination: str
    papers: tuple[ShownPaper, ...]
    asked: ShownPaper | None = None
    """The paper whose digest was asked for."""


@dataclass(frozen=True)
class Registered:
    """A document that stands in the register: when it was presented, before whom its filing was, for whom."""

    presented_at: datetime
    received_by: str
    destination: str
    is_correction: bool = False
    """It came with a subsanación: `presented_at` is that one's instant, not its filing's."""


def digest_in(typed: str) -> str:
    """The SHA-256 that was typed or pasted, in lower case; empty if it is none."""
    folded = re.sub(r"[\s:]", "", typed).lower().removeprefix("sha-256").removeprefix("sha256")
    return folded if _DIGEST.fullmatch(folded) else ""


def code_in(typed: str) -> str:
    """The verification code that was typed, as it is printed; empty if it is none."""
    folded = re.sub(r"[\s-]", "", typed).upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return "-".join(folded[at : at + 4] for at in range(0, 16, 4)) if _CODE.fullmatch(folded) else ""


def of_code(session: Session, directory: Directory, code: str) -> Authentic:
    """The papers of the filing that bears this code. Raises NotFound."""
    return shown(session, directory, by_code(session, code))


def of_paper(session: Session, directory: Directory, sha256: str) -> Authentic | None:
    """The paper of ours that has this digest, with the others of its filing; None if it is none."""
    query = select(Paper).where(Paper.sha256 == sha256, Paper.filing_id.is_not(None))
    paper = session.scalar(query.order_by(Paper.id).limit(1))
    if paper is None:
        return None
    return shown(session, directory, session.get_one(Filing, paper.filing_id), sha256)


def of_document(session: Session, directory: Directory, sha256: str) -> tuple[Registered, ...]:
    """When a document of this digest was handed in, with a filing or its subsanación, newest first; no name is told."""
    at = func.coalesce(Subsanacion.submitted_at, Filing.presented_at)
    filed = (
        select(at, Filing.received_by_id, Filing.destination_id, Document.subsanacion_id.is_not(None))
        .join(Document, Document.filing_id == Filing.id)
        .outerjoin(Subsanacion, Subsanacion.id == Document.subsanacion_id)
        .where(Document.sha256 == sha256, Document.delivery_id.is_(None))
        .order_by(at.desc(), Filing.id.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(
        Registered(presented_at, directory.by_id(counter).name, directory.by_id(destination).name, is_correction)
        for presented_at, counter, destination, is_correction in session.execute(filed)
    )


def of_answer(session: Session, directory: Directory, sha256: str) -> tuple[Registered, ...]:
    """The same for a document that an institution sent back through the hub: its own cargo, an answer."""
    came = (
        select(Filing.presented_at, Filing.received_by_id, Delivery.destination_id)
        .join(Document, Document.filing_id == Filing.id)
        .join(Delivery, Delivery.id == Document.delivery_id)
        .where(Document.sha256 == sha256)
        .order_by(Filing.presented_at.desc(), Filing.id.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(
        Registered(row.presented_at, directory.by_id(row.received_by_id).name, directory.by_id(row.destination_id).name)
        for row in session.execute(came)
    )


def shown(session: Session, directory: Directory, filing: Filing, sha256: str = "") -> Authentic:
    """What the holder of a paper is told of its filing: its way and its papers, nobody's data (Ley 29733, art. 8)."""
    rows = session.scalars(select(Paper).where(Paper.filing_id == filing.id).order_by(Paper.made_at, Paper.id)).all()
    newest = {(row.kind, row.delivery_id): row.version for row in sorted(rows, key=lambda row: row.version)}
    papers = tuple(
        ShownPaper(
            row.kind, row.version, row.sha256, row.made_at, row.stamped_at,
            row.version == newest[(row.kind, row.delivery_id)],
        )
        for row in rows
    )  # fmt: skip
    return Authentic(
        filing_number=filing.filing_number,
        code=filing.verification_code,
        presented_at=filing.presented_at,
        received_by=directory.by_id(filing.received_by_id).name,
        destination=directory.by_id(filing.destination_id).name,
        papers=papers,
        asked=next((one for one in papers if one.sha256 == sha256), None) if sha256 else None,
    )


def outage_code(session: Session, code: str) -> str:
    """The code as it is printed, if it is that of an outage; empty if it is not."""
    return session.scalar(select(Outage.verification_code).where(Outage.verification_code == code)) or ""


def outage_paper(session: Session, sha256: str) -> Paper | None:
    """The constancia de indisponibilidad of this digest; None if it is none."""
    query = select(Paper).where(Paper.sha256 == sha256, Paper.outage_id.is_not(None))
    return session.scalar(query.order_by(Paper.id).limit(1))


def check_typed(typed: str) -> tuple[str, str]:
    """What was typed, as (code, digest), one of them empty. Raises NotFound for neither."""
    digest = digest_in(typed)
    code = "" if digest else code_in(typed)
    if not code and not digest:
        raise NotFound(code="NOTHING_TO_VERIFY")
    return code, digest
