"""Conformance of an entity of the national contract: the platform calls it, and waits for its cargo (contract D)."""
