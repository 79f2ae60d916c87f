"""PDFs and their signatures: the hub's seal on the papers it makes, and who signed a PDF that comes in.

The seal is PAdES B-B; B-T where a time-stamp authority answers (ETSI EN 319 142-1). It proves the paper's origin and
integrity and is no qualified signature.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from hub.core.ports import Signer, TimeStamper

PLACE: Final = 4_096
"""Bytes that a seal takes in a paper."""
PLACE_WITH_STAMP: Final = 12_288
"""The same with a time-stamp, whose authority sends along its certificates."""


@dataclass(frozen=True)
class Sealed:
    """A sealed paper. `stamped_at` is None without a time-stamp; `trouble` is then the code of why, or empty."""

    pdf: bytes
    stamped_at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True)
class PdfSignature:
    """One signature of a PDF that came in, as it says itself: nothing here says that its certificate is trusted.

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


class Sealer:
    """The hub's seal, its key held. `chain` are the certificates (PEM) above the leaf, sent along."""

    def __init__(self, signer: Signer, chain: tuple[bytes, ...] = (), timestamper: TimeStamper | None = None) -> None:
        raise NotImplementedError

    def seal(self, pdf: bytes) -> Sealed:
        """Seal a paper that has an empty place for it. A time-stamp authority that fails leaves it unstamped.

        Raises ContractError PDF_WITHOUT_PLACE.
        """
        raise NotImplementedError


def signatures_in(pdf: bytes | BinaryIO) -> tuple[PdfSignature, ...]:
    """The signatures of a PDF, in the order they were made; none for one that has none.

    Raises ContractError PDF_UNREADABLE for a file that says it is signed and cannot be read.
    """
    raise NotImplementedError
