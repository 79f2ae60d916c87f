"""The questions of a body that joins and of the form that it adapts: one function per form, blank, with its words."""

from hub.core.bodies import EntityRecord
from hub.publishing import Adapted, CounterTyped
from hub.web.catalogue import N_
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import DOCUMENT_TYPES, say

KINDS = {
    "executing_body": N_("Organismo público ejecutor"),
    "technical_body": N_("Organismo técnico especializado"),
    "research_institute": N_("Instituto de investigación"),
    "ministry": N_("Ministerio"),
    "other": N_("Otra entidad pública"),
}
DEPARTMENTS = (
    "Amazonas", "Áncash", "Apurímac", "Arequipa", "Ayacucho", "Cajamarca", "Callao", "Cusco", "Huancavelica",
    "Huánuco", "Ica", "Junín", "La Libertad", "Lambayeque", "Lima", "Loreto", "Madre de Dios", "Moquegua", "Pasco",
    "Piura", "Puno", "San Martín", "Tacna", "Tumbes", "Ucayali",
)  # fmt: skip
"""In the order of the INEI: the first is 01."""


def _departments() -> tuple[Choice, ...]:
    return tuple(Choice(f"{number:02d}0000", name) for number, name in enumerate(DEPARTMENTS, 1))


def ask_access() -> Form:
    kinds = tuple(Choice(kind, say(text)) for kind, text in KINDS.items())
    return Form((
        Field("ruc", say("RUC de la institución"), width="10", max_length=11, inputmode="numeric"),
        Field("name", say("Nombre completo"), max_length=250),
        Field("acronym", say("Siglas"), width="10", max_length=20),
        Field("kind", say("Qué es"), choices=kinds),
        Field("place", say("Ciudad o distrito de su mesa de partes"), width="two-thirds", max_length=100),
        Field("ubigeo", say("Departamento"), choices=_departments(), width="two-thirds"),
        Field("responsible", say("Nombres y apellidos de quien será responsable"),
              say("Recibe la invitación y organiza a las demás personas"), max_length=200),
        Field("job_title", say("Su cargo"), max_length=150, is_optional=True),
        Field("email", say("Su correo institucional"), type="email", width="two-thirds", max_length=254),
    ))


def decline(request_id: str) -> Form:
    return Form((
        Field("reason", say("Por qué no"), say("Lo lee quien lo pidió"), max_length=500, prefix=f"{request_id}-"),
    ))


def adapt(body: EntityRecord) -> Form:
    """The form of a body as it is published now, to be changed."""
    limits = body.limits
    return Form((
        Field("introduction", say("Presentación"), say("Unas frases al comienzo de tu página"), max_length=1000,
              value=body.introduction, is_optional=True),
        Field("main_mb", say("Documento principal, en MB"), width="5", inputmode="numeric", is_optional=True,
              value=_mb(limits.main_bytes)),
        Field("annex_mb", say("Cada anexo, en MB"), width="5", inputmode="numeric", is_optional=True,
              value=_mb(limits.annex_bytes)),
        Field("total_mb", say("Todos juntos, en MB"), width="5", inputmode="numeric", is_optional=True,
              value=_mb(limits.total_bytes)),
        Field("files", say("Cuántos archivos como máximo"), width="5", inputmode="numeric", is_optional=True,
              value=str(limits.files or "")),
        *_types(body),
        *(field for counter in body.open_counters for field in _of_counter(counter)),
        Field("seat_name", say("Nombre de la sede"), say("Como «Sede Huancayo»"), max_length=100, is_optional=True),
        Field("seat_place", say("Ciudad o distrito"), max_length=100, is_optional=True),
        Field("seat_ubigeo", say("Departamento"), choices=_departments(), is_optional=True),
    ))


def _types(body: EntityRecord) -> tuple[Field, ...]:
    """One a type: its place in the form."""
    places = {code: str(place) for place, code in enumerate(body.document_types, 1)}
    return tuple(
        Field(f"type-{code}", say(DOCUMENT_TYPES[code]), value=places.get(code, ""), width="2", max_length=2,
              inputmode="numeric", is_optional=True)
        for code in DOCUMENT_TYPES
    )  # fmt: skip


def _mb(size: int | None) -> str:
    return str(size >> 20) if size else ""


def _of_counter(counter):
    first = counter.hours[0] if counter.hours else None
    return (
        Field(f"address-{counter.code}", say("Dirección"), value=counter.address, max_length=250, is_optional=True),
        Field(f"opens-{counter.code}", say("Abre, de lunes a viernes"), type="time", width="5", is_optional=True,
              value=f"{first.opens:%H:%M}" if first else ""),
        Field(f"closes-{counter.code}", say("Cierra"), type="time", width="5", is_optional=True,
              value=f"{first.closes:%H:%M}" if first else ""),
    )


def read_adapted(form: Form, body: EntityRecord) -> Adapted:
    """What was typed, as the stage takes it. Hours that were not touched stay as they are, day by day."""
    typed, before = form.values(), adapt(body).values()
    counters = []
    for counter in body.open_counters:
        names = (f"opens-{counter.code}", f"closes-{counter.code}")
        is_same = all(typed[name] == before[name] for name in names)
        opens, closes = ("", "") if is_same else (typed[names[0]], typed[names[1]])
        counters.append(CounterTyped(counter.code, typed[f"address-{counter.code}"], opens, closes))
    return Adapted(
        typed["introduction"], typed["main_mb"], typed["annex_mb"], typed["total_mb"], typed["files"],
        tuple(counters), (typed["seat_name"], typed["seat_place"], typed["seat_ubigeo"]),
        tuple((code, typed[f"type-{code}"]) for code in DOCUMENT_TYPES),
    )  # fmt: skip
