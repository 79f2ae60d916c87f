"""What was sent in by the national contract comes back by it: the cargo of a REST institution, at its sender's door."""

import pytest

from hub import cargos, forwarding
from hub.clock import now
from hub.core.errors import Forbidden, NeedsReason
from hub.core.messages import Cargo, CargoOutcome
from hub.core.ports import News, NewsKind
from hub.core.statuses import RefusalReason
from hub.models import Delivery, Event, Filing, Observation, OutboundMessage, Sending
from hub.rerouting import Person, Why, reroute
from hub.wire.iotramite.files import read_pdf
from tests.api.conftest import Leg
from tests.api.national import IGP, MINAM, a_number, question, recepcion, say
from tests.api.returning import Sender, give_due, tools_for, with_address
from tests.fixtures.parcels import PDF


@pytest.fixture
def sender(hub, serve):
    """OEFA's own system, and the worker's tools that know where it is."""
    found = Sender()
    directory = with_address(hub.directory, "oefa", f"{serve(found)}/wsiotramite/Tramite?wsdl")
    found.tools = tools_for(hub, directory)
    yield found
    while give_due(hub, found.tools):  # nothing of one test is left for the next
        pass


@pytest.fixture
def sent(hub):
    """(the sender's CUO, our leg) of a document for IGP that its Sobre has left for."""
    cuo = a_number()
    assert say(hub, recepcion(vcuo=cuo))["vcodres"] == "0000"
    return cuo, leg_of(hub, cuo)


def leg_of(hub, cuo):
    (sending,) = hub.rows(Sending, cuo=cuo)
    with hub.session() as session:
        leg = session.get(Delivery, sending.delivery_id)
        hub._sign(session, leg.destination_id, leg.cuo)
        return session.get(Delivery, leg.id, populate_existing=True)


def igp_says(hub, leg, outcome=CargoOutcome.REGISTERED, **values):
    known = Leg(leg.cuo, leg.filing.filing_number, (), (), "", None, "")
    values = {"registry_number": "004512", "registry_year": "2026", "unit": "Dirección"} | values
    answer = hub.post(hub.sealed(Cargo(hub.header(known), outcome, now(), **values)))
    assert answer.status_code == 200, answer.text


def test_the_cargo_of_a_rest_institution_returns_by_the_national_contract(hub, sender, sent):
    cuo, leg = sent
    igp_says(hub, leg, official="LPAZ")
    assert give_due(hub, sender.tools) == 1
    ((operation, values),) = sender.cargos
    assert (operation, sender.paths) == ("cargoResponse", ["/wsiotramite/Tramite"])
    assert (values["vcuo"], values["cflgest"]) == (cuo, "R")
    assert (values["vnumregstd"], values["vanioregstd"]) == ("004512", "2026")
    assert (values["vuniorgstd"], values["vusuregstd"]) == ("Dirección", "LPAZ")
    assert read_pdf(values["bcarstd"]).startswith(b"%PDF-") and "vobs" not in values
    told = [one for one in hub.rows(Event, filing_id=leg.filing_id) if one.kind == "cargo_given"]
    assert [one.data["state"] for one in told] == ["R"] and told[0].raw_digest
    assert give_due(hub, sender.tools) == 0


def test_who_asks_is_told_the_same_and_gets_the_same_paper(hub, sender, sent):
    cuo, leg = sent
    igp_says(hub, leg)
    answer = say(hub, question(cuo))
    assert (answer["cflgest"], answer["vnumregstd"], answer["vcuo"]) == ("R", "004512", cuo)
    give_due(hub, sender.tools)
    assert sender.cargos[0][1]["bcarstd"] == answer["bcarstd"]


def test_an_observation_returns_with_its_reason_and_is_notified_by_being_taken(hub, sender, sent):
    cuo, leg = sent
    igp_says(hub, leg, CargoOutcome.OBSERVED, registry_number="", registry_year="", items=("Falta el anexo 2",))
    give_due(hub, sender.tools)
    values = sender.cargos[0][1]
    assert (values["cflgest"], values["vobs"]) == ("O", "Falta el anexo 2")
    (observation,) = hub.rows(Observation, filing_id=leg.filing_id)
    assert (observation.notified_how, observation.correct_by is not None) == ("acknowledged", True)
    assert say(hub, question(cuo))["cflgest"] == "O"


def test_a_correction_by_reference_is_a_new_leg_of_the_same_filing(hub, sender, sent):
    cuo, leg = sent
    igp_says(hub, leg, CargoOutcome.OBSERVED, registry_number="", registry_year="", items=("Falta la firma",))
    second = a_number()
    assert say(hub, recepcion(vcuo=second, vcuoref=cuo, vasu="Subsana"))["vcodres"] == "0000"
    following = leg_of(hub, second)
    assert (following.filing_id, following.purpose, following.corrects_cuo) == (leg.filing_id, "correction", leg.cuo)
    assert say(hub, question(cuo))["cflgest"] == "O" and say(hub, question(second))["cflgest"] == "P"
    igp_says(hub, following, registry_number="004513")
    give_due(hub, sender.tools)
    assert (sender.cargos[-1][1]["vcuo"], sender.cargos[-1][1]["vnumregstd"]) == (second, "004513")


