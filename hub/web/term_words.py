"""Terms in words: how a term stands, and what the filer may do when it is over (TUO 33, 35, 36, 38, 169, 199)."""

from collections.abc import Mapping

from hub.clock import now
from hub.core.calendar import local_date
from hub.core.terms import Light, Standing
from hub.core.tupa import GENERAL, ProcedureRecord, Silence
from hub.extensions import services
from hub.models import Delivery, Filing
from hub.terms import Due, Term, term
from hub.web.catalogue import N_
from hub.web.sentences import say
from hub.web.status_words import Words

LIGHTS: Mapping[Light, str] = {Light.GREEN: "green", Light.RUNNING: "blue", Light.AMBER: "yellow", Light.RED: "red"}

WHEN_OVER: Mapping[Silence, str] = {
    Silence.POSITIVE: N_(
        "El plazo terminó sin respuesta: tu solicitud se entiende aprobada (silencio positivo, artículos 35 y 36 del "
        "TUO de la Ley 27444). Puedes hacerlo valer con una declaración jurada ante %(destination)s; tu constancia es "
        "la prueba."
    ),
    Silence.NEGATIVE: N_(
        "El plazo terminó sin respuesta. Puedes entender que tu solicitud fue denegada y apelar (silencio negativo, "
        "artículos 38 y 199 del TUO de la Ley 27444), o seguir esperando: %(destination)s sigue obligada a responder."
    ),
    Silence.NONE: N_(
        "El plazo terminó sin respuesta. Puedes presentar una queja por la demora ante %(destination)s (artículo 169 "
        "del TUO de la Ley 27444), que sigue obligada a responder."
    ),
}
WHILE_RUNNING: Mapping[Silence, str] = {
    Silence.POSITIVE: N_("Si no responde hasta ese día, tu solicitud se entenderá aprobada (silencio positivo)."),
    Silence.NEGATIVE: N_("Si no responde hasta ese día, podrás apelar como si la denegara, o seguir esperando."),
    Silence.NONE: N_("Si no responde hasta ese día, podrás presentar una queja por la demora."),
}
APPROVED = N_(
    "Es un trámite de aprobación automática: quedó aprobado al presentarlo, y tu constancia es el título (artículo 33 "
    "del TUO de la Ley 27444)."
)
PAUSED = N_("El plazo está detenido mientras la observación esté pendiente.")


def named(procedure: ProcedureRecord) -> str:
    """A procedure as a list names it: "Acceso a la información pública (10 días hábiles)"."""
    name = say(procedure.name)
    if procedure.silence is Silence.AUTOMATIC:
        return say(N_("%(name)s (aprobación automática)"), name=name)
    if procedure == GENERAL:
        return say(N_("%(name)s (plazo máximo general: %(days)s días hábiles)"), name=name, days=procedure.days)
    return say(N_("%(name)s (%(days)s días hábiles)"), name=name, days=procedure.days)


def term_of(filing: Filing, leg: Delivery | None) -> Term | None:
    """The term of a filing; None for plain correspondence."""
    return term(services().directory, filing, leg)


def today(found: Term | None) -> Due | None:
    """How a term stands now."""
    return found.on(local_date(now())) if found else None


def standing_words(standing: Standing) -> Words:
    """The traffic light of a term as a tag: "Vence hoy", "Vence en 5 días hábiles", "Plazo vencido"."""
    return Words(_left(standing.days_left, is_over=standing.is_over), LIGHTS[standing.light])


def brief_words(standing: Standing) -> Words:
    """The traffic light where there is little room: "31 días", "Hoy", "Vencido"."""
    if standing.is_over:
        label = say(N_("Vencido"))
    elif standing.days_left == 0:
        label = say(N_("Hoy"))
    else:
        label = say(N_("1 día")) if standing.days_left == 1 else say(N_("%(days)s días"), days=standing.days_left)
    return Words(label, LIGHTS[standing.light])


def _left(days: int, *, is_over: bool) -> str:
    if is_over:
        return say(N_("Plazo vencido"))
    if days == 0:
        return say(N_("Vence hoy"))
    if days == 1:
        return say(N_("Vence en 1 día hábil"))
    return say(N_("Vence en %(days)s días hábiles"), days=days)


def what_follows(due: Due, destination: str) -> str:
    """What silence means for who filed: while the term runs, when it is over, or since it was presented."""
    if due.approved_at is not None:
        return say(APPROVED)
    if due.is_paused:
        return say(PAUSED)
    if due.standing is None or due.silence is Silence.AUTOMATIC:
        return ""
    told = WHEN_OVER if due.standing.is_over else WHILE_RUNNING
    return say(told[due.silence], destination=destination)
