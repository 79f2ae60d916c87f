"""What an operator types: `mesa <command>`. Each command is a few lines that call who does the work."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hub.cli.spanish import SpanishParser
from hub.core.errors import MesaError

ROOT = Path(__file__).resolve().parents[2]
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. What we raise on purpose is one sentence, never a traceback."""
    from sqlalchemy.exc import OperationalError

    from hub.cli import saying
    from hub.cli.complaint import Complaint
    from hub.embedded.errors import EmbeddedError

    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (Complaint, EmbeddedError) as error:
        return _complain(str(error))
    except MesaError as error:
        return _complain(saying.of_error(error))
    except OperationalError as error:
        return _complain(saying.of_database(error))
    except KeyboardInterrupt:
        return 130


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _run(options: argparse.Namespace) -> int:
    from hub.embedded.run import run

    return run(ROOT, is_tied_to_parent=options.con_make)


def _web(options: argparse.Namespace) -> int:
    _settings()
    if options.bind:
        os.environ["MESA_BIND"] = options.bind
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:hub.serving", "wsgi:app"])  # noqa: S606


def _worker(_: argparse.Namespace) -> int:
    from hub.worker import main

    return main(_settings())


def _papers(_: argparse.Namespace) -> int:
    from hub.paperwork_process import main

    return main(_settings())


def _returns(_: argparse.Namespace) -> int:
    from hub.cli.complaint import Complaint
    from hub.returns_process import main

    settings = _settings()
    if not (settings.returns and settings.returns_domain):
        raise Complaint("Falta MESA_RETURNS (dirección:puerto) y MESA_RETURNS_DOMAIN: no hay a dónde vuelvan.")
    return main(settings)


def _doctor(_: argparse.Namespace) -> int:
    from hub.cli.doctor import doctor

    return doctor(_settings())


def _migrate(_: argparse.Namespace) -> int:
    from hub.models.schema import migrate

    engine = _engine()
    migrate(engine)
    print("La base de datos está al día.")
    return 0


def _deliveries_list(options: argparse.Namespace) -> int:
    from hub.cli.deliveries import list_deliveries

    return list_deliveries(_engine(), entity=options.entidad, status=options.estado)


def _deliveries_retry(options: argparse.Namespace) -> int:
    from hub.cli.deliveries import retry_delivery

    return retry_delivery(_engine(), options.cuo, options.motivo, is_confirmed=options.confirmo)


def _verify(options: argparse.Namespace) -> int:
    from hub.cli.verify import verify_command

    return verify_command(options)


def _register(options: argparse.Namespace) -> int:
    from hub.cli.registers import show_register

    settings = _settings()
    return show_register(
        _engine(), options.entity, options.day, book=options.libro, csv=options.csv, pdf=options.pdf,
        year_name=settings.year_name,
    )  # fmt: skip


def _report_sgtd(options: argparse.Namespace) -> int:
    from hub.cli.registers import report_sgtd

    return report_sgtd(_engine(), options.entity, options.month, options.out, _settings().year_name)


def _report_gob_pe(options: argparse.Namespace) -> int:
    from hub.cli.registers import report_gob_pe

    return report_gob_pe(_engine(), options.entity)


def _keys(_: argparse.Namespace) -> int:
    from hub.embedded.demokeys import make_keys
    from hub.settings import Settings

    _know_the_demo()
    settings = Settings.from_env()
    made = make_keys(Path(settings.entities), settings.keys_folder)
    print(f"{len(made.written)} archivos nuevos en {made.folder}; lo que ya estaba no se toca.")
    return 0


def _settings() -> Any:
    """The settings, with a database. Where the environment names none, those of this clone's `mesa run`."""
    from hub.cli.complaint import Complaint
    from hub.settings import Settings

    _know_the_demo()
    settings = Settings.from_env()
    if not settings.database_url:
        raise Complaint("Falta DATABASE_URL (o un mesa run en este clon): no se sabe qué base de datos usar.")
    return settings


def _know_the_demo() -> None:
    from hub.embedded.firstrun import read_env

    if not {"DATABASE_URL", "DATABASE_URL_FILE"} & os.environ.keys():
        data = Path(os.environ.get("MESA_DATA") or ROOT / "var")
        for name, value in read_env(data / "demo.env").items():
            os.environ.setdefault(name, value)


def _engine() -> Any:
    from sqlalchemy import create_engine

    return create_engine(_settings().sqlalchemy_url)


