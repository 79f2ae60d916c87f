"""The watch: what the clock does to filings by itself. Each thing in a transaction of its own, in several workers."""

import logging

from hub import alarms, lapses, outages
from hub.core.errors import MesaError
from hub.dispatch import Tools

log = logging.getLogger("mesa.worker")


def lapse_observations(tools: Tools) -> int:
    """Let lapse what was not corrected in time (TUO 136.4); gives how many did.

    First an outage that lasts extends what it touches (TUO 145.2).
    """
    with tools.sessions() as session:
        outages.extend_running(session, tools.directory, tools.clock())
        session.commit()
        over = lapses.lapsed_ids(session, tools.clock())
    return sum(_lapse(tools, observation_id) for observation_id in over)


def _lapse(tools: Tools, observation_id: int) -> bool:
    """One observation; what is wrong with it is not the next one's."""
    with tools.sessions() as session:
        try:
            has_lapsed = lapses.lapse(session, observation_id, tools.clock())
        except MesaError:
            log.exception("observation %s could not lapse", observation_id)
            return False
        session.commit()
    return has_lapsed


def write_alarms(tools: Tools) -> int:
    """Write down each paper that was not handed over within 24 hours (TUO 132); gives how many are new."""
    with tools.sessions() as session:
        written = alarms.write_overdue(session, tools.clock())
        session.commit()
    return written
