"""What the pages of registers and reports ask: which body, which day or month, which book."""

from hub.core.bodies import EntityRecord
from hub.core.directory import Directory
from hub.papers.figures import SgtdReport
from hub.registers import Wanted
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import say


def register_filters(directory: Directory, wanted: Wanted, book: str, is_for_all: bool, is_for_seat: bool) -> Form:
    """Sent by GET. `is_for_all`: the person chooses among all bodies; `is_for_seat`: only their counter's part."""
    counters = tuple(Choice(counter.code, counter.name) for counter in wanted.entity.counters)
    return Form((
        *_body(directory, wanted.entity, is_for_all),
        *(() if is_for_seat or len(counters) < 2 else (
            Field("sede", say("Mesa de partes"), value=wanted.counter_code, choices=counters),
        )),
        Field("libro", say("Registro"), value=book, choices=(
            Choice("entradas", say("De entradas")), Choice("salidas", say("De salidas")),
        )),
        Field("dia", say("Día"), value=wanted.day.isoformat(), type="date"),
    ))


def report_filters(directory: Directory, report: SgtdReport, is_for_all: bool) -> Form:
    """Sent by GET."""
    month = Field("mes", say("Mes"), say("Como 2026-11"), value=f"{report.month:%Y-%m}", type="month", max_length=7)
    return Form((*_body(directory, report.entity, is_for_all), month))


def _body(directory: Directory, entity: EntityRecord, is_for_all: bool) -> tuple[Field, ...]:
    if not is_for_all:
        return ()
    bodies = sorted(directory.entities, key=lambda body: body.acronym)
    choices = tuple(Choice(body.code, f"{body.acronym} – {body.name}") for body in bodies)
    return (Field("institucion", say("Institución"), value=entity.code, choices=choices),)
