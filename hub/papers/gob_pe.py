"""The text of a body's gob.pe page for its mesa de partes, in the order of gob.pe's own pages (R-REP-2).

DL 1412 art. 20 and Ley 31170: the mesa de partes digital is published in the body's sede digital. The writing follows
gob.pe's guide: a title that begins with an infinitive, up to 180 characters; short sentences that speak to the person.
"""

from dataclasses import dataclass, replace
from typing import Final

from hub.core.bodies import EntityRecord, Limits
from hub.core.tupa import ProcedureRecord
from hub.papers.known import counter_line, or_blank, soles

LONGEST_TITLE: Final = 180


@dataclass(frozen=True)
class Section:
    """A part of the page: its heading and its lines; `is_list` where each line is a point."""

    heading: str
    lines: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True)
class ServicePage:
    """The whole page."""

    title: str
    description: str
    sections: tuple[Section, ...]

    @property
    def blanks(self) -> int:
        """How many blanks a person has still to fill in."""
        return self.as_text().count("[por completar")

    def as_text(self) -> str:
        """The page as plain text, to be copied."""
        parts = [self.title, "", self.description]
        for section in self.sections:
            parts += ["", section.heading, *(f"- {line}" if section.is_list else line for line in section.lines)]
        return "\n".join(parts) + "\n"


def service_page(entity: EntityRecord, address: str = "") -> ServicePage:
    """The page of a body, from what the directory knows of it (DL 1412 art. 20; Ley 31170).

    `address`: where one files to it here, for a body that declares no address of its own.
    """
    if address and not entity.service.url:
        entity = replace(entity, service=replace(entity.service, url=address))
    return ServicePage(_title(entity), _description(entity), sections(entity))


def sections(entity: EntityRecord) -> tuple[Section, ...]:
    """The parts of the page in gob.pe's order: requirements, online, in person (DL 1412 art. 20; Ley 31170)."""
    return (
        Section("Requisitos", _requirements(entity), is_list=True),
        Section("Antes de iniciar, debes saber", _before(entity), is_list=True),
        Section("Hazlo de forma digital", _online(entity), is_list=True),
        Section("También puedes hacerlo presencialmente", _in_person(entity)),
    )


def _title(entity: EntityRecord) -> str:
    whole = f"Acceder a mesa de partes: {entity.name} ({entity.acronym})"
    return whole if len(whole) <= LONGEST_TITLE else f"Acceder a mesa de partes: {entity.acronym}"


def _description(entity: EntityRecord) -> str:
    return (
        "Presenta solicitudes, cartas y otros documentos sin salir de tu casa, a cualquier hora y todos los días, o en "
        f"una mesa de partes de la institución ({entity.name}, {entity.acronym}). Recibes al momento tu número de "
        "trámite y una constancia que cualquiera puede comprobar."
    )


def _requirements(entity: EntityRecord) -> tuple[str, ...]:
    """What everybody needs, and what each procedure asks for. Never a copy of the DNI (DL 1246)."""
    common = (
        "Tu número de DNI, carné de extranjería, pasaporte o permiso temporal. No te piden una copia.",
        "Si presentas por una empresa u organización: su RUC y tu documento como representante.",
        "Tu documento en PDF y, si tienes, sus anexos.",
    )
    return (*common, *(_asked(procedure) for procedure in entity.procedures))


def _asked(procedure: ProcedureRecord) -> str:
    asks = "; ".join(requirement.text.rstrip(".") for requirement in procedure.requirements)
    fee = f" Pago: {soles(procedure.fee_cents)}." if procedure.fee_cents else ""
    term = f" Plazo de respuesta: {procedure.days} días hábiles." if procedure.days else ""
    return f"Para «{procedure.name}»: {or_blank(asks, 'requisitos')}.{fee}{term}"


def _before(entity: EntityRecord) -> tuple[str, ...]:
    return (
        "Puedes presentar las 24 horas, todos los días. En un día hábil, vale ese mismo día hasta las 23:59:59.",
        _other_days(entity),
        *_limits(entity.limits),
        "Si falta algo, te lo piden una sola vez y tienes 2 días hábiles para completarlo.",
    )


def _other_days(entity: EntityRecord) -> str:
    """The policy of the body for non-business days, in words (TUO 144.1)."""
    if entity.policy.value == "A":
        return "Un sábado, domingo o feriado vale ese día, y el plazo empieza el primer día hábil siguiente."
    return "Un sábado, domingo o feriado se considera presentado el primer día hábil siguiente."


def _limits(limits: Limits) -> tuple[str, ...]:
    said = (
        ("El documento principal puede pesar hasta {} MB.", limits.main_bytes),
        ("Cada anexo puede pesar hasta {} MB.", limits.annex_bytes),
        ("Todos los archivos juntos pueden pesar hasta {} MB.", limits.total_bytes),
    )
    return tuple(text.format(_megabytes(size)) for text, size in said if size)


def _megabytes(size: int) -> int:
    """As the body says it, whether it counts by thousands or by 1024."""
    return size >> 20 if size % (1 << 20) == 0 else size // 1_000_000


def _online(entity: EntityRecord) -> tuple[str, ...]:
    return (
        f"Entra a {or_blank(entity.service.url, 'dirección del servicio')}.",
        "Escribe tus datos, elige a quién va dirigido y adjunta tus archivos.",
        "Revisa y envía. Recibes tu número de trámite y tu clave de seguimiento en la pantalla y por correo.",
        "Haz seguimiento a tu trámite con ese número y esa clave.",
    )


def _in_person(entity: EntityRecord) -> tuple[str, ...]:
    where = tuple(counter_line(counter) for counter in entity.open_counters)
    return (
        "Hazlo en 1 paso: acércate con tu documento a una de estas mesas de partes, o a cualquiera del sector. Te "
        "entregan tu constancia con el número de trámite.",
        *(where or (or_blank("", "mesas de partes"),)),
    )
