"""Told back: an institution that filed by its system is told what becomes of it by signed messages, like ours to it.

What is queued here holds values; the worker writes and signs the message once, and it is the same in every try.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.messages import Acuse, Cargo, CargoOutcome, DocumentRef, DocumentRole, Estado, Header, Message, Respuesta
from hub.core.ports import News, NewsKind
from hub.core.statuses import MessageKind, Movement, OutboundStatus, RefusalReason
from hub.mailing import wake
from hub.models import Document, Filing, OutboundMessage, ReceivedSobre

_OUTCOMES = {
    NewsKind.REGISTERED: CargoOutcome.REGISTERED,
    NewsKind.OBSERVED: CargoOutcome.OBSERVED,
    NewsKind.REFUSED: CargoOutcome.REFUSED,
}
TOLD = (MessageKind.ACUSE, MessageKind.CARGO, MessageKind.ESTADO, MessageKind.RESPUESTA)


def acknowledge(session: Session, row: ReceivedSobre, now: datetime) -> None:
    """Queue the Acuse of a Sobre; the caller commits it with the filing."""
    content = {"digest": row.reference_digest, "held_since": row.received_at.isoformat()}
    _queue(session, row, MessageKind.ACUSE, content, f"acuse:{row.id}", now)


def tell_sender(session: Session, filing: Filing, cuo: str, news: News, now: datetime) -> None:
    """Queue what a destination said for the institution that filed, if one did; the caller commits it with the news."""
    row = _sender_of(session, filing.id)
    if row is None:
        return
    if news.kind is NewsKind.MOVEMENT and news.movement is not None:
        kind, content, which = MessageKind.ESTADO, {"movement": news.movement.value}, _word_of(news)
    elif news.kind in _OUTCOMES:
        kind, content, which = MessageKind.CARGO, _cargo_json(news), news.kind.value
    else:
        return
    content |= {"happened_at": news.happened_at.isoformat(), "unit": news.unit[:250], "text": news.text[:250]}
    once = f"{kind.value}:{cuo}:{which}:{news.happened_at.timestamp()}"
    _queue(session, row, kind, content, once[:80], now)


def _word_of(news: News) -> str:
    """What an Estado says, in few letters: two of one instant are two words, the same one by two ways is one."""
    said = "\0".join((news.movement or "", news.unit, news.text))
    return f"{news.movement}:{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def tell_answer(session: Session, filing: Filing, answer: Respuesta, documents: list[Document], now: datetime) -> None:
    """Queue a document that a destination issued, for the institution that filed, if one did."""
    row = _sender_of(session, filing.id)
    if row is None:
        return
    content = {
        "document_type": answer.document_type, "document_number": answer.document_number, "subject": answer.subject,
        "issued_on": answer.issued_on.isoformat(), "documents": [str(one.id) for one in documents],
    }  # fmt: skip
    _queue(session, row, MessageKind.RESPUESTA, content, f"respuesta:{answer.header.message_id}", now)


def _sender_of(session: Session, filing_id: int) -> ReceivedSobre | None:
    """The Sobre under whose number its sender is told: the newest one, where others corrected the first."""
    mine = select(ReceivedSobre).where(ReceivedSobre.filing_id == filing_id)
    return session.scalar(mine.order_by(ReceivedSobre.id.desc()).limit(1))


def _cargo_json(news: News) -> dict[str, Any]:
    items = news.items[:50] or ((news.text,) if news.kind is NewsKind.OBSERVED else ())
    return {
        "outcome": _OUTCOMES[news.kind].value,
        "registry_number": news.registry_number[:14],
        "registry_year": news.registry_year[:4],
        "expediente_number": news.expediente_number[:40],
        "official": news.official[:100],
        "items": [one[:250] for one in items],
        "reason": (news.reason or RefusalReason.OTHER).value if news.kind is NewsKind.REFUSED else "",
        "right_body_ruc": news.right_body_ruc,
    }


def _queue(
    session: Session, row: ReceivedSobre, kind: MessageKind, content: dict[str, Any], once: str, now: datetime
) -> None:
    known = select(OutboundMessage.id).where(OutboundMessage.once == once)
    if session.scalar(known) is not None:
        return
    session.add(
        OutboundMessage(
            kind=kind, channel="", filing_id=row.filing_id, recipient_id=row.sender_id, once=once,
            content={"sobre": row.id, **content}, status=OutboundStatus.WAITING, created_at=now, next_try_at=now,
        )
    )  # fmt: skip
    wake(session)


def message_of(session: Session, directory: Directory, row: OutboundMessage, address: str, now: datetime) -> Message:
    """The message that a row of the outbox tells, issued now. `address`: where the hub is found from outside."""
    sobre = session.get_one(ReceivedSobre, row.content["sobre"])
    filing = session.get_one(Filing, sobre.filing_id)
    header = Header(
        message_id=row.id, sender_ruc=directory.operator.ruc, receiver_ruc=directory.by_id(sobre.sender_id).ruc,
        filing_number=filing.filing_number, cuo=sobre.cuo, issued_at=now, answers=sobre.message_id,
    )  # fmt: skip
    said = row.content
    if row.kind is MessageKind.ACUSE:
        return Acuse(header, said["digest"], datetime.fromisoformat(said["held_since"]))
    if row.kind is MessageKind.RESPUESTA:
        return _answer(session, header, said, f"{address}/api/v1/sobres/{sobre.cuo}/documentos")
    at = datetime.fromisoformat(said["happened_at"])
    if row.kind is MessageKind.ESTADO:
        return Estado(header, Movement(said["movement"]), at, said["unit"], said["text"])
    return _cargo(header, said, at)


def _cargo(header: Header, said: dict[str, Any], at: datetime) -> Cargo:
    return Cargo(
        header, CargoOutcome(said["outcome"]), at, said["registry_number"], said["registry_year"],
        said["expediente_number"], said["unit"], said["official"], said["text"], tuple(said["items"]),
        RefusalReason(said["reason"]) if said["reason"] else None, said["right_body_ruc"],
    )  # fmt: skip


def _answer(session: Session, header: Header, said: dict[str, Any], address: str) -> Respuesta:
    documents = [session.get_one(Document, UUID(one)) for one in said["documents"]]
    refs = tuple(
        DocumentRef(
            DocumentRole.ANSWER, one.file_name, one.media_type, one.size, one.sha256, one.pages, f"{address}/{one.id}"
        )
        for one in documents
    )
    issued_on = datetime.fromisoformat(said["issued_on"]).date()
    return Respuesta(header, said["document_type"], said["document_number"], said["subject"], issued_on, refs)
