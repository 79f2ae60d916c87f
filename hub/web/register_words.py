"""The registers in words: the columns of each book, for a page to be printed and for a spreadsheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import ngettext

from hub.core.cells import csv_of
from hub.core.identifiers import entry_number
from hub.papers.register import RegisterPage
from hub.papers.sheet import Cell
from hub.registers import Entry, Exit, Wanted, entries, exits
from hub.web.catalogue import N_
from hub.web.dates import day, instant_exact, instant_short
from hub.web.sentences import document_kind, document_type, label, say


@dataclass(frozen=True)
class Book:
    """One of the two registers: how its lines are asked for, printed and written to a spreadsheet.

    printed: (column, width in points, cell of a line). cells: (column, value of a line).
    """

    title: str
    lines: Callable[..., tuple[Any, ...]]
    printed: tuple[tuple[str, float, Callable[[Any], Cell]], ...]
    cells: tuple[tuple[str, Callable[[Any], object]], ...]


def _hour(at: datetime) -> str:
    return instant_exact(at)[-8:]


def _number(entry: Entry) -> Cell:
    return entry.number, _hour(entry.at)


def _filer(entry: Entry) -> Cell:
    return entry.filer, f"{document_kind(entry.filer_document_kind)} {entry.filer_document}"


def _document(entry: Entry) -> Cell:
    series = [say(N_("serie %(name)s"), name=entry.retention_class)] if entry.retention_class else []
    below = [entry.filing_number, ngettext("%(num)s folio", "%(num)s folios", entry.folios), *series]
    return f"{document_type(entry.document_type)} {entry.document_number}: {entry.subject}", " · ".join(below)


def _to(entry: Entry) -> Cell:
    """The addressee; below, what it is, and who has it where that is another."""
    state = label(entry.status)
    if entry.where != entry.destination:
        state = say(N_("lo tiene %(body)s: %(state)s"), body=entry.where, state=state)
    return entry.destination, state


def _sent(line: Exit) -> Cell:
    folios = ngettext("%(num)s folio", "%(num)s folios", line.folios)
    return line.subject, f"{line.filing_number} · {folios} · {say(N_('registro %(number)s'), number=line.number)}"


def _when(at: datetime | None) -> Cell:
    return (instant_short(at)[:10], _hour(at)) if at else ""


def _cargo(line: Exit) -> Cell:
    return (line.cargo, instant_short(line.registered_at)) if line.registered_at else ""


ENTRADAS = Book(
    N_("Registro de entradas"),
    entries,
    (
        (N_("Registro"), 66, _number),
        (N_("Presentado por"), 94, _filer),
        (N_("Documento y asunto"), 0, _document),
        (N_("Para"), 74, _to),
        (N_("Lo recibió"), 86, lambda e: (e.clerk or say(N_("Recepción automática")), e.counter)),
    ),
    (
        (N_("Registro"), lambda e: e.number), (N_("Trámite"), lambda e: e.filing_number),
        (N_("Presentado"), lambda e: e.at), (N_("Mesa de partes"), lambda e: e.counter),
        (N_("Presentado por"), lambda e: e.filer),
        (N_("Tipo de documento de identidad"), lambda e: document_kind(e.filer_document_kind)),
        (N_("Documento de identidad"), lambda e: e.filer_document),
        (N_("Tipo de documento"), lambda e: document_type(e.document_type)),
        (N_("Número del documento"), lambda e: e.document_number), (N_("Asunto"), lambda e: e.subject),
        (N_("Para"), lambda e: e.destination), (N_("Folios"), lambda e: e.folios),
        (N_("Lo recibió"), lambda e: e.clerk), (N_("Estado"), lambda e: label(e.status)),
        (N_("Dónde está"), lambda e: e.where), (N_("Serie documental"), lambda e: e.retention_class),
    ),
)  # fmt: skip

SALIDAS = Book(
    N_("Registro de salidas"),
    exits,
    (
        (N_("Envío (CUO)"), 72, lambda x: (x.cuo, _hour(x.left_at))),
        (N_("Asunto"), 0, _sent),
        (N_("Para"), 74, lambda x: (x.destination, label(x.status))),
        (N_("Lo tuvo"), 72, lambda x: _when(x.delivered_at)),
        (N_("Cargo"), 84, _cargo),
    ),
    (
        (N_("Envío (CUO)"), lambda x: x.cuo), (N_("Trámite"), lambda x: x.filing_number),
        (N_("Registro"), lambda x: x.number), (N_("Salió"), lambda x: x.left_at),
        (N_("Para"), lambda x: x.destination), (N_("Título"), lambda x: label(x.mode)),
        (N_("Asunto"), lambda x: x.subject), (N_("Folios"), lambda x: x.folios),
        (N_("Estado"), lambda x: label(x.status)), (N_("Lo tuvo"), lambda x: x.delivered_at),
        (N_("Cargo"), lambda x: x.cargo), (N_("Cargo del"), lambda x: x.registered_at),
    ),
)  # fmt: skip

BOOKS = {"entradas": ENTRADAS, "salidas": SALIDAS}


def csv_text(book: Book, lines: Sequence[Any]) -> str:
    """The lines as CSV."""
    return csv_of([say(name) for name, _ in book.cells], ([value(line) for _, value in book.cells] for line in lines))


def printed(book: Book, wanted: Wanted, lines: Sequence[Any], missing: Sequence[int]) -> RegisterPage:
    """The lines as a page to be printed. `missing` are the numbers that the year's register lacks."""
    entity = wanted.entity
    counters = {counter.code: counter.name for counter in entity.counters}
    return RegisterPage(
        title=say(book.title),
        body=entity.name,
        acronym=entity.acronym,
        day=day(wanted.day),
        counter=counters.get(wanted.counter_code, say(N_("Todas sus mesas de partes"))),
        notes=(_count(lines), whole(missing, wanted.day.year)),
        heads=tuple((say(name), width) for name, width, _ in book.printed),
        rows=tuple([cell(line) for _, _, cell in book.printed] for line in lines),
    )


def _count(lines: Sequence[Any]) -> str:
    return ngettext("%(num)s línea", "%(num)s líneas", len(lines)) if lines else say(N_("Sin movimientos ese día."))


def whole(missing: Sequence[int], year: int) -> str:
    """What is said of the numbers of a year's register."""
    if not missing:
        return say(N_("El correlativo de entradas de %(year)s está completo, sin saltos."), year=year)
    numbers = ", ".join(entry_number(number, year) for number in missing[:10])
    return say(N_("Faltan números en el correlativo de %(year)s: %(numbers)s."), year=year, numbers=numbers)
