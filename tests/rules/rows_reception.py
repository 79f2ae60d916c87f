"""Rows of docs/rules.md: reception and re-routing (R-REC)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
