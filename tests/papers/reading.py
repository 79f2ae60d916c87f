"""A reader of our PDFs that shares nothing with what writes them: words through ToUnicode, structure by its tree."""

import re
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf


@dataclass
class Piece:
    """Marked content: the tag it stands in, its mcid (None for an artifact), its words."""

    tag: str
    mcid: int | None
    words: str = ""


@dataclass
class Read:
    """A document as it is read: pieces of each page, and the Pdf, which has to stay open."""

    pdf: pikepdf.Pdf
    pages: list[list[Piece]] = field(default_factory=list)

    @property
    def words(self):
        return " ".join(piece.words for page in self.pages for piece in page)


def read(data):
    pdf = pikepdf.open(BytesIO(data))
    found = Read(pdf)
    for page in pdf.pages:
        maps = {name: _map(font) for name, font in page.Resources.Font.items()}
        found.pages.append(_pieces(page, maps))
    return found


def words(data):
    """The words of a PDF, each line after the other, with single spaces."""
    return " ".join(read(data).words.split())


def _map(font):
    text = bytes(font.ToUnicode.read_bytes()).decode()
    pairs = re.findall(r"<([0-9A-F]{4})> <([0-9A-F]{4})>", text)
    return {int(glyph, 16): chr(int(code, 16)) for glyph, code in pairs}


def _pieces(page, maps):
    pieces, font, stack = [], "/F", []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "BDC":
            mcid = operands[1].get("/MCID")
            pieces.append(Piece(str(operands[0]), None if mcid is None else int(mcid)))
            stack.append(pieces[-1])
        elif name == "EMC":
            stack.pop()
        elif name == "Tf":
            font = str(operands[0])
        elif name == "Tj":
            codes = bytes(operands[0])
            shown = "".join(maps[font][int.from_bytes(codes[at : at + 2], "big")] for at in range(0, len(codes), 2))
            assert stack, f"content that is neither tagged nor an artifact: {shown}"
            stack[-1].words += shown
        elif name in ("S", "f"):
            assert stack, "a shape that is neither tagged nor an artifact"
    return pieces
