"""Paperwork: ordered with the filing, made once, sealed, stored by digest, told; oldest first, in several processes."""

import hashlib
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from hub import paper_orders, paperwork, signatures
from hub.core.errors import NotFound
from hub.models import Document, Event, Paper, PaperOrder
from hub.paper_orders import CARGO, CONSTANCIA, READING
from hub.paperwork import Press, Want
from hub.paperwork_process import Shop, read_apart
from hub.storage import Store
from hub.wire.pdf import signatures_in
from tests.bench.papers import pdf_of
from tests.papers.press import YEAR, sealer_in
from tests.papers.reading import words
from tests.papers.signers import signed
from tests.stages.legs import events_of, later
from tests.stages.sector import NOW, make_sector, take

LEASE = timedelta(minutes=2)


@pytest.fixture
def press(tmp_path):
    sealer, _ = sealer_in(tmp_path / "keys")
    return Press(Store(str(tmp_path / "documents")), sealer, YEAR, b"de prueba", "https://mesa.example.pe")


def make(session, sector, press, want, now=NOW):
    made = paperwork.make(press, paperwork.gather(session, sector, press, want), now)
    return paperwork.record(session, press, want, made, now)


def open_orders(session):
    rows = session.scalars(select(PaperOrder).where(PaperOrder.done_at.is_(None)).order_by(PaperOrder.id))
    return [row.kind for row in rows]


def claim(session, now=NOW, batch=8):
    return paper_orders.claim_orders(session, now, lease=LEASE, batch=batch)


def test_a_filing_orders_its_constancia_and_the_reading_of_its_signatures(session, leg):
    assert open_orders(session) == [CONSTANCIA, READING]


def test_a_paper_is_made_sealed_stored_and_told(session, sector, leg, press):
    paper = make(session, sector, press, Want(CONSTANCIA, leg.filing_id))
    content = paperwork.paper_bytes(session, press.store, Want(CONSTANCIA, leg.filing_id))
    assert hashlib.sha256(content).hexdigest() == paper.sha256
    assert signatures_in(content)[0].is_intact
    assert leg.filing.filing_number in words(content)
    (told,) = events_of(session, leg, "paper_made")
    assert told.data == {"paper": CONSTANCIA, "version": 1, "sha256": paper.sha256, "is_stamped": False}
    assert open_orders(session) == [READING]


def test_a_paper_that_is_made_twice_is_the_first_one(session, sector, leg, press):
    want = Want(CONSTANCIA, leg.filing_id)
    receipt = paperwork.gather(session, sector, press, want)
    one, other = paperwork.make(press, receipt, NOW), paperwork.make(press, receipt, later(seconds=1))
    first = paperwork.record(session, press, want, one, NOW)
    second = paperwork.record(session, press, want, other, NOW)
    assert first.id == second.id and second.sha256 == one.stored.sha256
    assert len(events_of(session, leg, "paper_made")) == 1
    with pytest.raises(Exception, match=other.stored.object_key):
        press.store.open(other.stored.object_key)


def test_a_paper_is_not_there_before_it_is_made(session, leg, press):
    assert paperwork.paper_bytes(session, press.store, Want(CONSTANCIA, leg.filing_id)) is None


def test_the_registration_orders_a_cargo_with_the_destinations_number(session, sector, leg, say, press):
    say("registered", registry_number="4512", registry_year="2026", expediente_number="EXP-77", unit="Mesa")
    assert CARGO in open_orders(session)
    make(session, sector, press, Want(CARGO, leg.filing_id, leg.id))
    content = paperwork.paper_bytes(session, press.store, Want(CARGO, leg.filing_id, leg.id))
    assert all(word in words(content) for word in ("Cargo de recepción", "4512-2026", "EXP-77", "Mesa", leg.cuo))


def test_a_cargo_of_a_leg_that_nobody_registered_cannot_be_made(session, sector, leg, press):
    with pytest.raises(NotFound):
        paperwork.gather(session, sector, press, Want(CARGO, leg.filing_id, leg.id))


def test_what_is_registered_anew_gets_a_version_of_its_own(session, sector, leg, say, press):
    say("registered", registry_number="1")
    make(session, sector, press, Want(CARGO, leg.filing_id, leg.id))
    paper_orders.order_cargo(session, leg.filing_id, leg.id, later(hours=1))
    versions = session.scalars(select(PaperOrder.version).where(PaperOrder.kind == CARGO).order_by(PaperOrder.version))
    assert list(versions) == [1, 2]


def test_orders_are_taken_by_age_and_papers_before_readings(session, sector):
    filings = [take(session, sector, now=later(seconds=n))[0] for n in (3, 1, 2)]
    taken = claim(session, later(minutes=1), batch=4)
    by_age = [filings[1].id, filings[2].id, filings[0].id]
    assert [(order.kind, order.filing_id) for order in taken] == [
        *((CONSTANCIA, one) for one in by_age), (READING, by_age[0]),
    ]  # fmt: skip