def test_a_reference_to_what_another_body_observed_makes_a_new_filing_for_who_is_named(hub, sender, sent):
    cuo, leg = sent
    igp_says(hub, leg, CargoOutcome.OBSERVED, registry_number="", registry_year="", items=("Falta la firma",))
    second = a_number()
    assert say(hub, recepcion(vcuo=second, vcuoref=cuo, vrucentrec=MINAM))["vcodres"] == "0000"
    (sending,) = hub.rows(Sending, cuo=second)
    (filing,) = hub.rows(Filing, id=sending.filing_id)
    assert filing.id != leg.filing_id and filing.follows_id is None
    assert hub.directory.by_id(hub.rows(Delivery, id=sending.delivery_id)[0].destination_id).ruc == MINAM
    assert hub.status(leg.cuo) == "observed"


def test_what_was_handed_on_is_corrected_where_it_is_now_by_who_only_knows_where_it_was_sent(hub, sender, sent):
    cuo, leg = sent
    with hub.session() as session:
        why = Why(RefusalReason.NOT_COMPETENT, "Es de ellos")
        cargos.apply(session, hub.directory, News(NewsKind.REFUSED, leg.cuo, now(), IGP, text="No es nuestro"), now())
        following = reroute(session, hub.directory, leg.cuo, "minam", why, Person("1"), now())
        asked = News(NewsKind.OBSERVED, following.cuo, now(), MINAM, items=("Falta la firma",))
        cargos.apply(session, hub.directory, asked, now())
        session.commit()
    second = a_number()
    assert say(hub, recepcion(vcuo=second, vcuoref=cuo))["vcodres"] == "0000"
    (corrected,) = hub.rows(Delivery, id=hub.rows(Sending, cuo=second)[0].delivery_id)
    assert (corrected.corrects_cuo, corrected.destination_id) == (following.cuo, following.destination_id)


def test_a_refusal_is_told_as_an_observation_with_its_reason(hub, sender, sent):
    _, leg = sent
    igp_says(hub, leg, CargoOutcome.REFUSED, registry_number="", registry_year="", unit="",
             reason=RefusalReason.NOT_COMPETENT, text="Es de OSINERGMIN")  # fmt: skip
    give_due(hub, sender.tools)
    assert (sender.cargos[0][1]["cflgest"], sender.cargos[0][1]["vobs"]) == ("O", "Es de OSINERGMIN")


def test_a_cargo_that_is_not_taken_is_given_again_and_0002_means_that_it_had_it(hub, sender, sent):
    _, leg = sent
    sender.says = [("-1", ""), ("0002", "EL CARGO YA SE ENCUENTRA REGISTRADO")]
    igp_says(hub, leg)
    give_due(hub, sender.tools)
    (message,) = [one for one in hub.rows(OutboundMessage, delivery_id=leg.id) if one.kind.value == "cargo_nacional"]
    assert (message.status.value, message.last_code) == ("waiting", "PIDE_-1")
    give_due(hub, sender.tools)
    (message,) = [one for one in hub.rows(OutboundMessage, delivery_id=leg.id) if one.kind.value == "cargo_nacional"]
    assert (message.status.value, message.attempts) == ("done", 2)


@pytest.mark.parametrize(("said", "status"), [
    (("", ""), "done"), (("", "RECEPCION DE CARGO EXITOSO"), "done"),
    (("", "RECEPCION DE CARGO EXITOSO (*)"), "waiting"), (("0001", "ERROR"), "waiting"),
    (("0003", "Código de Estado inválido"), "dead"),
])  # fmt: skip
def test_each_answer_to_a_cargo_means_what_the_field_means_by_it(hub, sender, sent, said, status):
    _, leg = sent
    sender.says = [said]
    igp_says(hub, leg)
    give_due(hub, sender.tools)
    (message,) = [one for one in hub.rows(OutboundMessage, delivery_id=leg.id) if one.kind.value == "cargo_nacional"]
    assert message.status.value == status
    sender.says = [("0000", "")]
    given = [one.kind for one in hub.rows(Event, filing_id=leg.filing_id)]
    assert ("cargo_not_given" in given) is (status == "dead")


def test_its_destination_gets_it_with_its_bytes_and_its_true_kind(hub, sent):
    _, leg = sent
    with hub.session() as session:
        (document,) = session.get(Delivery, leg.id).filing.documents
    assert hub.fetch(Leg(leg.cuo, "", (document.id,), (), "", None, "")).content == PDF


def test_a_person_has_a_stopped_cargo_given_again(hub, sender, sent):
    _, leg = sent
    sender.says = [("0003", "Código de Estado inválido")]
    igp_says(hub, leg)
    give_due(hub, sender.tools)
    sender.says = [("0000", "")]
    with hub.session() as session:
        with pytest.raises(NeedsReason):
            forwarding.give_again(session, leg.cuo, " ", "1", now())
        forwarding.give_again(session, leg.cuo, "Arreglaron su sistema", "1", now())
        session.commit()
        with pytest.raises(Forbidden):
            forwarding.give_again(session, leg.cuo, "Otra vez", "1", now())
    give_due(hub, sender.tools)
    assert [values["vcuo"] for _, values in sender.cargos] == [sent[0]] * 2
    kinds = {one.kind for one in hub.rows(Event, filing_id=leg.filing_id)}
    assert {"cargo_not_given", "cargo_again", "cargo_given"} <= kinds
