"""The worker: a real one, its database, and institutions that answer, hang, break and forget."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from hub import inbound
from hub.clock import now
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.ports import Has, News, NewsKind, Taken
from hub.core.statuses import DeliveryStatus, InboundStatus, OutboundStatus
from hub.entities.screen import publish
from hub.inbound import Received
from hub.live_directory import LiveDirectory
from hub.models import Delivery, Filing, InboundMessage
from hub.wire import seal, sobre, xml
from tests.fixtures.sandbox import ROOT, wait_until
from tests.stages.office import ENTITIES, office

__all__ = ["office"]
D = DeliveryStatus


def test_what_was_queued_is_signed_handed_over_and_sent(office):
    cuo = office.file()
    office.work_until_is(cuo, D.SENT)
    (parcel,) = office.institution.handed
    assert (parcel.cuo, parcel.partner.code, parcel.message_id) == (cuo, "igp", office.message(cuo).id)
    assert parcel.sealed == office.message(cuo).sealed
    assert office.message(cuo).reference_digest == seal.digest_of(parcel.sealed)
    assert sobre.read_message(xml.parse(parcel.sealed)) == parcel.sobre
    with parcel.documents[0].open() as stream:
        assert stream.read(8) == b"%PDF-1.7"
    assert office.leg(cuo).handed_out_at is not None
    assert office.outcomes(cuo) == ["ack"]


def test_a_second_try_asks_and_carries_the_same_signed_bytes(office):
    office.institution.says["igp"] = [TemporaryFailure("TIMEOUT")]
    cuo = office.file()
    office.work_until_is(cuo, D.SENT)
    assert office.institution.asked == [cuo]
    first, second = office.institution.handed
    assert (first.sealed, first.message_id, first.sobre) == (second.sealed, second.message_id, second.sobre)
    assert office.outcomes(cuo) == ["temporary", "ack"]


def test_what_an_institution_has_already_is_not_handed_over_again(office):
    office.institution.says["igp"] = [TemporaryFailure("TIMEOUT")]
    office.institution.says_when_asked["igp"] = [Has()]
    cuo = office.file()
    office.work_until_is(cuo, D.SENT)
    assert len(office.institution.handed) == 1
    assert office.outcomes(cuo) == ["temporary", "has"]


def test_what_an_institution_says_when_asked_is_applied_as_news(office):
    cuo = office.file()
    office.institution.says["igp"] = [TemporaryFailure("TIMEOUT")]
    ruc = office.tools.directory.entity("igp").ruc
    registered = News(NewsKind.REGISTERED, cuo, now(), ruc, registry_number="00077", raw=b"<consultarResponse/>")
    stranger = News(NewsKind.REFUSED, cuo, now(), office.tools.directory.entity("senace").ruc, raw=b"<x/>")
    office.institution.says_when_asked["igp"] = [Has((stranger, registered))]
    office.work_until_is(cuo, D.REGISTERED)
    assert office.leg(cuo).destination_registry_number == "00077"


def test_what_surely_did_not_arrive_is_tried_again_without_asking(office):
    office.institution.says["igp"] = [TemporaryFailure("REFUSED", may_have_arrived=False)]
    cuo = office.file()
    office.work_until_is(cuo, D.SENT)
    assert office.institution.asked == []


def test_who_fetches_documents_is_asked_when_the_lease_is_over(office):
    office.institution.says["igp"] = [Taken(b"202")]
    office.institution.says_when_asked["igp"] = [Has(is_complete=False), Has()]
    cuo = office.file()
    office.work_until_is(cuo, D.SENT)
    assert office.outcomes(cuo) == ["taken", "taken", "has"]
    assert len(office.institution.handed) == 1


def test_a_permanent_failure_stops_the_leg_and_no_other(office):
    office.institution.says["igp"] = [PermanentFailure("RECEPTOR_EQUIVOCADO", raw=b"{}")]
    bad, good = office.file(), office.file()
    office.work_until_is(bad, D.FAILED)
    office.work_until_is(good, D.SENT)


def test_an_institution_that_hangs_costs_another_nothing(office):
    hang = threading.Event()
    office.institution.says["igp"] = [lambda: hang.wait(10)] * 4
    hanging = [office.file("igp") for _ in range(6)]
    started = time.monotonic()
    quick = [office.file("senace") for _ in range(6)]
    office.work_until(lambda: all(office.leg(cuo).status is D.SENT for cuo in quick), 8)
    took = time.monotonic() - started
    assert took < 8
    assert {office.leg(cuo).status for cuo in hanging} <= {D.SENDING, D.QUEUED}
    hang.set()
    office.work_until(lambda: all(office.leg(cuo).status is D.SENT for cuo in hanging))


def test_no_more_than_its_cap_is_in_flight_at_an_institution(office):
    cap, now_in, most, lock = office.tools.directory.entity("igp").in_flight, [0], [0], threading.Lock()

    def slowly():
        with lock:
            now_in[0] += 1
            most[0] = max(most[0], now_in[0])
        time.sleep(0.05)
        with lock:
            now_in[0] -= 1

    office.institution.says["igp"] = [slowly] * 12
    cuos = [office.file() for _ in range(12)]
    office.work_until(lambda: all(office.leg(cuo).status is D.SENT for cuo in cuos))
    assert most[0] == cap


def test_what_an_adapter_did_not_foresee_is_left_to_the_lease_and_then_asked(office):
    office.institution.says["igp"] = [KeyError("a bug")]
    cuo = office.file()
    office.work_until(lambda: office.institution.handed)
    time.sleep(0.1)
    assert office.message(cuo).status is OutboundStatus.CLAIMED
    assert office.outcomes(cuo) == []
    office.work_until_is(cuo, D.SENT)
    assert office.institution.asked == [cuo]
    assert office.worker.dispatcher.lanes[office.tools.directory.entity("igp").id].busy == 0


def test_a_filing_that_cannot_be_written_is_shown_and_stops_nobody_behind_it(office):
    bad, good, elsewhere = office.file(), office.file(), office.file("senace")
    with Session(office.engine) as session:
        session.execute(update(Filing).where(Filing.deliveries.any(cuo=bad)).values(subject="no \x0b cabe en XML"))
        session.commit()
    office.work_until_is(good, D.SENT)
    office.work_until_is(elsewhere, D.SENT)
    assert office.leg(bad).status is D.FAILED
    assert office.message(bad).status is OutboundStatus.DEAD
    assert bad not in [parcel.cuo for parcel in office.institution.handed]


def test_two_workers_hand_every_filing_over_once(office):
    other = office.another_worker()
    for worker in office.workers:  # on a slow machine a short lease would free what is still being carried
        worker.dispatcher.tools = replace(worker.tools, settings=replace(worker.tools.settings, lease=60.0))
    cuos = [office.file() for _ in range(30)]
    threading.Thread(target=lambda: [other.dispatcher.dispatch() or time.sleep(0.02) for _ in range(60)]).start()
    office.work_until(lambda: all(office.leg(cuo).status is D.SENT for cuo in cuos))
    assert sorted(parcel.cuo for parcel in office.institution.handed) == sorted(cuos)


# The rounds


def keep(office, cuo, raw, age=timedelta(minutes=1)):
    """A cargo of the national contract that a door kept, and died."""
    ruc = office.tools.directory.entity("oefa").ruc
    news = News(NewsKind.REGISTERED, cuo, now(), ruc, raw=raw)
    message_id = uuid4()
    one = Received(message_id, ruc, "iotramite", "cargo", message_id.hex, raw, news)
    with Session(office.engine) as session:
        row, _ = inbound.keep(session, office.tools.directory, one, now() - age)
        session.commit()
        return row.id


CARGO = """<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:ws="http://ws.wsiotramite.segdi.gob.pe/"><soapenv:Body><ws:cargoResponse><request>
 <vrucentrec>20492966658</vrucentrec><vrucentrem>20521286769</vrucentrem><vcuo>{cuo}</vcuo>
 <vnumregstd>00099</vnumregstd><vanioregstd>2026</vanioregstd><dfecregstd>2026-11-21T10:00:00</dfecregstd>
 <cflgest>R</cflgest></request></ws:cargoResponse></soapenv:Body></soapenv:Envelope>"""


def test_what_a_dead_door_kept_is_acted_on_and_what_nobody_can_read_stops_no_other(office):
    unreadable, readable = office.file("oefa"), office.file("oefa")
    keep(office, unreadable, b"\x00 not XML", age=timedelta(minutes=2))
    row_id = keep(office, readable, CARGO.format(cuo=readable).encode())
    office.worker.act_on_kept()
    assert office.leg(readable).status is D.REGISTERED
    assert office.leg(readable).destination_registry_number == "00099"
    with Session(office.engine) as session:
        assert session.get(InboundMessage, row_id).status is InboundStatus.APPLIED


def test_a_silent_leg_is_asked_about_and_what_it_says_is_applied(office):
    cuo = office.file()
    office.work_until_is(cuo, D.SENT)
    ruc = office.tools.directory.entity("igp").ruc
    office.institution.says_when_asked["igp"] = [Has((News(NewsKind.REGISTERED, cuo, now(), ruc, raw=b"<r/>"),))]
    wait_until(office.worker.ask_silent)
    assert office.leg(cuo).status is D.REGISTERED


def test_who_came_to_fetch_since_is_not_asked_and_stops_nobody(office):
    fetches, other = office.file(), office.file("senace")
    for cuo in (fetches, other):
        office.work_until_is(cuo, D.SENT)
    with Session(office.engine) as session:
        publish(session, "igp", {"adapter": {"kind": "pull"}}, now())
        session.commit()
    office.tools.live_directory.reload()
    with Session(office.engine) as session:
        session.execute(update(Delivery).values(next_ask_at=now()))
        session.commit()
    assert office.worker.ask_silent() == 2
    assert office.institution.asked == [other]


def test_asking_one_that_hangs_delays_nobody_elses_answer(office):
    slow, quick = [office.file() for _ in range(3)], office.file("senace")
    for cuo in (*slow, quick):
        office.work_until_is(cuo, D.SENT)
    ruc = office.tools.directory.entity("senace").ruc
    hang = threading.Event()
    office.institution.says_when_asked = {
        "igp": [lambda: hang.wait(10) and TemporaryFailure("TIMEOUT")] * 3,
        "senace": [Has((News(NewsKind.REGISTERED, quick, now(), ruc, raw=b"<r/>"),))],
    }
    time.sleep(0.3)
    asking = threading.Thread(target=office.worker.ask_silent)
    asking.start()
    wait_until(lambda: office.leg(quick).status is D.REGISTERED, 8)
    hang.set()
    asking.join()
    assert len([cuo for cuo in office.institution.asked if cuo in slow]) == 1  # it is left alone for this round


# Processes and cut connections


def cut_everybody(engine):
    """As a restart of PostgreSQL would, to everybody but us."""
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> %s"
    with engine.connect() as connection:
        own = connection.scalar(text("select pg_backend_pid()"))
        connection.exec_driver_sql(cut, (own,))


def test_the_directory_hears_of_changes_also_after_its_connection_was_cut(office, tmp_path):
    live = LiveDirectory(office.worker.engine)
    assert live.current().entity("igp").name == "Instituto Geofísico del Perú"
    time.sleep(0.3)  # it listens
    for turn in (1, 2):
        changed = tmp_path / f"entities-{turn}.yaml"
        changed.write_text(ENTITIES.read_text().replace("Instituto Geofísico del Perú", f"Instituto {turn}"))
        office.declare(changed)
        wait_until(lambda turn=turn: live.current().entity("igp").name == f"Instituto {turn}", 8)
        office.engine.dispose()
        cut_everybody(office.engine)
    live.stop()


def test_a_worker_process_is_woken_survives_cut_connections_and_ends_when_told(office):
    """Its sweep is a minute, so that whatever is quick was heard."""
    environ = {
        **os.environ,
        "DATABASE_URL": office.settings.database_url,
        "MESA_DATA": office.settings.data,
        "MESA_KEYS": office.settings.keys,
        "MESA_SWEEP": "60",
        "MESA_TRACKING_SECRET": "de prueba",
    }
    log = (office.tools.store._folder.parent / "worker.log").open("w+")
    worker = subprocess.Popen([sys.executable, "-m", "hub.worker"], cwd=ROOT, env=environ, stderr=log)
    try:
        first = office.file("minam")  # hosted: it has arrived once a worker says so
        wait_until(lambda: office.leg(first).status is D.SENT, 20)
        for _ in range(2):
            office.engine.dispose()
            cut_everybody(office.engine)
            time.sleep(2.5)
            cuo = office.file("minam")
            wait_until(lambda cuo=cuo: office.leg(cuo).status is D.SENT, 10)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
    finally:
        worker.kill()
        log.seek(0)
        print(log.read())
        log.close()
