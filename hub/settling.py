"""The worker's rounds of the calendar: days by decree brought to the open terms, corrections extended by an outage."""

from hub import decrees, outages
from hub.dispatch import Tools
from hub.entities import load


def settle_days(tools: Tools) -> int:
    """Count anew the open terms that a day by decree touches, a transaction a page; gives how many terms changed."""
    with tools.sessions() as session:
        waiting = [row.id for row in decrees.unsettled(session, tools.clock())]
    changed = 0
    for row_id in waiting:
        with tools.sessions() as session:
            row = decrees.recorded(session, row_id)
            for moved in decrees.settle(session, load(session, tools.clock()), row, tools.clock()):
                session.commit()
                changed += moved
    return changed


def extend_corrections(tools: Tools) -> int:
    """While filing does not work, extend the corrections whose last day it is; gives how many."""
    with tools.sessions() as session:
        extended = outages.extend_running(session, tools.directory, tools.clock())
        session.commit()
    return extended
