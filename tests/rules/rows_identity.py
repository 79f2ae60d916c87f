"""Rows of docs/rules.md: identity (R-ID)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
