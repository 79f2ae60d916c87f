"""A neighbour that accepts and never answers, or that breaks what asks it: the rest goes on."""

import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import overseeing
from hub.clock import now
from hub.core.monitoring import READINGS
from hub.models import OperatorAlert, PaperOrder, Probe
from hub.monitoring import probes
from hub.monitoring.operator_letters import Addresses, in_words
from hub.monitoring.probes import Tried
from hub.overseeing import host
from hub.paper_orders import READING
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
    assert overseer.stands("probe_failing") == []
    overseer.look()
    assert any(f":disk:{tmp_path}" in subject for subject in overseer.stands("probe_failing"))


def test_a_store_that_takes_nothing_and_a_certificate_of_ours_that_cannot_be_read_are_told(overseer, office, tmp_path):
    (tmp_path / "file").write_text("a file where the folder was")
    seal = office.settings.keys_folder / "hub" / "seal.crt.pem"
    good = seal.read_bytes()
    seal.write_text("no certificate")
    overseer.set(documents=str(tmp_path / "file"))
    overseer.look(2)
    machine = host(office.settings)
    assert overseer.stands("store_failing") == [machine]
    assert overseer.stands("probe_failing") == [f"{machine}:certificate:hub/seal"]
    seal.write_bytes(good)
    overseer.set(documents="")
    overseer.look()
    for kind in ("store_failing", "probe_failing"):
        assert overseer.told(kind) == ["opened", "closed"]


def test_papers_that_nobody_makes_are_told(overseer, office):
    office.file()
    overseer.at += timedelta(minutes=10)
    overseer.look()
    assert overseer.stands("papers_not_made") == []
    overseer.at += timedelta(minutes=6)
    overseer.look()
    assert overseer.stands("papers_not_made") == [""]
    with Session(office.engine) as session:
        session.execute(update(PaperOrder).values(done_at=overseer.at))
        session.commit()


def test_readings_of_signatures_that_fail_are_not_told_as_papers(overseer, office):
    office.file()
    overseer.at += timedelta(minutes=16)
    with Session(office.engine) as session:
        is_paper = PaperOrder.kind != READING
        session.execute(update(PaperOrder).where(is_paper).values(done_at=overseer.at))
        session.execute(update(PaperOrder).where(~is_paper).values(last_code="STORAGE_FAILED"))
        session.commit()
    overseer.look()
    assert overseer.stands("papers_not_made") == [READINGS]
    with Session(office.engine) as session:
        query = select(OperatorAlert).where(OperatorAlert.id > overseer.first)
        alert = session.scalars(query.where(OperatorAlert.subject == READINGS)).one()
        shown = in_words(alert, overseer.tools.directory, Addresses("https://mesa.example.pe"))
        assert "firmas" in shown.title and "el almacén no guarda o no da documentos" in shown.title
        assert "no dependen de esto" in shown.meaning and "MESA_DOCUMENTS" in shown.remedy
        session.execute(update(PaperOrder).values(done_at=overseer.at))
        session.commit()


def test_a_machine_whose_workers_died_is_told_and_one_that_was_stopped_is_not(overseer, office):
    there = [replace(overseer.tools, name=name) for name in ("dead:1:a", "stopped:2:b")]
    for tools in there:
        overseeing.beat(tools)
    overseeing.leave(there[1])
    with Session(office.engine) as session:
        full = Tried("disk:/srv", measured={"free": 2, "total": 100})
        probes.keep(session, "dead", (full,), overseer.at)
        session.commit()
    overseer.look()
    assert overseer.stands("machine_silent") == [] and overseer.stands("disk_filling") == ["dead:/srv"]
    overseer.at += timedelta(minutes=10)
    overseer.look()
    assert overseer.stands("machine_silent") == ["dead"] and overseer.stands("disk_filling") == ["dead:/srv"]
    overseer.at += timedelta(hours=1)
    overseer.look()
    assert overseer.told("disk_filling") == ["opened", "lost"]
    overseeing.beat(there[0])
    overseer.look()
    assert overseer.told("machine_silent") == ["opened", "closed"]


def test_a_machine_bears_the_name_that_it_was_given(office):
    assert host(replace(office.settings, machine="repartidor-1")) == "repartidor-1"
