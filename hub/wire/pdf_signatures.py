"""Who signed a PDF that comes in, read from the file itself: nothing here asks whether a certificate is trusted."""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

from hub.core.calendar import LIMA
from hub.core.errors import ContractError, InvalidIdentifier
from hub.core.identifiers import Ruc
from hub.wire.running import run

MOST_SIGNATURES: Final = 64
_CHUNK: Final = 1024 * 1024
_MARK: Final = b"/ByteRange"
_FAU: Final = re.compile(r"\s*\bFAU\s+(?P<ruc>\d{11})(?:\s+(?:soft|hard))?\b", re.IGNORECASE)
_RUC: Final = re.compile(r"(?<!\d)(\d{11})(?!\d)")
_PLACES: Final = ("organization_identifier", "organizational_unit_name", "serial_number")


@dataclass(frozen=True)
class PdfSignature:
    """One signature of a PDF that came in, as it says itself.

    `at` is the signing time it claims, or its time-stamp's where `is_stamped`. `is_intact`: the bytes it covers are
    the ones that were signed, by the key of its certificate. `covers_all`: nothing was added to the file afterwards.
    """

    signer: str
    organisation: str
    ruc: str
    at: datetime | None
    is_stamped: bool
    is_intact: bool
    covers_all: bool
    authority: str
    field: str = ""


def signatures_in(pdf: bytes | BinaryIO) -> tuple[PdfSignature, ...]:
    """The signatures of a PDF, in the order they were made; none for one that has none.

    Three kinds of electronic signature exist (Ley 27269; DS 052-2008-PCM): which one this is, the file cannot say.
    Raises ContractError PDF_UNREADABLE for a file that says it is signed and cannot be read.
    """
    stream = io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    if not mentions_a_signature(stream):
        return ()
    stream.seek(0)
    try:
        return tuple(_read_all(stream))
    except Exception as error:  # a stranger's file: whatever the library stumbles over, it is the file's
        raise ContractError("PDF_UNREADABLE", type(error).__name__) from error


def mentions_a_signature(stream: BinaryIO) -> bool:
    """Whether the mark that every signature must leave unpacked is in the file; most are told by this alone."""
    tail = b""
    while piece := stream.read(_CHUNK):
        if _MARK in tail + piece:
            return True
        tail = piece[-len(_MARK) :]
    return False


def _read_all(stream: BinaryIO) -> Iterator[PdfSignature]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(stream, strict=False)
    for signature in reader.embedded_regular_signatures[:MOST_SIGNATURES]:
        yield _read(signature)


def _read(signature: Any) -> PdfSignature:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    certificate = signature.signer_cert
    digest = signature.compute_digest()
    is_same, is_signed = validate_sig_integrity(signature.signer_info, certificate, "data", digest)
    coverage = signature.evaluate_signature_coverage()
    stamped = _stamped_at(signature)
    signer, organisation, ruc = named_in(certificate.subject.native)
    return PdfSignature(
        signer=signer,
        organisation=organisation,
        ruc=ruc,
        at=stamped or _aware(signature.self_reported_timestamp),
        is_stamped=stamped is not None,
        is_intact=is_same and is_signed and coverage is not SignatureCoverageLevel.UNCLEAR,
        covers_all=coverage is SignatureCoverageLevel.ENTIRE_FILE,
        authority=_short(certificate.issuer.native),
        field=str(signature.field_name)[:100],
    )


def named_in(subject: dict[str, Any]) -> tuple[str, str, str]:
    """Signer, organisation and RUC by a certificate's subject.

    Certificates of the State write "APELLIDOS Nombres FAU 20131366028 hard"; others put the RUC in the
    organizationIdentifier, the unit or the serial number. A number that is no RUC is left out.
    """
    common = _text(subject.get("common_name"))
    places = [match["ruc"] for match in [_FAU.search(common)] if match]
    for place in _PLACES:
        places += _RUC.findall(_text(subject.get(place)))
    signer = _FAU.sub("", common).strip() or _text(subject.get("organization_name"))
    ruc = next((one for one in places if _is_ruc(one)), "")
    return signer[:250], _text(subject.get("organization_name"))[:250], ruc


def _is_ruc(text: str) -> bool:
    try:
        Ruc(text)
    except InvalidIdentifier:
        return False
    return True


def _text(value: object) -> str:
    """A name of a certificate, which may be said several times."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _short(name: dict[str, Any]) -> str:
    return (_text(name.get("common_name")) or _text(name.get("organization_name")))[:250]


def _aware(at: datetime | None) -> datetime | None:
    """A time without zone is meant in the hour of Peru."""
    return at.replace(tzinfo=LIMA) if at is not None and at.tzinfo is None else at


def _stamped_at(signature: Any) -> datetime | None:
    """The instant of the signature's own time-stamp, where that is intact and over this signature."""
    from pyhanko.sign.general import CMSExtractionError, find_unique_cms_attribute
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    value = signature.signer_info["signature"].native
    try:
        attributes = signature.signer_info["unsigned_attrs"]
        data = find_unique_cms_attribute(attributes, "signature_time_stamp_token")["content"]
        imprint = data["encap_content_info"]["content"].parsed["message_imprint"]
        nobody = ValidationContext(trust_roots=[], allow_fetching=False)
        status = run(validate_tst_signed_data(data, nobody, lambda name: hashlib.new(name, value).digest()))
        is_over_it = (
            imprint["hashed_message"].native
            == hashlib.new(imprint["hash_algorithm"]["algorithm"].native, value).digest()
        )
    except (CMSExtractionError, SignatureValidationError, ValueError, TypeError, KeyError):
        return None  # no stamp, or none that can be read: the signature then only claims its time
    at: datetime = status["timestamp"]
    return at if status["intact"] and status["valid"] and is_over_it else None
