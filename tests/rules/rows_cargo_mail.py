"""Rows of docs/rules.md: the receipts by mail, and filing twice (R-CARGO-4, R-CARGO-5)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
