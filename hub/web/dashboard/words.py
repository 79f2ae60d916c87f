"""What the dashboard says: of what needs a person, of how an institution stands, of how long things take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.core.calendar import LIMA
from hub.core.needs import Kind
from hub.differences import Mend
from hub.figures.standing import Answering
from hub.figures.turns import Turn
from hub.papers import balance_words, operator_words
from hub.remedies import Remedy
from hub.web.catalogue import N_
from hub.web.dashboard.troubles import trouble as trouble
from hub.web.status_words import Words


@dataclass(frozen=True)
class About:
    """A kind of need: its heading, why it matters, and what may be done for many at once."""

    heading: str
    why: str
    remedies: tuple[Remedy, ...]


KINDS: Mapping[Kind, About] = {
    Kind.STOPPED: About(
        N_("Envíos detenidos"),
        N_("Ya no se intentan solos: la institución no los pudo leer o no respondió en tres días."),
        (Remedy.AGAIN, Remedy.ELSEWHERE, Remedy.NOTE),
    ),
    Kind.LATE: About(
        N_("Más de 24 horas sin entregar"),
        N_("Lo que se recibe para otra institución se entrega dentro de las 24 horas (artículo 132 del TUO)."),
        (Remedy.AGAIN, Remedy.ELSEWHERE, Remedy.NOTE),
    ),
    Kind.REFUSED: About(
        N_("No aceptados, sin otro destino"),
        N_("Se envían a quien le toca, y se avisa a quien los presentó (artículo 141 del TUO)."),
        (Remedy.ELSEWHERE, Remedy.NOTE),
    ),
    Kind.LOOP: About(
        N_("Dieron cuatro vueltas"),
        N_("Ninguna institución los acepta: decide tú a cuál le toca y explica por qué."),
        (Remedy.ELSEWHERE, Remedy.NOTE),
    ),
    Kind.TERM: About(
        N_("Plazos de subsanación por vencer"),
        N_("Si vence, el documento queda como no presentado. Avisa a quien lo presentó o a la mesa que lo recibió."),
        (Remedy.NOTE,),
    ),
    Kind.MAIL: About(
        N_("Correos que no llegaron"),
        N_("Quien presentó no recibió su aviso. La mesa que lo atendió puede llamarlo."),
        (Remedy.NOTE,),
    ),
}
ANSWERS: Mapping[Answering, Words] = {
    Answering.HERE: Words(N_("Atiende aquí"), "green", N_("Su sistema es la bandeja de esta mesa")),
    Answering.YES: Words(N_("Responde"), "green", N_("Su sistema contesta")),
    Answering.FAILING: Words(N_("Está fallando"), "yellow", N_("No contestó los últimos intentos; se sigue probando")),
    Answering.FETCHES: Words(N_("Recoge"), "green", N_("Su sistema viene por lo suyo")),
    Answering.STAYS_AWAY: Words(N_("No recoge"), "red", N_("Su sistema no viene por lo suyo, que espera en cola")),
    Answering.PROBED: Words(N_("A prueba"), "yellow", N_("Un envío prueba si ya volvió")),
    Answering.NO: Words(N_("No responde"), "red", N_("Lo suyo espera en cola; lo demás sigue")),
    Answering.PAUSED: Words(N_("En pausa"), "yellow", N_("Lo suyo espera en cola")),
    Answering.MAINTENANCE: Words(N_("Mantenimiento"), "yellow", N_("Avisó que no atendería; lo suyo espera en cola")),
}
TURNS: Mapping[Turn, tuple[str, str]] = {
    Turn.SECTOR: (N_("al sector: decidir"), ""),
    Turn.BODY: (N_("a su institución: registrar"), "sent"),
    Turn.FILER: (N_("a quien presentó: subsanar"), "observed"),
    Turn.HUB: (N_("a esta mesa: van en camino"), "queued"),
}
"""After "Le toca"; and the status that the board of deliveries shows of them, empty for what this screen shows."""
REMEDIES: Mapping[Remedy, str] = {
    Remedy.AGAIN: N_("Enviar otra vez"),
    Remedy.ELSEWHERE: N_("Enviar a otra institución"),
    Remedy.NOTE: N_("Solo dejar una nota"),
}
WHY_NOT: Mapping[str, str] = {
    "STATE_CHANGED": N_("Cambió mientras lo mirabas: míralo otra vez antes de decidir"),
    "NOT_FAILED": N_("No está detenido: ya sigue su camino"),
    "NOTHING_TO_SEND": N_("La institución ya habló de él: no hay nada que enviar"),
    "NOT_REROUTABLE": N_("Ya no se puede cambiar de institución"),
    "SAME_DESTINATION": N_("Ya es su destino"),
    "DESTINATION_LEFT": N_("Esa institución ya no recibe"),
    "LOOP_STOPPED": N_("Ya cambió de institución cuatro veces: confirma que lo decides tú"),
    "CONFIRMATION_REQUIRED": N_("La institución podría tenerlo ya: confirma para seguir"),
}
MENDS: Mapping[Mend, str] = {
    Mend.AGAIN: N_("Enviar otra vez"),
    Mend.TAKE: N_("Tomar lo que dice como noticia"),
    Mend.NOTE: N_("Solo dejar una nota"),
    Mend.EXPLAIN: N_("Explicar por qué está bien así"),
}
MEND_SAYS: Mapping[Mend, str] = {
    Mend.AGAIN: N_("Sale el mismo mensaje con el mismo CUO. Antes se le pregunta, para que nada llegue dos veces."),
    Mend.TAKE: N_("Se lee como si acabara de llegar, con su firma comprobada; cambia el trámite y avisa a su dueño."),
    Mend.NOTE: N_("Queda con la diferencia y con el trámite, para quien lo siga."),
    Mend.EXPLAIN: N_("Deja de avisar mientras siga igual. Si cambia, vuelve a la lista."),
}
CERTIFICATE_CODES = frozenset({
    "FIRMANTE_DESCONOCIDO", "FIRMANTE_NO_ES_EMISOR", "CERTIFICADO_AUN_NO_VIGENTE", "CERTIFICADO_VENCIDO",
    "CERTIFICADO_REVOCADO", "CLAVE_DEBIL",
})  # fmt: skip
"""Last answers of a leg that stopped for a certificate: mended there, and then sent again."""
DAY_COUNTS: Mapping[str, str] = {
    "sent": N_("Entregados"), "registered": N_("Registrados"), "observed": N_("Observados"),
    "refused": N_("No aceptados"), "failed": N_("Detenidos"),
}  # fmt: skip
PERIOD_NAMES: Mapping[int, str] = {
    1: N_("Hoy"), 7: N_("7 días"), 30: N_("30 días"), 90: N_("90 días"),
}

CODES = operator_words.CODES
"""Why something failed, in words."""
COMPARED = balance_words
"""What is said of comparisons, the same as at a terminal."""


def brief(length: timedelta | None) -> str:
    """A length of time as a figure: "12 s", "4 min", "3.5 h", "2.1 días"; a dash for none."""
    if length is None:
        return "–"
    seconds = length.total_seconds()
    if seconds < 1:
        return "menos de 1 s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.1f} días"


def spoken(length: timedelta) -> str:
    """A length of time in words: "40 segundos", "62 minutos", "5 h 10 min", "3 días 4 h"."""
    seconds = int(length.total_seconds())
    if seconds < 90:
        return f"{seconds} segundos" if seconds != 1 else "1 segundo"
    minutes = round(seconds / 60)
    if minutes <= 180:
        return f"{minutes} minutos"
    hours = minutes // 60
    return f"{hours} h {minutes % 60} min" if hours < 48 else f"{hours // 24} días {hours % 24} h"


def clock(when: datetime, day: date) -> str:
    """An hour of a day, as Peru's clocks say it; with its date where it is another day's."""
    local = when.astimezone(LIMA)
    return f"{local:%H:%M}" if local.date() == day else f"{local:%H:%M} del {local:%d/%m}"


def read_instant(text: str) -> datetime:
    """An instant as the trail keeps it."""
    return datetime.fromisoformat(text)


def percent(share: float | None) -> str:
    """A share from 0 to 1: "97.3 %"; never 100 while something lacks."""
    if share is None:
        return "–"
    return "100 %" if share >= 1 else f"{min(int(share * 1000) / 10, 99.9):.1f} %"


def count(number: float) -> str:
    """A number with its thousands apart, as Peru writes them: "12 345"."""
    return f"{number:,.0f}".replace(",", "\u202f")
