"""The worker's round that has the parts of the next months ready before anybody writes into them."""

import logging

from sqlalchemy.exc import DBAPIError, IntegrityError

from hub import partitions
from hub.dispatch import Tools

log = logging.getLogger("mesa.worker")


def make_months(tools: Tools) -> int:
    """Make what is missing, a transaction a part; what cannot be made now is the next round's. Gives how many."""
    with tools.sessions() as session:
        wanted = list(partitions.missing(session, tools.clock()))
    made = 0
    for table, month in wanted:
        with tools.sessions() as session:
            if not partitions.is_my_turn(session):
                break
            try:
                name = partitions.make(session, table, month)
                session.commit()
            except IntegrityError:
                log.warning("%s has rows of %s in its default part: mesa partitions --ordenar", table, f"{month:%Y-%m}")
            except DBAPIError as error:
                log.warning("part of %s for %s not made: %s", table, f"{month:%Y-%m}", type(error.orig).__name__)
            else:
                log.info("part %s stands ready", name)
                made += 1
    return made
