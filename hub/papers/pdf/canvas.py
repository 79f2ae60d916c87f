"""Pages and what stands on them: text, lines and shapes, each tagged content or an artifact. Points, from the top."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from hub.papers.pdf.faces import Face, clean, face
from hub.papers.pdf.objects import Objects, text_string
from hub.papers.pdf.tags import Element, Tags

WIDTH: Final = 595.28
HEIGHT: Final = 841.89
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Style:
    """How text looks: size and distance of lines in points, "B" for bold, a colour."""

    size: float
    leading: float
    colour: Colour
    bold: str = ""

    @property
    def face(self) -> Face:
        return face(self.bold)

    def wrap(self, text: str, width: float) -> list[str]:
        """The lines of a text; a word that is wider than a line is broken where it ends."""
        lines: list[str] = []
        for paragraph in text.splitlines() or [""]:
            lines += self._wrap(clean(paragraph), width)
        return lines

    def _wrap(self, text: str, width: float) -> list[str]:
        own, size = self.face, self.size
        if own.width(text, size) <= width:
            return [text]
        lines, line = [], ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if own.width(longer, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while own.width(word, size) > width:
                fits = next(end for end in range(len(word), 0, -1) if end == 1 or own.width(word[:end], size) <= width)
                lines.append(word[:fits])
                word = word[fits:]
            line = word
        return [*lines, line]


@dataclass
class Link:
    """A rectangle (left, bottom, right, top, in the PDF's own points) that opens an address."""

    page: int
    box: tuple[float, float, float, float]
    address: str
    element: Element


@dataclass
class Canvas:
    """The pages of one document."""

    tags: Tags = field(default_factory=Tags)
    pages: list[list[bytes]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    at: int = -1
    """The page (index) that is written on."""

    def add_page(self) -> None:
        self.pages.append([])
        self.at = len(self.pages) - 1

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """What is written inside is content of this element."""
        mcid = self.tags.mark(self.at, element)
        out = self.pages[self.at]
        out.append(b"/%s <</MCID %d>> BDC" % (element.kind.encode(), mcid))
        yield
        out.append(b"EMC")

    @contextmanager
    def artifact(self, kind: bytes = b"/Type /Layout") -> Iterator[None]:
        """What is written inside is decoration: a reader leaves it out."""
        out = self.pages[self.at]
        out.append(b"/Artifact <<%s>> BDC" % kind)
        yield
        out.append(b"EMC")

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """One line, its baseline at `y` from the top."""
        self.pages[self.at].append(
            b"BT /F%s %g Tf %.3g %.3g %.3g rg %.2f %.2f Td %s Tj ET"
            % (style.bold.encode(), style.size, *style.colour, x, HEIGHT - y, style.face.show(text))
        )

    def rule(self, x: float, y: float, to: float, colour: Colour, thick: float = 0.5) -> None:
        """A horizontal line."""
        self.pages[self.at].append(
            b"%.3g %.3g %.3g RG %g w %.2f %.2f m %.2f %.2f l S" % (*colour, thick, x, HEIGHT - y, to, HEIGHT - y)
        )

    def boxes(self, boxes: list[tuple[float, float, float, float]], colour: Colour) -> None:
        """Filled boxes: left, top, width, height."""
        shapes = b" ".join(
            b"%.2f %.2f %.2f %.2f re" % (left, HEIGHT - top - high, wide, high) for left, top, wide, high in boxes
        )
        self.pages[self.at].append(b"%.3g %.3g %.3g rg %s f" % (*colour, shapes))

    def link(self, box: tuple[float, float, float, float], address: str, element: Element) -> None:
        """Make a box (left, top, right, bottom) open an address."""
        left, top, right, bottom = box
        self.links.append(Link(self.at, (left, HEIGHT - bottom, right, HEIGHT - top), address, element))

    def write(self, objects: Objects, tree: int, field_number: int = 0) -> list[int]:
        """Write the pages under the number `tree`; a field of a seal hangs on the first. Gives their numbers."""
        fonts = b"/F %d 0 R /FB %d 0 R" % (face("").embed(objects), face("B").embed(objects))
        numbers = [objects.reserve() for _ in self.pages]
        hung: dict[int, list[int]] = {0: [field_number] if field_number else []}
        for order, link in enumerate(self.links, len(self.tags.annotations) + len(self.pages)):
            number = self._write_link(objects, link, order)
            hung.setdefault(link.page, []).append(number)
        for index, content in enumerate(self.pages):
            stream = objects.put_stream(b"", b"\n".join(content))
            annotations = b" ".join(b"%d 0 R" % one for one in hung.get(index, []))
            objects.put(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %g %g] /Resources << /Font << %s >> >> /Contents %d 0 R "
                b"/StructParents %d /Tabs /S%s >>"
                % (tree, WIDTH, HEIGHT, fonts, stream, index, b" /Annots [%s]" % annotations if annotations else b""),
                numbers[index],
            )
        kids = b" ".join(b"%d 0 R" % one for one in numbers)
        objects.put(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(numbers)), tree)
        return numbers

    def _write_link(self, objects: Objects, link: Link, order: int) -> int:
        number = objects.put(
            b"<< /Type /Annot /Subtype /Link /Rect [%.2f %.2f %.2f %.2f] /Border [0 0 0] /F 4 /StructParent %d "
            b"/Contents %s /A << /S /URI /URI %s >> >>"
            % (*link.box, order, text_string(link.address), _literal(link.address))
        )
        self.tags.annotate(number, link.element)
        return number


def _literal(text: str) -> bytes:
    return b"<" + text.encode("ascii", "replace").hex().encode() + b">"
