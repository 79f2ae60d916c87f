"""A Sobre that names an observed one of its sender: no silent new filing while the observation can be answered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from hub.clock import now
from hub.core.messages import Cargo, CargoOutcome
from hub.models import Filing, Observation, ReceivedSobre
from tests.api.test_leaving import leave
from tests.api.test_messages import refused, said
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


def test_a_subsanacion_is_refused_in_plain_words(hub, observed):
    sobre = answer_of(hub, observed)
    problem = refused(post(hub, sobre), 422, "MENSAJE_NO_ESPERADO")
    assert observed.header.cuo in problem["detail"]
    assert hub.rows(ReceivedSobre, cuo=sobre.header.cuo) == []
    assert hub.rows(Observation, filing_id=leg_of(hub, observed).filing_id)[0].closed_at is None


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
