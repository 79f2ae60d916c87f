"""What a partner's signed message says about a leg, as the house takes it."""

from typing import Final

from hub.core.messages import Acuse, Cargo, CargoOutcome, Estado, Message
from hub.core.ports import News, NewsKind
from hub.wire.codes import Refusal

_NEWS: Final = {
    CargoOutcome.REGISTERED: NewsKind.REGISTERED,
    CargoOutcome.OBSERVED: NewsKind.OBSERVED,
    CargoOutcome.REFUSED: NewsKind.REFUSED,
}


def to_news(message: Message, raw: bytes) -> News:
    """What a Cargo, Estado or Acuse says about a leg; `raw` is the message as it came, signature included.

    Raises ContractError MESSAGE_UNEXPECTED for a Sobre or a Respuesta, which say nothing about a leg.
    """
    header = message.header
    if isinstance(message, Cargo):
        return News(
            _NEWS[message.outcome],
            header.cuo,
            message.registered_at,
            header.sender_ruc,
            header.message_id,
            registry_number=message.registry_number,
            registry_year=message.registry_year,
            expediente_number=message.expediente_number,
            unit=message.unit,
            official=message.official,
            text=message.text,
            items=message.items,
            reason=message.reason,
            right_body_ruc=message.right_body_ruc,
            raw=raw,
        )
    if isinstance(message, Estado):
        return News(
            NewsKind.MOVEMENT,
            header.cuo,
            message.happened_at,
            header.sender_ruc,
            header.message_id,
            unit=message.unit,
            text=message.text,
            movement=message.movement,
            raw=raw,
        )
    if isinstance(message, Acuse):
        return News(NewsKind.HELD, header.cuo, message.held_since, header.sender_ruc, header.message_id, raw=raw)
    raise Refusal.MESSAGE_UNEXPECTED.error(type(message).__name__, message_id=str(header.message_id))
