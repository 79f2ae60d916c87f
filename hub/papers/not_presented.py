"""A filing that is held not presented: what was not corrected in time, and what its filer gets back (TUO 136.4)."""

from datetime import datetime

from hub.papers import receipt as parts
from hub.papers.facts import NotPresented
from hub.papers.wording import instant

TITLE = "Constancia de documento no presentado"
NOTE = (
    "Lo observado no se corrigió dentro del plazo, así que el documento se tiene por no presentado (TUO de la Ley "
    "27444, art. 136.4). Esto no impide presentarlo otra vez: desde el seguimiento puedes empezar uno nuevo con los "
    "mismos datos."
)
REFUND = (
    "Te devolvemos el documento con sus anexos cuando te acerques a la mesa de partes donde lo presentaste. Si pagaste "
    "por el trámite, puedes pedir que te reembolsen lo que pagaste."
)


def draw(lapsed: NotPresented, year_name: str, made_at: datetime, place: int = 0) -> bytes:
    """The PDF; see the constancia's."""
    presented, observation = lapsed.presented, lapsed.observation
    sheet = parts.sheet_of(presented, TITLE, year_name, made_at)
    parts.masthead(sheet, presented, TITLE)
    sheet.facts(
        (
            ("Lo observó", lapsed.observed_by.name),
            ("Observado", instant(observation.observed_at)),
            ("Notificado", instant(observation.notified_at) if observation.notified_at else ""),
            ("Plazo para corregir", instant(observation.correct_by) if observation.correct_by else ""),
            ("Se tiene por no presentado", instant(lapsed.lapsed_at)),
        )
    )
    parts.observed(sheet, observation)
    sheet.heading("Devolución y reembolso")
    sheet.paragraph(REFUND)
    sheet.heading("Lo que se había presentado")
    facts = parts.presented_facts(presented, "No presentado")
    sheet.facts([fact for fact in facts if fact[0] != parts.TERM])  # no term runs any more
    parts.files(sheet, presented)
    parts.closing(sheet, presented, NOTE)
    return sheet.output(place)
