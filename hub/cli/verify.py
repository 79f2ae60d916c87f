"""`mesa verify`: checks an evidence bundle offline, with nothing of the hub but its published certificate."""

import json
from argparse import Namespace
from datetime import date, datetime
from pathlib import Path

from hub.cli import typed_files
from hub.cli.complaint import Complaint, why
from hub.clock import now
from hub.core.calendar import end_of_day
from hub.evidence.findings import Given
from hub.evidence.rooted import signed_roots_in
from hub.evidence.saying import as_json, as_text
from hub.evidence.verifying import verify
from hub.wire.trusted import leaf_of


def verify_command(options: Namespace) -> int:
    """Print what the bundle proves: 0 where nothing was touched and all was signed in time, else 1.

    Raises Complaint for what cannot be read.
    """
    given = Given(
        now=_day(options.fecha) if options.fecha else now(),
        ca=_certificate(options.ca) if options.ca else None,
        tsa=(_certificate(options.tsa),) if options.tsa else (),
        seen=_roots(options.roots) if options.roots else (),
        hub=options.ruc,
    )
    try:
        with Path(options.file).open("rb") as stream:
            report = verify(stream, given)
    except OSError as error:
        raise Complaint(f"No se puede leer {options.file}: {why(error)}.") from error
    said = json.dumps(as_json(report), ensure_ascii=False, indent=2) + "\n" if options.json else as_text(report)
    print(said, end="")
    return 0 if report.is_good and report.is_in_time else 1


def _certificate(path: str) -> bytes:
    pem = typed_files.read(path)
    try:
        leaf_of(pem)
    except ValueError as error:
        raise Complaint(f"{path} no es un certificado en PEM.") from error
    return pem


def _roots(path: str) -> tuple[str, ...]:
    found = signed_roots_in(typed_files.read(path).decode("utf-8", "replace"))
    if not found:
        raise Complaint(f"{path} no contiene ninguna raíz firmada.")
    return found


def _day(text: str) -> datetime:
    try:
        return end_of_day(date.fromisoformat(text))
    except ValueError as error:
        raise Complaint(f"{text} no es una fecha como 2030-12-31.") from error
