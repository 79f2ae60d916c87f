"""Whether the work is done: workers that live, papers that are made, events that are sealed, and what is wrong now."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub import partitions
from hub.cli.doctor.findings import Finding, bad, good, worth
from hub.clock import now
from hub.core.monitoring import LASTING, Condition, Kind
from hub.entities import load
from hub.ledger import state
from hub.monitoring.beats import beats
from hub.monitoring.conditions import conditions
from hub.monitoring.late_papers import UNTRIED, late_orders
from hub.overseeing import host
from hub.papers.operator_words import CODES, title_of, words_of
from hub.readiness import SILENT_AFTER
from hub.settings import Settings

SAID_ELSEWHERE = frozenset({Kind.LEDGER_NOT_SEALING, Kind.PAPERS_NOT_MADE, Kind.MACHINE_SILENT, Kind.BACKUP_LATE})
"""The doctor has a heading for each."""


def workers(_: Settings, engine: Engine) -> Iterator[Finding]:
    with Session(engine) as session:
        known = beats(session)
    alive = [one for one in known if one.beat_at > now() - SILENT_AFTER]
    if alive:
        many = "un repartidor da" if len(alive) == 1 else f"{len(alive)} repartidores dan"
        yield good(f"{many} señales de vida")
    else:
        yield bad("ningún repartidor da señales de vida", "systemctl start mesa-worker@1, y mira su registro")
    for one in known:
        if one not in alive:
            yield worth(f"{one.worker} calló hace {_span(now() - one.beat_at)}, sin despedirse",
                        "mira su registro; lo que tenía vuelve solo a la cola")  # fmt: skip


def papers(settings: Settings, engine: Engine) -> Iterator[Finding]:
    with Session(engine) as session:
        late = late_orders(session, now() - settings.limits.papers_late)
    for one in late:
        what = f"faltan leer las firmas de {one.count} trámites" if one.is_reading else (
            f"{one.count} constancias y cargos esperan")  # fmt: skip
        why = CODES.get(one.code, one.code)
        remedy = "systemctl start mesa-papers@1" if one.code == UNTRIED else "docs/operate/papers-not-made.md"
        yield (worth if one.is_reading else bad)(
            f"{what}; lo más antiguo, hace {_span(now() - one.oldest)}: {why}", f"{remedy}, y mira su registro"
        )
    if not any(not one.is_reading for one in late):
        yield good("las constancias y los cargos se hacen a tiempo")


def ledger(settings: Settings, engine: Engine) -> Iterator[Finding]:
    with Session(engine) as session:
        found = state(session)
    if found.waiting_since is not None and found.waiting_since < now() - settings.limits.ledger_late:
        yield bad(f"{found.waiting} eventos esperan su hoja hace {_span(now() - found.waiting_since)}",
                  "mira que un repartidor pueda leer keys/hub/ledger.key.pem")  # fmt: skip
    else:
        yield good(f"lo que pasa se sella ({found.batches} lote{'' if found.batches == 1 else 's'})")
    if found.stamp_failing_since is not None:
        yield worth(f"el libro espera un sello de tiempo hace {_span(now() - found.stamp_failing_since)}",
                    "llegará solo cuando la autoridad responda")  # fmt: skip


def months(_: Settings, engine: Engine) -> Iterator[Finding]:
    """The large tables have the parts of the next months, and nothing fell beside them."""
    with Session(engine) as session:
        late = list(partitions.missing(session, now(), ahead=1))
        strays = {table: partitions.stray(session, table) for table in partitions.tables()}
    for table, month in late:
        yield worth(f"falta la parte de {table} para {month:%Y-%m}", "corre mesa partitions --crear")
    for table, count in strays.items():
        if count:
            fell = "una fila cayó" if count == 1 else f"{count} filas cayeron"
            yield worth(f"{fell} en la parte por defecto de {table}",
                        "corre mesa partitions --ordenar con poca gente: cierra esa tabla mientras dura")  # fmt: skip
    if not late and not any(strays.values()):
        yield good("las tablas grandes tienen listas las partes de los próximos meses")


def open_troubles(settings: Settings, engine: Engine) -> Iterator[Finding]:
    """What the worker tells operators of, as it is at this moment."""
    with Session(engine) as session:
        directory = load(session, now())
        found = conditions(session, directory, settings.limits, now())
    names = {one.code: one.acronym for one in directory.entities}
    told = [one for one in found if not _is_said(one, host(settings))]
    for one in told:
        title, where = title_of(one, names.get(one.subject, "")), str(one.details.get("host", ""))
        said = f"en {where}: {title}" if where not in title else title[0].lower() + title[1:]
        is_grave = where and one.kind not in LASTING
        yield (bad if is_grave else worth)(said, words_of(one).remedy.rstrip("."))
    if not told:
        yield good("nada espera a una persona, y todas las instituciones responden")


def _is_said(one: Condition, here: str) -> bool:
    """Of this machine the doctor's own try says more than what a worker last saw; of others it tried nothing."""
    where = one.details.get("host")
    if where is None:
        return one.kind in SAID_ELSEWHERE or one.kind is Kind.CERTIFICATE_EXPIRING  # an institution's
    return where == here or one.kind in SAID_ELSEWHERE


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} días"
