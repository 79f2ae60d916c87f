"""A day of a register, to be printed and signed (TUO 128.2): what came in or what left, in the order of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.papers.sheet import HEADING, LABEL, SMALL, TITLE, Cell, Sheet


@dataclass(frozen=True)
class RegisterPage:
    """A day of a register in words: `heads` are (column, width in points or 0 for the rest)."""

    title: str
    body: str
    acronym: str
    day: str
    counter: str
    notes: tuple[str, ...]
    heads: tuple[tuple[str, float], ...]
    rows: tuple[Sequence[Cell], ...]


def draw(page: RegisterPage, year_name: str, made_at: datetime) -> bytes:
    """The PDF of a day. `year_name`: the official name of the year."""
    title = f"{page.title}, {page.day}"
    sheet = Sheet(title, foot=f"{page.acronym}. {title}", year_name=year_name, made_at=made_at)
    sheet.paragraph(page.body, LABEL)
    sheet.paragraph(page.title, TITLE)
    sheet.paragraph(f"{page.day.capitalize()}. {page.counter}", HEADING)
    sheet.paragraph(". ".join(note.rstrip(".") for note in page.notes) + ".", LABEL)
    if page.rows:
        sheet.table([name for name, _ in page.heads], page.rows, [width for _, width in page.heads])
    sheet.room_for(80)
    sheet.y += 44
    sheet.paragraph("______________________________", LABEL)
    sheet.paragraph("Responsable de la mesa de partes", SMALL)
    return sheet.output()
