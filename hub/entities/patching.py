"""A change of the file as a unified diff: made, and applied again, also where the file moved meanwhile."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@")


class DoesNotApply(ValueError):
    """The lines that a diff changes are not there, or stand in several places. `line` is of the first; 0: no lines."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(str(line))
        self.line = line


@dataclass(frozen=True)
class _Hunk:
    """Lines with their ends, as they must stand at `at` (from 0) and as they stand then.

    `newest`: which of the two the diff's line before went to.
    """

    at: int
    before: list[str]
    after: list[str]
    newest: list[list[str]] = field(default_factory=list)


def diff_of(before: str, after: str, name: str) -> str:
    """The change from one text to another, unified, with three lines around; empty where there is none."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def apply_diff(text: str, diff: str) -> str:
    """The text with a unified diff applied. Raises DoesNotApply."""
    lines, moved = _lines(text), 0
    hunks = list(_hunks(diff))
    if not hunks:
        raise DoesNotApply()
    for hunk in hunks:
        at = _place(lines, hunk, hunk.at + moved)
        lines[at : at + len(hunk.before)] = hunk.after
        moved += len(hunk.after) - len(hunk.before)
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """Cut where a file's lines end; U+2028 and its like stand inside of one."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _place(lines: list[str], hunk: _Hunk, expected: int) -> int:
    """Where its lines stand: where it says, else the one place of the file where they do."""
    size = len(hunk.before)
    if lines[expected : expected + size] == hunk.before:
        return expected
    found = [at for at in range(len(lines) - size + 1) if lines[at : at + size] == hunk.before]
    if len(found) != 1 or not size:
        raise DoesNotApply(hunk.at + 1)
    return found[0]


def _hunks(diff: str) -> Iterator[_Hunk]:
    current: _Hunk | None = None
    for line in _lines(diff.replace("\r\n", "\n")):
        if begun := _HUNK.match(line):
            if current:
                yield current
            current = _Hunk(max(int(begun[1]) - 1, 0), [], [])
        elif current is not None:
            _take(current, line)
    if current:
        yield current


def _take(hunk: _Hunk, line: str) -> None:
    kind, rest = line[:1], line[1:]
    if kind == "\\":  # "No newline at end of file": of the line before it, on the side or sides of that one
        for side in hunk.newest:
            side[-1] = side[-1].rstrip("\n")
        return
    both = [hunk.before, hunk.after]
    sides = {"-": both[:1], "+": both[1:], " ": both, "\n": both}.get(kind, [])  # a blank line that lost its sign
    for side in sides:
        side.append(rest or "\n")
    hunk.newest[:] = sides
