"""Bodies outside the sector: reached by the national platform (contract A as its client), and heard by contract D."""

from dataclasses import replace

import pytest

from adapters.iotramite import Papers
from adapters.pide import Pide
from hub.clock import now
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, CargoBack, Has, HasNot, Partner
from hub.models import Delivery, InboundMessage, RawMessage, Sending
from hub.national_numbers import numbered
from hub.papers.transfer_sheet import transfer_sheet
from hub.receiving import read_news, received_when_asked, take
from hub.wire.iotramite.files import encode_twice
from tests.api.national import ENTITY_NAMESPACE, IGP, MINAM, OEFA, a_call, a_number, document, say
from tests.api.returning import tools_for, with_address
from tests.fixtures.parcels import PDF, a_document, a_parcel

PCM, OTHER = "20168999926", "20131372184"
DOOR = "/wsiotramite/Tramite"


def a_way():
    return Pide(papers=Papers(transfer_sheet, lambda ruc: True), now=now, timeout=5.0)


def at(hub, ruc=IGP, **options):
    return Partner("igp", ruc, "IGP", "pide", hub.url, {"asks_as": OEFA} | options)


def sent(hub, way, **options):
    partner = at(hub, **{"national_cuo": way.new_number(at(hub), OEFA)} | options)
    documents = [a_document(), a_document("plano.zip", b"PK", "application/zip")]
    parcel = a_parcel(documents, partner, link="https://mesa.example/d/abc", presented_at=now())
    parcel = replace(parcel, sender_ruc=OEFA, sender_name="OEFA", sender_unit="Mesa")
    return parcel, way.deliver(parcel)


def test_two_sectors_meet_by_it_each_as_the_others_platform(hub):
    way = a_way()
    parcel, ack = sent(hub, way)
    assert isinstance(ack, Ack)
    number = parcel.partner.options["national_cuo"]
    (sending,) = hub.rows(Sending, cuo=number)
    assert (sending.sender_ruc, sending.annex_names, sending.annex_url) == (OEFA, ["plano.zip"], parcel.link)
    said = way.status_of(parcel.partner, parcel.cuo)
    assert isinstance(said, Has) and said.news == ()
    assert isinstance(way.status_of(at(hub, national_cuo="9999999999"), parcel.cuo), HasNot)
    assert isinstance(way.status_of(at(hub), parcel.cuo), HasNot)


def test_what_it_says_under_its_number_is_told_under_ours(hub):
    way = a_way()
    leg = hub.file("oefa")
    partner = at(hub, OEFA, national_cuo=leg.cuo)
    cargo = CargoBack(leg.cuo, "R", OEFA, MINAM, now(), "", "000777", "2026", "Archivo", "LPAZ", "", PDF)
    assert isinstance(way.give_cargo(partner, cargo), Ack)
    assert hub.leg(leg.cuo).destination_registry_number == "000777"
    assert isinstance(way.give_cargo(partner, cargo), Ack)  # 0002
    (news,) = way.status_of(partner, "0000000042").news
    assert (news.cuo, news.registry_number) == ("0000000042", "000777")


def test_a_number_that_it_does_not_give_is_tried_again(hub):
    with pytest.raises(TemporaryFailure) as raised:
        a_way().new_number(at(hub), "20100000001")
    assert (raised.value.code, raised.value.may_have_arrived) == ("CUO_NOT_GIVEN", False)


def test_it_is_off_until_it_is_switched_on(hub, open_hub):
    with pytest.raises(PermanentFailure) as raised:
        a_way().status_of(replace(at(hub), address="", options={"national_cuo": "1"}), "1")
    assert raised.value.code == "GATEWAY_OFF"
    assert hub.directory.gateway is None
    on, off = open_hub.directory, with_address(open_hub.directory, "pcm", "http://x", enabled="no")
    today = now().date()
    assert "regulador" in {one.code for one in on.active(today)}
    assert "regulador" not in {one.code for one in off.active(today)}
    assert (on.partner("regulador").address, off.partner("regulador").address) == ("http://127.0.0.1:9", "")


@pytest.fixture
def worker(open_hub, hub):
    """The worker's tools of the hub whose gateway leads to the other hub."""
    return tools_for(open_hub, with_address(open_hub.directory, "pcm", hub.url))


