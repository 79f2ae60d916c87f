"""The cargo de recepción (R-CARGO-2; TUO 125, 135.2): the destination registered it, under its own number."""

from datetime import datetime

from hub.models import Delivery
from hub.papers import receipt as parts
from hub.papers.facts import Cargo
from hub.papers.wording import CARGO_NOTE, instant

TITLE = "Cargo de recepción"


def draw(cargo: Cargo, year_name: str, made_at: datetime, place: int = 0) -> bytes:
    """The PDF of a cargo; see the constancia's."""
    presented = cargo.presented
    sheet = parts.sheet_of(presented, TITLE, year_name, made_at)
    parts.masthead(sheet, presented, TITLE, ("Número de registro en el destino", registry_number(cargo.leg)))
    sheet.facts(registration_facts(cargo))
    sheet.heading("Lo que se presentó")
    state = "Registrado sin observaciones" if cargo.observation is None else "Registrado, con observaciones abiertas"
    sheet.facts(parts.presented_facts(presented, state))
    if cargo.observation is not None:
        parts.observed(sheet, cargo.observation)
    parts.files(sheet, presented)
    parts.closing(sheet, presented, CARGO_NOTE)
    return sheet.output(place)


def registration_facts(cargo: Cargo) -> tuple[tuple[str, str], ...]:
    """What the destination gave it: number, expediente, unit and who registered it (PIDE: VNUMREGSTD, VUNIORGSTD)."""
    leg = cargo.leg
    return (
        ("Lo registró", cargo.registered_by.name),
        ("Registrado", instant(leg.registered_at) if leg.registered_at else ""),
        ("Número de registro", registry_number(leg)),
        ("Expediente", leg.expediente_number),
        ("Unidad", leg.unit),
        ("Quien lo registró", leg.official),
        ("CUO del envío", leg.cuo),
    )


def registry_number(leg: Delivery) -> str:
    """The number that the destination's own registry gave, with its year."""
    return "-".join(part for part in (leg.destination_registry_number, leg.destination_registry_year) if part)
