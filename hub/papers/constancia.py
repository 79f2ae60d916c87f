"""The constancia as PDF (TUO 125, 135.2): what was presented, where, when and in which files, with its QR."""

from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from hub.core.calendar import LIMA, Policy, local_date
from hub.core.identifiers import mask
from hub.papers.facts import Constancia

_FONTS: Final = Path(__file__).with_name("fonts")
_FAMILY: Final = "DejaVu"
_INK, _QUIET, _RULE = (20, 33, 31), (84, 97, 95), (8, 63, 57)
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "setiembre", "octubre",
           "noviembre", "diciembre")  # fmt: skip
_KINDS = {"dni": "DNI", "ce": "carné de extranjería", "passport": "pasaporte", "ptp": "permiso temporal"}


class _Sheet(FPDF):
    """A4 pages with the foot of every page: whose constancia it is, so that loose sheets find each other."""

    def __init__(self, filing_number: str, foot: str) -> None:
        super().__init__(format="A4")
        self._filing_number, self._foot = filing_number, foot
        self.set_margin(20)
        self.set_auto_page_break(True, margin=24)
        self.add_font(_FAMILY, "", _FONTS / "DejaVuSans-latin.ttf")
        self.add_font(_FAMILY, "B", _FONTS / "DejaVuSans-Bold-latin.ttf")

    def footer(self) -> None:
        self.set_y(-18)
        self.set_font(_FAMILY, "", 7)
        self.set_text_color(*_QUIET)
        self.multi_cell(0, 3.5, self._foot, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.cell(0, 3.5, f"Trámite {self._filing_number}, página {self.page_no()} de {{nb}}")

    def line_of(self, text: str, size: float = 10, style: str = "", colour: tuple[int, int, int] = _INK) -> None:
        self.set_font(_FAMILY, style, size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def fact(self, name: str, value: str) -> None:
        """One line of two columns; the value may take several."""
        self.set_font(_FAMILY, "", 8.5)
        self.set_text_color(*_QUIET)
        top, page = self.get_y(), self.page
        self.multi_cell(46, 5, name, new_x=XPos.RIGHT, new_y=YPos.TOP)
        self.set_font(_FAMILY, "", 9.5)
        self.set_text_color(*_INK)
        self.set_xy(self.l_margin + 48, top if self.page == page else self.t_margin)
        self.multi_cell(0, 5, value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(0.8)


def draw(constancia: Constancia, year_name: str) -> bytes:
    """The PDF of a constancia. `year_name`: the official name of the year, mandatory in official documents."""
    filing = constancia.filing
    sheet = _Sheet(filing.filing_number, f"«{year_name}»\nMesa Integrada {version('mesa-integrada')}")
    sheet.set_creation_date(filing.presented_at)
    sheet.set_title(f"Constancia de presentación {filing.filing_number}")
    sheet.set_lang("es-PE")
    sheet.add_page()
    _head(sheet, constancia)
    for name, value in _facts(constancia):
        if value:
            sheet.fact(name, value)
    _files(sheet, constancia)
    _notes(sheet, constancia)
    return bytes(sheet.output())


def _head(sheet: _Sheet, constancia: Constancia) -> None:
    filing = constancia.filing
    qr: Any = BytesIO()
    segno.make(constancia.track_url, error="m", micro=False).save(qr, kind="png", scale=6, border=2)
    qr.seek(0)
    sheet.image(qr, x=sheet.w - sheet.r_margin - 36, y=sheet.t_margin - 2, w=36, alt_text="Código QR del seguimiento")
    right, sheet.r_margin = sheet.r_margin, 60.0
    sheet.line_of("Constancia de presentación", 17, "B", _RULE)
    sheet.ln(2)
    sheet.line_of("Número de trámite", 8, colour=_QUIET)
    sheet.line_of(filing.filing_number, 17, "B")
    sheet.line_of("Clave de seguimiento", 8, colour=_QUIET)
    sheet.line_of(f"{constancia.tracking_key[:4]} {constancia.tracking_key[4:]}", 13, "B")
    sheet.r_margin = right
    sheet.set_y(max(sheet.get_y(), sheet.t_margin + 36))
    sheet.line_of(f"Código de verificación {filing.verification_code}", 8, colour=_QUIET)
    sheet.set_draw_color(*_RULE)
    sheet.line(sheet.l_margin, sheet.get_y() + 1.5, sheet.w - sheet.r_margin, sheet.get_y() + 1.5)
    sheet.ln(4)


def _facts(constancia: Constancia) -> tuple[tuple[str, str], ...]:
    filing, filer = constancia.filing, constancia.filing.filer
    person = f"{filer.names} ({_KINDS.get(filer.document_kind, '')} {mask(filer.document_number)})"
    return (
        ("Presentado", _instant(constancia)),
        ("Recibido en", f"Mesa de Partes, {constancia.counter}. {constancia.origin.name}"),
        ("Registro de entrada", constancia.entry_number),
        ("Dirigido a", constancia.destination.name),
        ("Oficina o persona", ", ".join(text for text in filing.addressee.values() if text)),
        ("Se considera presentado", f"{_day(filing.considered_on)}. {_rule(constancia)}"),
        ("Empresa u organización", f"{filer.business_name} (RUC {filer.ruc})" if filer.ruc else ""),
        ("Representante" if filer.ruc else "Presentado por", person),
        ("Documento", f"{filing.document_type.capitalize()} {filing.document_number}"),
        ("Asunto", filing.subject),
        ("Expediente relacionado", filing.related_expediente),
        ("Folios declarados", str(filing.folios)),
        *_observed(constancia),
        ("Lo recibió", constancia.clerk or "Recepción automática"),
    )


def _observed(constancia: Constancia) -> tuple[tuple[str, str], ...]:
    """What the counter observed, with what was alleged and the warning (TUO 136.2)."""
    observation = constancia.observation
    if observation is None:
        return (("Estado de la recepción", "Sin observaciones"),)
    until = f" hasta el {_day(observation.correct_by.astimezone(LIMA))}" if observation.correct_by else ""
    return (
        ("Estado de la recepción", f"Recibido con observaciones. Tienes{until} para corregirlas"),
        ("Observaciones", " ".join(f"{n}. {item.rstrip('.')}." for n, item in enumerate(observation.items, 1))),
        ("Nota", observation.text),
        ("Alegatos de quien presenta", observation.allegations or "Ninguno"),
        ("Advertencia", "Si no corriges en ese plazo, el documento se tendrá por no presentado (TUO art. 136)"),
    )


def _files(sheet: _Sheet, constancia: Constancia) -> None:
    sheet.ln(2)
    sheet.line_of(f"Archivos presentados ({len(constancia.documents)})", 11, "B", _RULE)
    for number, document in enumerate(constancia.documents, 1):
        pages = f", {document.pages} {'página' if document.pages == 1 else 'páginas'}" if document.pages else ""
        kind = "documento principal" if document.role == "principal" else "anexo"
        sheet.ln(1)
        sheet.line_of(f"{number}. {document.file_name}", 9)
        sheet.line_of(f"{kind}, {document.size} bytes{pages}\nSHA-256 {document.sha256}", 7.5, colour=_QUIET)


def _notes(sheet: _Sheet, constancia: Constancia) -> None:
    sheet.ln(4)
    sheet.line_of(
        "Esta constancia prueba que el documento fue presentado en la fecha y hora indicadas. El cargo de recepción "
        "de la institución de destino, con su propio número, se ve en el seguimiento. La huella SHA-256 permite "
        "comprobar que cada archivo es el que se presentó.",
        8,
        colour=_QUIET,
    )
    sheet.ln(1)
    sheet.line_of(f"Para ver el trámite o comprobar este documento: {constancia.track_url}", 8, colour=_QUIET)


def _instant(constancia: Constancia) -> str:
    at = constancia.filing.presented_at.astimezone(LIMA)
    return f"{_day(at.date())}, {at:%H:%M:%S} (hora oficial del Perú)"


def _day(day: Any) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def _rule(constancia: Constancia) -> str:
    """The rule that gave the day, in words (Ley 31465; TUO 144, 145)."""
    filing = constancia.filing
    if filing.considered_on != local_date(filing.presented_at):
        return "Se presentó en un día no hábil: cuenta desde el primer día hábil siguiente."
    if filing.rule_applied == Policy.SENT.value:
        return "Cuenta el mismo día en que se presentó, a cualquier hora, también en días no hábiles."
    return "Se presentó en un día hábil: cuenta ese mismo día, a cualquier hora."
