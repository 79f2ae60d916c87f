"""Asked back: what an institution that filed has been told about its Sobre, and the documents it was answered with."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.fetching import Fetchable, fetchable
from hub.models import Document, Filing, OutboundMessage, ReceivedSobre
from hub.told_back import TOLD
from hub.wire.codes import Refusal


def sobre_of(session: Session, sender_id: int, cuo: str) -> ReceivedSobre:
    """The Sobre that an institution sent under its own CUO. Raises ContractError CUO_UNKNOWN."""
    mine = (ReceivedSobre.sender_id == sender_id) & (ReceivedSobre.cuo == cuo)
    row = session.scalar(select(ReceivedSobre).where(mine))
    if row is None:
        raise Refusal.CUO_UNKNOWN.error(cuo)
    return row


def messages_about(session: Session, row: ReceivedSobre) -> Sequence[bytes]:
    """The signed messages about a Sobre, its Acuse first; none while the Acuse is not signed yet."""
    told = (OutboundMessage.filing_id == row.filing_id) & (OutboundMessage.recipient_id == row.sender_id)
    of_this = OutboundMessage.content["sobre"].as_integer() == row.id
    query = select(OutboundMessage.sealed).where(told, of_this, OutboundMessage.kind.in_(TOLD))
    found = session.scalars(query.order_by(OutboundMessage.created_at, OutboundMessage.once)).all()
    return [one for one in found if one is not None] if found and found[0] is not None else []


def document_of(session: Session, row: ReceivedSobre, document_id: UUID) -> Fetchable:
    """A document that a destination issued in answer. Raises ContractError DOCUMENT_UNKNOWN for any other."""
    answered = select(OutboundMessage.content["documents"]).where(
        OutboundMessage.filing_id == row.filing_id, OutboundMessage.recipient_id == row.sender_id
    )
    named = {one for documents in session.scalars(answered) if documents for one in documents}
    document = session.get(Document, document_id) if str(document_id) in named else None
    if document is None:
        raise Refusal.DOCUMENT_UNKNOWN.error(str(document_id))
    return fetchable(document)


def number_of(session: Session, row: ReceivedSobre) -> str:
    """The number of the filing that it became."""
    return session.get_one(Filing, row.filing_id).filing_number
