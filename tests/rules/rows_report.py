"""Rows of docs/rules.md: reports (R-REP)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
