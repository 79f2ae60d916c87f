"""What the REST and the SOAP door do alike with a message whose seal holds."""

import logging
from uuid import UUID

from hub import receiving
from hub.clock import now
from hub.core.statuses import InboundStatus
from hub.extensions import db, services
from hub.wire.seal import Opened

log = logging.getLogger("mesa.api")


def take(opened: Opened, channel: str) -> tuple[UUID, str]:
    """Keep a message and act on it; both are committed when this returns.

    Gives its id and, in the words of the contract, what became of it: aplicado; guardado, where it waits for its turn
    or for a person; repetido, for what was here already. Raises ContractError.
    """
    receiving.check_answer(db.session, opened)
    received = receiving.received_of(opened, channel)
    status, is_new = receiving.take(db.session, services().directory, received, now())
    said = "aplicado" if status is InboundStatus.APPLIED else "guardado"
    said = said if is_new else "repetido"
    log.info("%s %s about %s: %s", received.kind, received.message_id, received.news.cuo, said)
    return received.message_id, said
