"""What leaves for institutions besides the pushed Sobres: signed by the worker, then fetched, or carried by a round."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import annexes, quarantine
from hub.core.bodies import AdapterKind
from hub.core.errors import MesaError
from hub.core.messages import Message
from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.dispatch import Tools, travelling
from hub.events import tell
from hub.models import Delivery, Document, FileScan, OutboundMessage
from hub.parcels import Addresses, handed_in, sobre_of
from hub.routing import lock_leg, refresh_status
from hub.sendings import of_leg
from hub.told_back import TOLD, message_of
from hub.wire import seal, sobre

log = logging.getLogger("mesa.worker")
BATCH = 50
_WAITS: Final = OutboundMessage.status == OutboundStatus.WAITING


def sign_waiting(tools: Tools) -> int:
    """Sign what waits unsigned: Sobres that are fetched, and everything else that is told to institutions.

    The bytes are the same from then on, however often they are fetched. Gives how many were signed.
    """
    with tools.sessions() as session:
        signed = sum(_sign(tools, session, message) for message in _told(session))
        session.commit()
    return signed + sum(_sign_sobre(tools, *one) for one in _fetched(tools))


def fetching_ids(tools: Tools) -> list[int]:
    """The institutions that fetch what is theirs."""
    return [one.id for one in tools.directory.entities if one.adapter.kind is AdapterKind.PULL]


def _told(session: Session) -> Sequence[OutboundMessage]:
    waits = OutboundMessage.kind.in_(TOLD) & _WAITS & OutboundMessage.sealed.is_(None)
    query = select(OutboundMessage).where(waits).order_by(OutboundMessage.created_at).limit(BATCH)
    return session.scalars(query.with_for_update(skip_locked=True, of=OutboundMessage)).all()


def _fetched(tools: Tools) -> list[tuple[UUID, str]]:
    """Sobres of who fetches, with the CUO of their legs: to be signed, or with a virus found since.

    A Sobre is not signed before its time: until then annexes that were announced by an address may still join it.
    """
    ids = fetching_ids(tools)
    if not ids:
        return []
    query = select(OutboundMessage.id, Delivery.cuo).join(Delivery, Delivery.id == OutboundMessage.delivery_id)
    query = query.where(OutboundMessage.kind == MessageKind.SOBRE, OutboundMessage.recipient_id.in_(ids), _WAITS)
    is_due = OutboundMessage.next_try_at <= tools.clock()
    is_held = (
        select(FileScan.sha256).join(Document, Document.sha256 == FileScan.sha256)
        .where(FileScan.found != "", Document.filing_id == OutboundMessage.filing_id, Document.delivery_id.is_(None))
        .exists()
    )  # fmt: skip
    with tools.sessions() as session:
        both = (is_due & OutboundMessage.sealed.is_(None), is_held & OutboundMessage.sealed.is_not(None))
        found = [session.execute(query.where(one).order_by(OutboundMessage.created_at).limit(BATCH)) for one in both]
        return [(row.id, row.cuo) for rows in found for row in rows]


def _sign_sobre(tools: Tools, message_id: UUID, cuo: str) -> bool:
    """Sign one Sobre, its leg locked first; what may not leave or cannot be written fails, as where it is pushed."""
    with tools.sessions() as session:
        waits = select(OutboundMessage).where(OutboundMessage.id == message_id, _WAITS)
        message = session.scalar(waits)
        if message is None or message.delivery is None:
            return False
        if message.sealed is None:
            travelling(session, message.delivery, tools.clock())
        leg = lock_leg(session, cuo)
        locked = waits.with_for_update(of=OutboundMessage).execution_options(populate_existing=True)
        message = session.scalar(locked)
        if leg is None or message is None:
            return False
        documents = handed_in(leg.filing.documents)
        is_held = bool(quarantine.held_among(session, {one.sha256 for one in documents}))
        is_signed = not is_held and message.sealed is None and _sign(tools, session, message)
        if is_held:
            message.status, message.last_code = OutboundStatus.DEAD, quarantine.Quarantined.code
        if message.status is OutboundStatus.DEAD:
            _fail(session, leg, message.last_code, tools.clock())
        session.commit()
    return is_signed


def _fail(session: Session, leg: Delivery, code: str, now: datetime) -> None:
    if leg.status is DeliveryStatus.QUEUED:
        leg.advance(DeliveryStatus.FAILED)
        tell(session, leg.filing, "failed", now, delivery=leg, code=code)
        refresh_status(session, leg.filing, leg)


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
    documents, notes = leg.filing.documents, (annexes.in_words(of_leg(session, leg)),)
    return sobre_of(message, leg, documents, tools.directory, Addresses(address), tools.clock(), notes)
