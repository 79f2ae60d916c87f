"""Rows of docs/rules.md: personal data (R-PD)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
