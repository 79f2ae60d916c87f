"""Files that nobody could look through: taken, looked through later, and held where a virus is found in them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.antivirus import Clamd
from hub import quarantine
from hub.clock import now
from hub.core.errors import StorageFailure
from hub.core.statuses import DeliveryStatus
from hub.models import Document, Event, FileScan, Filing
from hub.scanning import scan_unchecked
from hub.storage import Store
from tests.fixtures.clamd import EICAR, NAME
from tests.ports import free_port
from tests.stages.office import office as office


@pytest.fixture
def tools(office, clamd):
    return replace(office.tools, scanner=Clamd(clamd.address, 5.0, 5.0))


def unchecked(office, cuo, content=None, at=None):
    """Say that the main document of a leg's filing was taken without being looked through; gives it."""
    with Session(office.engine) as session:
        filing = session.get_one(Filing, office.leg(cuo).filing_id)
        document = filing.documents[0]
        if content is not None:
            stored = office.tools.store.put(content)
            document.object_key, document.sha256, document.size = stored.object_key, stored.sha256, stored.size
        quarantine.note_unchecked(
            session, document.sha256, document.object_key, document.size, "down", at or now()
        )
        session.commit()
        return session.get_one(Document, document.id)


def scan_of(office, document):
    with Session(office.engine) as session:
        return session.get(FileScan, document.sha256)


def test_what_was_not_looked_through_is_looked_through_later(office, tools):
    document = unchecked(office, office.file())
    assert scan_unchecked(tools) == 1 and scan_unchecked(tools) == 0
    assert scan_of(office, document).scanned_at and not scan_of(office, document).found


def test_while_the_antivirus_does_not_answer_it_waits_and_the_paper_goes_on(office, tools):
    cuo = office.file()
    document = unchecked(office, cuo)
    down = replace(tools, scanner=Clamd(f"127.0.0.1:{free_port()}", 1.0, 1.0))
    assert scan_unchecked(down) == 0
    assert scan_of(office, document).tries == 1 and scan_of(office, document).next_try_at > now()
    office.work_until_is(cuo, DeliveryStatus.SENT)
    later = replace(tools, clock=lambda: now() + timedelta(hours=2))
    assert scan_unchecked(later) == 1


def test_a_file_found_infected_is_held_told_and_leaves_for_nowhere(office, tools):
    cuo = office.file()
    document = unchecked(office, cuo, b"%PDF-1.7 " + EICAR)
    assert scan_unchecked(tools) == 1
    office.work_until_is(cuo, DeliveryStatus.FAILED)
    assert office.institution.handed == [] and office.message(cuo).last_code == "DOCUMENT_QUARANTINED"
    with Session(office.engine) as session:
        told = session.scalars(select(Event).where(Event.kind == "quarantined")).one()
        assert told.data == {"document": str(document.id)}
        standing = quarantine.standing(session, now())
        assert quarantine.standing(session, now() + timedelta(days=31)).held == ()
    assert standing.unchecked == 0 and [(one.id, found) for one, _, found in standing.held] == [(document.id, NAME)]


def test_the_same_bytes_are_known_again_and_a_copy_is_held_too(office, tools):
    document = unchecked(office, office.file(), EICAR)
    scan_unchecked(tools)
    with Session(office.engine) as session:
        quarantine.note_unchecked(session, document.sha256, "otra/llave", document.size, "down", now())
        session.commit()
        assert quarantine.found_in(session, document.sha256) == NAME
        assert quarantine.held_among(session, {document.sha256, "f" * 64}) == {document.sha256}
        assert quarantine.states_of(session, [document]) == {document.sha256: "held"}


def test_a_file_that_is_nowhere_any_more_is_waited_for_no_longer(office, tools):
    with Session(office.engine) as session:
        quarantine.note_unchecked(session, "a" * 64, "no/esta", 4, "too_large", now())
        session.commit()
    assert scan_unchecked(tools) == 1
    with Session(office.engine) as session:
        scan = session.get(FileScan, "a" * 64)
        assert (scan.why, scan.found) == ("gone", "") and scan.scanned_at


class Down(Store):
    """A store that does not answer."""

    def open(self, object_key):
        raise StorageFailure(object_key)


def test_a_file_whose_store_is_down_is_not_given_up(office, tools, tmp_path):
    document = unchecked(office, office.file())
    assert scan_unchecked(replace(tools, store=Down(str(tmp_path)))) == 0
    assert (scan_of(office, document).why, scan_of(office, document).scanned_at) == ("down", None)
    assert scan_unchecked(replace(tools, clock=lambda: now() + timedelta(hours=2))) == 1


def test_two_workers_do_not_take_the_same_file(office, tools):
    unchecked(office, office.file())
    with Session(office.engine) as one, Session(office.engine) as other:
        assert len(quarantine.claim(one, now())) == 1
        assert quarantine.claim(other, now()) == ()
