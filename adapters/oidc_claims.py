"""What a provider of identities says of a person, in our words. What cannot be is as if it had not been said.

Standard claims (OpenID Connect Core 5.1), and those of ID Perú: `doc`, `first_name`.
"""

from collections.abc import Mapping
from typing import Any

from hub.core.errors import InvalidIdentifier
from hub.core.identifiers import check_person_document
from hub.core.services import SignedIn

_KINDS = {8: "dni", 9: "ce"}
"""By its length: a DNI has eight digits, a carné de extranjería nine."""


def signed_in(issuer: str, claims: Mapping[str, Any], document_claim: str) -> SignedIn:
    """Who the claims say it is. They are checked already; `sub` is among them."""
    kind, number = _document(_text(claims, document_claim, 20))
    email = _text(claims, "email", 254)
    return SignedIn(
        issuer=issuer,
        subject=str(claims["sub"]),
        document_kind=kind,
        document_number=number,
        names=_names(claims),
        email=email if "@" in email else "",
        is_email_verified=claims.get("email_verified") in (True, "true") and "@" in email,
        phone=_text(claims, "phone_number", 20),
    )


def _document(number: str) -> tuple[str, str]:
    kind = _KINDS.get(len(number), "")
    try:
        return kind, check_person_document(kind, number)
    except InvalidIdentifier:
        return "", ""


def _names(claims: Mapping[str, Any]) -> str:
    """Surnames and names as a form asks for them; blank where the surnames were not said."""
    surnames = _text(claims, "family_name", 120) or " ".join(
        part for name in ("last_name", "second_last_name") if (part := _text(claims, name, 60))
    )
    names = _text(claims, "given_name", 120) or _text(claims, "first_name", 120)
    return f"{surnames}, {names}" if surnames and names else ""


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    said = claims.get(name)
    plain = " ".join(said.split()) if isinstance(said, str) else ""
    return plain if plain.isprintable() and len(plain) <= longest else ""
