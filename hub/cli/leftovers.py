"""`mesa store leftovers`: what lies in the document store and belongs to nothing, listed, and dropped when asked."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub.cli.complaint import Complaint
from hub.clock import now
from hub.core.errors import StorageFailure
from hub.settings import Settings
from hub.storage import Store
from hub.unnamed import AGE, BATCH, unnamed

Clock = Callable[[], datetime]
SHOWN = 20


def show_leftovers(engine: Engine, settings: Settings, *, days: int, drop: bool, clock: Clock = now) -> int:
    """Count what no row names and is older than so many days; print some, or drop all. Raises Complaint."""
    if days < AGE.days and drop:
        raise Complaint(f"Con --borrar, --dias no puede ser menos de {AGE.days}: algo podría estar llegando todavía.")
    store = Store(settings.documents_url, settings.s3_account)
    seen = found = 0
    try:
        with Session(engine) as session:
            for keys in _batches(store.keys(clock() - timedelta(days=days))):
                left = unnamed(session, keys)
                session.rollback()
                seen, found = seen + len(keys), found + len(left)
                for key in left[: max(0, SHOWN - found + len(left))]:
                    print(key)
                for key in _still(session, left) if drop else ():
                    store.discard(key)
    except StorageFailure as error:
        raise Complaint("El almacén de documentos no responde. No se terminó; puedes repetir la orden.") from error
    print(_said(seen, found, days, drop))
    return 0


def _still(session: Session, keys: list[str]) -> list[str]:
    """Those that nothing names right before they go: a row may have been committed since."""
    left = unnamed(session, keys)
    session.rollback()
    return left


def _batches(keys: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(keys, BATCH)):
        yield some


def _said(seen: int, found: int, days: int, drop: bool) -> str:
    looked = f"Se miraron {seen} objetos con más de {days} días."
    if not found:
        return f"{looked} Todos son de algún trámite o de algo que se está presentando."
    belong = "1 no es de nada" if found == 1 else f"{found} no son de nada"
    return f"{looked} {belong}" + (" y se borró." if drop and found == 1 else " y se borraron." if drop else
                                   ": bórralo con --borrar." if found == 1 else ": bórralos con --borrar.")  # fmt: skip


def add_to(commands: Any, group: Any, add: Any, settings: Callable[[], Any], engine: Callable[[], Any]) -> None:
    """Write the command on the parser."""

    def leftovers(options: Namespace) -> int:
        return show_leftovers(engine(), settings(), days=options.dias, drop=options.borrar)

    store = group(commands, "store", "el almacén de documentos")
    parser = add(store, "leftovers", leftovers, "cuenta lo que quedó en el almacén y no es de ningún trámite")
    parser.add_argument("--dias", type=int, default=AGE.days, metavar="DIAS", help="solo lo más viejo; por defecto, 7")
    parser.add_argument(
        "--borrar", action="store_true",
        help="borrarlo; no lo uses con una base de datos restaurada de un respaldo más viejo que el almacén",
    )  # fmt: skip
