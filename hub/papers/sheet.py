"""The sheet that every paper of the hub is written on: A4, tagged, archival, with the open place of its seal.

Blocks go down the page and on to the next: `masthead`, `heading`, `paragraph`, `facts`, `table`, `items`, `link`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Final

from hub.papers.pdf.archive import LANGUAGE, metadata, output_intent, pdf_date
from hub.papers.pdf.canvas import HEIGHT, WIDTH, Canvas, Style
from hub.papers.pdf.objects import BYTE_RANGE, Objects, text_string
from hub.papers.pdf.tags import Element
from hub.papers.qr import qr_rows, runs

LEFT: Final = 54.0
RIGHT: Final = WIDTH - 54.0
TOP: Final = 54.0
BOTTOM: Final = HEIGHT - 74.0
QR: Final = 96.0
INK, QUIET, ACCENT, LINE = (0.08, 0.13, 0.12), (0.31, 0.37, 0.36), (0.03, 0.25, 0.22), (0.79, 0.83, 0.82)
TITLE = Style(18, 23, ACCENT, "B")
BIG = Style(17, 22, INK, "B")
HEADING = Style(11, 15, ACCENT, "B")
BODY = Style(9.5, 13, INK)
STRONG = Style(9.5, 13, INK, "B")
LABEL = Style(8.5, 13, QUIET)
SMALL = Style(8, 11, QUIET)
HEAD_CELL = Style(8, 11, QUIET, "B")
CODE = Style(7, 10, QUIET)
SEAL_REASON: Final = "Sello de integridad del sistema"
Cell = str | tuple[str, str]
"""What a cell of a table says; of two texts the second stands below, small."""


class Sheet:
    """One paper. `foot` is the line that every page ends with, besides the year's name and its number."""

    def __init__(self, title: str, *, foot: str, year_name: str, made_at: datetime) -> None:
        self._title, self._foot, self._year_name, self._made_at = title, foot, year_name, made_at
        self.canvas = Canvas()
        self.canvas.add_page()
        self.y = TOP

    @property
    def root(self) -> Element:
        return self.canvas.tags.document

    def masthead(self, body: str, title: str, big: Sequence[tuple[str, str]], *, qr: str, alt: str, below: str) -> None:
        """The head of the first page: who says it, what it is, its numbers large, the QR with its code below."""
        wide = RIGHT - QR - 16 - LEFT
        self._flow(self.root.add("P"), body, LABEL, LEFT, wide)
        self._flow(self.root.add("H1"), title, TITLE, LEFT, wide)
        self.y += 4
        for label, value in big:
            block = self.root.add("P")
            self._flow(block, label, SMALL, LEFT, wide)
            self._flow(block, value, BIG, LEFT, wide)
        self._qr(qr, alt)
        self.y = max(self.y, TOP + QR + 4)
        self._flow(self.root.add("P"), below, SMALL, LEFT, RIGHT - LEFT)
        with self.canvas.artifact():
            self.canvas.rule(LEFT, self.y + 4, RIGHT, ACCENT, 1.2)
        self.y += 12

    def heading(self, text: str) -> None:
        """A heading of a part; it stays with what follows it."""
        self.room_for(56)
        self.y += 7
        self._flow(self.root.add("H2"), text, HEADING, LEFT, RIGHT - LEFT)
        self.y += 2

    def paragraph(self, text: str, style: Style = BODY) -> None:
        """A paragraph over the whole width."""
        self._flow(self.root.add("P"), text, style, LEFT, RIGHT - LEFT)
        self.y += 4

    def items(self, texts: Sequence[str]) -> None:
        """A numbered list."""
        whole = self.root.add("L", attributes=b"<< /O /List /ListNumbering /Decimal >>")
        for number, text in enumerate(texts, 1):
            item = whole.add("LI")
            self.room_for(BODY.leading)
            with self.canvas.marked(item.add("Lbl")):
                self.canvas.text(LEFT, self.y + BODY.size, f"{number}.", BODY)
            self._flow(item.add("LBody"), text, BODY, LEFT + 20, RIGHT - LEFT - 20)
            self.y += 2

    def link(self, words: str, address: str) -> None:
        """A paragraph of words and an address that can be opened."""
        block = self.root.add("P")
        self._flow(block, words, SMALL, LEFT, RIGHT - LEFT)
        place = block.add("Link")
        lines = SMALL.wrap(address, RIGHT - LEFT)
        self.room_for(SMALL.leading * len(lines))
        top = self.y
        self._flow(place, address, SMALL, LEFT, RIGHT - LEFT)
        wide = max(SMALL.face.width(line, SMALL.size) for line in lines)
        self.canvas.link((LEFT, top, LEFT + wide, self.y), address, place)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """A table of names and what each is; an empty one is left out."""
        self.table((), [fact for fact in facts if fact[1]], (128.0, 0.0))

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float]) -> None:
        """A table. `widths` in points, 0 for the rest. Its heads come again on each page; without any, the first
        cell of a row is its head."""
        from hub.papers.tables import draw

        draw(self, heads, rows, widths)
        self.y += 4

    def room_for(self, height: float) -> bool:
        """Go on to a new page unless so much still fits. True where it did."""
        if self.y + height <= BOTTOM:
            return False
        self.canvas.add_page()
        self.y = TOP
        return True

    def output(self, place: int = 0) -> bytes:
        """The file; `place`: bytes left open for a seal, 0 for none."""
        for index in range(len(self.canvas.pages)):
            self.canvas.at = index
            self._foot_of(index)
        objects = Objects()
        tree, seal = objects.reserve(), objects.reserve() if place else 0
        if seal:
            self.canvas.tags.annotate(seal, self.root.add("Form", alt=SEAL_REASON))
        pages = self.canvas.write(objects, tree, seal)
        form = self._seal_field(objects, seal, pages[0], place) if seal else b""
        structure = self.canvas.tags.write(objects, pages)
        xmp, info = metadata(objects, self._title, hub_version(), self._made_at)
        catalog = objects.put(
            b"<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /OutputIntents [%s] /MarkInfo << /Marked true >> "
            b"/StructTreeRoot %d 0 R /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >>%s >>"
            % (tree, xmp, output_intent(objects), structure, LANGUAGE.encode(), form)
        )
        return objects.finish(catalog, info)

    def _seal_field(self, objects: Objects, field: int, page: int, place: int) -> bytes:
        """The seal's field, its open value; gives the catalog's entry."""
        value = objects.put_whole(
            b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached %s "
            b"/Contents <%s> /M %s /Reason %s >>"
            % (BYTE_RANGE, b"0" * (2 * place), pdf_date(self._made_at), text_string(SEAL_REASON))
        )
        objects.put(
            b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (sello) /TU %s /Rect [0 0 0 0] /F 132 /P %d 0 R /V %d 0 R "
            b"/StructParent %d >>" % (text_string(SEAL_REASON), page, value, len(self.canvas.pages)),
            field,
        )
        return b" /AcroForm << /Fields [%d 0 R] /SigFlags 3 >>" % field

    def _foot_of(self, index: int) -> None:
        with self.canvas.artifact(b"/Type /Pagination /Subtype /Footer"):
            self.canvas.rule(LEFT, BOTTOM + 14, RIGHT, LINE)
            self.canvas.text(LEFT, BOTTOM + 26, f"«{self._year_name}»", CODE)
            self.canvas.text(LEFT, BOTTOM + 37, self._foot, CODE)
            count = f"Página {index + 1} de {len(self.canvas.pages)}"
            self.canvas.text(RIGHT - CODE.face.width(count, CODE.size), BOTTOM + 37, count, CODE)

    def _flow(self, element: Element, text: str, style: Style, x: float, width: float) -> None:
        """Write the lines of a text, over as many pages as it takes."""
        waiting = style.wrap(text, width)
        while waiting:
            self.room_for(style.leading)
            fits = max(1, int((BOTTOM - self.y) // style.leading))
            with self.canvas.marked(element):
                for line in waiting[:fits]:
                    self.canvas.text(x, self.y + style.size, line + " ", style)
                    self.y += style.leading
            waiting = waiting[fits:]

    def _qr(self, address: str, alt: str) -> None:
        rows = qr_rows(address)
        step, left = QR / len(rows), RIGHT - QR
        box = b"<< /O /Layout /Placement /Block /BBox [%.2f %.2f %.2f %.2f] >>" % (
            left, HEIGHT - TOP - QR, RIGHT, HEIGHT - TOP,
        )  # fmt: skip
        with self.canvas.marked(self.root.add("Figure", alt=alt, attributes=box)):
            self.canvas.boxes([(left + x * step, TOP + y * step, n * step, step) for x, y, n in runs(rows)], INK)


@cache
def hub_version() -> str:
    """The version of the hub, as every paper says it."""
    return f"Mesa Integrada {version('mesa-integrada')}"
