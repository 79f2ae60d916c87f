"""Who else has what is confirmed: the replica, the copies."""

from collections.abc import Iterator

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub.cli.doctor.findings import Finding, bad, good, worth
from hub.cli.doctor.neighbours import GIB
from hub.core.monitoring import Limits
from hub.monitoring.replicas import Standing, standing
from hub.settings import Settings


def copies(settings: Settings, engine: Engine) -> Iterator[Finding]:
    with Session(engine) as session:
        found = standing(session)
    yield from _replica(found)
    yield from _backup(found, is_demo=settings.is_demo)


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


def _backup(found: Standing, *, is_demo: bool) -> Iterator[Finding]:
    if found.is_cut:
        yield bad("el servidor ya botó lo que la copia de seguridad no alcanzó a traer",
                  "corre mesa backup: empieza otra copia completa")  # fmt: skip
    elif found.kept_for_backup > Limits().backup_log:
        late = found.kept_for_backup / GIB
        yield bad(f"la copia de seguridad va atrasada {late:.0f} GiB, que ocupan el disco de la base",
                  "mira que mesa backup siga en marcha")  # fmt: skip
    elif found.is_backed_up:
        yield good("mesa backup lleva la cuenta de lo que falta copiar")
    elif not (is_demo or found.is_archived or found.connected):
        yield worth("nadie guarda otra copia de la base",
                    "en otra máquina: mesa backup --to CARPETA --every 60; y ensaya mesa restore")  # fmt: skip
