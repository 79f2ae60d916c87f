"""`mesa backup`: one round, or a round every so many seconds, each told in a few lines."""

import argparse
import signal
import sqlite3
import sys
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from hub.cli.complaint import Complaint
from hub.clock import now
from hub.core.errors import StorageFailure
from hub.keeping.noting import FAILURES, said_by
from hub.keeping.objects import NotTaken
from hub.keeping.shelf import Shelf, in_lima
from hub.keeping.taking import Keeper, Taken, Terms
from hub.settings import Settings


def backup_command(settings: Settings, engine: Engine, passphrase: str, options: argparse.Namespace) -> int:
    """Copy what is new to `options.to`; the keys, closed with `passphrase`. Raises Complaint, EmbeddedError."""
    shelf = Shelf(Path(options.to).absolute())
    terms = Terms(timedelta(hours=options.base_every), timedelta(days=options.keep))
    keeper = Keeper(shelf, settings, engine, passphrase, now, terms)
    if options.every > 0:
        return _go_on(keeper, options.every)
    try:
        _tell(keeper.round(), shelf)
    except (OSError, sqlite3.Error, NotTaken) as error:
        raise Complaint(f"No se pudo copiar: {_sentence(error)}.") from error
    return 0


def _go_on(keeper: Keeper, seconds: float) -> int:
    """Rounds until SIGTERM or Ctrl-C; one that fails is told, and the next one brings what it did not."""
    stopping, unnoted = threading.Event(), ""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        try:
            taken = keeper.round()
        except FAILURES as error:
            print(f"{in_lima(now())}: no se pudo copiar ({_sentence(error)}); se intenta otra vez.", file=sys.stderr)
        else:
            if taken.base or taken.began_anew or taken.carried.brought or taken.unnoted != unnoted:
                _tell(taken, keeper.shelf)
            unnoted = taken.unnoted
        sys.stdout.flush()
        stopping.wait(seconds)
    return 0


def _sentence(error: Exception) -> str:
    if isinstance(error, DBAPIError):
        return "la base de datos no responde"
    if isinstance(error, (OSError, sqlite3.Error, NotTaken)):
        return f"la carpeta de copias falló: {said_by(error)}"
    return "el almacén de documentos falló" if isinstance(error, StorageFailure) else str(error)


def _tell(taken: Taken, shelf: Shelf) -> None:
    print(f"Copiado en {shelf.folder} todo lo confirmado hasta el {in_lima(taken.until)} (hora de Lima).")
    if taken.began_anew:
        print("  Aviso: el servidor ya no tenía lo que seguía a la copia anterior, así que se empezó otra. No se puede")
        print("  volver a los instantes entre las dos. Revisa max_slot_wal_keep_size y que la copia corra seguido.")
    if taken.base:
        size = sum(one.stat().st_size for one in taken.base.folder.iterdir())
        print(f"  Base de datos: copia completa nueva, {taken.base.folder.name} ({readable(size)}).")
    else:
        last = shelf.bases()[-1]
        print(f"  Base de datos: lo ocurrido desde la última copia, sobre la completa del {in_lima(last.taken_at)}.")
    total = f"{taken.carried.documents} ({readable(taken.carried.bytes)})"
    print(f"  Documentos nuevos: {taken.carried.brought}; en total: {total}.")
    if taken.gone:
        print(f"  Copias completas que ya no hacían falta y se quitaron: {taken.gone}.")
    if taken.unnoted:
        print(f"  Aviso: la copia está completa, pero no se pudo anotar en la base ({taken.unnoted}), y el hub no")
        print("  sabrá de ella. Corre mesa migrate, y da a la cuenta de las copias lo que le falta:")
        print("  GRANT SELECT, INSERT, DELETE ON backup_rounds TO mesa_backup")
    if taken.base:
        print("  Claves: cerradas con tu frase. Guárdala lejos de esta carpeta: sin ella no se abren.")


def readable(size: int) -> str:
    """Bytes in words."""
    for unit, power in (("GB", 3), ("MB", 2), ("kB", 1)):
        if size >= 1000**power:
            return f"{size / 1000**power:.1f} {unit}"
    return f"{size} bytes"
