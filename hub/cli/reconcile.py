"""`mesa reconcile`: both ends compared now. `mesa balance list | export | verify`: the signed balances of the days."""

import getpass
import json
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub import balances, comparing, comparisons
from hub.cli import typed_files
from hub.cli.complaint import Complaint
from hub.clock import now
from hub.core.balances import faults
from hub.core.bodies import AdapterKind, EntityRecord
from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.core.errors import ContractError, NotFound
from hub.due_legs import made_up
from hub.entities import load
from hub.models import Comparison
from hub.papers import balance_words as words
from hub.settings import Settings
from hub.wire.balances import open_balance
from hub.wire.trusted import leaf_of


def compare_now(settings: Settings, engine: Engine, code: str) -> int:
    """Compare with one institution, or with all; 0 where nothing differs and everybody could be asked, else 1."""
    from hub.reconciling import claim, compare
    from hub.worker import make_tools

    tools = make_tools(settings, engine)
    try:
        bodies = _bodies(tools.directory, code)
        with tools.sessions() as session:
            by = f"operador:{getpass.getuser()}"
            rows = [comparisons.ask(session, one.id, one.code, by, now()) for one in bodies]
            wanted = [row.id for row in rows]
            session.commit()
        claimed: list[int] = []
        while some := claim(tools, [one for one in wanted if one not in claimed]):
            compare(tools, some)
            claimed += [one.id for one in some]
        if settings.is_demo:
            _tell_made_up(engine, bodies)
        return _tell(engine, bodies, claimed)
    finally:
        tools.live_directory.stop()


def _bodies(directory: Directory, code: str) -> Sequence[EntityRecord]:
    if not code:
        return directory.active(local_date(now()))
    try:
        return (directory.entity(code),)
    except NotFound as error:
        raise Complaint(f"No existe la entidad {code} en el directorio.") from error


def _tell(engine: Engine, bodies: Sequence[EntityRecord], ids: Sequence[int]) -> int:
    names = {one.id: one for one in bodies}
    with Session(engine) as session:
        done = [session.get_one(Comparison, one) for one in ids]
        for row in done:
            print(f"{names[row.entity_id].acronym:<12} {_said(row)}")
        found = [one for one in comparing.open_ones(session) if one.entity_id in names]
        for one in found:
            known = " (explicada)" if one.explained_at else ""
            print(f"  {one.cuo}  {names[one.entity_id].acronym}: {words.GAPS[one.kind].lower()}; "
                  f"aquí {words.STATES[one.ours]}, allá {words.STATES[one.theirs]}{known}.")  # fmt: skip
    if missing := len(bodies) - len(done):
        print(f"{missing} ya se estaban comparando por otro lado.")
    waiting = [one for one in found if one.explained_at is None]
    many = "diferencia por resolver" if len(waiting) == 1 else "diferencias por resolver"
    print(f"{len(waiting)} {many}: en /tablero/diferencias." if waiting else "Ninguna diferencia por resolver.")
    return 1 if waiting or any(row.code or row.finished_at is None for row in done) else 0


def _tell_made_up(engine: Engine, bodies: Sequence[EntityRecord]) -> None:
    with Session(engine) as session:
        called = [one for one in bodies if one.adapter.kind is not AdapterKind.HOSTED]
        count = sum(len(made_up(session, one.id)) for one in called)
    if count:
        many = "Un envío es" if count == 1 else f"{count} envíos son"
        print(f"{many} de la historia que inventó mesa demo-history: ningún sistema los recibió, y no se comparan.")


def _said(row: Comparison) -> str:
    if row.finished_at is None:
        return "no terminó de compararse; el registro dice por qué"
    counted = words.figures(row.equal, row.differing, row.cannot_tell, row.left_out, row.listed)
    return f"{counted}; {words.NOT_COMPARED.get(row.code, row.code)}" if row.code else counted


def list_balances(engine: Engine, code: str) -> int:
    """Print the balances of an institution, the newest first."""
    with Session(engine) as session:
        (body,) = _bodies(load(session, now()), code)
        found = balances.listed(session, body)
        for row in found:
            print(f"{row.day:%d/%m/%Y}  {row.digest.hex()}")
        many = "balance" if len(found) == 1 else "balances"
        print(f"{len(found)} {many} de {body.acronym}." if found else f"{body.acronym} no tiene balances todavía.")
    return 0


