"""PDFs and their signatures: the hub's seal on the papers it makes, and who signed a PDF that comes in.

The seal is PAdES B-B; B-T where a time-stamp authority answers (ETSI EN 319 142-1). It proves the paper's origin and
integrity and is no qualified signature.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.core.errors import ContractError, DeliveryFailure
from hub.core.ports import Signer
from hub.core.services import TimeStamper
from hub.wire.pdf_signatures import PdfSignature, signatures_in

__all__ = ["PdfSignature", "Sealed", "Sealer", "signatures_in"]

PLACE: Final = 4_096
"""Bytes that a seal takes in a paper."""
PLACE_WITH_STAMP: Final = 12_288
"""The same with a time-stamp, whose authority sends along its certificates."""
_OPEN: Final = re.compile(rb"/ByteRange \[0 0{10} 0{10} 0{10}\] /Contents <(0+)>")


@dataclass(frozen=True)
class Sealed:
    """A sealed paper. `stamped_at` is None without a time-stamp; `trouble` is then the code of why, or empty."""

    pdf: bytes
    stamped_at: datetime | None = None
    trouble: str = ""


class Sealer:
    """The hub's seal, its key held: parsing it anew would cost many times the signature."""

    def __init__(self, signer: Signer, chain: tuple[bytes, ...] = (), timestamper: TimeStamper | None = None) -> None:
        """`chain`: the certificates (PEM) above the signer's, sent along in every seal."""
        from hub.wire.cades import Held

        self._held = Held.of(signer, chain)
        self._timestamper = timestamper

    @property
    def place(self) -> int:
        """Bytes that a paper has to leave open for this seal."""
        return PLACE_WITH_STAMP if self._timestamper else PLACE

    def seal(self, pdf: bytes) -> Sealed:
        """Seal a paper that has an open place for it. A time-stamp authority that fails leaves it without a stamp.

        A seal of integrity, which is no person's "firma digital" (Ley 27269). Raises ContractError
        PDF_WITHOUT_PLACE, or SEAL_TOO_LARGE for a place that does not hold even a plain seal.
        """
        found = _OPEN.search(pdf)
        if found is None:
            raise ContractError("PDF_WITHOUT_PLACE")
        open_at, close_at = found.start(1) - 1, found.end(1) + 1
        ranges = b"/ByteRange [0 %010d %010d %010d]" % (open_at, close_at, len(pdf) - close_at)
        before, after = pdf[: found.start()] + ranges + b" /Contents ", pdf[close_at:]
        digest = hashlib.sha256(before + after).digest()
        cms, stamped_at, trouble = self._signed(digest, found.end(1) - found.start(1))
        room = close_at - open_at - 2
        return Sealed(before + b"<" + cms.hex().encode().ljust(room, b"0") + b">" + after, stamped_at, trouble)

    def _signed(self, digest: bytes, room: int) -> tuple[bytes, datetime | None, str]:
        """The seal (DER), stamped if it may be; what went wrong with the stamp otherwise."""
        trouble = ""
        if self._timestamper is not None:
            try:
                cms, at = self._held.seal(digest, self._timestamper)
                if 2 * len(cms) <= room:
                    return cms, at, ""
                trouble = "STAMP_TOO_LARGE"
            except DeliveryFailure as error:
                trouble = error.code
        cms, _ = self._held.seal(digest, None)
        if 2 * len(cms) > room:
            raise ContractError("SEAL_TOO_LARGE", str(len(cms)))
        return cms, None, trouble
