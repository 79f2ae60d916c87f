"""What institutions tell over REST: taken once, from whom it concerns, and refused with a code otherwise."""

import base64
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from lxml import etree

from hub.clock import now
from hub.core.statuses import Movement
from hub.models import Event, InboundMessage, OutboundMessage, RawMessage
from hub.wire import sobre, xml


def said(answer):
    """(id, estado) of a Recibido that follows its schema."""
    assert answer.status_code == 200, answer.text
    root = etree.fromstring(answer.content)
    assert xml.faults(root, "reporte.xsd") == []
    return root.get("mensaje"), root.get("estado")


def refused(answer, status, code):
    """The problem, after checking that it has everything the contract promises."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == code and problem["status"] == status
    assert problem["type"].endswith(f":{code}") and problem["title"].endswith(".")
    return problem


def test_a_cargo_registers_the_leg_and_is_answered(hub, leg):
    cargo = hub.cargo(leg)
    assert said(hub.post(hub.sealed(cargo))) == (str(cargo.header.message_id), "aplicado")
    found = hub.leg(leg.cuo)
    assert (found.status.value, found.destination_registry_number) == ("registered", "004512")


def test_news_voids_the_unsent_sobre(hub, leg):
    hub.post(hub.sealed(hub.cargo(leg)))
    assert [row.status.value for row in hub.rows(OutboundMessage, id=leg.sobre_id)] == ["void"]


def test_the_same_bytes_twice_are_applied_once(hub, leg):
    raw = hub.sealed(hub.cargo(leg))
    assert [said(hub.post(raw))[1] for _ in range(3)] == ["aplicado", "repetido", "repetido"]
    assert len(hub.rows(Event, delivery_id=hub.leg(leg.cuo).id, kind="registered")) == 1


def test_the_same_message_signed_again_is_a_repeat(hub, leg):
    cargo = hub.cargo(leg)
    first, second = hub.sealed(cargo), hub.sealed(cargo)
    assert first != second
    assert [said(hub.post(raw))[1] for raw in (first, second)] == ["aplicado", "repetido"]


def test_the_same_id_with_other_content_is_refused(hub, leg):
    message_id = uuid4()
    hub.post(hub.sealed(hub.cargo(leg, message_id=message_id)))
    problem = refused(
        hub.post(hub.sealed(hub.cargo(leg, number="999", message_id=message_id))), 409, "MENSAJE_CON_OTRO_CONTENIDO"
    )
    assert (problem["message_id"], problem["temporary"]) == (str(message_id), False)
    assert hub.leg(leg.cuo).destination_registry_number == "004512"


def test_two_institutions_may_choose_the_same_id(hub, leg):
    message_id, other = uuid4(), hub.file("senamhi")
    hub.post(hub.sealed(hub.cargo(leg, message_id=message_id)))
    assert said(hub.post(hub.sealed(hub.cargo(other, "senamhi", message_id=message_id), "senamhi")))[1] == "aplicado"


def test_another_entity_cannot_speak_about_the_leg(hub, leg):
    refused(hub.post(hub.sealed(hub.cargo(leg, "senamhi"), "senamhi")), 403, "CUO_AJENO")
    assert hub.status(leg.cuo) == "sending"


def test_another_entity_cannot_sign_for_the_destination(hub, leg):
    refused(hub.post(hub.sealed(hub.cargo(leg), "senamhi")), 403, "FIRMANTE_NO_ES_EMISOR")
    assert hub.status(leg.cuo) == "sending"


def test_a_stranger_is_refused(hub, leg, stranger):
    raw = stranger(hub.cargo(leg))
    refused(hub.post(raw), 403, "FIRMANTE_DESCONOCIDO")


def test_a_certificate_of_no_version_is_a_stranger(hub, leg):
    raw = hub.sealed(hub.cargo(leg))
    inside = re.search(rb"<ds:X509Certificate>([^<]+)<", raw)[1]
    der = base64.b64decode(inside)
    other = der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x22")
    assert other != der
    refused(hub.post(raw.replace(inside, base64.b64encode(other))), 403, "FIRMANTE_DESCONOCIDO")


def test_tampered_content_is_refused(hub, leg):
    raw = hub.sealed(hub.cargo(leg)).replace(b"004512", b"004513")
    problem = refused(hub.post(raw), 422, "FIRMA_INVALIDA")
    assert problem["message_id"]
    assert hub.rows(InboundMessage, cuo=leg.cuo) == []


def test_an_unsigned_message_is_refused(hub, leg):
    refused(hub.post(sobre.build(hub.cargo(leg))), 422, "FIRMA_AUSENTE")


def test_a_message_for_another_ruc_is_refused(hub, leg):
    raw = hub.sealed(hub.cargo(leg, receiver_ruc=hub.ruc_of("senace")))
    refused(hub.post(raw), 422, "RECEPTOR_EQUIVOCADO")


def test_a_message_from_the_future_is_refused(hub, leg):
    refused(hub.post(hub.sealed(hub.cargo(leg, issued_at=now() + timedelta(minutes=7)))), 422, "INSTANTE_ADELANTADO")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("9999-12-31T23:59:59+00:00", "INSTANTE_ADELANTADO"),
        ("0001-01-01T00:00:00+00:00", "ESQUEMA_INVALIDO"),
        ("1969-12-31T23:59:59+00:00", "ESQUEMA_INVALIDO"),
    ],
)
def test_a_cargo_of_an_impossible_date_is_refused(hub, leg, at, code):
    refused(hub.post(hub.sealed(hub.cargo(leg, at=type(now()).fromisoformat(at)))), 422, code)


def test_an_old_message_is_taken_and_flagged(hub, leg):
    # Its certificate was made a day before: what was signed earlier is refused by the certificate.
    cargo = hub.cargo(leg, issued_at=now() - timedelta(hours=73))
    refused(hub.post(hub.sealed(cargo)), 403, "CERTIFICADO_AUN_NO_VIGENTE")


def test_a_cuo_of_nobody_is_refused(hub, leg):
    refused(hub.post(hub.sealed(hub.cargo(leg, cuo="9999999999"))), 404, "CUO_DESCONOCIDO")


def test_a_cuo_under_another_filing_number_is_refused(hub, leg):
    raw = hub.sealed(hub.cargo(leg, filing_number=hub.file().filing_number))
    refused(hub.post(raw), 422, "RESPUESTA_A_OTRO_MENSAJE")


def test_an_estado_moves_a_registered_filing(hub, leg):
    hub.post(hub.sealed(hub.cargo(leg)))
    assert said(hub.post(hub.sealed(hub.estado(leg, Movement.ANSWERED))))[1] == "aplicado"
    assert hub.leg(leg.cuo).movement is Movement.ANSWERED


def test_an_acuse_that_comes_by_itself_says_that_it_is_held(hub, leg):
    assert said(hub.post(hub.sealed(hub.acuse(leg))))[1] == "aplicado"
    assert hub.status(leg.cuo) == "sent"


@pytest.mark.parametrize("change", [{"answers": uuid4()}, {"digest": "q" * 43 + "="}])
def test_an_acuse_of_what_was_not_sent_is_refused(hub, leg, change):
    refused(hub.post(hub.sealed(hub.acuse(leg, **change))), 422, "RESPUESTA_A_OTRO_MENSAJE")
    assert hub.status(leg.cuo) == "sending"


def test_news_that_does_not_fit_is_kept_for_a_person(hub, leg):
    hub.post(hub.sealed(hub.cargo(leg)))
    with hub.session() as session:
        found = session.merge(hub.leg(leg.cuo))
        found.status = type(found.status).REROUTED
        session.commit()
    observed = hub.cargo(leg, number="004600")
    assert said(hub.post(hub.sealed(observed)))[1] == "guardado"
    assert [row.status.value for row in hub.rows(InboundMessage, message_id=observed.header.message_id)] == ["parked"]


def test_a_sobre_is_not_taken_at_this_door(hub, leg):
    with hub.session() as session:
        raw = session.get(OutboundMessage, leg.sobre_id).sealed
    refused(hub.post(raw), 403, "FIRMANTE_DESCONOCIDO")


def test_what_an_institution_signed_is_kept_byte_by_byte(hub, leg):
    raw = hub.sealed(hub.cargo(leg))
    hub.post(raw)
    [row] = hub.rows(InboundMessage, cuo=leg.cuo)
    assert [kept.body for kept in hub.rows(RawMessage, digest=row.raw_digest)] == [raw]
