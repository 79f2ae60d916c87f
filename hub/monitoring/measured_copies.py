"""The figures of who else has the database: replicas, and the rounds of the copies."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.monitoring.replicas import standing
from hub.monitoring.rounds import rounds as rounds_of

Measure = tuple[str, Mapping[str, str], float]
"""A figure's name, its labels, its value."""


def replicas(session: Session, _: Directory, __: datetime) -> Iterator[Measure]:
    found = standing(session)
    yield "mesa_replica_awaited", {}, found.is_awaited
    yield "mesa_replicas", {"kind": "connected"}, found.connected
    yield "mesa_replicas", {"kind": "synchronous"}, found.synchronous if found.sees_all else found.connected
    yield "mesa_commits_waiting", {}, found.waiting
    yield "mesa_backup_log_bytes", {}, found.kept_for_backup
    yield "mesa_backup_cut", {}, found.is_cut
    yield "mesa_backup_slot", {}, found.is_backed_up


def rounds(session: Session, _: Directory, __: datetime) -> Iterator[Measure]:
    """Nothing where `mesa backup` never came, so that nobody is alarmed by it."""
    known = rounds_of(session)
    if known.last is not None:
        yield "mesa_backup_failed_rounds", {}, known.failed
    if known.copied_until is not None:
        yield "mesa_backup_last_timestamp_seconds", {}, known.copied_until.timestamp()
