"""Comparing both ends, as a worker does it: at night each institution once, and whenever somebody asks for it."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from hub import comparisons
from hub.core.calendar import LIMA, local_date
from hub.dispatch import Tools
from hub.models import Comparison
from hub.reconciling.comparing_one import carry_out

log = logging.getLogger("mesa.worker")
AT_ONCE: Final = 4
"""Institutions that one worker compares at the same time."""


def reconcile(tools: Tools) -> int:
    """Plan the night when its hour has come, and compare what is due. Gives how many comparisons came to an end."""
    if tools.stopping.is_set():
        return 0
    with tools.sessions() as session:
        now, directory = tools.clock(), tools.directory
        if is_night(tools.settings.reconcile_at, now):
            bodies = [one.id for one in directory.active(local_date(now))]
            comparisons.plan_night(session, bodies, local_date(now) - timedelta(days=1), now)
        session.commit()
    return compare(tools, claim(tools))


def claim(tools: Tools, wanted: Sequence[int] | None = None) -> list[Comparison]:
    """Up to AT_ONCE comparisons that are due and nobody makes, of all or of the wanted ones; they are ours now."""
    with tools.sessions() as session:
        found = comparisons.claim(session, tools.name, tools.clock(), tools.lease, AT_ONCE, wanted)
        session.commit()
        return found


def is_night(hour: str, now: datetime) -> bool:
    """True from the set hour of Peru on, until the end of the day; never where none is set."""
    return bool(hour) and f"{now.astimezone(LIMA):%H:%M}" >= hour


def compare(tools: Tools, runs: list[Comparison]) -> int:
    """Carry out comparisons that this process has claimed, side by side."""
    if not runs:
        return 0
    with ThreadPoolExecutor(len(runs), thread_name_prefix="compare") as pool:
        return sum(pool.map(lambda run: _guarded(tools, run), runs))


def _guarded(tools: Tools, run: Comparison) -> int:
    """What goes wrong with one institution is not the next one's; its lease frees the comparison."""
    try:
        return int(carry_out(tools, run))
    except Exception:
        log.exception("comparison %s failed", run.id)
        return 0
