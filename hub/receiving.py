"""What the machine doors and the worker share: keep a partner's message, act on it, answer. Two transactions."""

import hashlib
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from hub import inbound
from hub.core.directory import Directory
from hub.core.ports import News
from hub.core.statuses import InboundStatus
from hub.inbound import Received
from hub.models import InboundMessage
from hub.wire import iotramite, seal, sobre, xml
from hub.wire.seal import Opened


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
        news=sobre.to_news(opened.message, opened.raw),
        is_stale=opened.is_stale,
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


def received_when_asked(news: News) -> Received:
    """News that a destination gave when asked: the same message that it pushes has the same id, and applies once."""
    if news.message_id is None:
        return replace(received_from_pide(news, news.raw), channel="iotramite_ask")  # what is kept is its answer
    return Received(
        message_id=news.message_id,
        sender_ruc=news.said_by_ruc,
        channel="asked",
        kind=news.kind.value,
        reference_digest=seal.digest_of(news.raw),
        raw=news.raw,
        news=news,
    )


def read_news(channel: str, raw: bytes) -> News:
    """Read again what was kept: its signature was checked before it was kept."""
    if channel == "iotramite":
        return iotramite.read_cargo(raw)
    return sobre.to_news(sobre.read_message(xml.parse(raw)), raw)


def take(session: Session, directory: Directory, received: Received, now: datetime) -> tuple[InboundMessage, bool]:
    """Keep, commit, act, commit. Gives the row and whether it was new; a repeat is answered and changes nothing.

    Raises ContractError for what may not be kept at all.
    """
    row, is_new = inbound.keep(session, directory, received, now)
    session.commit()
    if row.status is InboundStatus.KEPT:
        status = inbound.act_on(session, directory, row.id, received.news, now)
        if status is InboundStatus.APPLIED:
            inbound.replay_parked(session, directory, received.news.cuo, read_news, now)
        session.commit()
    return row, is_new
