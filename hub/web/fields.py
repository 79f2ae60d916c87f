"""The questions that our pages ask: one function per form, blank, with its words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hub.core.directory import Directory
from hub.core.statuses import DeliveryStatus, Movement, RefusalReason
from hub.core.tupa import GENERAL
from hub.web import districts, term_words
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import DOCUMENT_TYPES, MOVEMENTS, PERSON_DOCUMENT_KINDS, REFUSAL_REASONS, say
from hub.web.status_words import DELIVERY_WORDS


def _choices(table: Mapping[Any, str]) -> tuple[Choice, ...]:
    return tuple(Choice(str(value), say(text)) for value, text in table.items())


def institutions(directory: Directory, on: date) -> tuple[Choice, ...]:
    """The bodies one can file to that day, by name."""
    bodies = sorted(directory.active(on), key=lambda body: body.acronym)
    return tuple(Choice(body.code, f"{body.acronym} – {body.name}") for body in bodies)


def procedures(directory: Directory, on: date) -> tuple[Choice, ...]:
    """What one can ask for: the general request, what every body has, and then each body's own, under its name.

    A value is the code of the procedure, with the code of its body before it where it is not everybody's.
    """
    bodies = sorted(directory.active(on), key=lambda body: body.acronym)
    common = set.intersection(*(set(body.procedures) for body in bodies)) if bodies else set()
    shared = tuple(Choice(one.tupa_code, term_words.named(one)) for one in sorted(common, key=lambda one: one.name))
    own = (
        Choice(f"{body.code}/{one.tupa_code}", term_words.named(one), group=body.acronym)
        for body in bodies
        for one in body.procedures
        if one not in common
    )
    return (Choice(GENERAL.tupa_code, term_words.named(GENERAL)), *shared, *own)


def find_filing() -> Form:
    return Form((
        Field("filing_number", say("Número de trámite"), say("Como 2026-0001234-6"), width="20", max_length=20,
              autocomplete="off"),
        Field("tracking_key", say("Clave de seguimiento"), say("8 letras y números, como K7QM 4RD2"), width="10",
              max_length=20, autocomplete="off"),
    ))


def verify_paper() -> Form:
    return Form((
        Field("typed", say("Código de verificación o huella SHA-256"),
              say("El código está bajo el QR, como K7QM-4RD2-9XWB-3HTA"), max_length=200, autocomplete="off"),
        Field("file", say("O elige el archivo"), say("De hasta unos cientos de megabytes"), type="file",
              is_optional=True),
    ))


def sign_in() -> Form:
    return Form((
        Field("email", say("Correo institucional"), type="email", width="two-thirds", autocomplete="username"),
        Field("password", say("Contraseña"), type="password", autocomplete="current-password"),
    ))


def _found_at() -> tuple[Field, ...]:
    """How the person is found."""
    return (
        Field("email", say("Correo"), type="email", max_length=254, is_optional=True),
        Field("phone", say("Celular o teléfono"), type="tel", inputmode="tel", max_length=20, is_optional=True),
        Field("address", say("Dirección"), max_length=300, is_optional=True),
        *districts.questions(),
    )


def new_filing(bodies: tuple[Choice, ...], procedures: tuple[Choice, ...] = ()) -> Form:
    """What a clerk asks at the counter; what is optional says so."""
    return Form((
        Field("destination", say("Institución de destino"), choices=bodies),
        Field("procedure", say("Trámite"), say("De él sale el plazo para responder. Si es una comunicación que no "
              "espera respuesta, déjalo así"), choices=procedures),
        Field("addressee", say("Oficina o persona a la que se dirige"), max_length=150, is_optional=True),
        Field("person_type", say("Lo presenta"), value="natural", choices=(
            Choice("natural", say("Una persona, por sí misma")),
            Choice("legal", say("Una empresa u organización con RUC")),
        )),
        Field("ruc", say("RUC"), width="10", max_length=11, inputmode="numeric"),
        Field("business_name", say("Razón social"), max_length=250),
        Field("document_kind", say("Documento de identidad"), value="dni", choices=_choices(PERSON_DOCUMENT_KINDS)),
        Field("document_number_of_person", say("Número"), width="10", max_length=20),
        Field("names", say("Apellidos y nombres"), say("Como están en su documento"), max_length=250),
        *_found_at(),
        Field("document_type", say("Tipo de documento"), value="solicitud", choices=_choices(DOCUMENT_TYPES)),
        Field("document_number", say("Número del documento"), say("Si no tiene, deja «s/n»"), value="s/n", width="20",
              max_length=100),
        Field("subject", say("Asunto"), say("En una frase, lo que se pide"), max_length=500),
        Field("folios", say("Folios"), say("Hojas, no páginas"), value="1", width="4", inputmode="numeric",
              max_length=6),
        Field("related_expediente", say("Expediente relacionado"), say("Si responde a uno ya abierto"), width="20",
              max_length=40, is_optional=True),
        Field("additional_information", say("Información adicional"), max_length=4000, is_optional=True),
        Field("main_document", say("Documento principal"), say("En PDF"), accept="application/pdf,.pdf"),
        Field("annexes", say("Anexos"), say("Puedes elegir varios a la vez, en cualquier formato"), is_optional=True),
        Field("ticket_time", say("Hora del ticket de atención"),
              say("Si tomó turno antes del cierre y lo atiendes después: vale la hora del ticket"), type="time",
              width="5", is_optional=True),
        Field("declares_representation", say("Declara que representa a esa empresa u organización"),
              say("Le basta una carta poder simple (artículo 126 del TUO de la Ley 27444)")),
        Field("accepts_notification", say("Autoriza que le notifiquen en la casilla electrónica de su trámite"),
              say("Le avisaremos a su correo y a su celular. Si no abre la notificación en cinco días hábiles, vale "
                  "desde el siguiente. Márcala solo si la persona lo dice: no es requisito para presentar.")),
        Field("confirmed", say("Lo revisé: recibirlo así")),
    ))


def document_types(first: tuple[str, ...]) -> tuple[Choice, ...]:
    """Every type of document: a counter takes any. Those that its body offers come first, in its order."""
    return tuple(Choice(code, say(DOCUMENT_TYPES[code])) for code in dict.fromkeys((*first, *DOCUMENT_TYPES)))


def board_filters(bodies: tuple[Choice, ...]) -> Form:
    states = tuple(Choice(status.value, say(DELIVERY_WORDS[status].label)) for status in DeliveryStatus)
    return Form((
        Field("institucion", say("Institución"), choices=bodies),
        Field("estado", say("Estado"), choices=states),
        Field("texto", say("Trámite, CUO o registro"), max_length=100),
    ))


def inbox_filters() -> Form:
    shown = (DeliveryStatus.SENT, DeliveryStatus.REGISTERED, DeliveryStatus.OBSERVED, DeliveryStatus.REFUSED)
    states = tuple(Choice(status.value, say(DELIVERY_WORDS[status].label)) for status in shown)
    return Form((Field("estado", say("Estado"), choices=states),))


def send_again() -> Form:
    return Form((
        Field("reason", say("Por qué"), say("Queda anotado con tu nombre"), max_length=500),
        Field("confirmed", say("Lo confirmo: el destino podría tenerlo ya")),
    ))


def reroute(bodies: tuple[Choice, ...], right_body: str = "", *, may_have_gone: bool = False) -> Form:
    """Where a leg goes that its destination refused, or that never got there; `right_body` is whom it named.

    `may_have_gone`: it was refused, and may have been sent on in hours that a restore lost.
    """
    gone = say("Lo confirmo: no salió ya hacia otra institución")
    held = say("Lo confirmo: quien lo tenía ya no lo atiende")
    return Form((
        Field("to", say("A qué institución le toca"), choices=bodies, value=right_body),
        Field("why", say("Motivo"), choices=_choices({one: REFUSAL_REASONS[one] for one in RefusalReason})),
        Field("why_text", say("Explicación"), say("La lee quien lo presentó, hoy mismo"), max_length=500),
        Field("sure", gone if may_have_gone else held, prefix="otro-"),
    ))


def resolve_parked(message_id: int, answers: tuple[str, ...] = ("set_aside",)) -> Form:
    """One of several on a page: `message_id` tells their fields apart. `answers`: what can be done with this one."""
    said = {
        "apply": say("Aplicarla a este envío"),
        "apply_current": say("Aplicarla al envío vigente del trámite"),
        "set_aside": say("Dejarla de lado: no se aplicará"),
    }
    prefix = f"noticia-{message_id}-"
    return Form((
        Field("resolution", say("Qué hacer"), prefix=prefix, value=answers[0] if len(answers) == 1 else "",
              choices=tuple(Choice(answer, said[answer]) for answer in answers)),
        Field("reason", say("Por qué"), say("Queda anotado con tu nombre"), max_length=500, prefix=prefix),
    ))


def answer_filing(bodies: tuple[Choice, ...]) -> Form:
    """What an officer of a body without a system answers to a filing."""
    reasons = _choices({reason: REFUSAL_REASONS[reason] for reason in RefusalReason})
    return Form((
        Field("answer", say("Qué haces con este documento"), choices=(
            Choice("register", say("Registrarlo"), say("Le das tu número y sigue a la oficina que lo atiende")),
            Choice("observe", say("Observarlo"), say("Le falta algo: quien lo presentó tiene dos días hábiles")),
            Choice("refuse", say("No le corresponde a mi institución"), say("Vuelve, para enviarlo a quien le toca")),
        )),
        Field("registry_number", say("Tu número de registro"),
              say("Si lo dejas en blanco, te damos el siguiente del año"), width="20", max_length=14, is_optional=True),
        Field("expediente_number", say("Expediente"), width="20", max_length=40, is_optional=True),
        Field("open_expediente", say("Abrir un expediente nuevo, con el número siguiente del año")),
        Field("unit", say("Oficina que lo atenderá"), max_length=250, is_optional=True),
        Field("items", say("Qué falta o hay que corregir"),
              say("Una cosa por línea, completa: solo se puede observar una vez")),
        Field("observe_note", say("Nota para quien lo presentó"), max_length=250, is_optional=True),
        Field("reason", say("Motivo"), choices=reasons),
        Field("refuse_text", say("Explicación"), say("La verá quien lo presentó"), max_length=250),
        Field("right_body", say("A quién le corresponde"), choices=bodies, is_optional=True),
    ))


def move_filing() -> Form:
    """What an officer tells about a filing that was registered."""
    return Form((
        Field("movement", say("En qué está"), choices=_choices({
            movement: MOVEMENTS[movement] for movement in (Movement.IN_PROCESS, Movement.ANSWERED, Movement.CLOSED)
        })),
        Field("movement_unit", say("Oficina que lo atiende"), max_length=250, is_optional=True),
        Field("movement_text", say("Nota interna"), say("No la ve quien lo presentó"), max_length=250,
              is_optional=True),
    ))
