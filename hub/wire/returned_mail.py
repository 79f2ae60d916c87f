"""Returned mail: what a delivery status notification says (RFC 3464), read without believing anything else of it."""

import email
import email.policy
from dataclasses import dataclass
from email.message import Message

LONGEST_DIAGNOSTIC = 300


@dataclass(frozen=True)
class Report:
    """The failure of a letter: the status of RFC 3463, such as 5.1.1, and what the server that refused it said."""

    status: str
    diagnostic: str


def read_report(raw: bytes) -> Report | None:
    """The failure that a notification tells of; None for delays, for successes and for mail that is none.

    A server that gave up after days says `failed` with a status 4.x.x: that is a failure too (RFC 3464 2.3.3).
    """
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report":
        return None
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            return next((_report(one) for one in _recipients(part) if _action(one) == "failed"), None)
    return None


def _recipients(part: Message) -> list[Message]:
    """The blocks of a status part that are about a recipient; the first one is about the message."""
    blocks = part.get_payload()
    return [one for one in blocks if isinstance(one, Message)] if isinstance(blocks, list) else []


def _action(block: Message) -> str:
    return str(block.get("Action", "")).strip().lower()


def _report(block: Message) -> Report:
    said = " ".join(str(block.get("Diagnostic-Code", "")).split())
    status = str(block.get("Status", "")).strip().split(" ")[0][:12]
    return Report(status or "5.0.0", said[:LONGEST_DIAGNOSTIC])
