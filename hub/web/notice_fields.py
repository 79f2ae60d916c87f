"""The questions of notification, of the key, and of incidents: one function per form, blank, with its words."""

from hub.core.directory import Directory
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import say


def open_casilla() -> Form:
    return Form((
        Field("tracking_key", say("Clave de seguimiento"), say("8 letras y números, como K7QM 4RD2"), width="10",
              max_length=20, autocomplete="off"),
    ))


def recover_key() -> Form:
    return Form((
        Field("filing_number", say("Número de trámite"), say("Como 2026-0001234-6"), width="20", max_length=20,
              autocomplete="off"),
        Field("email", say("Correo que diste al presentarlo"), type="email", width="two-thirds", max_length=254,
              autocomplete="email"),
    ))


def notify_document() -> Form:
    """A document that a body issued, to be notified to who filed."""
    return Form((
        Field("act_subject", say("De qué trata"), say("Como «Carta 123-2026: entrega la información pedida»"),
              max_length=500),
        Field("issued_on", say("Fecha del documento"),
              say("La ley da cinco días hábiles desde esa fecha para notificarlo"), type="date", width="10"),
        Field("act_document", say("Documento"), say("En PDF"), accept="application/pdf,.pdf"),
    ))


def notify_by_hand(notice_id: int) -> Form:
    """One of several on a page: `notice_id` tells their fields apart."""
    prefix = f"notificacion-{notice_id}-"
    return Form((
        Field("on", say("Qué día se entregó"), type="date", width="10", prefix=prefix),
        Field("note", say("Cédula o forma de entrega"), say("Como «Cédula 45-2026». Queda anotado con tu cuenta"),
              max_length=200, prefix=prefix),
    ))


def new_incident(directory: Directory) -> Form:
    bodies = sorted(directory.entities, key=lambda body: body.acronym)
    return Form((
        Field("incident_body", say("Institución"), choices=tuple(Choice(b.code, b.acronym) for b in bodies)),
        Field("known_at", say("Cuándo se supo"), say("Desde ese momento corren las 48 horas"), type="datetime-local",
              width="20"),
        Field("what", say("Qué pasó y a qué datos afecta"), say("Sin nombres ni datos de las personas afectadas"),
              max_length=4000),
    ))


def tell_incident(incident_id: int) -> Form:
    return Form((
        Field("told_as", say("Cómo se comunicó a la autoridad"), say("Como el número del cargo de la ANPD"),
              max_length=500, prefix=f"incidente-{incident_id}-"),
    ))
