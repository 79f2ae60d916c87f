"""The worker's round that keeps the dashboard's figures: one worker at a time, a transaction for each span."""

from datetime import datetime, timedelta

from hub.dispatch import Tools
from hub.figures import counting

Span = tuple[datetime, datetime]
NEARLY = 0.9
"""Of the time between two rounds: a worker's own round always finds its last one old enough."""


def add_up(tools: Tools, most: int = 10, is_patient: bool = False) -> int:
    """Count what is due, so many days that are over at most; gives how many spans were counted.

    Where another counts, who is patient waits for its turn; whoever is not leaves it to the other.
    """
    counted: set[Span] = set()
    while (span := _count_next(tools, most, counted, is_patient)) is not None:
        counted.add(span)
    return len(counted)


def add_up_anew(tools: Tools, since: datetime) -> int:
    """Count everything since an instant again, for it was written after its days were over, and perhaps counted."""
    with tools.sessions() as session:
        counting.wait_to_count(session)
        counting.unsettle(session, since)
        session.commit()
    return add_up(tools, most=counting.KEPT.days, is_patient=True)


def _count_next(tools: Tools, most: int, counted: set[Span], is_patient: bool) -> Span | None:
    """Count one more span of this round; None where nothing is due or another worker counts.

    What is due is read under the lock: read before, another worker may have counted the whole day meanwhile.
    """
    days_left = most - sum(until - start == counting.DAY for start, until in counted)
    every = timedelta(seconds=NEARLY * tools.settings.board_every)
    with tools.sessions() as session:
        if is_patient:
            counting.wait_to_count(session)
        elif not counting.may_count(session):
            return None
        now = tools.clock()
        span = next((one for one in counting.due(session, now, days_left, every) if one not in counted), None)
        if span is not None:
            counting.count(session, tools.directory, *span, now)
            session.commit()
        return span
