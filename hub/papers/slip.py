"""The slip of an 80 mm roll: number, key, hour and QR, for who files and has no use for a sheet of A4.

It says what the constancia says of the number and the hour, and where the constancia is; it is not sealed itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from hub.papers.qr import qr_rows, runs
from hub.papers.transfer_sheet import plain
from hub.papers.wording import instant

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTH: Final = 80.0
"""Millimetres of the roll; its printers leave 4 at each side."""
MARGIN: Final = 4.0
QR: Final = 44.0
TALLEST: Final = 1000.0


@dataclass(frozen=True)
class SlipFacts:
    """What the slip says. `things`: what stays in custody, a line each."""

    sector: str
    counter: str
    filing_number: str
    tracking_key: str
    presented_at: datetime
    destination: str
    subject: str
    folios: int
    files: int
    entry_number: str
    track_url: str
    verification_code: str
    observed: tuple[str, ...] = ()
    things: tuple[str, ...] = ()


def draw_slip(facts: SlipFacts) -> bytes:
    """The PDF, as long as what it says; the same facts give the same bytes."""
    high = _draw(facts, TALLEST)[1]
    return bytes(_draw(facts, high + MARGIN)[0].output())


def _draw(facts: SlipFacts, high: float) -> tuple["FPDF", float]:
    """The document on a roll cut at `high`, and where what it says ends."""
    pdf = _roll(facts, high)
    _line(pdf, facts.sector, 8, "C")
    _line(pdf, "Documento presentado", 11, "C", "B")
    _line(pdf, facts.filing_number, 17, "C", "B")
    _line(pdf, f"Clave {facts.tracking_key[:4]} {facts.tracking_key[4:]}", 13, "C", "B")
    _qr(pdf, facts.track_url)
    _line(pdf, "Escanéalo para ver por dónde va", 8, "C")
    pdf.ln(1.5)
    for name, value in _said(facts):
        _line(pdf, name, 7)
        _line(pdf, value, 9)
        pdf.ln(0.8)
    for title, lines in (("Falta o hay que corregir", facts.observed), ("Queda en esta mesa de partes", facts.things)):
        if lines:
            _line(pdf, title, 8, style="B")
            for number, text in enumerate(lines, 1):
                _line(pdf, f"{number}. {text}", 8)
            pdf.ln(0.8)
    _line(pdf, f"Comprueba tu constancia con el código {facts.verification_code}", 7)
    return pdf, pdf.get_y()


def _said(facts: SlipFacts) -> tuple[tuple[str, str], ...]:
    files = "1 archivo" if facts.files == 1 else f"{facts.files} archivos"
    folios = "1 folio" if facts.folios == 1 else f"{facts.folios} folios"
    return (
        ("Presentado", instant(facts.presented_at)),
        ("En", facts.counter),
        ("Para", facts.destination),
        ("Asunto", facts.subject),
        ("Entregó", f"{folios}, {files}"),
        ("Registro de entrada", facts.entry_number),
    )


def _roll(facts: SlipFacts, high: float) -> "FPDF":
    from fpdf import FPDF  # heavy: only where a slip is made

    pdf = FPDF(unit="mm", format=(WIDTH, high))
    pdf.set_creation_date(facts.presented_at)
    pdf.set_title(f"Presentado {facts.filing_number}")
    pdf.set_lang("es-PE")
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(False)
    pdf.add_page()
    return pdf


def _line(pdf: "FPDF", text: str, size: float, align: str = "L", style: str = "") -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.multi_cell(0, size * 0.45, plain(text), align=align, new_x="LMARGIN", new_y="NEXT")


def _qr(pdf: "FPDF", address: str) -> None:
    rows = qr_rows(address)
    step, left, top = QR / len(rows), (WIDTH - QR) / 2, pdf.get_y() + 2
    pdf.set_fill_color(0, 0, 0)
    for x, y, length in runs(rows):
        pdf.rect(left + x * step, top + y * step, length * step, step, style="F")
    pdf.set_y(top + QR + 2)
