"""One PDF of photographs: the leaves of a paper that was photographed at the counter, a page each, as they came."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from hub.core.errors import InvalidFiling, Problem

WIDE, HIGH, MARGIN = 210.0, 297.0, 8.0
MOST_PIXELS: Final = 120_000_000
"""Of one photograph; a telephone's has a tenth."""


def pdf_of(photographs: Sequence[tuple[str, bytes]]) -> bytes:
    """Pages of A4, in order. `photographs`: (file name, JPEG or PNG). Raises InvalidFiling for what is no picture."""
    from fpdf import FPDF  # heavy: only where a paper was photographed

    pdf = FPDF(unit="mm", format="A4")
    pdf.set_title("Documento fotografiado en la mesa de partes")
    pdf.set_auto_page_break(False)
    for name, content in photographs:
        picture = _opened(name, content)
        pdf.add_page(orientation="L" if picture.width > picture.height else "P")
        pdf.image(
            picture, x=MARGIN, y=MARGIN, w=pdf.w - 2 * MARGIN, h=pdf.h - 2 * MARGIN, keep_aspect_ratio=True
        )
    return bytes(pdf.output())


def _opened(name: str, content: bytes):  # type: ignore[no-untyped-def]  # a Pillow image, upright
    from PIL import Image, ImageOps

    try:
        picture = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(picture)
        return upright.convert("RGB") if upright.mode not in ("RGB", "L") else upright
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidFiling((Problem("photographs", "PHOTOGRAPH_UNREADABLE", {"name": name}),)) from error
