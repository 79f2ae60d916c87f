"""What leaves for institutions besides the pushed Sobres: signed by the worker, then fetched, or carried by a round."""

import logging
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from hub.core.bodies import AdapterKind
from hub.core.errors import MesaError
from hub.core.messages import Message
from hub.core.statuses import MessageKind, OutboundStatus
from hub.dispatch import Tools
from hub.models import OutboundMessage
from hub.parcels import Addresses, sobre_of
from hub.told_back import TOLD, message_of
from hub.wire import seal, sobre

log = logging.getLogger("mesa.worker")
BATCH = 50


def sign_waiting(tools: Tools) -> int:
    """Sign what waits unsigned: Sobres that are fetched, and everything else that is told to institutions.

    The bytes are the same from then on, however often they are fetched. Gives how many were signed.
    """
    with tools.sessions() as session:
        signed = sum(_sign(tools, session, message) for message in _unsigned(tools, session))
        session.commit()
    return signed


def fetching_ids(tools: Tools) -> list[int]:
    """The institutions that fetch what is theirs."""
    return [one.id for one in tools.directory.entities if one.adapter.kind is AdapterKind.PULL]


def _unsigned(tools: Tools, session: Session) -> Sequence[OutboundMessage]:
    """Two questions, each with an index of its own: what is told, and the Sobres of who fetches.

    A Sobre is not signed before its time: until then annexes that were announced by an address may still join it.
    """
    found = list(_oldest(session, OutboundMessage.kind.in_(TOLD)))
    if ids := fetching_ids(tools):
        is_fetched = (OutboundMessage.kind == MessageKind.SOBRE) & OutboundMessage.recipient_id.in_(ids)
        found += _oldest(session, is_fetched & (OutboundMessage.next_try_at <= tools.clock()))
    return found


def _oldest(session: Session, of_kind: ColumnElement[bool]) -> Sequence[OutboundMessage]:
    waits = (OutboundMessage.status == OutboundStatus.WAITING) & OutboundMessage.sealed.is_(None)
    query = select(OutboundMessage).where(of_kind, waits).order_by(OutboundMessage.created_at).limit(BATCH)
    return session.scalars(query.with_for_update(skip_locked=True, of=OutboundMessage)).all()


def _sign(tools: Tools, session: Session, message: OutboundMessage) -> bool:
    """Sign one; what cannot be written becomes a dead letter, which a person sees."""
    try:
        sealed = seal.seal(sobre.build(_values(tools, session, message)), tools.signer)
    except (MesaError, ValueError, LookupError) as error:
        log.exception("message %s cannot be written", message.id)
        message.status = OutboundStatus.DEAD
        message.last_code = error.code if isinstance(error, MesaError) else "PARCEL_NOT_WRITTEN"
        return False
    message.sealed, message.reference_digest = sealed, seal.digest_of(sealed)
    return True


def _values(tools: Tools, session: Session, message: OutboundMessage) -> Message:
    address, leg = tools.settings.public_url, message.delivery
    if message.kind is not MessageKind.SOBRE:
        return message_of(session, tools.directory, message, address, tools.clock())
    if leg is None:
        raise LookupError("a Sobre without a leg")
    return sobre_of(message, leg, leg.filing.documents, tools.directory, Addresses(address), tools.clock())
