"""The numbers of the house and of the State, checked when made."""

import hmac
import re
from typing import Final
from uuid import UUID

from hub.core.errors import InvalidIdentifier

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RUC_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_RUC_PREFIXES = ("10", "15", "16", "17", "20")
_PASSPORT = re.compile(r"[A-Z0-9]{5,20}")
_TEMPORARY = re.compile(r"[A-Z0-9]{9,15}")


def _check_digit_11_10(digits: str) -> str:
    """ISO 7064 MOD 11,10 check digit of a string of digits."""
    check = 10
    for digit in digits:
        check = (check + int(digit)) % 10 or 10
        check = check * 2 % 11
    return str((11 - check) % 10)


class FilingNumber(str):
    """The citizen's one number: `2026-0001234-6`, the last digit by ISO 7064 MOD 11,10 over the other eleven."""

    __slots__ = ()
    _FORM = re.compile(r"(\d{4})-?(\d{7})-?(\d)")

    def __new__(cls, text: str) -> "FilingNumber":
        match = cls._FORM.fullmatch(text.strip().replace(" ", ""))
        if not match or _check_digit_11_10(match[1] + match[2]) != match[3]:
            raise InvalidIdentifier(text, code="FILING_NUMBER_INVALID")
        return super().__new__(cls, f"{match[1]}-{match[2]}-{match[3]}")

    @classmethod
    def of(cls, year: int, sequence: int) -> "FilingNumber":
        """Make the number of a year and a sequence (1 to 9,999,999)."""
        body = f"{year:04d}{sequence:07d}"
        return cls(f"{body[:4]}-{body[4:]}-{_check_digit_11_10(body)}")


class Cuo(str):
    """Código Único de Operación: ten digits, one per delivery."""

    __slots__ = ()

    def __new__(cls, text: str | int) -> "Cuo":
        value = f"{text:010d}" if isinstance(text, int) else text.strip()
        if not re.fullmatch(r"[0-9]{10}", value):
            raise InvalidIdentifier(str(text), code="CUO_INVALID")
        return super().__new__(cls, value)


class Ruc(str):
    """Registro Único de Contribuyentes: eleven digits, prefix 10, 15, 16, 17 or 20, check digit modulo 11."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Ruc":
        value = text.strip()
        if not re.fullmatch(r"[0-9]{11}", value):
            raise InvalidIdentifier(text, code="RUC_LENGTH")
        if not value.startswith(_RUC_PREFIXES):
            raise InvalidIdentifier(text, code="RUC_PREFIX")
        total = sum(weight * int(digit) for weight, digit in zip(_RUC_WEIGHTS, value, strict=False))
        if (11 - total % 11) % 10 != int(value[10]):
            raise InvalidIdentifier(text, code="RUC_CHECK_DIGIT")
        return super().__new__(cls, value)


def check_person_document(kind: str, number: str) -> str:
    """Check an identity document and give it in its stored form.

    `kind` is "dni" (8 digits), "ce" (carné de extranjería, 9 digits), "passport" (5 to 20 letters and
    digits) or "ptp" (temporary permit, 9 to 15). Raises InvalidIdentifier with a code.
    """
    value = re.sub(r"[\s.-]", "", number).upper()
    if kind == "dni" and not re.fullmatch(r"[0-9]{8}", value):
        raise InvalidIdentifier(number, code="DNI_LENGTH")
    if kind == "ce" and not re.fullmatch(r"[0-9]{9}", value):
        raise InvalidIdentifier(number, code="CE_LENGTH")
    if kind == "passport" and not _PASSPORT.fullmatch(value):
        raise InvalidIdentifier(number, code="PASSPORT_FORM")
    if kind == "ptp" and not _TEMPORARY.fullmatch(value):
        raise InvalidIdentifier(number, code="PTP_FORM")
    if kind not in PERSON_DOCUMENTS:
        raise InvalidIdentifier(kind, code="DOCUMENT_KIND_UNKNOWN")
    return value


PERSON_DOCUMENTS: Final = ("dni", "ce", "passport", "ptp")


def mask(number: str) -> str:
    """Show only the last three characters of an identity document (Ley 29733: no more than is needed)."""
    return "*" * max(len(number) - 3, 0) + number[-3:]


def _base32(bits: bytes) -> str:
    value = int.from_bytes(bits, "big")
    length = len(bits) * 8 // 5
    return "".join(CROCKFORD[value >> 5 * (length - 1 - i) & 31] for i in range(length))


def tracking_key(secret: bytes, filing_number: str, key_version: int) -> str:
    """The eight characters that open a filing's tracking: 40 bits of an HMAC, so that they need not be stored."""
    digest = hmac.digest(secret, f"seguimiento:{filing_number}:{key_version}".encode(), "sha256")
    return _base32(digest[:5])


def is_tracking_key(typed: str, secret: bytes, filing_number: str, key_version: int) -> bool:
    """Compare what a person typed, in constant time; O, I and L are read as Crockford does, dashes are skipped."""
    folded = re.sub(r"[\s-]", "", typed).upper().translate(str.maketrans("OIL", "011"))
    return hmac.compare_digest(folded.encode(), tracking_key(secret, filing_number, key_version).encode())


def verification_code(random_bytes: bytes) -> str:
    """Sixteen characters of base32 in fours, from ten random bytes: printed in the QR of each PDF."""
    text = _base32(random_bytes[:10])
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def receipt_token(secret: bytes, notice_id: int) -> str:
    """What the address in an alert's mail ends with: 100 bits of an HMAC, for one notice, so that none is stored."""
    digest = hmac.digest(secret, f"acuse:{notice_id}".encode(), "sha256")
    return _base32(digest[:15])[:20]


def is_receipt_token(typed: str, secret: bytes, notice_id: int) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(typed.encode(), receipt_token(secret, notice_id).encode())


def is_ruc_of(ruc: str, document_kind: str, document_number: str) -> bool:
    """False for the RUC of a person (10...) whose digits 3 to 10 are not this DNI (DL 943); else nothing is known."""
    if document_kind != "dni" or not ruc.startswith("10") or len(ruc) != 11:
        return True
    return ruc[2:10] == document_number


def entry_number(sequence: int, year: int) -> str:
    """The register of the body whose counter took a filing: `00123-2026`."""
    return f"{sequence:05d}-{year}"


def bundle_token(secret: bytes, message_id: UUID) -> str:
    """What the one-time link to an evidence bundle ends with: 100 bits of an HMAC, for one letter."""
    digest = hmac.digest(secret, f"expediente:{message_id.hex}".encode(), "sha256")
    return _base32(digest[:15])[:20]


def is_bundle_token(typed: str, secret: bytes, message_id: UUID) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(typed.encode(), bundle_token(secret, message_id).encode())
