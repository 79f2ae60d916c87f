"""The constancia de presentación (R-CARGO-1; TUO 125, 135.2): the hub's own proof that something was presented."""

from datetime import datetime

from hub.papers import receipt as parts
from hub.papers.facts import Constancia
from hub.papers.wording import CONSTANCIA_NOTE

TITLE = "Constancia de presentación"


def draw(constancia: Constancia, year_name: str, made_at: datetime, place: int = 0) -> bytes:
    """The PDF of a constancia. `year_name`: the official name of the year, mandatory in official documents.

    `place`: bytes left open for its seal.
    """
    sheet = parts.sheet_of(constancia, TITLE, year_name, made_at)
    key = f"{constancia.tracking_key[:4]} {constancia.tracking_key[4:]}"
    parts.masthead(sheet, constancia, TITLE, ("Clave de seguimiento", key))
    is_observed = constancia.observation is not None
    state = "Recibido con observaciones: hay que corregir lo observado" if is_observed else "Recibido sin observaciones"
    sheet.facts(parts.presented_facts(constancia, state))
    if constancia.observation is not None:
        parts.observed(sheet, constancia.observation)
    parts.files(sheet, constancia)
    parts.closing(sheet, constancia, CONSTANCIA_NOTE)
    return sheet.output(place)
