"""A document sent in by the national contract is a filing like any other: once, with its events, under its sender."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.core.statuses import DeliveryStatus
from hub.models import Delivery, Event, Filing, InboundMessage, RawMessage, Sending
from hub.wire.iotramite import sentences
from hub.wire.iotramite.codes import taken_text
from tests.api.national import IGP, MINAM, OEFA, a_number, document, question, recepcion, say
from tests.fixtures.parcels import PDF

IGP_NAME = "Instituto Geofísico del Perú"


def sent_in(hub, cuo):
    """(sending, filing, leg) of what came in under that number."""
    (sending,) = hub.rows(Sending, cuo=cuo)
    (filing,) = hub.rows(Filing, id=sending.filing_id)
    (leg,) = hub.rows(Delivery, id=sending.delivery_id)
    return sending, filing, leg


def test_it_is_taken_numbered_and_queued_for_its_destination(hub):
    cuo = a_number()
    assert say(hub, recepcion(vcuo=cuo)) == {"vcodres": "0000", "vdesres": taken_text(cuo, IGP_NAME)}
    sending, filing, leg = sent_in(hub, cuo)
    assert (filing.channel, filing.document_type, filing.document_number) == ("entity", "oficio", "00123-2026-OEFA/OAJ")
    filer = filing.filer
    assert (filer.ruc, filer.names, filer.document_number) == (OEFA, "OFICINA DE ASESORÍA", "10117410")
    assert filing.addressee == {"unit": "DIRECCIÓN CIENTÍFICA", "name": "ANA RUIZ PAREDES", "job_title": "DIRECTORA"}
    assert hub.directory.by_id(leg.destination_id).code == "igp"
    assert (leg.status, leg.mode.value) == (DeliveryStatus.QUEUED, "own")
    assert leg.cuo != cuo and sending.sender_ruc == OEFA and sending.told_id == hub.directory.by_ruc(OEFA).id


def test_its_document_is_kept_whole_and_the_message_without_it(hub):
    cuo = a_number()
    say(hub, recepcion(vcuo=cuo))
    _, filing, leg = sent_in(hub, cuo)
    with hub.session() as session:
        (document_,) = session.get(Filing, filing.id).documents
        with hub.house.store.open(document_.object_key) as stream:
            assert stream.read() == PDF
    (row,) = hub.rows(InboundMessage, delivery_id=leg.id)
    (raw,) = hub.rows(RawMessage, digest=row.raw_digest)
    assert f"sha256:{document_.sha256}".encode() in raw.body and b"SlZCRVJp" not in raw.body
    assert (row.kind, row.status.value) == ("recepcion", "applied")


def test_its_events_are_those_of_any_filing_and_one_that_names_the_message(hub):
    cuo = a_number()
    say(hub, recepcion(vcuo=cuo))
    _, filing, _ = sent_in(hub, cuo)
    events = sorted(hub.rows(Event, filing_id=filing.id), key=lambda one: one.position)
    assert [one.kind for one in events] == ["presented", "queued", "sent_in"]
    assert events[2].raw_digest and events[2].data["cuo"] == cuo


def test_the_same_document_again_is_answered_the_same_and_is_there_once(hub):
    values = document()
    first = say(hub, recepcion(**values))
    later = values | {"dfecdoc": "2026-11-20T23:00:00Z"}  # a stack that writes the instant of each try
    assert say(hub, recepcion(**later)) == first
    assert len(hub.rows(Sending, cuo=values["vcuo"])) == 1


def test_another_document_under_a_used_number_is_refused(hub):
    values = document()
    say(hub, recepcion(**values))
    answer = say(hub, recepcion(**values | {"vasu": "Otra cosa"}))
    assert answer == {"vcodres": "0003", "vdesres": "CUO no valido"}


def test_its_sender_asks_by_its_own_number(hub):
    cuo = a_number()
    say(hub, recepcion(vcuo=cuo))
    answer = say(hub, question(cuo))
    assert (answer["vcodres"], answer["vcuo"], answer["cflgest"]) == ("0000", cuo, "P")


@pytest.mark.parametrize(("change", "sentence"), [
    ({"vrucentrem": IGP}, sentences.SENDER_UNKNOWN),
    ({"vrucentrem": "20100000001"}, sentences.SENDER_UNKNOWN),
    ({"vrucentrem": ""}, sentences.MISSING["vrucentrem"]),
    ({"vrucentrem": "123"}, sentences.SENDER_RUC_LENGTH),
    ({"vrucentrec": "20100000001"}, sentences.RECEIVER_UNKNOWN),
    ({"vrucentrec": "20100000001", "vasu": ""}, sentences.RECEIVER_UNKNOWN),
    ({"vcuo": "123456789A"}, sentences.CUO_INVALID),
    ({"vcuoref": "7"}, sentences.CUO_REF_INVALID),
    ({"dfecdoc": "2099-01-01T00:00:00"}, sentences.DOCUMENT_DATE_AHEAD),
    ({"dfecdoc": "ayer"}, sentences.MISSING["dfecdoc"]),
    ({"bpdfdoc": "esto no es base64 %%%"}, sentences.MAIN_PDF_NOT_BASE64),
    ({"bpdfdoc": "aG9sYSBtdW5kbw=="}, sentences.MAIN_PDF_INVALID),
    ({"ctipdociderem": "1", "vnumdociderem": "123456789"}, sentences.DNI_LENGTH),
    ({"snumfol": "x"}, sentences.MISSING["snumfol"]),
    ({"snumanx": "1"}, sentences.ANNEX_LIST_MISSING),
])  # fmt: skip
def test_what_breaks_a_rule_gets_its_sentence_and_leaves_no_trace(hub, change, sentence):
    values = document(**change)
    stored = sum(1 for _ in hub.documents())
    assert say(hub, recepcion(**values)) == {"vcodres": "0003", "vdesres": sentence}
    assert hub.rows(Sending, cuo=values["vcuo"]) == [] and sum(1 for _ in hub.documents()) == stored


def test_to_a_body_that_attends_in_the_hub_it_goes_too(hub):
    cuo = a_number()
    assert say(hub, recepcion(vcuo=cuo, vrucentrec=MINAM))["vcodres"] == "0000"
    assert hub.directory.by_id(sent_in(hub, cuo)[2].destination_id).code == "minam"


def test_sent_four_times_at_once_it_is_there_once(hub):
    values = document()
    body = recepcion(**values)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: say(hub, body), range(4)))
    assert answers == [answers[0]] * 4 and answers[0]["vcodres"] == "0000"
    assert len(hub.rows(Sending, cuo=values["vcuo"])) == 1
