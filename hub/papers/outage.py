"""The constancia de indisponibilidad as PDF: from when to when filing did not work, and what follows (TUO 145.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from hub.core.calendar import LIMA

_FONTS: Final = Path(__file__).with_name("fonts")
_INK, _QUIET, _RULE = (20, 33, 31), (84, 97, 95), (8, 63, 57)
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "setiembre", "octubre",
           "noviembre", "diciembre")  # fmt: skip


@dataclass(frozen=True)
class OutageFacts:
    """Everything that it says. Instants are aware; `days` are the days in Peru that the interval touches."""

    code: str
    operator: str
    operator_ruc: str
    started_at: datetime
    ended_at: datetime
    reason: str
    days: tuple[date, ...]
    recorded_at: datetime
    url: str


def draw_outage(facts: OutageFacts, year_name: str) -> bytes:
    """The PDF; the same facts give the same bytes. `year_name`: mandatory in official documents."""
    sheet = FPDF(format="A4")
    sheet.set_margin(20)
    sheet.add_font("DejaVu", "", _FONTS / "DejaVuSans-latin.ttf")
    sheet.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold-latin.ttf")
    sheet.set_creation_date(facts.ended_at)
    sheet.set_title(f"Constancia de indisponibilidad {facts.code}")
    sheet.set_lang("es-PE")
    sheet.add_page()
    _line(sheet, f"«{year_name}»", 8, colour=_QUIET)
    sheet.ln(6)
    _head(sheet, facts)
    for name, value in outage_lines(facts):
        _line(sheet, name, 8, colour=_QUIET)
        _line(sheet, value, 11)
        sheet.ln(2.5)
    sheet.ln(2)
    _line(sheet, outage_effect(facts), 10)
    sheet.ln(6)
    _line(sheet, f"Para comprobar este documento: {facts.url}", 8, colour=_QUIET)
    _line(sheet, f"Mesa Integrada {version('mesa-integrada')}", 7, colour=_QUIET)
    return bytes(sheet.output())


def outage_lines(facts: OutageFacts) -> tuple[tuple[str, str], ...]:
    """What the constancia certifies, name and value (official hour, with seconds: TUO 149.7)."""
    return (
        ("La mesa de partes integrada no funcionó desde", outage_instant(facts.started_at)),
        ("Hasta", outage_instant(facts.ended_at)),
        ("Qué pasó", facts.reason),
        ("Días que abarca", "; ".join(_day(day) for day in facts.days)),
        ("Anotado en el registro público", outage_instant(facts.recorded_at)),
        ("Opera el servicio", f"{facts.operator} (RUC {facts.operator_ruc})"),
    )


def outage_effect(facts: OutageFacts) -> str:
    """What it means for who had something to do (TUO 145.2)."""
    said = "en ese día" if len(facts.days) == 1 else "en alguno de esos días"
    return (
        f"Si el último día de un plazo para presentar o corregir un documento cayó {said}, el plazo se extiende al "
        "primer día hábil siguiente en que el servicio funcionó (artículo 145.2 del TUO de la Ley 27444)."
    )


def outage_instant(at: datetime) -> str:
    """An instant with its seconds, in the official hour of Peru."""
    local = at.astimezone(LIMA)
    return f"{_day(local.date())}, {local:%H:%M:%S} (hora oficial del Perú, UTC-5)"


def _head(sheet: FPDF, facts: OutageFacts) -> None:
    qr: Any = BytesIO()
    segno.make(facts.url, error="m", micro=False).save(qr, kind="png", scale=6, border=2)
    qr.seek(0)
    top = sheet.get_y()
    sheet.image(qr, x=sheet.w - sheet.r_margin - 34, y=top, w=34, alt_text="Código QR de la página de esta constancia")
    right, sheet.r_margin = sheet.r_margin, 60.0
    _line(sheet, "Constancia de indisponibilidad", 17, "B", _RULE)
    sheet.ln(2)
    _line(sheet, "Código de verificación", 8, colour=_QUIET)
    _line(sheet, facts.code, 13, "B")
    sheet.r_margin = right
    sheet.set_y(max(sheet.get_y(), top + 36))
    sheet.set_draw_color(*_RULE)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.w - sheet.r_margin, sheet.get_y())
    sheet.ln(6)


def _line(sheet: FPDF, text: str, size: float, style: str = "", colour: tuple[int, int, int] = _INK) -> None:
    sheet.set_font("DejaVu", style, size)
    sheet.set_text_color(*colour)
    sheet.multi_cell(0, size * 0.52, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} de {_MONTHS[day.month - 1]} de {day.year}"