def test_a_claimed_order_is_left_alone_until_its_lease_ends(session, leg):
    assert len(claim(session)) == 2
    assert claim(session, later(minutes=1)) == []
    assert len(claim(session, later(minutes=3))) == 2


def test_a_failed_order_waits_longer_each_time_and_is_never_given_up(session, leg):
    for tries in range(1, 30):
        (order,) = [one for one in claim(session, NOW + tries * LEASE * 10) if one.kind == CONSTANCIA]
        paper_orders.put_back(session, order.id, "STORAGE_FAILED", NOW + tries * LEASE * 10)
        assert order.attempts == tries and order.done_at is None
    assert order.claimed_until - (NOW + 29 * LEASE * 10) == paper_orders.LONGEST_PAUSE


def test_a_document_that_the_store_lacks_is_one_line_of_the_log_a_try_and_waits_longer(fresh_engine, press, caplog):
    with Session(fresh_engine) as session:
        sector = make_sector(session)
        take(session, sector)
        session.execute(delete(PaperOrder).where(PaperOrder.kind != READING))
        session.commit()
    at = [later(minutes=5)]
    shop = Shop(sessionmaker(fresh_engine, expire_on_commit=False), lambda: sector, press, LEASE, lambda: at[0])
    pauses = []
    for _ in range(3):
        assert (shop.work(), shop.work()) == (1, 0)  # it is not tried again at once
        with Session(fresh_engine) as session:
            order = session.scalars(select(PaperOrder)).one()
            pauses.append((order.claimed_until - at[0]).total_seconds())
        at[0] = order.claimed_until + timedelta(seconds=1)
    assert pauses == [30, 60, 120]
    lines = [record for record in caplog.records if record.name == "mesa.papers"]
    assert len(lines) == 3 and all("STORAGE_FAILED" in one.getMessage() and not one.exc_info for one in lines)


def test_a_reading_is_ordered_again_for_what_came_later(session, leg):
    (reading,) = [order for order in claim(session) if order.kind == READING]
    paper_orders.close_order(session, reading.id, NOW)
    session.flush()
    paper_orders.order_reading(session, leg.filing_id, later(hours=1))
    session.expire_all()
    assert READING in open_orders(session)


def test_two_processes_never_make_the_same_order(fresh_engine, press):
    """Several of them at once on one database: every paper once, none left."""
    with Session(fresh_engine) as session:
        sector = make_sector(session)
        for n in range(12):
            take(session, sector, now=later(seconds=n))
        session.commit()
    shops = [
        Shop(sessionmaker(fresh_engine, expire_on_commit=False), lambda: sector, press, LEASE, lambda: later(minutes=5))
        for _ in range(3)
    ]
    threads = [threading.Thread(target=lambda shop=shop: [None for _ in range(40) if shop.work()]) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(fresh_engine) as session:
        papers = session.scalars(select(Paper)).all()
        told = session.scalars(select(Event).where(Event.kind == "paper_made")).all()
        assert len(papers) == len(told) == 12
        assert set(open_orders(session)) <= {READING}
        assert {paper.kind for paper in papers} == {CONSTANCIA}


def test_signatures_are_kept_apart_from_events_which_name_nobody(session, leg, press):
    (document,) = session.scalars(select(Document).where(Document.filing_id == leg.filing_id))
    stored = press.store.put(signed(pdf_of("Solicitud")))
    document.object_key = stored.object_key
    read = read_apart(press.store, document.object_key)
    assert signatures.keep(session, document, read, NOW)
    assert not signatures.keep(session, document, read, NOW)
    (shown,) = signatures.signed_documents(session, leg.filing_id)
    assert (shown.signatures[0].signer, shown.signatures[0].ruc) == ("QUISPE NAHUI Ana", "20131366028")
    (told,) = events_of(session, leg, "signatures_read")
    assert "QUISPE" not in str(told.data) and told.data["found"] == 1
    assert signatures.unread(session, leg.filing_id) == []


def test_a_strangers_broken_file_stops_nothing(session, leg, press):
    (document,) = session.scalars(select(Document).where(Document.filing_id == leg.filing_id))
    stored = press.store.put(b"%PDF-1.7 /ByteRange [0 1 2 3]" + b"\x00" * 100)
    assert read_apart(press.store, stored.object_key).code == "PDF_UNREADABLE"
    signatures.keep(session, document, read_apart(press.store, stored.object_key), NOW)
    (shown,) = signatures.signed_documents(session, leg.filing_id)
    assert shown.code == "PDF_UNREADABLE"
