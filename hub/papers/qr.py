"""The QR of a paper, as boxes to be drawn."""

from collections.abc import Sequence

import segno


def qr_rows(address: str) -> list[bytes]:
    """The modules of a QR, row by row. One mask for all: trying the eight costs more than drawing the paper."""
    return [bytes(row) for row in segno.make(address, error="m", micro=False, mask=3).matrix]


def runs(rows: Sequence[bytes]) -> list[tuple[int, int, int]]:
    """The dark runs of a QR: column, row, length."""
    found = []
    for y, row in enumerate(rows):
        x = 0
        while (x := row.find(1, x)) >= 0:
            end = row.find(0, x)
            end = len(row) if end < 0 else end
            found.append((x, y, end - x))
            x = end
    return found
