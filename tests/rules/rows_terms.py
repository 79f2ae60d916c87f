"""Rows of docs/rules.md: terms and silence (R-TERM)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
