"""The questions about observations: what a clerk observes, what is answered to each item, how a filing is found."""

from hub.core.directory import Directory
from hub.core.errors import Problem
from hub.models import Filing
from hub.observations import Asked
from hub.web.answering import LONGEST_ITEM, MOST_ITEMS
from hub.web.forms import Field, Form
from hub.web.sentences import say

LONGEST_ANSWER = 1000


def correct(items: tuple[str, ...]) -> Form:
    """One answer for each item, none of them required: a document may answer it."""
    answers = tuple(
        Field(f"answer-{place}", item, say("Cuéntalo en pocas palabras, o adjunta abajo el documento que falta"),
              max_length=LONGEST_ANSWER)
        for place, item in enumerate(items)
    )
    return Form((
        *answers,
        Field("documents", say("Documentos que faltaban o que corregiste"),
              say("Puedes elegir varios a la vez, en cualquier formato"), is_optional=True),
    ))


def answers_of(form: Form) -> tuple[str, ...]:
    """The answers, in the order of the items."""
    return tuple(one.value for one in form.fields if one.name.startswith("answer-"))


def find_at_counter() -> Form:
    return Form((
        Field("filing_number", say("Número de trámite"), say("Como 2026-0001234-6"), width="20", max_length=20,
              autocomplete="off"),
        Field("tracking_key", say("Clave de seguimiento"), say("Si lo recibió otra mesa de partes"), width="10",
              max_length=20, autocomplete="off", is_optional=True),
    ))


def observe() -> tuple[Field, ...]:
    """What a clerk writes to receive with observations; part of the form of the counter."""
    return (
        Field("observed_items", say("Qué falta o hay que corregir"),
              say("Una cosa por línea, completa: solo se puede observar una vez"), is_optional=True),
        Field("allegations", say("Lo que alega quien presenta"), say("Si dice algo, escríbelo como lo dice"),
              max_length=2000, is_optional=True),
    )


def read_observed(form: Form, *, is_wanted: bool) -> tuple[Asked | None, tuple[Problem, ...]]:
    """What the clerk observed, where that was the button; what was typed and not asked for is said, not lost."""
    items = tuple(" ".join(line.split()) for line in form["observed_items"].value.splitlines() if line.strip())
    if not is_wanted:
        return None, ((Problem("observed_items", "OBSERVED_WITHOUT_BUTTON"),) if items else ())
    if not items:
        return None, (Problem("observed_items", "ITEMS_MISSING"),)
    if len(items) > MOST_ITEMS or any(len(item) > LONGEST_ITEM for item in items):
        return None, (Problem("observed_items", "TOO_LONG", {"limit": LONGEST_ITEM}),)
    return Asked(items, allegations=form["allegations"].value[:2000]), ()


def withdraw() -> Form:
    return Form((Field("confirmed", say("Quien lo presentó está aquí y pide retirarlo")),))


def withdrawal_of(about: Filing, directory: Directory) -> dict[str, str]:
    """What the counter's form says already for the desistimiento of a filing that was handed over (TUO 200)."""
    filer = about.filer
    return {
        "destination": directory.by_id(about.destination_id).code,
        "person_type": "legal" if filer.ruc else "natural",
        "ruc": filer.ruc,
        "business_name": filer.business_name,
        "document_kind": filer.document_kind,
        "document_number_of_person": filer.document_number,
        "names": filer.names,
        "email": filer.email,
        "phone": filer.phone,
        "address": filer.address,
        "document_type": "escrito",
        "document_number": "s/n",
        "subject": say("Desistimiento del trámite %(number)s", number=about.filing_number),
        "folios": "1",
    }
