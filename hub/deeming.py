"""Deeming: the worker's round over notices whose window is over (Ley 31736)."""

import logging

from hub import notified
from hub.dispatch import Tools

log = logging.getLogger("mesa.worker")


def deem_notices(tools: Tools) -> int:
    """Take as notified what nobody opened in its five business days; one transaction a notice. Safe in many workers."""
    with tools.sessions() as session:
        found = notified.due(session, tools.clock())
    return sum(_deem(tools, notice_id) for notice_id in found)


def _deem(tools: Tools, notice_id: int) -> int:
    with tools.sessions() as session:
        is_done = notified.deem(session, tools.directory, notice_id, tools.clock())
        session.commit()
    if is_done:
        log.info("notice %s counts as notified", notice_id)
    return int(is_done)
