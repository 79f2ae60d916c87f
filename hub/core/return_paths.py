"""Return paths: the envelope's sender of each letter names the letter, and nobody else can make one (VERP, signed).

What a mail server cannot deliver it sends back to the envelope's sender (RFC 5321 4.5.5): the address alone tells
which letter came back, whatever the report says.
"""

import hmac
import re
from uuid import UUID

_FORM = re.compile(r"rebote-([0-9a-f]{32})-([0-9a-f]{20})@(.+)", re.IGNORECASE)


def return_address(secret: bytes, message_id: UUID, domain: str) -> str:
    """Where a letter that cannot be delivered comes back to: 80 bits of an HMAC beside the id of its outbox row."""
    return f"rebote-{message_id.hex}-{_mark(secret, message_id)}@{domain}"


def message_of(secret: bytes, address: str, domain: str) -> UUID | None:
    """The letter that an address names; None for one that we never wrote. Compared in constant time."""
    match = _FORM.fullmatch(address.strip())
    if match is None or match[3].casefold() != domain.casefold():
        return None
    message_id = UUID(match[1])
    is_ours = hmac.compare_digest(match[2].lower().encode(), _mark(secret, message_id).encode())
    return message_id if is_ours else None


def _mark(secret: bytes, message_id: UUID) -> str:
    return hmac.digest(secret, f"rebote:{message_id.hex}".encode(), "sha256")[:10].hex()
