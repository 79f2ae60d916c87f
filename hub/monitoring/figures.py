"""The figures of a deployment for Prometheus: names, what they mean, and their values as the database has them now.

Every query goes by an index or over rows that are still open, so that a scrape costs the same at any age.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.monitoring import measures
from hub.monitoring.measured_copies import Measure

Sample = tuple[Mapping[str, str], float]

FIGURES: Final[Mapping[str, str]] = {
    "mesa_deliveries": "Legs that are still open, by institution and status.",
    "mesa_deliveries_stuck": "Legs that stopped and nobody took care of, of filings that are not over.",
    "mesa_queue_messages": "Messages that wait for an institution.",
    "mesa_queue_oldest_seconds": "Age of the oldest message that waits for an institution.",
    "mesa_messages_dead": "Messages that only a person can move, by kind.",
    "mesa_letters_waiting": "Letters that wait: mail, sms, webhook.",
    "mesa_letters_oldest_seconds": "Age of the oldest letter that waits though no address refuses it.",
    "mesa_institution_up": "0 while the breaker of an institution is open.",
    "mesa_institution_paused": "1 while what is an institution's is held: by a person, or for its maintenance.",
    "mesa_institution_failures_in_a_row": "Tries in a row that failed at an institution.",
    "mesa_institution_recovered_timestamp_seconds": "When an institution last answered again after failures.",
    "mesa_certificate_expiry_timestamp_seconds": "When a certificate ends: of an institution, or of the hub.",
    "mesa_entry_numbers": "Entry numbers given this year by an institution's register.",
    "mesa_parked_messages": "News of institutions that wait for a person.",
    "mesa_papers_waiting": "Papers that were ordered and are not made yet, and readings of signatures.",
    "mesa_papers_oldest_seconds": "Age of the oldest order of a paper or a reading.",
    "mesa_ledger_unsealed": "Events that wait for their leaf in the ledger.",
    "mesa_ledger_unsealed_oldest_seconds": "Age of the oldest event that waits for its leaf.",
    "mesa_ledger_batches": "Batches of the ledger.",
    "mesa_ledger_last_sealed_timestamp_seconds": "When the newest batch was sealed.",
    "mesa_ledger_stamp_failing": "1 while the newest root waits for a time-stamp that was refused.",
    "mesa_probe_up": "0 where a machine's last try failed: tsa, mail, antivirus, store, certificate, disk.",
    "mesa_probe_last_timestamp_seconds": "When a machine last tried it.",
    "mesa_disk_free_bytes": "Bytes that are free on a disk of a machine.",
    "mesa_disk_free_ratio": "Share of a disk that is free.",
    "mesa_workers": "Workers that beat within two minutes.",
    "mesa_worker_last_beat_timestamp_seconds": "When a worker was last heard of.",
    "mesa_reconciliation_differences": "Differences with an institution that nobody explained.",
    "mesa_reconciliation_last_timestamp_seconds": "When an institution was last compared to the end.",
    "mesa_replica_awaited": "1 where nothing is confirmed before a replica has it.",
    "mesa_replicas": "Replicas that are connected: synchronous are those that commits wait for.",
    "mesa_commits_waiting": "Commits that wait for a replica now.",
    "mesa_backup_log_bytes": "Log that the database keeps until mesa backup comes for it.",
    "mesa_backup_cut": "1 where the database let go of log that mesa backup did not bring.",
    "mesa_backup_slot": "1 where the database keeps its log for mesa backup.",
    "mesa_backup_last_timestamp_seconds": "Until when mesa backup has everything, by its last whole round.",
    "mesa_backup_failed_rounds": "Rounds of mesa backup that failed since the last whole one.",
    "mesa_operator_alerts": "Alerts that are open, by kind.",
}
"""Each is a gauge: what the database says now, whichever process is asked."""


@dataclass
class Figure:
    """One figure with its samples: labels and value. No label ever names a person or a filing."""

    name: str
    meaning: str
    samples: list[Sample] = field(default_factory=list)


def figures(session: Session, directory: Directory, now: datetime) -> list[Figure]:
    """Every figure of FIGURES, those without a sample too; samples by their labels, whichever process is asked."""
    found = {name: Figure(name, meaning) for name, meaning in FIGURES.items()}
    for name, labels, value in _measured(session, directory, now):
        found[name].samples.append((labels, value))
    for figure in found.values():
        figure.samples.sort(key=lambda one: sorted(one[0].items()))
    return list(found.values())


def _measured(session: Session, directory: Directory, now: datetime) -> Iterator[Measure]:
    for measure in measures.ALL:
        yield from measure(session, directory, now)
