"""`mesa calendar list | add | end` and `mesa outage open | close | list`: what the sector's calendar knows."""

import argparse
import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub import decrees, outages
from hub.cli.complaint import Complaint
from hub.clock import now
from hub.core.calendar import LIMA, read_instant
from hub.core.directory import Directory
from hub.core.errors import Forbidden, NeedsReason, NotFound
from hub.entities import load

REFUSALS = {
    "NORM_REQUIRED": "Falta la norma con su número, como DS 042-2025-PCM: sin ella ningún día deja de ser hábil.",
    "SCOPE_INVALID": "El ámbito son comienzos de ubigeo del INEI: 15, 0701.",
    "DAY_RECORDED": "Ese día ya está anotado para ese lugar.",
    "DECREE_DAY_UNKNOWN": "No hay un día anotado con ese número; mira mesa calendar list.",
    "DECREE_DAY_ENDED": "Ese día ya había quedado sin efecto.",
    "REASON_REQUIRED": "Falta decir qué pasa: es lo que se publica.",
    "OUTAGE_AHEAD": "Esa hora todavía no llega.",
    "OUTAGE_OPEN": "Ya hay una indisponibilidad abierta; ciérrala primero.",
    "OUTAGE_UNKNOWN": "No hay una indisponibilidad con ese código.",
    "OUTAGE_END": "El fin va después del comienzo, y no más allá de ahora.",
    "OUTAGE_CLOSED": "Esa indisponibilidad ya estaba cerrada.",
}


def list_days(engine: Engine, _: argparse.Namespace) -> int:
    """Print every day that was ever recorded, the latest first."""
    with Session(engine) as session:
        for row in decrees.listed(session):
            ended = f"  sin efecto: {row.ended_norm}" if row.ended_at else ""
            print(f"{row.id:>4}  {row.day}  {', '.join(row.scope) or 'todo el país':<14} {row.norm}{ended}")
        print(f"{len(decrees.listed(session))} días.")
    return 0


def add_day(engine: Engine, options: argparse.Namespace) -> int:
    """Record a day and count every open term anew. Raises Complaint."""
    day, scope = _day(options.dia), [one for one in options.ambito.split(",") if one]
    with _writing(engine) as (session, directory):
        row = decrees.record_day(session, directory, day, options.norma, scope, _by(), now())
        session.commit()
        print(f"Anotado con el número {row.id}. {_changed(_settle(session, directory, row))}")
    return 0


def end_day(engine: Engine, options: argparse.Namespace) -> int:
    """A norm takes a day back. Raises Complaint."""
    with _writing(engine) as (session, directory):
        row = decrees.end_day(session, directory, options.numero, options.norma, _by(), now())
        session.commit()
        print(f"Sin efecto. {_changed(_settle(session, directory, row))}")
    return 0


def _changed(count: int) -> str:
    return "Cambió 1 plazo de instituciones." if count == 1 else f"Cambiaron {count} plazos de instituciones."


def list_outages(engine: Engine, _: argparse.Namespace) -> int:
    """Print the newest outages."""
    with Session(engine) as session:
        rows = outages.listed(session)
    for row in rows:
        until = _said(row.ended_at) if row.ended_at else "sigue"
        print(f"{row.verification_code}  {_said(row.started_at)}  {until:<19}  {row.reason}")
    print("1 indisponibilidad." if len(rows) == 1 else f"{len(rows)} indisponibilidades.")
    return 0


def open_outage(engine: Engine, options: argparse.Namespace) -> int:
    """Write down that filing does not work. Raises Complaint."""
    started_at = _instant(options.desde)
    with _writing(engine) as (session, directory):
        row = outages.open_outage(session, directory, started_at, options.motivo, _by(), now())
        session.commit()
        print(f"Anotada con el código {row.verification_code}.")
    return 0


def close_outage(engine: Engine, options: argparse.Namespace) -> int:
    """Filing works again. Raises Complaint."""
    ended_at = _instant(options.hasta)
    with _writing(engine) as (session, directory):
        outages.close_outage(session, directory, options.codigo.upper(), ended_at, _by(), now())
        session.commit()
        print(f"Cerrada. Su constancia: /estado-del-servicio/{options.codigo.upper()}.pdf")
    return 0


@contextmanager
def _writing(engine: Engine) -> Iterator[tuple[Session, Directory]]:
    with Session(engine) as session:
        try:
            yield session, load(session, now())
        except (Forbidden, NeedsReason, NotFound) as error:
            raise Complaint(REFUSALS.get(error.code, error.code)) from error


def _settle(session: Session, directory: Directory, row: Any) -> int:
    changed = 0
    for moved in decrees.settle(session, directory, row, now()):
        session.commit()
        changed += moved
    return changed


def _by() -> str:
    return f"operador:{getpass.getuser()}"


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise Complaint(f"«{typed}» no es una fecha; escríbela AAAA-MM-DD.") from error


def _instant(typed: str) -> datetime:
    """An instant in the hour of Peru; now where nothing is typed."""
    if not typed:
        return now()
    at = read_instant(typed, now())
    if at is None:
        raise Complaint(f"«{typed}» no es una fecha y hora cercana; escríbela AAAA-MM-DDTHH:MM, en hora del Perú.")
    return at


def _said(at: datetime) -> str:
    return f"{at.astimezone(LIMA):%Y-%m-%d %H:%M:%S}"


def add_to(commands: Any, group: Callable[..., Any], add: Callable[..., Any], engine: Callable[[], Engine]) -> None:
    """Teach the parser these commands."""

    def on_engine(command: Callable[[Engine, argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
        return lambda options: command(engine(), options)

    days = group(commands, "calendar", "los días no laborables por decreto")
    add(days, "list", on_engine(list_days), "lista los días anotados, con su número")
    day = add(days, "add", on_engine(add_day), "anota un día no laborable y recalcula los plazos abiertos")
    day.add_argument("dia", help="como 2027-01-02")
    day.add_argument("--norma", required=True, help="con su número, como «DS 042-2025-PCM»")
    day.add_argument("--ambito", default="", metavar="UBIGEOS", help="comienzos de ubigeo: 15,0701; sin él, el país")
    end = add(days, "end", on_engine(end_day), "deja sin efecto un día anotado")
    end.add_argument("numero", type=int, help="el de mesa calendar list")
    end.add_argument("--norma", required=True, help="la norma que lo deja sin efecto")
    log = group(commands, "outage", "las indisponibilidades del servicio")
    add(log, "list", on_engine(list_outages), "lista las indisponibilidades, la más nueva primero")
    opened = add(log, "open", on_engine(open_outage), "anota que no se puede presentar")
    opened.add_argument("--desde", default="", metavar="FECHA", help="como 2026-11-24T12:00; por defecto, ahora")
    opened.add_argument("--motivo", required=True, help="lo que se publica")
    closed = add(log, "close", on_engine(close_outage), "anota que ya funciona")
    closed.add_argument("codigo", help="el de mesa outage list")
    closed.add_argument("--hasta", default="", metavar="FECHA", help="como 2026-11-24T18:00; por defecto, ahora")
