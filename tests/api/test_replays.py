"""What comes at the same time, too early, or to a process that dies in between, is applied once and in the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from hub import inbound, receiving
from hub.clock import now
from hub.core.messages import Cargo, CargoOutcome
from hub.core.ports import News, NewsKind
from hub.core.statuses import DeliveryStatus, InboundStatus, RefusalReason
from hub.models import Event, InboundMessage, Observation, RawMessage
from hub.wire.seal import open_sealed
from tests.api.test_messages import said

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def test_one_of_many_at_the_same_time_is_applied(hub, leg):
    raw = hub.sealed(hub.cargo(leg))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: said(hub.post(raw))[1], range(8)))
    assert sorted(answers) == ["aplicado"] + ["repetido"] * 7
    assert len(hub.rows(Event, delivery_id=hub.leg(leg.cuo).id, kind="registered")) == 1


def test_a_credential_used_twice_at_the_same_time_opens_once(hub, leg):
    token = hub.token()
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda _: hub.fetch(leg, token=token).status_code, range(6)))
    assert sorted(statuses) == [200] + [401] * 5


def test_what_was_kept_and_not_acted_on_is_acted_on_when_it_is_said_again(hub, leg):
    raw = hub.sealed(hub.cargo(leg))
    opened = open_sealed(raw, hub.directory.trust, receiver_ruc=hub.ruc, now=now())
    with hub.session() as session:
        inbound.keep(session, hub.directory, receiving.received_of(opened, "rest"), now())
        session.commit()
    assert hub.status(leg.cuo) == "sending"
    assert said(hub.post(raw))[1] == "repetido"
    assert hub.status(leg.cuo) == "registered"


def test_parked_news_is_applied_when_the_leg_has_moved(hub, leg):
    """Lapsed: a refusal does not fit, until it turns out that the destination had registered in time."""
    with hub.session() as session:
        found = session.merge(hub.leg(leg.cuo))
        found.status = DeliveryStatus.LAPSED
        session.add(
            Observation(
                filing_id=found.filing_id,
                delivery_id=found.id,
                items=["Falta la firma"],
                observed_at=now(),
                correct_by=now() + timedelta(days=1),
            )
        )
        session.commit()
    refusal = Cargo(
        hub.header(leg), CargoOutcome.REFUSED, now(), reason=RefusalReason.NOT_COMPETENT, text="Corresponde a otra"
    )
    assert said(hub.post(hub.sealed(refusal)))[1] == "guardado"
    in_time = hub.cargo(leg, at=now() - timedelta(minutes=5))
    assert said(hub.post(hub.sealed(in_time)))[1] == "aplicado"
    assert hub.status(leg.cuo) == "refused"
    [parked] = hub.rows(InboundMessage, message_id=refusal.header.message_id)
    assert parked.status is InboundStatus.APPLIED


def kept(hub, leg, channel, raw):
    """An inbound row of the national contract, as it stands in the database."""
    return InboundMessage(cuo=leg.cuo, sender_ruc=hub.ruc_of("oefa"), channel=channel, received_at=now()), raw


def envelope(operation, content):
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><{operation} xmlns="http://ws.x/">{content}</{operation}></s:Body>'
        "</s:Envelope>"
    ).encode()


@pytest.mark.parametrize(
    ("channel", "operation", "wrapper"),
    [("iotramite", "cargoResponse", "request"), ("pide_asked", "consultarTramiteResponseResponse", "return")],
)
def test_news_of_the_national_contract_is_read_again_from_what_was_kept(hub, leg, channel, operation, wrapper):
    values = f"<vcodres>0000</vcodres><vcuo>{leg.cuo}</vcuo><cflgest>O</cflgest><vobs>Falta el poder</vobs>"
    row, raw = kept(hub, leg, channel, envelope(operation, f"<{wrapper}>{values}</{wrapper}>"))
    news = receiving.read_news(row, raw)
    assert (news.kind, news.cuo, news.said_by_ruc) == (NewsKind.OBSERVED, leg.cuo, row.sender_ruc)
    assert (news.text, news.raw) == ("Falta el poder", raw)


def test_a_sealed_message_is_read_again_from_what_was_kept(hub, leg):
    hub.post(hub.sealed(hub.cargo(leg)))
    [row] = hub.rows(InboundMessage, cuo=leg.cuo)
    [body] = hub.rows(RawMessage, digest=row.raw_digest)
    news = receiving.read_news(row, body.body)
    assert isinstance(news, News) and (news.kind, news.registry_number) == (NewsKind.REGISTERED, "004512")
