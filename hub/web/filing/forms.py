"""The questions of the online form: one function per page, blank, with its words."""

from dataclasses import replace

from hub.core.tupa import GENERAL
from hub.drafted import CORRESPONDENCE
from hub.web import districts
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import DOCUMENT_TYPES, PERSON_DOCUMENT_KINDS, say


def find_institution() -> Form:
    return Form((
        Field("q", say("Busca por nombre, por siglas o por lo que quieres hacer"),
              say("Como «IGP», «áreas naturales» o «certificación»"), type="search", max_length=100),
    ))


def purpose(destination) -> Form:
    """What for: a procedure of the destination, another request, or no request at all."""
    procedures = tuple(Choice(one.tupa_code, one.name, _terms(one)) for one in destination.procedures)
    return Form((
        Field("purpose", say("Para qué lo presentas"), choices=(
            *procedures,
            Choice(GENERAL.tupa_code, say("Pedir otra cosa"),
                   say("Una solicitud que necesita respuesta y no está en la lista")) if procedures else
            Choice(GENERAL.tupa_code, say("Pedir algo"), say("Una solicitud que necesita respuesta")),
            Choice(CORRESPONDENCE, say("Entregar o comunicar algo"),
                   say("Una carta, un informe o una respuesta, sin pedir nada")),
        )),
    ))


def _terms(procedure) -> str:
    days = say("Hasta %(days)s días hábiles", days=procedure.days) if procedure.days else ""
    fee = say("S/ %(fee)s", fee=f"{procedure.fee_cents / 100:.2f}") if procedure.fee_cents else say("Gratuito")
    return " · ".join(text for text in (fee, days) if text)


def requirements(procedure) -> Form:
    """The checklist of a procedure: nothing in it stops a filing; and its proof of payment, where it has a fee."""
    needed = procedure.requirements if procedure else ()
    ticks = tuple(Field(f"requirement_{number}", one.text) for number, one in enumerate(needed))
    has_fee = bool(procedure and (procedure.fee_cents or any(one.is_fee_receipt for one in needed)))
    receipt = Field("fee_receipt", say("Número y fecha del comprobante de pago"),
                    say("Si todavía no pagaste, déjalo en blanco: puedes presentarlo igual y completarlo después"),
                    max_length=100, is_optional=True)
    return Form((*ticks, receipt) if has_fee else ticks)


def under(code: str, form: Form) -> Form:
    """The form with its fields named after a procedure: a page shows one checklist for each."""
    return replace(form, fields=tuple(replace(one, name=f"{code}.{one.name}") for one in form.fields))


def said_under(code: str, typed) -> dict[str, str]:
    """What was typed in the checklist of one procedure, by the plain names of its fields."""
    return {name.removeprefix(f"{code}."): text for name, text in typed.items() if name.startswith(f"{code}.")}


def person() -> Form:
    kinds = tuple(Choice(code, say(text)) for code, text in PERSON_DOCUMENT_KINDS.items())
    return Form((
        Field("person_type", say("Quién presenta el documento"), choices=(
            Choice("natural", say("Yo, a mi nombre")),
            Choice("legal", say("Una empresa u organización con RUC, que represento")),
        )),
        Field("ruc", say("RUC"), say("Son 11 dígitos"), width="10", max_length=11, inputmode="numeric"),
        Field("business_name", say("Razón social"), max_length=250, autocomplete="organization"),
        Field("capacity", say("En calidad de qué la representas"), say("Como gerente general, o con carta poder"),
              max_length=100, is_optional=True),
        Field("represents", say("Declaro que represento a esta empresa u organización"),
              say("Basta una carta poder simple; puedes adjuntarla como anexo")),
        Field("document_kind", say("Tu documento de identidad"), value="dni", choices=kinds),
        Field("document_number_of_person", say("Número"), width="10", max_length=20, autocomplete="off"),
        Field("names", say("Tus apellidos y nombres"), say("Como están en tu documento"), max_length=250,
              autocomplete="name"),
    ))


def contact() -> Form:
    return Form((
        Field("email", say("Correo"), say("Ahí te enviamos la constancia y los avisos"), type="email", max_length=254,
              autocomplete="email", width="two-thirds"),
        Field("phone", say("Celular o teléfono"), say("Como 987654321"), type="tel", inputmode="tel", max_length=20,
              width="10", autocomplete="tel"),
        Field("address", say("Dirección"), say("Calle y número, o como la conozcan"), max_length=300,
              autocomplete="street-address", is_optional=True),
        *districts.questions(),
    ))


def code() -> Form:
    return Form((
        Field("code", say("Código de 6 dígitos"), width="5", max_length=7, inputmode="numeric",
              autocomplete="one-time-code"),
    ))


def document(destination=None) -> Form:
    """`destination` offers the types of document that it chose, in its order."""
    offered = destination.offered_types if destination else tuple(DOCUMENT_TYPES)
    kinds = tuple(Choice(code, say(DOCUMENT_TYPES[code])) for code in offered)
    return Form((
        Field("document_type", say("Tipo de documento"), value=offered[0], choices=kinds, width="two-thirds"),
        Field("document_number", say("Número"), say("El que tú o tu empresa le pusieron. Si no tiene, deja «s/n»"),
              value="s/n", width="20", max_length=100),
        Field("subject", say("Asunto"), say("En una frase, lo que pides o comunicas"), max_length=500),
        Field("addressee", say("Oficina o persona a la que va dirigido"), max_length=150, is_optional=True),
        Field("related_expediente", say("Expediente relacionado"),
              say("Si responde o se suma a uno que ya está abierto"), width="20", max_length=40, is_optional=True),
        Field("additional_information", say("Información adicional"), max_length=3000, is_optional=True),
    ))


def papers(destination) -> Form:
    """The files. What the page accepts is only a help: the bytes decide."""
    kinds = ",".join(destination.limits.annex_types)
    return Form((
        Field("main_document", say("Documento principal"),
              say("En PDF. No hace falta firma digital: vale firmado a mano y escaneado"),
              accept="application/pdf,.pdf"),
        Field("annexes", say("Anexos"), say("Puedes elegir varios a la vez"), accept=kinds, is_optional=True),
    ))


def review() -> Form:
    return Form((
        Field("declaration", say("Declaro que lo que digo es verdad, que los archivos son copia fiel de los originales "
              "y que actúo a mi nombre o con representación")),
        Field("accepts_notification", say("Autorizo que me notifiquen por medios electrónicos"),
              say("No es obligatorio. Si la marcas, las decisiones sobre tu trámite te llegan por internet, con un "
                  "aviso a tu correo o a tu celular. Si no, te notifican en tu dirección.")),
    ))


def filled(form: Form, values) -> Form:
    """The form with what the draft holds; what was never asked keeps its first value."""
    return replace(form, fields=tuple(replace(one, value=values.get(one.name, one.value)) for one in form.fields))
