"""Letters that wait though no address refuses them: no server was there for them, or nobody tried."""

from typing import Final

from sqlalchemy import ColumnElement, or_

from hub.models import OutboundMessage

UNREACHABLE: Final = frozenset({"MAIL_UNREACHABLE", "SMS_UNREACHABLE", "WEBHOOK_UNREACHABLE"})
"""The server's fault, not the letter's."""


def nobody_took() -> ColumnElement[bool]:
    """One that an address refuses, or whose mailbox is full, is its own affair."""
    return or_(OutboundMessage.attempts == 0, OutboundMessage.last_code.in_(UNREACHABLE))
