"""The constancia de indisponibilidad: from when to when filing did not work, and what follows (TUO 145.2)."""

from dataclasses import dataclass
from datetime import date, datetime

from hub.core.grammar import the
from hub.papers.sheet import SMALL, Sheet
from hub.papers.wording import SEAL_NOTE, day, instant

TITLE = "Constancia de indisponibilidad"


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


def draw_outage(facts: OutageFacts, year_name: str, place: int = 0) -> bytes:
    """The PDF; the same facts give the same bytes. `year_name`: mandatory in official documents.

    `place`: bytes left open for a seal, 0 for none.
    """
    title = f"{TITLE} {facts.code}"
    sheet = Sheet(title, foot=title, year_name=year_name, made_at=facts.ended_at)
    sheet.masthead(
        facts.operator,
        TITLE,
        (("Código de verificación", facts.code),),
        qr=facts.url,
        alt="Código QR de la página de esta constancia",
        below=f"La mesa de partes integrada es operada por {the(facts.operator)} (RUC {facts.operator_ruc}).",
    )
    sheet.facts(outage_lines(facts))
    sheet.heading("Qué efecto tiene")
    sheet.paragraph(outage_effect(facts))
    if place:
        sheet.paragraph(SEAL_NOTE, SMALL)
    sheet.link("Para comprobar este documento:", facts.url)
    return sheet.output(place)


def outage_lines(facts: OutageFacts) -> tuple[tuple[str, str], ...]:
    """What it certifies, name and value; hours are the official ones, with seconds (TUO 149.7)."""
    return (
        ("El servicio no funcionó desde", instant(facts.started_at)),
        ("Hasta", instant(facts.ended_at)),
        ("Qué pasó", facts.reason),
        ("Días que abarca", "; ".join(day(one) for one in facts.days)),
        ("Anotado en el registro", instant(facts.recorded_at)),
    )


def outage_effect(facts: OutageFacts) -> str:
    """What it means for who had something to do (TUO 145.2)."""
    said = "en ese día" if len(facts.days) == 1 else "en alguno de esos días"
    return (
        f"Si el último día de un plazo para presentar o corregir un documento cayó {said}, el plazo se extiende al "
        "primer día hábil siguiente en que el servicio funcionó (artículo 145.2 del TUO de la Ley 27444)."
    )
