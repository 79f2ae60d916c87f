"""The 59 rules of the law: which function carries each, under which norm, and how it is switched off.

A row per rule, one file per family (rows_*.py), so that a family is read alone. Every row's tests carry the mark
`@pytest.mark.rule("R-TIME-1")`. `make rules-mutate` switches each function off and its own tests must notice;
`python -m tests.rules.table` writes docs/rules.md from here.
"""

import importlib
from dataclasses import dataclass

FAMILIES = {
    "R-TIME": 7,
    "R-REC": 10,
    "R-CARGO": 5,
    "R-OBS": 9,
    "R-TERM": 7,
    "R-NOT": 5,
    "R-PD": 5,
    "R-SIG": 3,
    "R-CAL": 3,
    "R-ID": 3,
    "R-REP": 2,
}
"""How many rules each family has, in the order in which they are read."""

CODES = tuple(f"{family}-{number}" for family, count in FAMILIES.items() for number in range(1, count + 1))

ROW_FILES = (
    "rows_time",
    "rows_reception",
    "rows_cargo",
    "rows_cargo_mail",
    "rows_observation",
    "rows_terms",
    "rows_notice",
    "rows_privacy",
    "rows_signature",
    "rows_calendar",
    "rows_identity",
    "rows_report",
)


@dataclass(frozen=True)
class Rule:
    """One rule of the law, and the code that carries it.

    code: as in R-TIME-1. norm: what a lawyer would cite. does: one sentence in Spanish, what the system does.
    function: "hub.core.calendar:considered_on" or "hub.core.calendar:Calendar.considered_on". off: a Python
    expression, what the function quietly gives when it is switched off: harmless to look at, and wrong. It may use
    the function's parameters by name and the names of the function's own module ("now", "()", "list(days)");
    "yield from ()" or any expression will do for a generator, which then yields nothing.
    """

    code: str
    norm: str
    does: str
    function: str
    off: str


@dataclass(frozen=True)
class Untestable:
    """A rule that no program can test, and why."""

    code: str
    norm: str
    does: str
    reason: str


UNTESTABLE: tuple[Untestable, ...] = ()
"""Fewer than eight."""


def rules() -> dict[str, Rule]:
    """{code: row} in the order of CODES. Raises ValueError for a code said twice or that is not a rule's."""
    found: dict[str, Rule] = {}
    for name in ROW_FILES:
        for row in importlib.import_module(f"tests.rules.{name}").ROWS:
            if row.code in found or row.code not in CODES:
                raise ValueError(f"{name}: {row.code} is there twice, or is no rule's code")
            found[row.code] = row
    return {code: found[code] for code in CODES if code in found}
