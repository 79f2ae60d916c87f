"""The documents of a made-up history: small real PDFs in the store, so that what reads documents finds them."""

from dataclasses import dataclass, field, replace
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name

from hub.storage import Store, Stored

A4 = (595, 842)


@dataclass
class Shelf:
    """Gives each filing a document of its own. The bytes are made once for each number of pages; a folder shares
    them."""

    store: Store
    kept: dict[int, Stored] = field(default_factory=dict)

    def document(self, pages: int) -> Stored:
        """A PDF of so many pages, under a key that no other document has. Raises StorageFailure."""
        first = self.kept.get(pages)
        if first is None:
            first = self.kept[pages] = self.store.put(pdf_of(pages))
            return first
        return replace(first, object_key=self.store.copy(first.object_key))


def pdf_of(pages: int) -> bytes:
    """A PDF that says on each page what it is."""
    pdf, out = pikepdf.new(), BytesIO()
    letters = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=A4)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=letters))
        says = f"Documento inventado para una demostración. Página {number} de {pages}."
        page.obj.Contents = pdf.make_stream(f"BT /F1 12 Tf 72 760 Td ({says}) Tj ET".encode("cp1252"))
    pdf.save(out)
    return out.getvalue()
