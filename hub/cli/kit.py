"""The kit's commands on the parser: `mesa sandbox`, `mesa conformance`, `mesa activate`."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

WITH_ADDRESS = ("rest", "soap", "iotramite")
"""The ways in which an institution has a system that is called, which conformance can judge."""
WITHOUT = ("pull", "hosted")
"""Those in which it calls the hub, or has no system: nothing to judge, so they are decided in writing."""
SANDBOX_WAYS = ("rest", "soap", "iotramite", "recoger", "bandeja")


def add_to(commands: Any, add: Any, root: Path, settings: Callable[[], Any], engine: Callable[[], Any]) -> None:
    """Write the three commands; what they need is imported when one runs."""

    def sandbox(options: Namespace) -> int:
        from hub.embedded.newcomer import Newcomer
        from hub.embedded.playground import play

        newcomer = Newcomer(options.codigo, options.ruc, options.url, options.max_bytes, options.medio)
        return play(root, Path(options.carpeta), newcomer)

    def conformance(options: Namespace) -> int:
        from hub.cli.conformance import conformance_command

        return conformance_command(options, engine(), settings())

    def activate(options: Namespace) -> int:
        from hub.cli.conformance import activate_command

        return activate_command(options, engine())

    _add_sandbox(add(commands, "sandbox", sandbox, "levanta un entorno de pruebas propio, con tu entidad y otra"))
    _add_conformance(
        add(commands, "conformance", conformance, "prueba el sistema de una institución y escribe un informe firmado")
    )
    _add_activate(
        add(commands, "activate", activate, "conecta el sistema de una institución, con su informe o por escrito")
    )


def _add_sandbox(parser: Any) -> None:
    parser.add_argument("--carpeta", default="juego", help="dónde queda todo; por defecto, juego")
    parser.add_argument("--codigo", default="tuya", help="nombre corto de tu entidad de prueba")
    parser.add_argument("--ruc", default="20000000036", help="su RUC, inventado si hace falta")
    parser.add_argument("--url", default="", help="dónde atiende tu sistema; sin ella, recoge en la mesa")
    parser.add_argument(
        "--medio", default="", choices=SANDBOX_WAYS,
        help="por dónde se conecta; por defecto, rest si hay --url, y si no recoger",
    )  # fmt: skip
    parser.add_argument("--max-bytes", type=int, default=0, help="cuánto admite tu sistema; 0 si no declara")


def _add_system(parser: Any, ways: tuple[str, ...], **optional: str) -> None:
    parser.add_argument("url", help="dirección de su sistema, donde recibe los documentos", **optional)
    parser.add_argument("--entity", required=True, metavar="CODIGO", help="quién es en el directorio")
    parser.add_argument("--medio", default="rest", choices=ways, help="por dónde habla; por defecto, rest")


def _add_conformance(parser: Any) -> None:
    _add_system(parser, WITH_ADDRESS)
    parser.add_argument("--salida", default=".", metavar="CARPETA", help="dónde escribir el informe")
    parser.add_argument(
        "--escuchar", default="127.0.0.1:7300", metavar="DIRECCION:PUERTO",
        help="dónde hace de mesa mientras prueba; es la que la institución tiene como de la mesa",
    )  # fmt: skip
    parser.add_argument("--direccion", default="", metavar="URL", help="cómo llega ella hasta ahí, si no es la misma")
    parser.add_argument("--espera", type=float, default=10.0, metavar="SEGUNDOS", help="para cada respuesta")
    parser.add_argument(
        "--paciencia", type=float, default=60.0, metavar="SEGUNDOS",
        help="para lo que hace por su cuenta: el Cargo y el Estado",
    )  # fmt: skip


def _add_activate(parser: Any) -> None:
    _add_system(parser, (*WITH_ADDRESS, *WITHOUT), nargs="?", default="")
    parser.add_argument("--por", required=True, metavar="NOMBRE", help="quién lo decide")
    parser.add_argument("--motivo", default="", help="por qué se conecta sin un informe bueno")
