"""What the REST and the SOAP door do alike with a message whose seal holds."""

import logging
from collections.abc import Sequence
from uuid import UUID

from hub import answers_in, asked_back, leaving, receiving, sent_in
from hub.clock import now
from hub.core.messages import Respuesta
from hub.core.statuses import InboundStatus
from hub.extensions import db, services
from hub.wire.seal import Opened

log = logging.getLogger("mesa.api")


def take(opened: Opened, channel: str) -> tuple[UUID, str]:
    """Keep a message and act on it; both are committed when this returns.

    Gives its id and, in the words of the contract, what became of it: aplicado; guardado, where it waits for its turn
    or for a person; repetido, for what was here already. Raises ContractError.
    """
    if isinstance(opened.message, Respuesta):
        return opened.message.header.message_id, _deposit(opened, opened.message)
    receiving.check_answer(db.session, opened)
    received = receiving.received_of(opened, channel)
    status, is_new = receiving.take(db.session, services().directory, received, now())
    said = "aplicado" if status is InboundStatus.APPLIED else "guardado"
    said = said if is_new else "repetido"
    log.info("%s %s about %s: %s", received.kind, received.message_id, received.news.cuo, said)
    return received.message_id, said


def file(opened: Opened) -> bytes | None:
    """File what an institution's Sobre says; committed. Gives its Acuse, None while a worker signs it."""
    house = services()
    desk = sent_in.Desk(db.session, house.directory, house.store, has_antivirus=house.scanner is not None)
    row, is_new = sent_in.take(desk, opened, now())
    db.session.commit()
    log.info("sobre %s of %s: %s", row.message_id, opened.message.header.sender_ruc, "filed" if is_new else "again")
    told = asked_back.messages_about(db.session, row)
    return told[0] if told else None


def told_about(ruc: str, cuo: str) -> Sequence[bytes]:
    """Everything that was said to an institution about its Sobre. Raises ContractError CUO_UNKNOWN."""
    row = asked_back.sobre_of(db.session, services().directory.by_ruc(ruc).id, cuo)
    return asked_back.messages_about(db.session, row)


def _deposit(opened: Opened, answer: Respuesta) -> str:
    """A Respuesta, whose documents were left here before: copied first, named by their rows in one transaction."""
    house, session = services(), db.session
    if answers_in.known(session, house.directory, opened):
        return "repetido"
    sender = house.directory.by_ruc(answer.header.sender_ruc)
    wanted = [(one.sha256, one.size) for one in answer.documents]
    documents = leaving.copies(session, house.store, sender.id, wanted)
    unnamed = [one.stored.object_key for one in documents]
    try:
        has_antivirus = house.scanner is not None
        unnamed = answers_in.deposit(session, house.directory, opened, documents, now(), has_antivirus=has_antivirus)
        session.commit()
    finally:
        for key in unnamed:
            house.store.discard(key)
    log.info("respuesta %s about %s: deposited", answer.header.message_id, answer.header.cuo)
    return "aplicado"
