"""Who else has what is confirmed: the replica, the copies."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub.cli.doctor.findings import Finding, bad, good, worth
from hub.cli.doctor.neighbours import GIB
from hub.clock import now
from hub.monitoring.late_copies import CUT, GONE, KEPT, STOPPED, trouble
from hub.monitoring.replicas import Standing, standing
from hub.monitoring.rounds import Rounds, rounds
from hub.papers.operator_words import CODES, span
from hub.settings import Settings

REMEDIES: Mapping[str, str] = {
    CUT: "corre mesa backup: empieza otra copia completa",
    KEPT: "mira que mesa backup siga en marcha",
    GONE: "corre mesa backup: empieza otra copia completa; si ahora copia otro, pon MESA_WARN_BACKUP_LATE=0",
    STOPPED: "mira en la máquina de las copias que siga en marcha, y qué dijo la última vez",
}


def copies(settings: Settings, engine: Engine) -> Iterator[Finding]:
    with Session(engine) as session:
        found, known = standing(session), rounds(session)
    yield from _replica(found)
    if code := trouble(found, known, settings.limits, now()):
        yield bad(_wrong(code, found, known), REMEDIES.get(code, "corrige lo que dice; la vuelta siguiente trae todo"))
    elif known.failed and settings.warn_backup_late:
        yield worth(_failed(known), "si se repite, corrige lo que dice")
    elif found.is_backed_up:
        yield _going(known)
    elif settings.is_demo:
        yield good("una demostración no se copia: lo que guarda es inventado")
    elif found.is_archived or found.connected:
        yield good("mesa backup no corre: a la base la sigue una réplica, o un archivo de su registro (archive_mode)")
    else:
        yield worth("nadie guarda otra copia de la base",
                    "en otra máquina: mesa backup --to CARPETA --every 60; y ensaya mesa restore")  # fmt: skip


def _replica(found: Standing) -> Iterator[Finding]:
    if found.is_stopped:
        yield bad("cada confirmación espera a una réplica y ninguna está conectada: nadie puede presentar",
                  "pon en marcha la réplica; cómo seguir sin ella: docs/operate/replica-lost.md")  # fmt: skip
    elif found.is_awaited:
        yield good("lo que se confirma está también en una réplica")
    if found.is_awaited and not found.sees_all:
        yield worth("esta cuenta no ve cuál réplica es la síncrona", "GRANT pg_monitor TO la cuenta de la mesa")
    if found.waiting:
        yield worth(f"{found.waiting} confirmaciones esperan a la réplica ahora mismo", "mira su disco y su red")


def _wrong(code: str, found: Standing, known: Rounds) -> str:
    if code == CUT:
        return "el servidor ya botó lo que la copia de seguridad no alcanzó a traer"
    if code == KEPT:
        late = found.kept_for_backup / GIB
        return f"la copia de seguridad va atrasada {late:.0f} GiB, que ocupan el disco de la base"
    if code == GONE:
        return f"antes se copiaba, y la base ya no guarda lo nuevo para la copia; {_until(known)}"
    if code == STOPPED:
        return f"mesa backup no termina ninguna vuelta; {_until(known)}"
    return _failed(known)


def _failed(known: Rounds) -> str:
    last = known.last
    assert last is not None and last.failing_since is not None
    many = "la última vuelta de mesa backup falló" if known.failed == 1 else (
        f"las últimas {known.failed} vueltas de mesa backup fallaron, la primera")  # fmt: skip
    return f"{many} {_ago(last.failing_since)}: {CODES.get(last.code, last.code)} ({last.said}); {_until(known)}"


def _until(known: Rounds) -> str:
    until = known.copied_until
    return f"hay copia de lo confirmado hasta {_ago(until)}" if until else "no hay ninguna copia entera"


def _ago(instant: datetime) -> str:
    return f"hace {span(max(1, int((now() - instant).total_seconds() // 60)))}"


def _going(known: Rounds) -> Finding:
    if known.whole is None:
        return worth("la base guarda lo nuevo para mesa backup, que no anotó ninguna vuelta",
                     "míralo en la máquina de las copias; si dice que no puede anotar: GRANT SELECT, INSERT, DELETE "
                     "ON backup_rounds a su cuenta")  # fmt: skip
    return good(f"mesa backup lleva la cuenta de lo que falta copiar; {_until(known)}")
