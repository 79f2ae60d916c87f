"""The worker's round of the calendar: days by decree brought to the open terms."""

from hub import decrees
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
