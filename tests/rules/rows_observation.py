"""Rows of docs/rules.md: observations (R-OBS)."""

from tests.rules.registry import Rule

ROWS: tuple[Rule, ...] = ()
