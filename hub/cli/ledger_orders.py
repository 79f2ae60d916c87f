"""The ledger's commands on the parser: `mesa ledger status | balance | verify`."""

from argparse import Namespace
from collections.abc import Callable
from typing import Any


def add_to(commands: Any, group: Any, add: Any, settings: Callable[[], Any], engine: Callable[[], Any]) -> None:
    """Write the three commands; what they need is imported when one runs."""

    def status(_: Namespace) -> int:
        from hub.cli.ledger import show_status

        return show_status(engine())

    def balance(options: Namespace) -> int:
        from hub.cli.ledger import write_balance

        return write_balance(engine(), options.salida)

    def verify(options: Namespace) -> int:
        from hub.cli.ledger import verify_ledger

        return verify_ledger(
            engine(), settings(), since=options.desde, against=options.contra, documents=options.documentos
        )

    ledger = group(commands, "ledger", "el libro en que se sella todo lo que pasa")
    add(ledger, "status", status, "muestra cómo va el sellado y el sello de tiempo")
    written = add(ledger, "balance", balance, "escribe la última raíz firmada, para guardarla fuera")
    written.add_argument("--salida", "--out", default="", metavar="ARCHIVO", help="por defecto, la pantalla")
    _say_how_to_verify(add(ledger, "verify", verify, "comprueba todo lo sellado y nombra lo que se haya tocado"))


def _say_how_to_verify(parser: Any) -> None:
    parser.add_argument("--desde", "--since", type=int, default=1, metavar="LOTE", help="solo desde este lote")
    parser.add_argument(
        "--contra", "--against", action="append", default=[], metavar="ARCHIVO",
        help="un balance, unas raíces o un expediente que se entregó antes; se puede repetir",
    )  # fmt: skip
    parser.add_argument(
        "--sin-documentos", dest="documentos", action="store_false", help="no leer los archivos guardados"
    )
