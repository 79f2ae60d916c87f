"""Rows of docs/rules.md: notification (R-NOT)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
