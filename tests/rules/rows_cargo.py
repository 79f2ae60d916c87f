"""Rows of docs/rules.md: the receipts (R-CARGO-1 to 3)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
