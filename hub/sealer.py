"""The sealer: the worker's rounds that seal the events and have the newest root time-stamped."""

import logging

from hub.core.errors import DeliveryFailure
from hub.core.roots import MAX_LEAVES
from hub.dispatch import Tools
from hub.sealing import batch_to_stamp, keep_stamp, keep_trouble, seal_batch

log = logging.getLogger("mesa.worker")
BATCHES = 20
"""Of one round at most: what is left is the next round's."""
STAMPS = 60


def seal_events(tools: Tools) -> int:
    """Seal what waits, a transaction a batch; in several workers one seals at a time. Gives how many events."""
    sealed = 0
    for _ in range(BATCHES):
        with tools.sessions() as session:
            taken = seal_batch(session, tools.ledger_signer, str(tools.directory.operator.ruc), tools.clock())
            session.commit()
        sealed += taken
        if taken < MAX_LEAVES:
            break
    return sealed


def stamp_roots(tools: Tools) -> int:
    """Have the newest root stamped, with no transaction open; gives how many stamps came.

    An authority that does not answer is written down and asked again at the next round: nothing waits for it.
    """
    stamper, stamped = tools.stamper, 0
    while stamper is not None and stamped < STAMPS:
        with tools.sessions() as session:
            wanted = batch_to_stamp(session)
        if wanted is None:
            break
        try:
            stamp = stamper.stamp(wanted.sha256)
        except DeliveryFailure as error:
            log.warning("time-stamp of batch %s: %s", wanted.batch, error.code)
            with tools.sessions() as session:
                keep_trouble(session, error.code, tools.clock())
                session.commit()
            break
        with tools.sessions() as session:
            keep_stamp(session, wanted, stamp, tools.clock())
            session.commit()
        stamped += 1
    return stamped
