"""Tables on a sheet: rows that stay whole, heads that come again on each page, every cell tagged."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hub.papers.pdf.canvas import Style
from hub.papers.pdf.tags import Element
from hub.papers.sheet import BODY, CODE, HEAD_CELL, LABEL, LEFT, LINE, RIGHT, Cell

if TYPE_CHECKING:
    from hub.papers.sheet import Sheet

_PAD: Final = 3.0
_GAP: Final = 8.0
_OF_COLUMN: Final = b"<< /O /Table /Scope /Column >>"
_OF_ROW: Final = b"<< /O /Table /Scope /Row >>"
Lines = list[tuple[str, Style]]


def draw(sheet: "Sheet", heads: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float]) -> None:
    """Draw a table and tag it."""
    whole = sheet.root.add("Table")
    columns = _columns(widths)
    titles = [_lines(head, wide, HEAD_CELL) for head, (_, wide) in zip(heads, columns, strict=False)]
    if heads:
        _row(sheet, whole.add("TR"), titles, columns, heads="all")
    for row in rows:
        texts = [
            _lines(cell, wide, BODY if heads or order else LABEL)
            for order, (cell, (_, wide)) in enumerate(zip(row, columns, strict=True))
        ]
        if sheet.room_for(_height(texts)) and heads:
            _row(sheet, None, titles, columns)
        _row(sheet, whole.add("TR"), texts, columns, heads="" if heads else "first")


def _columns(widths: Sequence[float]) -> list[tuple[float, float]]:
    """Where each column begins and how wide its text may be."""
    rest = (RIGHT - LEFT - sum(widths)) / max(1, sum(1 for one in widths if not one))
    columns, x = [], LEFT
    for one in widths:
        wide = one or rest
        columns.append((x, wide - _GAP))
        x += wide
    return columns


def _lines(cell: Cell, width: float, style: Style) -> Lines:
    main, below = (cell, "") if isinstance(cell, str) else cell
    lines = [(line, style) for line in style.wrap(main, width)]
    return lines + [(line, CODE) for line in CODE.wrap(below, width)] if below else lines


def _height(texts: Sequence[Lines]) -> float:
    return max(sum(style.leading for _, style in lines) for lines in texts) + 2 * _PAD


def _row(
    sheet: "Sheet",
    tag: Element | None,
    texts: Sequence[Lines],
    columns: Sequence[tuple[float, float]],
    heads: str = "",
) -> None:
    """One row; without a tag it is an artifact: the heads said again."""
    top, canvas = sheet.y + _PAD, sheet.canvas
    for order, (lines, (x, _)) in enumerate(zip(texts, columns, strict=False)):
        is_head = heads == "all" or (heads == "first" and order == 0)
        if tag is None:
            mark = canvas.artifact(b"/Type /Pagination")
        elif is_head:
            mark = canvas.marked(tag.add("TH", attributes=_OF_COLUMN if heads == "all" else _OF_ROW))
        else:
            mark = canvas.marked(tag.add("TD"))
        y = top
        with mark:
            for line, style in lines:
                canvas.text(x, y + style.size, line + " ", style)
                y += style.leading
    sheet.y += _height(texts)
    with canvas.artifact():
        canvas.rule(LEFT, sheet.y, RIGHT, LINE)
