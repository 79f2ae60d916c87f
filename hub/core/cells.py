"""Tables as CSV that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO

from hub.core.calendar import LIMA

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula at the beginning of a cell (CWE-1236), their wide forms too."""
_PIECE = 64 * 1024
"""Characters that wait before they are given out."""


def safe_cell(value: object) -> str:
    """A value as the text of a cell. A text that a spreadsheet would run gets an apostrophe before it.

    Instants (aware) are written in the hour of Peru, days as yyyy-mm-dd, numbers as they are, None as nothing.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(LIMA).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, int | float | date):
        return str(value)
    text = " ".join(str(value).replace("\0", "").splitlines())
    return f"'{text}" if str(value).startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text


def csv_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV with a header (RFC 4180), its cells safe; begins with the mark by which spreadsheets know UTF-8."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The same CSV in pieces of some hundred lines, for a table that need not fit into memory."""
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
        if out.tell() > _PIECE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()
