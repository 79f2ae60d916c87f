"""`mesa ledger` as an operator types it, on a sector with filings."""

import json
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from hub.sealer import seal_events
from tests.cli.typed import typed
from tests.stages.office import office

__all__ = ["office", "typed"]


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def mesa(typed):
    """mesa(*arguments) -> what `mesa ledger ...` printed."""
    return lambda *arguments: Done(*typed("ledger", *arguments))


def change(office, statement):
    with Session(office.engine) as session:
        session.execute(text("set local session_replication_role = replica"))
        assert session.execute(text(statement)).rowcount
        session.commit()


def test_an_empty_ledger_says_so(mesa):
    assert "El libro está vacío" in mesa("status").stdout
    done = mesa("verify")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Nada fue tocado.\n")


def test_what_was_touched_is_named_and_the_exit_code_says_it(office, mesa, tmp_path):
    cuo = office.file()
    assert "Eventos que esperan su hoja: 2 desde el" in mesa("status").stdout
    seal_events(office.tools)
    status = mesa("status").stdout
    assert "Lotes: 1;" in status and "Sello de tiempo pendiente desde el lote 1." in status
    kept = tmp_path / "balance.json"
    assert mesa("balance", "--salida", str(kept)).returncode == 0
    assert mesa("verify", "--contra", str(kept)).returncode == 0
    number = office.leg(cuo).filing_id
    change(office, f"update events set kind = 'sent' where kind = 'queued' and filing_id = {number}")
    done = mesa("verify", "--against", str(kept), "--sin-documentos")
    assert done.returncode == 1 and done.stderr == ""
    first, *_, last = done.stdout.splitlines()
    assert first.startswith("Evento 2 (sent), trámite 2026-") and f"envío {cuo}, lote 1: no es como se selló" in first
    assert last == "Una cosa fue tocada." and "No se leyeron los archivos guardados." in done.stdout


def test_a_tail_that_a_balance_had_seen_is_missed(office, mesa, tmp_path):
    office.file()
    seal_events(office.tools)
    kept = tmp_path / "balance.json"
    kept.write_text(mesa("balance").stdout)
    assert json.loads(kept.read_text())["batch"] == 1
    for table in ("ledger_leaves", "ledger_batches", "events", "event_heads"):
        change(office, f"delete from {table}")
    assert mesa("verify", "--sin-documentos").returncode == 0
    done = mesa("verify", "--contra", str(kept), "--sin-documentos")
    assert done.returncode == 1
    assert "Lote 1: se entregó antes y ya no está: el libro termina en el lote 0." in done.stdout


def test_what_cannot_be_compared_with_is_one_sentence(mesa, tmp_path):
    (tmp_path / "nada.txt").write_text("nada")
    for file in ("nada.txt", "falta.json"):
        done = mesa("verify", "--contra", str(tmp_path / file))
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
