"""A neighbour that accepts and never answers, or that breaks what asks it: the rest goes on."""

import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import now
from hub.models import Probe
from hub.probing import attempted
from hub.readiness import Readiness


@pytest.fixture
def silence():
    """A server that takes every connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        server.settimeout(20)
        yield server


@pytest.fixture
def ready(office, silence):
    address = f"https://127.0.0.1:{silence.getsockname()[1]}/documents"
    return Readiness(replace(office.settings, documents=address), now, patience=2.0)


def test_a_store_that_hangs_holds_one_thread_for_a_while_and_no_transaction(office, ready, silence):
    with Session(office.engine) as session:
        asking = threading.Thread(target=ready.checks, args=(session,))
        asking.start()
        line, _ = silence.accept()  # the store is being asked
        assert not session.in_transaction()
        with Session(office.engine) as another:
            assert set(ready.checks(another).values()) == {"no se sabe"}
        assert asking.is_alive()  # who asked meanwhile did not wait for the one who tries
        asking.join(10)
        assert not asking.is_alive()
        line.close()
    assert (ready.known["almacen"], ready.known["base_de_datos"]) == ("no guarda", "bien")


def test_while_one_tries_the_others_get_what_was_known_and_not_for_ever(office, ready):
    good = dict.fromkeys(("base_de_datos", "tablas", "almacen", "repartidor"), "bien")
    with Session(office.engine) as session, ready.lock:
        ready.known, ready.asked_at = good, time.monotonic() - 10
        assert ready.checks(session) == good
        ready.asked_at -= 30
        assert set(ready.checks(session).values()) == {"no se sabe"}


def tried_badly(office):
    with Session(office.engine) as session:
        return {one.name: one.code for one in session.scalars(select(Probe).where(Probe.code != ""))}


def test_a_probe_that_breaks_is_a_try_that_failed():
    tried = attempted("tsa", lambda: {}["nothing"])
    assert (tried.name, tried.code, tried.measured) == ("tsa", "PROBE_BROKEN", {"error": "KeyError"})


def test_a_neighbour_that_cannot_even_be_named_silences_no_alert(overseer, office, tmp_path):
    overseer.set(documents=f"nowhere://{tmp_path}")
    office.file()
    overseer.at += timedelta(minutes=6)
    overseer.look(2)
    assert overseer.stands("ledger_not_sealing") == [""]
    assert "store" in tried_badly(office)


def test_a_certificate_of_the_authority_that_is_no_pem_is_a_failing_time_stamp(overseer, office, tsa):
    trusted = office.settings.keys_folder / "tsa" / "crt.pem"
    trusted.parent.mkdir(exist_ok=True)
    trusted.write_bytes(b"0\x82\x03\x01 as DER")
    overseer.set(tsa=tsa.url)
    overseer.look(2)
    (alert,) = overseer.alerts("time_stamps_failing")
    assert alert.details["code"] == "TSA_CERTIFICATE_UNREADABLE"
    trusted.unlink()


def test_a_disk_that_cannot_be_looked_at_is_a_try_that_failed(overseer, office, tmp_path):
    (tmp_path / "file").write_text("no folder")
    overseer.set(data=str(tmp_path / "file" / "beyond"))  # as a share that is gone: `stat` fails
    overseer.look()
    assert "DISK_UNREADABLE" in tried_badly(office).values()
