"""`mesa restore`: a copy back in its place, up to an instant, and then proof that it is what it was."""

import argparse
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from hub import readiness
from hub.cli.complaint import Complaint
from hub.cli.ledger import verify_ledger
from hub.cli.passphrase import passphrase_of
from hub.clock import now
from hub.core.calendar import LIMA
from hub.core.errors import StorageFailure
from hub.keeping.documents import give_back
from hub.keeping.noting import said_by
from hub.keeping.recovering import Played, recovered
from hub.keeping.restoring import (
    Target,
    bring_cluster,
    bring_keys,
    chosen_base,
    left_to_root,
    place_for,
)
from hub.keeping.righting import SKIPPED, Righted, set_right
from hub.keeping.shelf import Base, Shelf, in_lima, write_whole
from hub.models import Filing
from hub.models.schema import migrate
from hub.settings import Settings
from hub.storage import Store


@dataclass(frozen=True)
class _Asked:
    """What was typed. `until` is aware; None for everything that there is."""

    shelf: Shelf
    target: Target
    until: datetime | None


def restore_command(options: argparse.Namespace) -> int:
    """Bring everything back and verify it; 0 where nothing is missing. Raises Complaint, EmbeddedError."""
    settings = Settings.from_env()
    shelf = Shelf(Path(options.source).absolute())
    cluster = Path(options.cluster).absolute() if options.cluster else None
    asked = _Asked(shelf, Target(settings, cluster, options.apartar), _instant(options.until))
    base, passphrase = chosen_base(shelf, asked.until), passphrase_of(settings)
    place_for(base, asked.target)  # says what stands in the way before anything is written
    is_short = _say_what_there_is(asked, base)
    written, old = bring_keys(base, asked.target, passphrase, now())
    print(f"Claves devueltas a {settings.keys_folder}: {written}. Los ajustes de entonces están en {old}.")
    print("Base de datos: se devuelve la copia completa y se repite lo ocurrido después...", flush=True)
    ground = bring_cluster(shelf, base, asked.target, now())
    with recovered(ground, base, asked.until, shelf.last_round()) as played:
        print(f"Base de datos: de vuelta en {ground.cluster}{_up_to(played.last)}.")
        is_short = _say_where_it_ended(asked, played) or is_short
        found = _look(create_engine(played.address), asked, base) or is_short
    print(_next(asked.target, found))
    if brought := left_to_root(asked.target, old):
        print("Lo devuelto es de root, y el hub no podría leer sus claves ni recibir un trámite. Antes de iniciarlo:")
        print(f"  chown -R mesa-integrada: {' '.join(map(str, brought))}")
    return found


def _look(engine: Engine, asked: _Asked, base: Base) -> int:
    """Set right, documents back, everything verified."""
    with Session(engine) as session:
        if readiness.applied(session) > readiness.newest():
            raise Complaint("La copia es de una versión más nueva que este programa: instala esa y repite.")
    migrate(engine)
    with Session(engine) as session:
        righted = set_right(session, now())
        session.commit()
    _say_filings(engine)
    wrong = _documents(asked)
    print(f"Números: se saltan {SKIPPED}, porque los de las horas perdidas ya los tiene alguien.")
    _say_righted(righted)
    print("Libro y documentos, comprobados uno por uno...", flush=True)
    touched = _verify(engine, asked, base)
    engine.dispose()
    return 1 if wrong or touched else 0


def _say_righted(righted: Righted) -> None:
    print(f"Envíos por hacer: {righted.asked}; antes de cada uno se pregunta a la institución si ya lo tiene.")
    if righted.aside:
        print(f"Envíos por la plataforma nacional que esperan a una persona: {len(righted.aside)}. No tienen su número")
        print("  nacional, y pueden haber salido con uno en las horas perdidas. Pregunta a cada destino antes de")
        print("  enviarlos otra vez desde su página:")
        for cuo in righted.aside:
            print(f"    {cuo}")


def _verify(engine: Engine, asked: _Asked, base: Base) -> int:
    """The audit of `mesa ledger verify`, against the root that was kept with the copy."""
    against: list[str] = []
    if base.balance.get("jws"):
        kept = Path(asked.target.settings.data) / "balance-restored.json"
        write_whole(kept, base.balance)
        against.append(str(kept))
    return verify_ledger(engine, asked.target.settings, since=1, against=against, documents=True)


