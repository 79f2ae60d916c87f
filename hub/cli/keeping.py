"""`mesa backup --to FOLDER` and `mesa restore --from FOLDER [--until INSTANT]`, on the parser."""

import argparse
from collections.abc import Callable
from typing import Any

_Ask = Callable[[], Any]


def add_to(commands: Any, add: Any, settings: _Ask, engine: _Ask, know: _Ask) -> None:
    """Write the two commands; what they need is imported when one runs."""

    def backup(options: argparse.Namespace) -> int:
        from hub.cli.passphrase import passphrase_of
        from hub.keeping.secrets import check_passphrase

        given = settings()
        words = passphrase_of(given)
        check_passphrase(words)  # a round takes minutes before it comes to the keys
        from hub.cli.backup import backup_command

        return backup_command(given, engine(), words, options)

    def restore(options: argparse.Namespace) -> int:
        from hub.cli.restore import restore_command

        know()
        return restore_command(options)

    taking = add(commands, "backup", backup, "copia la base de datos, los documentos y las claves a una carpeta")
    _say_how_to_back_up(taking)
    _say_how_to_restore(add(commands, "restore", restore, "trae de vuelta una copia y la comprueba"))


def _say_how_to_back_up(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", "--a", required=True, metavar="CARPETA", help="dónde, en otro disco u otra máquina")
    parser.add_argument(
        "--every", "--cada", type=float, default=0.0, metavar="SEGUNDOS",
        help="seguir, y traer lo nuevo cada tantos segundos; sin esto, una vez",
    )  # fmt: skip
    parser.add_argument(
        "--base-every", "--base-cada", type=float, default=24.0, metavar="HORAS",
        help="cada cuánto se copia entera la base de datos; por defecto, 24",
    )  # fmt: skip
    parser.add_argument(
        "--keep", "--guardar", type=float, default=35.0, metavar="DIAS",
        help="hasta cuántos días atrás se podrá volver; por defecto, 35",
    )  # fmt: skip


def _say_how_to_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", "--de", dest="source", required=True, metavar="CARPETA", help="la carpeta de mesa backup"
    )
    parser.add_argument(
        "--until", "--hasta", default="", metavar="INSTANTE",
        help="como 2026-11-22T09:15:00, hora de Lima; por defecto, hasta lo último que haya",
    )  # fmt: skip
    parser.add_argument(
        "--cluster", default="", metavar="CARPETA",
        help="la carpeta de datos de PostgreSQL, vacía; por defecto, la de mesa run en este clon",
    )  # fmt: skip
    parser.add_argument(
        "--apartar", action="store_true", help="si allí ya hay una base, ponerla a un lado (nunca se borra)"
    )
