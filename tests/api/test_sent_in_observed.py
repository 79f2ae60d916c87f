"""A Sobre that names an observed one of its sender: its subsanación while the observation can be answered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hub.clock import now
from hub.core.messages import Cargo, CargoOutcome, DocumentRole
from hub.core.statuses import DeliveryStatus, MessageKind
from hub.models import Delivery, Document, Filing, Observation, OutboundMessage, ReceivedSobre, Subsanacion
from tests.api.test_leaving import leave
from tests.api.test_messages import said
from tests.api.test_sent_in import a_sobre, leg_of, post
from tests.fixtures.house import a_pdf


@pytest.fixture
def observed(hub):
    """A Sobre of IGP that SENACE observed."""
    content = a_pdf()
    leave(hub, content)
    sobre = a_sobre(hub, [content])
    post(hub, sobre)
    cargo = Cargo(hub.header(leg_of(hub, sobre), "senace"), CargoOutcome.OBSERVED, now(), items=("Falta el anexo 2",))
    assert said(hub.post(hub.sealed(cargo, "senace")))[1] == "aplicado"
    return sobre


def answer_of(hub, before, to="senace"):
    content = a_pdf()
    leave(hub, content)
    sobre = a_sobre(hub, [content], to=to)
    return replace(sobre, header=replace(sobre.header, cuo_ref=before.header.cuo))


def test_a_sobre_that_names_an_observed_one_is_its_subsanacion(hub, observed):
    [first] = hub.rows(Delivery, filing_id=leg_of(hub, observed).filing_id)
    sobre = answer_of(hub, observed)
    assert post(hub, sobre).status_code == 202
    again = post(hub, sobre)
    assert again.status_code in (200, 202), again.text
    [seen] = hub.rows(Observation, filing_id=first.filing_id)
    [answer] = hub.rows(Subsanacion, filing_id=first.filing_id)
    assert (seen.closed_as, answer.observation_id, answer.channel) == ("corrected", seen.id, "entity")
    assert [one.filing_id for one in hub.rows(ReceivedSobre, cuo=sobre.header.cuo)] == [first.filing_id]
    [sent] = hub.rows(Document, subsanacion_id=answer.id)
    assert (sent.role, sent.sha256) == (DocumentRole.CORRECTION, sobre.documents[0].sha256)
    [following] = hub.rows(Delivery, id=answer.delivery_id)
    assert (following.status, following.destination_id) == (DeliveryStatus.QUEUED, first.destination_id)


def test_its_sender_is_told_under_the_number_of_what_it_sent_last(hub, observed):
    sobre = answer_of(hub, observed)
    post(hub, sobre)
    [row] = hub.rows(ReceivedSobre, cuo=sobre.header.cuo)
    cargo = Cargo(hub.header(leg_of(hub, sobre), "senace"), CargoOutcome.REGISTERED, now(), "00731", "2026")
    assert said(hub.post(hub.sealed(cargo, "senace")))[1] == "aplicado"
    told = [one for one in hub.rows(OutboundMessage, filing_id=row.filing_id) if one.content.get("sobre") == row.id]
    assert sorted(one.kind for one in told) == [MessageKind.ACUSE, MessageKind.CARGO]
    [first] = hub.rows(ReceivedSobre, cuo=observed.header.cuo)
    with hub.session() as session:
        told = {one.id: told_to(session, one) for one in (first, row)}
    assert told[first.id].isdisjoint(told[row.id]), "a Sobre is answered with its own messages"


def told_to(session, row):
    query = select(OutboundMessage.id).where(OutboundMessage.content["sobre"].as_integer() == row.id)
    return set(session.scalars(query))


def test_once_its_term_is_over_it_is_a_new_filing_that_follows(hub, observed):
    filing_id = leg_of(hub, observed).filing_id
    with hub.session() as session:
        over = update(Observation).where(Observation.filing_id == filing_id)
        session.execute(over.values(closed_at=now() - timedelta(hours=1), closed_as="lapsed"))
        session.commit()
    sobre = answer_of(hub, observed)
    assert post(hub, sobre).status_code == 202
    [filing] = hub.rows(Filing, id=leg_of(hub, sobre).filing_id)
    assert (filing.follows_id, filing.follows_as) == (filing_id, "after_lapse")


def test_what_goes_to_another_destination_is_a_new_filing(hub, observed):
    sobre = answer_of(hub, observed, to="senamhi")
    assert post(hub, sobre).status_code == 202
    [filing] = hub.rows(Filing, id=leg_of(hub, sobre).filing_id)
    assert filing.follows_id is None
