"""What the REST and the SOAP door do alike with a message whose seal holds."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    house, session = services(), db.session
    desk = sent_in.Desk(session, house.directory, has_antivirus=house.scanner is not None)
    left = sent_in.named(desk, opened, now())
    session.commit()  # nothing is open while the store copies
    with leaving.copied(house.store, left) as copies, _nothing_open_after():
        row, is_new = sent_in.take(desk, opened, sent_in.looked_at(house.store, opened, copies), now())
    session.commit()
    if not is_new:
        house.store.discard_all(one.object_key for one in copies)
    log.info("sobre %s of %s: %s", row.message_id, opened.message.header.sender_ruc, "filed" if is_new else "again")
    told = asked_back.messages_about(db.session, row)
    return told[0] if told else None


@contextmanager
def _nothing_open_after() -> Iterator[None]:
    """What is refused is taken back at once: copies are dropped next, and nothing is to be locked meanwhile."""
    try:
        yield
    except Exception:
        db.session.rollback()
        raise


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
    left = leaving.named(session, sender.id, [(one.sha256, one.size) for one in answer.documents])
    session.commit()  # nothing is open while the store copies
    with leaving.copied(house.store, left) as copies, _nothing_open_after():
        is_known = answers_in.known(session, house.directory, opened)
        unnamed = [one.object_key for one in copies]
        if not is_known:
            scans = house.scanner is not None
            unnamed = answers_in.deposit(session, house.directory, opened, copies, now(), has_antivirus=scans)
    session.commit()
    house.store.discard_all(unnamed)
    said = "repetido" if is_known else "aplicado"
    log.info("respuesta %s about %s: %s", answer.header.message_id, answer.header.cuo, said)
    return said