def _parser() -> argparse.ArgumentParser:
    parser = SpanishParser(prog="mesa", description="Mesa de partes integrada de un sector.")
    commands = parser.add_subparsers(required=True, metavar="orden")
    run = _add(commands, "run", _run, "levanta toda la demostración en esta máquina; Ctrl-C la detiene")
    run.add_argument("--con-make", action="store_true", help="detenerse también si termina quien la inició")
    web = _add(commands, "web", _web, "sirve la web (gunicorn)")
    web.add_argument("--bind", metavar="DIRECCION:PUERTO", help="dónde escuchar; por defecto MESA_BIND")
    _add(commands, "worker", _worker, "reparte los envíos pendientes y recoge los cargos")
    _add(commands, "papers", _papers, "hace las constancias y los cargos pedidos y lee las firmas recibidas")
    _add(commands, "returns", _returns, "recibe los correos que no se pudieron entregar y los anota")
    _add(commands, "doctor", _doctor, "revisa esta instalación y dice qué está mal y qué hacer")
    _add(commands, "migrate", _migrate, "pone al día las tablas de la base de datos")
    _add(commands, "keys", _keys, "crea las claves de demostración que falten")
    _add_entities(commands)
    deliveries = _group(commands, "deliveries", "los envíos a las instituciones")
    listed = _add(deliveries, "list", _deliveries_list, "lista los envíos, el más nuevo primero")
    listed.add_argument("--entidad", default="", metavar="CODIGO", help="solo los de esta institución")
    listed.add_argument("--estado", default="", metavar="ESTADO", help="solo los de este estado, p. ej. detenido")
    retry = _add(deliveries, "retry", _deliveries_retry, "vuelve a enviar uno que falló")
    retry.add_argument("cuo", help="el CUO del envío, diez dígitos")
    retry.add_argument("--motivo", required=True, help="por qué se envía otra vez; queda en la historia")
    retry.add_argument("--confirmo", action="store_true", help="ya pregunté a la institución, y no lo tiene")
    verify = _add(commands, "verify", _verify, "comprueba un expediente con pruebas (.asice), sin conexión")
    verify.add_argument("file", metavar="expediente", help="el archivo .asice")
    verify.add_argument("--ca", metavar="CA.PEM", help="el certificado publicado del sistema: /certificados/ca.pem")
    verify.add_argument("--tsa", metavar="TSA.PEM", help="el de la autoridad de sellado de tiempo")
    verify.add_argument("--roots", metavar="RAICES", help="raíces del libro que ya conocías, para comparar")
    verify.add_argument("--ruc", default="", help="el RUC que debe tener el sistema")
    verify.add_argument("--fecha", metavar="AAAA-MM-DD", help="comprobar como si hoy fuera ese día")
    verify.add_argument("--json", action="store_true", help="la respuesta para un programa")
    _add_ledger(commands)
    _add_books(commands)
    _add_calendar(commands)
    _add_kit(commands)
    _add_rare_ones(commands)
    return parser


def _add_entities(commands: Any) -> None:
    from hub.cli import entities_orders

    entities_orders.add_to(commands, _group, _add, _know_the_demo, _settings, _engine)


def _add_rare_ones(commands: Any) -> None:
    from hub.cli import keeping, leftovers, partitions
    from hub.cli.history import command

    command.add_to(commands, _add, _settings, _engine)
    partitions.add_to(commands, _add, _engine)
    keeping.add_to(commands, _add, _settings, _engine, _know_the_demo)
    leftovers.add_to(commands, _group, _add, _settings, _engine)


def _add_kit(commands: Any) -> None:
    from hub.cli import kit

    kit.add_to(commands, _add, ROOT, _settings, _engine)


def _add_calendar(commands: Any) -> None:
    from hub.cli import calendar, incidents

    for kind in (calendar, incidents):
        kind.add_to(commands, _group, _add, _engine)


def _add_ledger(commands: Any) -> None:
    from hub.cli import ledger_orders, reconcile

    for kind in (ledger_orders, reconcile):
        kind.add_to(commands, _group, _add, _settings, _engine)


def _add_books(commands: Any) -> None:
    register = _add(commands, "register", _register, "muestra un día del registro de entradas o de salidas")
    register.add_argument("--entity", required=True, metavar="CODIGO", help="de qué institución")
    register.add_argument("--day", default="", metavar="DIA", help="como 2026-11-20; por defecto, hoy")
    register.add_argument("--libro", default="entradas", choices=("entradas", "salidas"), help="cuál de los dos")
    register.add_argument("--csv", default="", metavar="ARCHIVO", help="escribirlo como planilla")
    register.add_argument("--pdf", default="", metavar="ARCHIVO", help="escribirlo para imprimir")
    report = _group(commands, "report", "los informes de una institución")
    sgtd = _add(report, "sgtd", _report_sgtd, "escribe las cifras y el borrador del oficio a la SGTD")
    sgtd.add_argument("--entity", required=True, metavar="CODIGO", help="de qué institución")
    sgtd.add_argument("--month", required=True, metavar="MES", help="como 2026-11")
    sgtd.add_argument("--out", default=".", metavar="CARPETA", help="dónde escribirlos")
    gob_pe = _add(report, "gobpe", _report_gob_pe, "muestra el texto para la página de la mesa de partes en gob.pe")
    gob_pe.add_argument("--entity", required=True, metavar="CODIGO", help="de qué institución")


def _group(commands: Any, name: str, purpose: str) -> Any:
    parser = commands.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
    return parser.add_subparsers(required=True, metavar="orden")


def _add(commands: Any, name: str, command: Command, purpose: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
    parser.set_defaults(command=command)
    return parser
