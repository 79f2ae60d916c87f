"""The directory's commands on the parser: `mesa entities check | apply | import | export`."""

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from hub.cli.complaint import Complaint


def add_to(
    commands: Any, group: Any, add: Any, know_the_demo: Callable[[], None], settings: Callable[[], Any],
    engine: Callable[[], Any],
) -> None:  # fmt: skip
    """Write the commands; what they need is imported when one runs. A check needs no database."""

    def check(options: Namespace) -> int:
        from hub.entities_check import check_command

        know_the_demo()
        return check_command(options.file)

    def bring_in(_: Namespace) -> int:
        from hub.cli.entities import import_command

        return import_command(engine(), settings())

    def export(options: Namespace) -> int:
        from hub.cli.entities import export_command

        return export_command(engine(), options.a)

    def apply(options: Namespace) -> int:
        from hub.cli.entities import apply_command

        if (options.file is None) == (options.propuesta is None):
            raise Complaint("Di qué cambio: el archivo .diff que descargaste, o --propuesta y su número.")
        number, is_trial = options.propuesta, options.probar
        return apply_command(engine(), settings(), options.file or "", number=number, is_trial=is_trial)

    entities = group(commands, "entities", "el directorio de entidades (config/entities.yaml)")
    checked = add(entities, "check", check, "revisa el archivo y nombra todas sus fallas")
    checked.add_argument("file", nargs="?", metavar="archivo", help="por defecto, MESA_ENTITIES")
    _say_how_to_apply(add(entities, "apply", apply, "aplica al archivo un cambio propuesto, y lo lleva a la base"))
    add(entities, "import", bring_in, "lleva el archivo a la base de datos")
    exported = add(entities, "export", export, "escribe como archivo lo que rige hoy")
    exported.add_argument("--a", metavar="ARCHIVO", help="a qué archivo; por defecto, a la salida")


def _say_how_to_apply(parser: Any) -> None:
    parser.add_argument("file", nargs="?", metavar="cambio.diff", help="el que descargaste; - lo lee de la entrada")
    parser.add_argument("--propuesta", type=int, metavar="NUMERO", help="una propuesta guardada, por su número")
    parser.add_argument("--probar", action="store_true", help="decir qué cambiaría, sin tocar nada")
