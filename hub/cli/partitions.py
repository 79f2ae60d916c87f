"""`mesa partitions`: the large tables and their parts by month; making the next ones; putting strays into place."""

from argparse import Namespace
from collections.abc import Callable
from time import sleep
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from hub import partitions
from hub.cli.complaint import Complaint
from hub.clock import now
from hub.partitions import Part

MIB = 1024**2
WAITS = (1.0, 2.0, None)
"""Seconds between tries for a lock; after the last one nothing is tried."""


def add_to(commands: Any, add: Any, engine: Callable[[], Any]) -> None:
    """Write the command on the parser."""

    def run(options: Namespace) -> int:
        if options.ordenar:
            return settle(engine())
        return make(engine()) if options.crear else show(engine())

    parser = add(commands, "partitions", run, "muestra las tablas grandes, que tienen una parte por mes")
    parser.add_argument("--crear", action="store_true", help="crear ahora las partes de los próximos meses que falten")
    parser.add_argument(
        "--ordenar", action="store_true", help="llevar a la parte de su mes lo que cayó en la parte por defecto"
    )


def show(engine: Engine) -> int:
    """Print each table with the parts that hold something; 1 where a month is missing or rows have strayed."""
    troubles = 0
    with Session(engine) as session:
        for table in partitions.tables():
            known = partitions.parts(session, table)
            print(f"{table}: {len(known)} partes, {sum(one.size for one in known) / MIB:.1f} MiB")
            for one in known:
                if one.rows and not one.is_default:
                    rows = f"{_thousands(one.rows)} filas (estimadas)"
                    print(f"  {_name(one):<14} {rows:>32} {one.size / MIB:>10.1f} MiB")
            until = max((one.until for one in known if one.until), default=None)
            print(f"  hay partes hasta el fin de {_month_before(until)}" if until else "  no hay partes de ningún mes")
            if strays := partitions.stray(session, table):
                troubles += 1
                fell = "una fila cayó" if strays == 1 else f"{_thousands(strays)} filas cayeron"
                print(f"  {fell} en la parte por defecto: mesa partitions --ordenar")
        for table, month in partitions.missing(session, now()):
            troubles += 1
            print(f"Falta la parte de {table} para {month:%Y-%m}: mesa partitions --crear")
    return 1 if troubles else 0


def make(engine: Engine) -> int:
    """Make what is missing. Raises Complaint where a table is in use or its default part has rows of that month."""
    made = 0
    with Session(engine) as session:
        for table, month in list(partitions.missing(session, now())):
            try:
                print(f"Parte {partitions.make(session, table, month)} creada.")
                session.commit()
            except IntegrityError as error:
                beside = f"{table} ya tiene filas de {month:%Y-%m} en la parte por defecto"
                raise Complaint(f"{beside}: corre mesa partitions --ordenar.") from error
            except OperationalError as error:
                raise Complaint(f"{table} está en uso (¿una copia de seguridad?): vuelve a intentarlo.") from error
            made += 1
    print("No faltaba ninguna." if not made else "Todas las tablas tienen las partes de los próximos meses.")
    return 0


def settle(engine: Engine) -> int:
    """Put strays into place, a table at a time."""
    moved = 0
    for table in partitions.tables():
        with Session(engine) as session:
            count = _settled(session, table)
            session.commit()
        if count:
            went = "1 fila pasó" if count == 1 else f"{_thousands(count)} filas pasaron"
            print(f"{table}: {went} a la parte de su mes.")
        moved += count
    if not moved:
        print("No había nada fuera de su mes.")
    return 0


def _settled(session: Session, table: str) -> int:
    """Try some times, so that nobody waits long behind us. Raises Complaint where the table stays in use."""
    for wait in WAITS:
        try:
            return partitions.settle(session, table)
        except OperationalError as error:
            session.rollback()
            if wait is None:
                raise Complaint(f"{table} está en uso (¿una copia de seguridad?): vuelve a intentarlo.") from error
            sleep(wait)
    raise AssertionError


def _name(part: Part) -> str:
    if part.since is None and part.until is not None:
        return f"antes {part.until:%Y-%m}"
    return f"{part.since:%Y-%m}" if part.since else part.name


def _month_before(month: Any) -> str:
    return f"{month.year - (month.month == 1)}-{(month.month - 2) % 12 + 1:02d}"


def _thousands(count: int) -> str:
    return f"{count:,}".replace(",", " ")
