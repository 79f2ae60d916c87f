"""The messages of a filing as bytes: the Sobres that left, and everything that its destinations answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.chain import instant
from hub.core.statuses import MessageKind
from hub.evidence.layout import SENT
from hub.models import Delivery, Event, InboundMessage, OutboundMessage, RawMessage
from hub.wire.within import messages_within


@dataclass(frozen=True)
class Message:
    """A message of a leg, with the instant at which it left or came."""

    file: str
    is_ours: bool
    kind: str
    cuo: str
    channel: str
    at: datetime
    raw: bytes

    def to_json(self) -> dict[str, Any]:
        """As the list of the bundle tells it."""
        return {
            "archivo": self.file,
            "sentido": "salida" if self.is_ours else "entrada",
            "clase": self.kind,
            "cuo": self.cuo,
            "via": self.channel,
            "instante": instant(self.at),
            "sha256": sha256(self.raw).hexdigest(),
        }


def messages_of(session: Session, legs: Sequence[Delivery], events: Sequence[Event]) -> tuple[Message, ...]:
    """Every message of these legs, each content once, in the order in which they left and came."""
    found = [*_sent(session, legs), *_kept(session, legs)]
    known = {sha256(one.raw).hexdigest() for one in found}
    found += _told(session, legs, [event for event in events if event.raw_digest not in known])
    return tuple(_named(number, one) for number, one in enumerate(sorted(found, key=lambda one: one.at), 1))


def _named(number: int, one: Message) -> Message:
    file = f"{SENT}{one.cuo}/{number:03}-{one.kind}.xml"
    return Message(file, one.is_ours, one.kind, one.cuo, one.channel, one.at, one.raw)


def _sent(session: Session, legs: Sequence[Delivery]) -> list[Message]:
    """The sealed Sobre of each leg that was ever signed, also where another contract or nobody carried it."""
    rows = session.execute(
        select(OutboundMessage, Delivery.cuo)
        .join(Delivery, Delivery.id == OutboundMessage.delivery_id)
        .where(
            OutboundMessage.delivery_id.in_([leg.id for leg in legs]),
            OutboundMessage.kind == MessageKind.SOBRE,
            OutboundMessage.sealed.is_not(None),
        )
        .order_by(OutboundMessage.created_at, Delivery.id)
    )
    return [
        Message("", True, "sobre", cuo, row.channel, row.first_tried_at or row.created_at, row.sealed or b"")
        for row, cuo in rows
    ]


def _kept(session: Session, legs: Sequence[Delivery]) -> list[Message]:
    """What came by itself, or was read in an answer, one row a message."""
    rows = session.execute(
        select(InboundMessage, RawMessage.body)
        .join(RawMessage, RawMessage.digest == InboundMessage.raw_digest)
        .where(InboundMessage.delivery_id.in_([leg.id for leg in legs]))
        .order_by(InboundMessage.received_at, InboundMessage.id)
    )
    by_content = {row.raw_digest: (row, body) for row, body in reversed(rows.all())}
    return [
        Message("", False, row.kind, row.cuo, row.channel, row.received_at, body) for row, body in by_content.values()
    ]


def _told(session: Session, legs: Sequence[Delivery], events: Sequence[Event]) -> list[Message]:
    """What an event names besides: the Acuse with which a Sobre was answered, an answer of the national contract."""
    first: dict[str, Event] = {}
    for event in events:
        if event.raw_digest:
            first.setdefault(event.raw_digest, event)
    kept = select(RawMessage.digest, RawMessage.body).where(RawMessage.digest.in_(list(first)))
    bodies = dict(session.execute(kept).all())
    cuos = {leg.id: leg.cuo for leg in legs}
    return [
        Message(
            "",
            False,
            "acuse" if messages_within(bodies[digest]) else "respuesta",
            cuos.get(event.delivery_id or 0, "tramite"),
            "",
            event.at,
            bodies[digest],
        )
        for digest, event in first.items()
        if digest in bodies
    ]
