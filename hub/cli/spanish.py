"""argparse in Spanish: headings, help and complaints."""

import argparse
import re
import sys
from typing import Any, NoReturn

_COMPLAINTS = (
    (re.compile(r"the following arguments are required: (.+)"), r"falta: \1"),
    (re.compile(r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)"), r"\2 no existe; hay: \3"),
    (re.compile(r"argument (.+?): expected one argument"), r"\1 necesita un valor"),
    (re.compile(r"unrecognized arguments: (.+)"), r"no se entiende: \1"),
)


class SpanishParser(argparse.ArgumentParser):
    """An ArgumentParser whose subcommands are of its kind too."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, add_help=False, **named)
        self._positionals.title, self._optionals.title = "órdenes y datos", "opciones"
        self.add_argument("-h", "--help", action="help", help="muestra esta ayuda")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "uso: ", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "uso: ", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how it is used; exit code 2."""
        for pattern, sentence in _COMPLAINTS:
            if pattern.fullmatch(message):
                message = pattern.sub(sentence, message)
                break
        sys.stderr.write(f"{self.format_usage()}{self.prog}: {message}\n")
        raise SystemExit(2)