def test_the_number_of_the_platform_is_fetched_once_and_committed_before_the_paper_leaves(open_hub, hub, worker):
    leg = open_hub.file("regulador")
    row = open_hub.leg(leg.cuo)
    parcel = replace(a_parcel(partner=worker.directory.partner("regulador")), sender_ruc=OEFA)
    giver = worker.adapters["pide"]
    first = numbered(worker.sessions, giver, row.id, parcel)
    number = open_hub.leg(leg.cuo).national_cuo
    assert number and first.partner.options["national_cuo"] == number
    assert numbered(worker.sessions, giver, row.id, parcel).partner.options["national_cuo"] == number


def cargo_of(number, **change):
    values = {
        "vcuo": number, "vnumregstd": "000321", "vanioregstd": "2026", "dfecregstd": "2026-11-21T10:00:00",
        "vuniorgstd": "Archivo", "vusuregstd": "LPAZ", "bcarstd": encode_twice(PDF), "cflgest": "R",
    } | change  # fmt: skip
    return a_call("cargoResponse", values, "cargoRequest", ENTITY_NAMESPACE)


def test_its_cargo_comes_in_by_the_entitys_side_under_the_platforms_number(open_hub):
    leg, number = open_hub.file("regulador"), a_number()
    with open_hub.session() as session:
        session.query(Delivery).filter_by(cuo=leg.cuo).update({"national_cuo": number})
        session.commit()
    assert say(open_hub, cargo_of(number), DOOR)["vcodres"] == "0000"
    found = open_hub.leg(leg.cuo)
    assert (found.status.value, found.destination_registry_number) == ("registered", "000321")
    (row,) = open_hub.rows(InboundMessage, cuo=leg.cuo)
    (raw,) = open_hub.rows(RawMessage, digest=row.raw_digest)
    assert read_news(row, raw.body).cuo == leg.cuo  # it can be read again, should it have to wait
    assert say(open_hub, cargo_of(number), DOOR)["vcodres"] == "0002"
    assert say(open_hub, cargo_of("9999999999"), DOOR) == {"vcodres": "-1", "vdesres": "NO SE PUDO REGISTRAR EL CARGO"}


def test_a_document_from_outside_the_sector_comes_in_by_the_entitys_side(open_hub):
    values = document(vrucentrem="20100000003", vnomentemi="ENTIDAD DE OTRO SECTOR", vrucentrec=MINAM)
    body = a_call("recepcionarTramiteResponse", values, "recepcionRequest", ENTITY_NAMESPACE)
    answer = say(open_hub, body, DOOR)
    assert answer["vcodres"] == "0003"  # its RUC has a wrong digit: nobody's
    values["vrucentrem"] = OTHER
    body = a_call("recepcionarTramiteResponse", values, "recepcionRequest", ENTITY_NAMESPACE)
    assert say(open_hub, body, DOOR)["vcodres"] == "0000"
    (sending,) = open_hub.rows(Sending, cuo=values["vcuo"])
    assert (sending.contract, open_hub.directory.by_id(sending.told_id).code) == ("pide", "pcm")
    asked = a_call("consultarTramiteResponse", {"request": values["vcuo"]}, "", ENTITY_NAMESPACE)
    assert say(open_hub, asked, DOOR)["cflgest"] == "P"
    unknown = a_call("consultarTramiteResponse", {"request": "999999999A"}, "", ENTITY_NAMESPACE)
    assert say(open_hub, unknown, DOOR)["vcodres"] == "0001"


def test_nothing_goes_on_through_us_to_another_sector(open_hub):
    body = a_call("recepcionarTramiteResponse", document(vrucentrec=OTHER))
    assert say(open_hub, body)["vdesres"] == "RUC de entidad receptora no se encuentra registrada"


def test_what_it_says_when_asked_is_kept_and_can_be_read_again(open_hub, hub, worker):
    here, there = open_hub.file("regulador"), hub.file("oefa")
    cargo = CargoBack(there.cuo, "R", OEFA, MINAM, now(), "", "000778", "2026", "Archivo", "LPAZ", "", PDF)
    a_way().give_cargo(at(hub, OEFA), cargo)
    partner = replace(at(hub, OTHER), options={"national_cuo": there.cuo, "asks_as": OEFA})
    (news,) = a_way().status_of(partner, here.cuo).news
    with open_hub.session() as session:
        take(session, open_hub.directory, received_when_asked(news), now())
    (row,) = open_hub.rows(InboundMessage, cuo=here.cuo)
    assert (row.channel, read_news(row, news.raw).cuo) == ("pide_asked", here.cuo)
    assert open_hub.leg(here.cuo).destination_registry_number == "000778"
