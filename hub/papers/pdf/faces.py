"""The two faces of the papers: read once a process, embedded whole, so that no paper pays for cutting a font down.

They hold Latin letters with every mark, also of the Peruvian languages; any other sign is shown as one that is missing.
"""

import unicodedata
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from hub.papers.pdf.objects import Objects

FONTS: Final = Path(__file__).parents[1] / "fonts"
MISSING: Final = "\ufffd"
_FILES: Final = {
    "": ("DejaVuSans-latin.ttf", b"MESAIA+DejaVuSans"),
    "B": ("DejaVuSans-Bold-latin.ttf", b"MESAIB+DejaVuSans-Bold"),
}
_CMAP_HEAD: Final = (
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_CMAP_FOOT: Final = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


class _Codes(dict[int, str]):
    """Code point -> the four hex digits of its glyph; the missing sign for what the face has not."""

    def __missing__(self, code: int) -> str:
        return self[ord(MISSING)]


class _Widths(dict[str, float]):
    def __missing__(self, letter: str) -> float:
        return self[MISSING]


@dataclass(frozen=True)
class Face:
    """A face: widths in thousandths of its size, and the parts that embed it, deflated once."""

    name: bytes
    codes: _Codes
    widths: _Widths
    program: bytes
    length: int
    to_unicode: bytes
    advances: bytes
    descriptor: bytes
    _known: dict[str, float] = field(default_factory=dict)

    def show(self, text: str) -> bytes:
        """The text as a hex string of glyphs."""
        return b"<" + text.translate(self.codes).encode() + b">"

    def width(self, text: str, size: float) -> float:
        """Width in points."""
        widths = self.widths
        return sum([widths[letter] for letter in text]) * size / 1000

    def embed(self, objects: Objects) -> int:
        """Write the face into a document. Gives the number of its font dictionary."""
        program = objects.put_stream(b"/Length1 %d" % self.length, self.program, is_deflated=True)
        to_unicode = objects.put_stream(b"", self.to_unicode, is_deflated=True)
        descriptor = objects.put(
            b"<< /Type /FontDescriptor /FontName /%s %s /FontFile2 %d 0 R >>" % (self.name, self.descriptor, program)
        )
        below = objects.put(
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDToGIDMap /Identity /FontDescriptor %d 0 R "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 600 /W %s >>"
            % (self.name, descriptor, self.advances)
        )
        return objects.put(
            b"<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] "
            b"/ToUnicode %d 0 R >>" % (self.name, below, to_unicode)
        )


def clean(text: str) -> str:
    """Text as it can be set: composed, without control signs."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter if letter.isprintable() else " " for letter in composed)


@cache
def face(style: str) -> Face:
    """The face of a style: "" or "B". Read once a process."""
    from fontTools.ttLib import TTFont

    file, name = _FILES[style]
    program = (FONTS / file).read_bytes()
    font: Any = TTFont(FONTS / file)
    glyphs = {code: font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()}
    scale = 1000 / font["head"].unitsPerEm
    order, metrics = font.getGlyphOrder(), font["hmtx"].metrics
    advances = [round(metrics[glyph][0] * scale, 2) for glyph in order]
    return Face(
        name=name,
        codes=_Codes({code: f"{glyph:04X}" for code, glyph in glyphs.items()}),
        widths=_Widths({chr(code): advances[glyph] for code, glyph in glyphs.items()}),
        program=zlib.compress(program, 9),
        length=len(program),
        to_unicode=zlib.compress(_to_unicode(glyphs), 9),
        advances=b"[0 [" + " ".join(format(one, "g") for one in advances).encode() + b"]]",
        descriptor=_descriptor(font, scale),
    )


def _to_unicode(glyphs: dict[int, int]) -> bytes:
    first: dict[int, int] = {}
    for code, glyph in sorted(glyphs.items()):
        first.setdefault(glyph, code)
    rows = [f"<{glyph:04X}> <{code:04X}>" for glyph, code in sorted(first.items())]
    blocks = [rows[begin : begin + 100] for begin in range(0, len(rows), 100)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return _CMAP_HEAD + body.encode() + _CMAP_FOOT


def _descriptor(font: Any, scale: float) -> bytes:
    head, lines = font["head"], font["hhea"]
    box = b" ".join(b"%d" % round(one * scale) for one in (head.xMin, head.yMin, head.xMax, head.yMax))
    ascent, descent = round(lines.ascent * scale), round(lines.descent * scale)
    is_bold = font["OS/2"].usWeightClass >= 600
    return b"/Flags 32 /FontBBox [%s] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight 729 /StemV %d" % (
        box, ascent, descent, 165 if is_bold else 88,
    )  # fmt: skip
