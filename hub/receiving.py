"""What the machine doors and the worker share: keep a partner's message, act on it, answer. Two transactions."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import inbound
from hub.core.directory import Directory
from hub.core.messages import Acuse
from hub.core.ports import Has, News
from hub.core.statuses import InboundStatus
from hub.inbound import Received
from hub.models import Delivery, InboundMessage, OutboundMessage
from hub.wire import seal, sobre, xml
from hub.wire.codes import Refusal
from hub.wire.iotramite import envelope
from hub.wire.iotramite.read import read_cargo, read_consulta
from hub.wire.news import to_news
from hub.wire.seal import MAX_AHEAD, Opened

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def received_of(opened: Opened, channel: str) -> Received:
    """A sealed message of our own contract, its signature checked, as the front desk takes it."""
    header = opened.message.header
    return Received(
        message_id=header.message_id,
        sender_ruc=header.sender_ruc,
        channel=channel,
        kind=type(opened.message).__name__.lower(),
        reference_digest=opened.reference_digest,
        raw=opened.raw,
        news=to_news(opened.message, opened.raw),
        is_stale=opened.is_stale,
        filing_number=header.filing_number,
    )


def received_from_pide(news: News, raw: bytes) -> Received:
    """A cargo of the national contract: it has no id, so that its content is its id."""
    digest = hashlib.sha256(f"{news.cuo}|{news.kind}|{news.registry_number}|{news.text}".encode()).hexdigest()
    return Received(
        message_id=uuid5(NAMESPACE_URL, f"pide:{news.said_by_ruc}:{digest}"),
        sender_ruc=news.said_by_ruc,
        channel="iotramite",
        kind="cargo",
        reference_digest=digest,
        raw=raw,
        news=news,
    )


def has_cargo(session: Session, cuo: str, sender_ruc: str) -> bool:
    """Whether an institution has pushed a cargo about that CUO already, whatever it said."""
    pushed = select(InboundMessage.id).where(
        InboundMessage.cuo == cuo, InboundMessage.sender_ruc == sender_ruc, InboundMessage.channel == "iotramite"
    )
    return session.scalar(pushed.limit(1)) is not None


def received_when_asked(news: News) -> Received:
    """News that a destination gave when asked: the same message that it pushes has the same id, and applies once."""
    if news.message_id is None:
        return replace(received_from_pide(news, news.raw), channel="pide_asked")  # what is kept is its answer
    return Received(
        message_id=news.message_id,
        sender_ruc=news.said_by_ruc,
        channel="asked",
        kind=news.kind.value,
        reference_digest=seal.digest_of(news.raw),
        raw=news.raw,
        news=news,
    )


def check_answer(session: Session, opened: Opened) -> None:
    """An Acuse names one of our messages to that sender by its id and digest, or it is no Acuse of ours.

    Raises ContractError ANSWER_MISMATCH. Other messages need no such check: what they are about is their CUO.
    """
    message = opened.message
    if not isinstance(message, Acuse):
        return
    header = message.header
    ours = (
        select(OutboundMessage.reference_digest)
        .join(Delivery, Delivery.id == OutboundMessage.delivery_id)
        .where(OutboundMessage.id == header.answers, Delivery.cuo == header.cuo)
    )
    if session.scalar(ours) != message.sobre_digest:
        raise Refusal.ANSWER_MISMATCH.error(message_id=str(header.message_id))


def read_news(row: InboundMessage, raw: bytes) -> News:
    """Read again what was kept: that it could be believed was checked before it was kept."""
    if row.channel == "iotramite":
        values = envelope.values_of(envelope.read_envelope(raw).element) | {"vcuo": row.cuo}
        return read_cargo(values, row.sender_ruc, row.received_at, raw)
    if row.channel == "pide_asked":
        number = envelope.values_of(envelope.read_envelope(raw).element).get("vcuo") or row.cuo
        return replace(_told(read_consulta(raw, number, row.sender_ruc, row.received_at), row), cuo=row.cuo)
    return to_news(sobre.read_message(xml.parse(raw)), raw)


def _told(answer: object, row: InboundMessage) -> News:
    """The one piece of news in an answer of the national contract."""
    if not isinstance(answer, Has) or len(answer.news) != 1:
        raise RuntimeError(f"inbound message {row.id}: what was kept cannot be read again")
    return answer.news[0]


def take(session: Session, directory: Directory, received: Received, now: datetime) -> tuple[InboundStatus, bool]:
    """Keep, commit, act, commit. Gives what became of it and whether it was new; a repeat changes nothing.

    Raises ContractError for what may not be kept at all: news of the future or of another century, and what
    `inbound.keep` refuses.
    """
    _check_instant(received, now)
    row, is_new = inbound.keep(session, directory, received, now)
    status, row_id = row.status, row.id
    session.commit()
    if status is InboundStatus.KEPT:
        status = inbound.act_on(session, directory, row_id, received.news, now)
        if status is InboundStatus.APPLIED:
            inbound.replay_parked(session, directory, received.news.cuo, read_news, now)
        session.commit()
    return status, is_new


def _check_instant(received: Received, now: datetime) -> None:
    """A date that cannot be is refused here, before anything is counted from it."""
    happened_at, message_id = received.news.happened_at, str(received.message_id)
    if happened_at - now > MAX_AHEAD:
        raise Refusal.INSTANT_AHEAD.error("what it tells", message_id=message_id)
    if happened_at < _EARLIEST:
        raise Refusal.SCHEMA_INVALID.error("an instant of another century", message_id=message_id)
