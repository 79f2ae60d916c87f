"""The hoja de remisión: what goes by hand from one mesa de partes to another, to be signed at both ends."""

from dataclasses import dataclass
from datetime import datetime

from hub.papers.sheet import LABEL, SMALL, Sheet
from hub.papers.wording import instant

TITLE = "Hoja de remisión"
KINDS = {"original": "Original en papel", "soporte_fisico": "Soporte físico"}


@dataclass(frozen=True)
class RemittanceFacts:
    """What it says. `things`: (kind, description), in order. Instants are aware; `received_at` once it arrived."""

    number: str
    filing_number: str
    origin: str
    destination: str
    made_at: datetime
    made_by: str
    presented_at: datetime
    subject: str
    destination_registry_number: str
    things: tuple[tuple[str, str], ...]
    track_url: str
    received_at: datetime | None = None


def draw_remittance(facts: RemittanceFacts, year_name: str) -> bytes:
    """The PDF; the same facts give the same bytes. `year_name`: mandatory in official documents."""
    sheet = Sheet(
        f"{TITLE} {facts.number}", foot=f"{TITLE} {facts.number}  ·  Trámite {facts.filing_number}",
        year_name=year_name, made_at=facts.made_at,
    )  # fmt: skip
    sheet.masthead(
        facts.origin,
        f"{TITLE} N.º {facts.number}",
        (("Número de trámite", facts.filing_number),),
        qr=facts.track_url,
        alt="Código QR del seguimiento de este trámite",
        below="Acompaña a lo que no viaja por el sistema: originales en papel y soportes físicos.",
    )
    sheet.facts((
        ("De", facts.origin),
        ("Para", facts.destination),
        ("Presentado", instant(facts.presented_at)),
        ("Asunto", facts.subject),
        ("Registro en destino", facts.destination_registry_number),
        ("Remitido", instant(facts.made_at)),
        ("Lo remite", facts.made_by),
        ("Recibido en destino", instant(facts.received_at) if facts.received_at else ""),
    ))
    sheet.heading(f"Lo que se remite ({len(facts.things)})")
    rows = [(str(number), KINDS.get(kind, kind), text) for number, (kind, text) in enumerate(facts.things, 1)]
    sheet.table(("N.º", "Qué es", "Descripción"), rows, (30, 120, 0))
    _sign(sheet)
    return sheet.output()


def _sign(sheet: Sheet) -> None:
    sheet.room_for(150)
    for who in ("Entrega (nombre, firma, fecha y hora)", "Recibe conforme (nombre, firma, sello, fecha y hora)"):
        sheet.y += 42
        sheet.paragraph("________________________________________________", LABEL)
        sheet.paragraph(who, SMALL)
