"""Telephones: the mobiles of Peru in the form that gateways take; any other stays as it was given."""

import re
from typing import Final

PERU: Final = "+51"
_MOBILE = re.compile(r"(?:\+51|0051|51)?(9[0-9]{8})")


def is_number(phone: str) -> bool:
    """True for what can be a telephone: six digits or more."""
    return len(re.sub(r"[^0-9]", "", phone)) >= 6


def is_mobile(phone: str) -> bool:
    """True for a mobile of Peru, which an SMS reaches; any other may be a landline."""
    return for_gateway(phone).startswith(f"{PERU}9")


def for_gateway(phone: str) -> str:
    """A phone as typed, as a gateway takes it: "987 654 321" is "+51987654321".

    A number that is no mobile of Peru is given without its blanks and dashes, and nothing more: the gateway decides.
    """
    plain = re.sub(r"[\s().-]", "", phone)
    mobile = _MOBILE.fullmatch(plain)
    return f"{PERU}{mobile[1]}" if mobile else plain
