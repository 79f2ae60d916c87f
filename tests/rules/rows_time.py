"""Rows of docs/rules.md: when a filing counts as presented (R-TIME)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
