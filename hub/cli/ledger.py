"""`mesa ledger status | balance | verify`: how the sealing goes, the tail to be kept, and the audit of everything."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub import ledger
from hub.audit import SNAPSHOT, CheckToken, Finding, Seen, Tally, Terms, audit, balance, read_seen
from hub.cli.complaint import Complaint, why
from hub.cli.ledger_words import sentence_of
from hub.clock import now
from hub.core.calendar import LIMA
from hub.core.errors import ContractError, StorageFailure
from hub.core.services import TimeStamp
from hub.entities import load
from hub.settings import Settings
from hub.storage import Store
from hub.wire.timestamps import check_token

SHOWN = 200
"""Findings that are printed one by one."""
_COUNTED = (
    ("batches", "lotes"), ("leaves", "hojas"), ("stamps", "sellos de tiempo"), ("events", "eventos"),
    ("filings", "trámites"), ("messages", "mensajes recibidos"), ("sent", "sobres enviados"),
    ("documents", "documentos"), ("papers", "PDF del sistema"),
    ("lines", "líneas del historial"),
)  # fmt: skip


def show_status(engine: Engine) -> int:
    """Print how the sealing and the stamping go."""
    with Session(engine) as session:
        state = ledger.state(session)
    if not state.batches:
        print("El libro está vacío: todavía no se sella nada.")
    else:
        print(f"Lotes: {state.batches}; el último se selló el {_at(state.sealed_at)}.")
    print(f"Eventos que esperan su hoja: {state.waiting}{_since(state.waiting_since)}.")
    print(_stamp_line(state))
    return 0


def _stamp_line(state: ledger.LedgerState) -> str:
    newest = f"El lote {state.stamped_batch} tiene sello de tiempo de {state.authority} del {_at(state.stamped_at)}."
    if not state.is_stamp_pending:
        return newest if state.stamped_batch else "Nada que sellar en el tiempo."
    pending = f"Sello de tiempo pendiente desde el lote {state.stamped_batch + 1}."
    trouble = f" La autoridad no responde{_since(state.stamp_failing_since)} ({state.stamp_code})."
    return f"{newest if state.stamped_batch else ''} {pending}{trouble if state.stamp_failing_since else ''}".strip()


def _at(instant: datetime | None) -> str:
    return f"{instant.astimezone(LIMA):%d/%m/%Y %H:%M:%S}" if instant else ""


def _since(instant: datetime | None) -> str:
    return f" desde el {_at(instant)}" if instant else ""


def write_balance(engine: Engine, file: str) -> int:
    """Write the newest signed root for somebody to keep: to `file`, or to the terminal where it is empty."""
    with Session(engine) as session:
        found = balance(session)
    text = json.dumps(found, indent=1) + "\n"
    if not file:
        print(text, end="")
        return 0
    Path(file).write_text(text, "utf-8")
    print(f"Balance del lote {found['batch']} en {file}. Guárdalo fuera de esta máquina.")
    return 0


def verify_ledger(engine: Engine, settings: Settings, *, since: int, against: list[str], documents: bool) -> int:
    """Audit everything and print what was touched; 0 where nothing was. Raises Complaint for what cannot be read."""
    seen = [_seen(Path(file)) for file in against]
    store = Store(settings.documents_url, settings.s3_account) if documents else None
    tally, found = Tally(), 0
    with Session(engine) as session:
        hub = str(load(session, now()).operator.ruc)
    terms = Terms(hub, _authorities(settings), now(), _checker(settings), since=since)
    with Session(engine.execution_options(**SNAPSHOT)) as session:
        try:
            for finding in audit(session, terms, tally, store=store, seen=seen):
                found += 1
                _print(finding, found)
        except StorageFailure as error:
            raise Complaint("El almacén de documentos no responde: la revisión quedó a medias. Repítela.") from error
    return _conclude(tally, found, documents=documents)


def _print(finding: Finding, number: int) -> None:
    if number <= SHOWN:
        print(sentence_of(finding), flush=True)
    elif number == SHOWN + 1:
        print("…", flush=True)


def _conclude(tally: Tally, found: int, *, documents: bool) -> int:
    done = ", ".join(f"{tally.counts[key]} {name}" for key, name in _COUNTED)
    print(f"Revisado: {done}.")
    if tally.counts["old_events"]:
        print(f"Eventos anteriores al libro, que no se pueden comprobar: {tally.counts['old_events']}.")
    if not documents:
        print("No se leyeron los archivos guardados.")
    print({0: "Nada fue tocado.", 1: "Una cosa fue tocada."}.get(found, f"{found} cosas fueron tocadas."))
    return 1 if found else 0


def _seen(file: Path) -> Seen:
    try:
        return read_seen(file.read_bytes())
    except OSError as error:
        raise Complaint(f"No se puede leer {file}: {why(error)}.") from error
    except ValueError as error:
        raise Complaint(f"{file} no es un balance, ni raíces, ni un expediente con raíces.") from error


def _authorities(settings: Settings) -> tuple[bytes, ...]:
    """The published authority; where a hub has none of its own, the ledger's certificate itself."""
    for file in ("ca/crt.pem", "hub/ledger.crt.pem"):
        path = settings.keys_folder / file
        if path.exists():
            return (path.read_bytes(),)
    raise Complaint(f"No hay certificados del sistema en {settings.keys_folder}: falta ca/crt.pem.")


def _checker(settings: Settings) -> CheckToken:
    certificate = settings.keys_folder / "tsa" / "crt.pem"
    trusted = (certificate.read_bytes(),) if certificate.exists() else ()
    check: Callable[[bytes, bytes], TimeStamp] = partial(_check, trusted=trusted)
    return check


def _check(token: bytes, sha256: bytes, *, trusted: tuple[bytes, ...]) -> TimeStamp:
    if not trusted:
        raise ContractError("STAMP_UNTRUSTED")
    return check_token(token, sha256, trusted)
