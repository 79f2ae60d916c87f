"""The worker's round that keeps the dashboard's figures: one worker at a time, a transaction for each span."""

from hub.dispatch import Tools
from hub.figures import counting


def add_up(tools: Tools, most: int = 10) -> int:
    """Count what is due, so many days that are over at most; gives how many spans were counted."""
    with tools.sessions() as session:
        spans = counting.due(session, tools.clock(), most)
    counted = 0
    for start, until in spans:
        with tools.sessions() as session:
            if not counting.may_count(session):
                break
            counting.count(session, tools.directory, start, until, tools.clock())
            session.commit()
            counted += 1
    return counted
