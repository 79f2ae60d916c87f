"""The questions of the inbox's own work: what to list, to which unit it goes, and a body's own document."""

from collections.abc import Sequence

from hub.models import Unit
from hub.web import fields
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import DOCUMENT_TYPES, PERSON_DOCUMENT_KINDS, say

ARCHIVED = "archived"
OWN_TYPES = ("oficio", "carta", "informe", "memorial", "otro")


def unit_choices(found: Sequence[Unit]) -> tuple[Choice, ...]:
    return tuple(Choice(str(one.id), one.name) for one in found)


def filters(found: Sequence[Unit]) -> Form:
    """Which documents the list shows (sent by GET)."""
    asked = fields.inbox_filters()
    states = (*asked["estado"].choices, Choice(ARCHIVED, say("Archivados")))
    units = Field("unidad", say("Oficina"), choices=unit_choices(found))
    return Form((*asked.choosing("estado", states).fields, units))


def pass_on(found: Sequence[Unit]) -> Form:
    return Form((
        Field("to_unit", say("A qué oficina pasa"), choices=unit_choices(found)),
        Field("pass_note", say("Nota para esa oficina"), say("No la ve quien lo presentó"), max_length=250,
              is_optional=True),
    ))


def own_document(bodies: tuple[Choice, ...]) -> Form:
    """What an officer says of a document of their body to another institution."""
    types = tuple(Choice(code, say(DOCUMENT_TYPES[code])) for code in OWN_TYPES)
    kinds = tuple(Choice(kind, say(PERSON_DOCUMENT_KINDS[kind])) for kind in ("dni", "ce"))
    return Form((
        Field("destination", say("A qué institución va"), choices=bodies),
        Field("addressee", say("Oficina o persona a la que se dirige"), max_length=150, is_optional=True),
        Field("document_type", say("Tipo de documento"), value="oficio", choices=types),
        Field("document_number", say("Número del documento"), say("Como 123-2026-IIAP-DG"), width="20",
              max_length=100),
        Field("subject", say("Asunto"), max_length=500),
        Field("folios", say("Folios"), say("Hojas, no páginas"), value="1", width="4", inputmode="numeric",
              max_length=6),
        Field("related_expediente", say("Expediente de la otra institución"), say("Si responde a uno suyo"),
              width="20", max_length=40, is_optional=True),
        Field("main_document", say("Documento firmado"), say("En PDF"), accept="application/pdf,.pdf"),
        Field("annexes", say("Anexos"), say("Puedes elegir varios a la vez, en cualquier formato"), is_optional=True),
        Field("document_kind", say("Tu documento de identidad"), value="dni", choices=kinds),
        Field("document_number_of_person", say("Número"), say("Quien presenta por la institución se identifica"),
              width="10", max_length=20),
        Field("email", say("Correo para los avisos"), type="email", max_length=254, width="two-thirds"),
        Field("accepts_notification", say("Acepto que la respuesta llegue a la casilla electrónica de este documento")),
    ))