def _documents(asked: _Asked) -> bool:
    """Bring the documents; True where one is not what it was. Raises Complaint where their store fails."""
    settings = asked.target.settings
    where = settings.documents_url.partition("?")[0]
    try:
        back = give_back(asked.shelf, Store(settings.documents_url, settings.s3_account))
    except StorageFailure as error:
        raise Complaint(
            f"El almacén de documentos {where} no responde o no recibe más ({said_by(error)}). "
            "Faltan documentos: arréglalo y repite con --apartar; los que ya llegaron se quedan donde están."
        ) from error
    print(f"Documentos devueltos a {where}: {back.brought}; ya estaban: {back.there}.")
    for what, keys in (("dañado en la copia", back.damaged), ("falta en la copia", back.missing)):
        for key in keys[:20]:
            print(f"  {what}: {key}")
        if len(keys) > 20:
            print(f"  ... y {len(keys) - 20} más")
    return bool(back.damaged or back.missing)


def _say_what_there_is(asked: _Asked, base: Base) -> int:
    """1 where the copy does not reach what was asked for."""
    done = asked.shelf.last_round()
    print(f"Se parte de la copia completa del {in_lima(base.taken_at)} (todas las horas son de Lima).")
    if done is None:
        print("Aviso: la copia no llegó a terminar ni una vuelta: pueden faltar documentos.")
        return 1
    elif asked.until is None:
        print(f"Según sus notas, la copia tiene todo lo confirmado hasta el {in_lima(done.until)}: se comprueba ahora.")
    elif asked.until > done.until:
        print(f"Aviso: la copia solo llega al {in_lima(done.until)}; lo confirmado después no está en ella.")
        return 1
    return 0


def _say_where_it_ended(asked: _Asked, played: Played) -> int:
    """1 where the log ended before what the copy was said to hold: a segment is damaged, missing, or a gap follows."""
    if played.is_whole:
        return 0
    done = asked.shelf.last_round()
    wanted = in_lima(min(one for one in (asked.until, done.until if done else None, now()) if one))
    reached = f"el {in_lima(played.last)}" if played.last else "la copia completa, y nada de después"
    print(f"Aviso: FALTA una parte. El registro de la base se corta: debía llegar al {wanted} y solo hay hasta")
    print(f"  {reached} (posición {played.end or 'desconocida'}). En wal/ falta el archivo que sigue, o está dañado.")
    print("  Lo confirmado entre los dos instantes no volvió: parte de una copia completa posterior, o de otro disco.")
    return 1


def _say_filings(engine: Engine) -> None:
    with Session(engine) as session:
        count = session.scalar(select(func.count()).select_from(Filing))
        newest = session.scalar(select(Filing).order_by(Filing.presented_at.desc(), Filing.id.desc()).limit(1))
    if newest is None:
        print("Trámites: ninguno.")
    else:
        print(f"Trámites: {count}; el último, {newest.filing_number}, presentado el {in_lima(newest.presented_at)}.")


def _next(target: Target, found: int) -> str:
    how = "mesa run" if target.cluster is None else "inicia PostgreSQL sobre esa carpeta, y después los programas"
    if found:
        return "Algo falta o cambió: está dicho arriba. No atiendas todavía; prueba otra copia y anota lo que falta."
    return (f"Todo está de vuelta y comprobado. Sigue así: {how}; luego mesa doctor, y concilia con cada institución: "
            "ellas pueden tener lo que se perdió.")  # fmt: skip


def _instant(typed: str) -> datetime | None:
    """An instant in the hour of Lima unless it says another. Raises Complaint."""
    if not typed:
        return None
    try:
        instant = datetime.fromisoformat(typed)
    except ValueError as error:
        raise Complaint("El instante se escribe así: 2026-11-22T09:15:00, hora de Lima.") from error
    instant = instant if instant.tzinfo else instant.replace(tzinfo=LIMA)
    if instant > now():
        raise Complaint("Ese instante todavía no llega.")
    return instant


def _up_to(last: datetime | None) -> str:
    return f"; su último cambio es del {in_lima(last)}" if last else ""
