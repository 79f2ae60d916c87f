"""What is fetched is signed by the rules of what is pushed: missing annexes are said, and what cannot leave fails."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import update

from hub import quarantine
from hub.clock import now
from hub.core.bodies import AdapterKind, AdapterRecord
from hub.core.statuses import DeliveryStatus, OutboundStatus
from hub.dispatch import Dispatcher
from hub.models import Delivery, Document, Event, Filing, OutboundMessage
from hub.outgoing import sign_waiting
from hub.routing import send_again
from hub.wire import sobre, xml
from tests.api.returning import tools_for
from tests.api.test_national_annexes import found, send
from tests.api.test_national_annexes import nobody_else_waits as nobody_else_waits
from tests.fixtures.house import a_pdf
from tests.fixtures.sandbox import wait_until
from tests.stages.office import Institution


@pytest.fixture
def fetching(hub):
    """The worker's tools, where everybody fetches."""
    way = AdapterRecord(AdapterKind.PULL)
    entities = tuple(replace(one, adapter=way) for one in hub.directory.entities)
    return tools_for(hub, replace(hub.directory, entities=entities))


def message(hub, cuo):
    [row] = hub.rows(OutboundMessage, delivery_id=hub.leg(cuo).id, kind="sobre")
    return row


def document(hub, cuo):
    return hub.rows(Document, filing_id=hub.leg(cuo).filing_id)[0]


def find_a_virus(hub, cuo):
    one = document(hub, cuo)
    with hub.session() as session:
        quarantine.note_unchecked(session, one.sha256, one.object_key, one.size, "later", now())
        quarantine.write_scanned(session, one.sha256, "Prueba.Eicar", now())
        session.commit()


def send_with_annexes(hub):
    """A document whose annexes are waited for still, though its message is due."""
    cuo = send(hub, "http://172.16.1.9/anexos", ("Plano.zip",))
    leg = found(hub, cuo)[1]
    with hub.session() as session:
        mine = update(OutboundMessage).where(OutboundMessage.delivery_id == leg.id)
        session.execute(mine.values(next_try_at=leg.created_at))
        session.commit()
    return cuo, leg


def says_so(hub, cuo, values):
    sending, _, _, _, kinds = found(hub, cuo)
    assert (sending.annexes, sending.annex_code) == ("missing", "ANNEX_LATE") and "annexes_missing" in kinds
    assert "Plano.zip" in values.additional_information


def test_who_fetches_reads_which_annexes_did_not_come(hub, fetching):
    cuo, leg = send_with_annexes(hub)
    sign_waiting(fetching)
    says_so(hub, cuo, sobre.read_message(xml.parse(message(hub, leg.cuo).sealed)))


def test_who_is_called_reads_it_too(hub):
    cuo, leg = send_with_annexes(hub)
    institution = Institution()
    wide = tuple(replace(one, in_flight=10_000) for one in hub.directory.entities)
    tools = tools_for(hub, replace(hub.directory, entities=wide))
    tools = replace(tools, adapters=dict.fromkeys(("rest", "soap", "iotramite", "hosted"), institution))
    dispatcher = Dispatcher(tools, threading.Event())

    def carried():
        dispatcher.dispatch()
        return [one for one in institution.handed if one.cuo == leg.cuo]

    [mine] = wait_until(carried)
    says_so(hub, cuo, mine.sobre)
    assert mine.missing_annexes == ("Plano.zip",)


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_sobre_with_a_virus_fails_instead_of_waiting_for_ever(hub, fetching, is_signed):
    cuo = hub.present("senamhi", (a_pdf(),))
    if is_signed:
        sign_waiting(fetching)
    find_a_virus(hub, cuo)
    sign_waiting(fetching)
    row = message(hub, cuo)
    assert (row.status, row.last_code) == (OutboundStatus.DEAD, "DOCUMENT_QUARANTINED")
    assert (row.sealed is not None, hub.status(cuo)) == (is_signed, "failed")
    assert [one.data["code"] for one in hub.rows(Event, delivery_id=hub.leg(cuo).id, kind="failed")] == [row.last_code]


def test_what_cannot_be_written_fails_and_is_sent_again_by_a_person(hub, fetching):
    cuo = hub.present("senamhi", (a_pdf(),))
    _rename(hub, cuo, "\x01")
    sign_waiting(fetching)
    assert (message(hub, cuo).status, hub.status(cuo)) == (OutboundStatus.DEAD, DeliveryStatus.FAILED.value)
    _rename(hub, cuo, "Registros")
    with hub.session() as session:
        send_again(session, cuo, "ya se corrigió", "1", now())
        session.commit()
    sign_waiting(fetching)
    assert message(hub, cuo).sealed is not None and hub.status(cuo) == "queued"


def _rename(hub, cuo, subject):
    with hub.session() as session:
        filing = session.get_one(Delivery, hub.leg(cuo).id).filing
        session.execute(update(Filing).where(Filing.id == filing.id).values(subject=subject))
        session.commit()