def export_balance(engine: Engine, code: str, day: str, to: str) -> int:
    """Write a balance to a file, as the institution is given it."""
    with Session(engine) as session:
        (body,) = _bodies(load(session, now()), code)
        try:
            row = balances.of_day(session, body, date.fromisoformat(day))
        except ValueError as error:
            raise Complaint(f"{day} no es una fecha como 2026-11-20.") from error
        except NotFound as error:
            raise Complaint(f"No hay balance de {body.acronym} del {day}.") from error
        Path(to).write_text(json.dumps(balances.given(row), ensure_ascii=False), "utf-8")
    print(f"El balance de {body.acronym} del {day} está en {to}.")
    return 0


def verify_balance(options: Namespace) -> int:
    """Check a balance with nothing but the hub's certificate authority; 0 where it is whole, else 1."""
    given = _json(options.file)
    ca = typed_files.read(options.ca)
    try:
        leaf_of(ca)
        content = open_balance(str(given["firmado"]), (ca,))
        wrong = faults(content, given["lineas"])
    except ContractError as error:
        print(f"No vale: {words.FAULTS.get(error.code, error.code)}.")
        return 1
    except (KeyError, TypeError) as error:
        raise Complaint(f"{options.file} no es un balance.") from error
    except ValueError as error:
        raise Complaint(f"{options.ca} no es un certificado en PEM.") from error
    for one in wrong:
        print(f"No vale: {words.FAULTS[one]}.")
    if not wrong:
        _tell_whole(content)
    return 1 if wrong else _check_before(options, content)


def _tell_whole(content: dict[str, Any]) -> None:
    print(f"Vale. Balance de {content['entidad']} del {content['dia']}, firmado por la mesa {content['mesa']}.")
    print(f"Se movieron {content['movidos']} envíos; quedaron {len(content['diferencias'])} diferencias.")
    compared = content["comparacion"]
    if compared["motivo"]:
        print(f"No se comparó del todo: {words.NOT_COMPARED.get(compared['motivo'], compared['motivo'])}.")
    counted = words.figures(
        compared["iguales"], compared["difieren"], compared["noDice"], compared["sinComparar"], compared["suLista"]
    )
    print(f"De lo comparado: {counted}.")
    if content["libro"]:
        print(f"Libro: lote {content['libro']['lote']}, raíz {content['libro']['raiz']}.")


def _check_before(options: Namespace, content: dict[str, Any]) -> int:
    """With the balance of the day before: whether this one names it."""
    if not options.anterior:
        return 0
    from hub.wire.balances import digest_of

    if digest_of(str(_json(options.anterior).get("firmado", ""))).hex() == content["anterior"]:
        print("Sigue al anterior que diste.")
        return 0
    print("No sigue al anterior que diste: alguno de los dos se rehízo, o falta uno entre ellos.")
    return 1


def _json(path: str) -> dict[str, Any]:
    try:
        said = json.loads(typed_files.read(path))
    except (ValueError, RecursionError) as error:
        raise Complaint(f"{path} no es un balance.") from error
    if not isinstance(said, dict):
        raise Complaint(f"{path} no es un balance.")
    return said


Add = Callable[..., Any]


def add_to(commands: Any, group: Add, add: Add, settings: Callable[[], Settings], engine: Callable[[], Engine]) -> None:
    """Hang these commands on the program."""
    compare = add(commands, "reconcile", lambda it: compare_now(settings(), engine(), it.entity),
                  "compara ahora lo entregado con lo que cada institución dice tener")  # fmt: skip
    compare.add_argument("--entity", default="", metavar="CODIGO", help="solo con esta; por defecto, con todas")
    balance = group(commands, "balance", "los balances firmados de cada día")
    listed = add(balance, "list", lambda it: list_balances(engine(), it.entity), "lista los de una institución")
    out = add(balance, "export", lambda it: export_balance(engine(), it.entity, it.day, it.salida), "escribe uno")
    for one in (listed, out):
        one.add_argument("--entity", required=True, metavar="CODIGO", help="de qué institución")
    out.add_argument("--day", required=True, metavar="DIA", help="como 2026-11-20")
    out.add_argument("--salida", required=True, metavar="ARCHIVO", help="a qué archivo")
    verify = add(balance, "verify", verify_balance, "comprueba uno sin conexión, solo con el certificado publicado")
    verify.add_argument("file", metavar="balance", help="el archivo que dio la mesa")
    verify.add_argument("--ca", required=True, metavar="CA.PEM", help="el certificado publicado: /certificados/ca.pem")
    verify.add_argument("--anterior", default="", metavar="ARCHIVO", help="el del día anterior, para ver que lo sigue")
