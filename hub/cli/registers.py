"""`mesa register` and `mesa report`: the registers and the reports for a terminal."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub import registers, reports
from hub.cli.complaint import Complaint
from hub.clock import now
from hub.core.calendar import local_date, read_day, read_month
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.entities import load
from hub.papers import register as register_paper
from hub.papers import report as report_paper
from hub.papers.gob_pe import service_page
from hub.sight import Viewer
from hub.web import register_words as in_words

T = TypeVar("T")
READER = Viewer(0, frozenset({"sector_admin"}))
"""Whoever has the database has the books."""


def show_register(
    engine: Engine, entity: str, day: str, *, book: str = "entradas", csv: str = "", pdf: str = "", year_name: str = ""
) -> int:
    """Print a day of a register, or write it to a file. Raises Complaint for an unknown body or day."""
    kind = in_words.BOOKS[book]
    with Session(engine) as session:
        directory = load(session, now())
        wanted = _known(entity, lambda: registers.open_book(directory, READER, entity, _day(day)))
        lines = kind.lines(session, directory, READER, wanted)
        page = in_words.printed(kind, wanted, lines, registers.gaps(session, wanted.entity, wanted.day.year))
    if csv:
        _write(Path(csv), in_words.csv_text(kind, lines).encode())
    if pdf:
        _write(Path(pdf), register_paper.draw(page, year_name, now()))
    if not csv and not pdf:
        _print(page)
    return 0


def _print(page: register_paper.RegisterPage) -> None:
    print(f"{page.title}. {page.body}. {page.day}.")
    for row in page.rows:
        print("  ".join(cell if isinstance(cell, str) else f"{cell[0]} ({cell[1]})" for cell in row))
    print(*page.notes, sep="\n")


def report_sgtd(engine: Engine, entity: str, month: str, folder: str, year_name: str) -> int:
    """Write the figures (CSV) and the draft of the oficio (PDF). Raises Complaint for an unknown body or month."""
    with Session(engine) as session:
        directory, at = load(session, now()), now()
        asked = _month(month)
        report = _known(entity, lambda: reports.sgtd_report(session, directory, READER, entity, asked, at))
    name = Path(folder) / f"sgtd-{entity}-{report.month:%Y-%m}"
    name.parent.mkdir(parents=True, exist_ok=True)
    _write(name.with_name(f"{name.name}.csv"), report_paper.csv_text(report).encode())
    _write(name.with_name(f"{name.name}.pdf"), report_paper.draw(report, year_name, at))
    return 0


def report_gob_pe(engine: Engine, entity: str) -> int:
    """Print the text of a body's gob.pe page. Raises Complaint for an unknown body."""
    with Session(engine) as session:
        directory: Directory = load(session, now())
    print(service_page(_known(entity, lambda: directory.entity(entity))).as_text(), end="")
    return 0


def _known(entity: str, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except NotFound as error:
        raise Complaint(f"No existe la entidad {entity} en el directorio.") from error


def _day(text: str) -> date:
    today = local_date(now())
    day = read_day(text, today) if text else today
    if day is None:
        raise Complaint(f"{text} no es un día del registro; se escribe como 2026-11-20.")
    return day


def _month(text: str) -> date:
    month = read_month(text, local_date(now()))
    if month is None:
        raise Complaint(f"{text} no es un mes que ya empezó; se escribe como 2026-11.")
    return month


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    print(path)
