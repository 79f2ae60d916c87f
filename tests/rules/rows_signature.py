"""Rows of docs/rules.md: signatures (R-SIG)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
