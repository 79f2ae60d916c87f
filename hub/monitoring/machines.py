"""What is wrong by what each machine tried: services that fail twice in a row, disks, certificates; and silence."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.monitoring import Condition, Figures, Kind, Limits, certificate_level
from hub.models import Probe
from hub.monitoring.beats import beats
from hub.monitoring.probes import recent

SILENT_AFTER: Final = timedelta(minutes=10)
_TRIED: Final = {
    "tsa": Kind.TIME_STAMPS_FAILING, "mail": Kind.MAIL_FAILING, "antivirus": Kind.ANTIVIRUS_ABSENT,
    "store": Kind.STORE_FAILING,
}  # fmt: skip


def probed(session: Session, _: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """Each with its `host` in its details."""
    for probe in recent(session, now):
        what, _colon, which = probe.name.partition(":")
        if probe.code:
            yield from _failing(probe, what, which, limits)
        elif what == "disk":
            yield from _disk(probe, which, limits)
        elif what == "certificate" and "until" in probe.measured:
            ends_at = datetime.fromisoformat(probe.measured["until"])
            yield from ending(which, ends_at, now, probe.host)


def silent(session: Session, _: Directory, __: Limits, now: datetime) -> Iterator[Condition]:
    """Machines whose workers died: one that is told to stop leaves, and is not missed."""
    last: dict[str, datetime] = {}
    for beat in beats(session):  # the one heard of last first
        last.setdefault(machine_of(beat.worker), beat.beat_at)
    for host, at in last.items():
        if at <= now - SILENT_AFTER:
            minutes = int((now - at).total_seconds() // 60)
            details: Figures = {"since": at.isoformat(), "minutes": minutes, "host": host}
            yield Condition(Kind.MACHINE_SILENT, host, details=details)


def machine_of(worker: str) -> str:
    """The machine of a worker's name: `machine:process:chance`."""
    return worker.rsplit(":", 2)[0]


def seen(session: Session, now: datetime) -> frozenset[str]:
    """The machines of which something is known: what they tried lately, or that a worker of theirs lives."""
    alive = {machine_of(one.worker) for one in beats(session) if one.beat_at > now - SILENT_AFTER}
    return frozenset(alive | {one.host for one in recent(session, now)})


def ending(subject: str, ends_at: datetime, now: datetime, host: str = "") -> Iterable[Condition]:
    """A certificate that comes to its end."""
    if level := certificate_level(ends_at, now):
        days = max(0, (ends_at - now).days)
        where = {"host": host} if host else {}
        details: Figures = {"until": ends_at.isoformat(), "days": days, **where}
        yield Condition(Kind.CERTIFICATE_EXPIRING, subject, level, details)


def _failing(probe: Probe, what: str, which: str, limits: Limits) -> Iterator[Condition]:
    if probe.failures_in_a_row < limits.failures:
        return
    since = probe.failing_since.isoformat() if probe.failing_since else ""
    details = {"code": probe.code, "since": since, "host": probe.host}
    if kind := _TRIED.get(what):
        yield Condition(kind, probe.host, details=details)
    else:
        details |= {"what": what, "which": which}
        yield Condition(Kind.PROBE_FAILING, f"{probe.host}:{probe.name}", details=details)


def _disk(probe: Probe, place: str, limits: Limits) -> Iterator[Condition]:
    free, total = probe.measured.get("free", 0), probe.measured.get("total", 0)
    if total and free / total < limits.disk_free:
        details: Figures = {"free": free, "percent": int(100 * free / total), "host": probe.host}
        yield Condition(Kind.DISK_FILLING, f"{probe.host}:{place}", details=details)
