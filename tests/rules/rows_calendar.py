"""Rows of docs/rules.md: the calendar (R-CAL)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
