"""The structure of a document: which content is a heading, a paragraph, a cell of a table (ISO 32000-1, 14.7, 14.8)."""

from dataclasses import dataclass, field

from hub.papers.pdf.objects import Objects, text_string


@dataclass
class Element:
    """An element of structure. Its children are elements, (page, mcid) of marked content, or an annotation."""

    kind: str
    children: list["Element | tuple[int, int] | int"] = field(default_factory=list)
    alt: str = ""
    attributes: bytes = b""
    number: int = 0

    def add(self, kind: str, *, alt: str = "", attributes: bytes = b"") -> "Element":
        """A new element below this one."""
        child = Element(kind, alt=alt, attributes=attributes)
        self.children.append(child)
        return child


@dataclass
class Tags:
    """The tree of a document, and where each marked content stands in it."""

    document: Element = field(default_factory=lambda: Element("Document"))
    marked: dict[int, list[Element]] = field(default_factory=dict)
    """Page index -> the element of each mcid."""
    annotations: list[tuple[int, Element]] = field(default_factory=list)
    """(number of the annotation's object, its element); its StructParent counts on from the pages'."""

    def mark(self, page: int, element: Element) -> int:
        """The mcid of new content of an element on a page (index)."""
        held = self.marked.setdefault(page, [])
        element.children.append((page, len(held)))
        held.append(element)
        return len(held) - 1

    def annotate(self, number: int, element: Element) -> None:
        """Put an annotation's object (its number) under an element."""
        element.children.append(number)
        self.annotations.append((number, element))

    def write(self, objects: Objects, pages: list[int]) -> int:
        """Write the tree; `pages` are the numbers of the page objects. Gives the number of its root."""
        root = objects.reserve()
        self._number(self.document, objects)
        self._write(self.document, root, objects, pages)
        rows = [b"%d [%s]" % (page, b" ".join(b"%d 0 R" % one.number for one in self.marked.get(page, [])))
                for page in range(len(pages))]  # fmt: skip
        rows += [b"%d %d 0 R" % (len(pages) + at, one.number) for at, (_, one) in enumerate(self.annotations)]
        parents = objects.put(b"<< /Nums [%s] >>" % b" ".join(rows))
        objects.put(
            b"<< /Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d >>"
            % (self.document.number, parents, len(rows)),
            root,
        )
        return root

    def _number(self, element: Element, objects: Objects) -> None:
        element.number = objects.reserve()
        for child in element.children:
            if isinstance(child, Element):
                self._number(child, objects)

    def _write(self, element: Element, parent: int, objects: Objects, pages: list[int]) -> None:
        kids, page = [], next((one[0] for one in element.children if isinstance(one, tuple)), None)
        for child in element.children:
            if isinstance(child, Element):
                self._write(child, element.number, objects, pages)
                kids.append(b"%d 0 R" % child.number)
            elif isinstance(child, int):
                kids.append(b"<< /Type /OBJR /Obj %d 0 R >>" % child)
            elif child[0] == page:
                kids.append(b"%d" % child[1])
            else:
                kids.append(b"<< /Type /MCR /Pg %d 0 R /MCID %d >>" % (pages[child[0]], child[1]))
        body = b"<< /Type /StructElem /S /%s /P %d 0 R" % (element.kind.encode(), parent)
        if page is not None:
            body += b" /Pg %d 0 R" % pages[page]
        if element.alt:
            body += b" /Alt " + text_string(element.alt)
        if element.attributes:
            body += b" /A " + element.attributes
        objects.put(body + b" /K [%s] >>" % b" ".join(kids), element.number)
