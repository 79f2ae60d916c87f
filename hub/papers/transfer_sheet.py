"""The transfer sheet: one page that goes inline where a filing's documents cannot, with their names and digests."""

import unicodedata
from typing import TYPE_CHECKING

from hub.core.calendar import LIMA
from hub.core.ports import Parcel

if TYPE_CHECKING:
    from fpdf import FPDF

_BLACK = (0, 0, 0)
_BLUE = (0, 70, 150)


def transfer_sheet(parcel: Parcel) -> bytes:
    """The sheet of a parcel as PDF; the same parcel gives the same bytes, so a retry sends the same paper.

    It says everything that the national contract's fields may have cut: the whole subject and every file name.
    """
    from fpdf import FPDF  # heavy: only where a sheet is made

    sobre = parcel.sobre
    pdf = FPDF(format="A4")
    pdf.set_creation_date(sobre.header.issued_at)
    pdf.set_title(plain(f"Hoja de transferencia, CUO {parcel.cuo}"))
    pdf.set_margin(20)
    pdf.add_page()
    _line(pdf, "Hoja de transferencia", 18, "B")
    pdf.ln(2)
    _line(pdf, "Los documentos de esta presentación no viajan dentro del mensaje. Descárgalos de la dirección de abajo "
         "y comprueba su huella SHA-256.")  # fmt: skip
    pdf.ln(3)
    for label, value in _facts(parcel):
        _line(pdf, label, 8)
        _line(pdf, value, 11, "B")
        pdf.ln(1)
    if parcel.link:
        _line(pdf, "Dirección de descarga", 8)
        pdf.set_font("Helvetica", "U", 10)
        pdf.set_text_color(*_BLUE)
        pdf.multi_cell(0, 5, parcel.link, link=parcel.link, new_x="LMARGIN", new_y="NEXT")
        pdf.set_text_color(*_BLACK)
    pdf.ln(3)
    _list_documents(pdf, parcel)
    return bytes(pdf.output())


def _list_documents(pdf: "FPDF", parcel: Parcel) -> None:
    _line(pdf, f"Documentos ({len(parcel.documents)})", 12, "B")
    for number, document in enumerate(parcel.documents, 1):
        pdf.ln(1)
        _line(pdf, f"{number}. {document.file_name} ({document.size:,} bytes)".replace(",", " "), 9)
        pdf.set_font("Courier", "", 8)
        pdf.multi_cell(0, 4, document.sha256, new_x="LMARGIN", new_y="NEXT")


def _line(pdf: "FPDF", text: str, size: float = 10, style: str = "") -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.multi_cell(0, size * 0.5, plain(text), new_x="LMARGIN", new_y="NEXT")


def _facts(parcel: Parcel) -> list[tuple[str, str]]:
    sobre = parcel.sobre
    presented = sobre.presented_at.astimezone(LIMA).strftime("%d/%m/%Y %H:%M:%S")
    return [
        ("Número de trámite", sobre.header.filing_number),
        ("CUO", parcel.cuo),
        ("De", parcel.sender_name),
        ("Para", parcel.partner.name),
        ("Presentado", presented),
        ("Documento", f"{sobre.document_type} {sobre.document_number}".strip()),
        ("Folios", str(sobre.folios)),
        ("Asunto", sobre.subject),
    ]


def plain(text: str) -> str:
    """What the PDF's own fonts can write: Latin-1; other letters lose their marks or become a question mark."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii():
        return text
    typographic = text.translate({0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0x2026: "..."})
    return typographic.encode("latin-1", "replace").decode("latin-1")
