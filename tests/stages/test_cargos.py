"""Cargos: what a destination says is applied once, about its own legs and nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.cargos import apply
from hub.core.errors import ContractError, Forbidden
from hub.core.statuses import DeliveryStatus, FilingStatus, Movement, OutboundStatus, RefusalReason
from hub.models import Observation
from hub.routing import send_again
from tests.stages.legs import (
    add_leg,
    claim,
    claim_one,
    events_of,
    later,
    letters_of,
    message_of,
    news,
    put,
    record_one,
    try_once,
)
from tests.stages.sector import NOW

D = DeliveryStatus


def test_a_cargo_registers_a_leg_with_its_numbers(session, leg, say):
    claim_one(session, leg)
    assert say(
        "registered",
        later(minutes=3),
        registry_number="00012-2026-IGP",
        registry_year="2026",
        expediente_number="EXP-77",
        unit="Trámite documentario",
        official="J. Rojas",
    )
    assert (leg.status, leg.filing.status) == (D.REGISTERED, FilingStatus.REGISTERED)
    assert (leg.destination_registry_number, leg.destination_registry_year) == ("00012-2026-IGP", "2026")
    assert (leg.expediente_number, leg.unit, leg.official) == ("EXP-77", "Trámite documentario", "J. Rojas")
    assert leg.registered_at == later(minutes=3)
    (event,) = events_of(session, leg, "registered")
    assert (event.author, event.said_by, event.happened_at) == ("destination", "igp", later(minutes=3))
    assert event.data["registry_number"] == "00012-2026-IGP"
    assert letters_of(session, leg) == ["constancia", "registered"]


def test_an_observation_is_itemised_and_dated(session, leg, say):
    say("observed", later(hours=1), items=("Falta la firma", "Falta el anexo 2"), text="Subsane")
    (observation,) = session.scalars(select(Observation).where(Observation.delivery_id == leg.id))
    assert (leg.status, leg.filing.status) == (D.OBSERVED, FilingStatus.OBSERVED)
    assert observation.items == ["Falta la firma", "Falta el anexo 2"]
    assert (observation.observed_at, observation.is_late) == (later(hours=1), False)
    assert observation.observe_by.isoformat() == "2026-11-24"  # two business days after Friday the 20th
    told = dict(events_of(session, leg, "observed")[0].data)
    assert len(told.pop("observed_commitment")) == 64  # the words themselves stay out of the event
    assert told == {
        "items": 2, "is_late": False, "source": "destination", "is_reiteration": False,
    }  # fmt: skip
    assert "alert" in letters_of(session, leg)  # it is notified in the casilla


@pytest.mark.parametrize(("after", "is_late"), [(timedelta(days=4, hours=7), False), (timedelta(days=5), True)])
def test_an_observation_after_two_business_days_is_taken_and_flagged(session, leg, say, after, is_late):
    try_once(session, leg, "ack", held_since=NOW)
    say("observed", NOW + after, items=("Falta la firma",))
    (observation,) = session.scalars(select(Observation).where(Observation.delivery_id == leg.id))
    assert (leg.status, observation.is_late, observation.correct_by) == (D.OBSERVED, is_late, None)


def test_a_refusal_has_its_reason_and_the_competent_body(session, leg, say):
    say("refused", reason=RefusalReason.NOT_COMPETENT, text="No es de aquí", right_body_ruc="20556097055")
    assert (leg.status, leg.filing.status) == (D.REFUSED, FilingStatus.REFUSED)
    assert (leg.refusal_reason, leg.refusal_text) == (RefusalReason.NOT_COMPETENT, "No es de aquí")
    assert events_of(session, leg, "refused")[0].data == {"reason": "NO_COMPETE", "right_body": "20556097055"}
    assert "refused" in letters_of(session, leg)


def test_an_acuse_that_comes_by_itself_makes_it_sent(session, leg, say):
    claim_one(session, leg)
    assert say("held", later(seconds=9))
    assert (leg.status, leg.sent_at) == (D.SENT, later(seconds=9))
    assert message_of(session, leg).status is OutboundStatus.VOID
    assert letters_of(session, leg) == ["constancia"]


@pytest.mark.parametrize("status", [D.REGISTERED, D.OBSERVED, D.REFUSED, D.REROUTED, D.CORRECTED, D.LAPSED])
def test_an_acuse_after_the_news_only_fills_its_instant(session, leg, say, status):
    put(session, leg, status)
    assert not say("held", later(seconds=9))
    assert (leg.status, leg.sent_at) == (status, later(seconds=9))


# Overtaking


@pytest.mark.parametrize("kind", ["registered", "observed", "refused"])
def test_news_overtakes_a_lost_acuse_and_the_message_will_never_be_sent(session, leg, say, kind):
    try_once(session, leg, "temporary")
    assert leg.status is D.QUEUED
    assert say(kind)
    assert leg.status.value == kind
    assert message_of(session, leg).status is OutboundStatus.VOID
    assert claim(session, leg.destination_id, now=later(days=9)) == []


def test_news_closes_what_a_person_could_have_sent_again(session, leg, say):
    try_once(session, leg, "permanent")
    say("registered")
    assert message_of(session, leg).status is OutboundStatus.VOID
    with pytest.raises(Forbidden):
        send_again(session, leg.cuo, "por si acaso", "7", NOW)


def test_news_about_a_claimed_message_leaves_the_claim_nothing_to_say(session, leg, say):
    mine = claim_one(session, leg)
    say("registered")
    assert record_one(session, mine, "permanent") is False
    assert leg.status is D.REGISTERED


# Movements


def test_movements_are_lines_and_the_newest_by_its_own_time_is_the_status(session, leg, say):
    say("registered", unit="Mesa de Partes")
    say("movement", later(hours=3), movement=Movement.ANSWERED, unit="Sismología", text="Respondido")
    say("movement", later(hours=1), known_at=later(hours=4), movement=Movement.IN_PROCESS, unit="Dirección")
    assert (leg.movement, leg.movement_at, leg.unit) == (Movement.ANSWERED, later(hours=3), "Sismología")
    assert leg.filing.status is FilingStatus.ANSWERED
    told = [(event.data["movement"], event.happened_at) for event in events_of(session, leg, "movement")]
    assert told == [("answered", later(hours=3)), ("in_process", later(hours=1))]


def test_the_same_movement_twice_is_one_line(session, leg, say):
    say("registered", unit="Mesa de Partes")
    assert say("movement", later(hours=1), movement=Movement.IN_PROCESS)
    assert not say("movement", later(hours=1), movement=Movement.IN_PROCESS)
    assert len(events_of(session, leg, "movement")) == 1


def test_a_movement_does_not_end_an_observation(leg, say):
    say("observed", items=("Falta la firma",))
    say("movement", later(hours=1), movement=Movement.IN_PROCESS, unit="Archivo")
    assert leg.filing.status is FilingStatus.OBSERVED


def test_what_is_withdrawn_is_withdrawn_and_nobody_asks_any_more(session, leg, say):
    try_once(session, leg, "ack", held_since=NOW)
    say("registered")
    say("movement", later(hours=1), movement=Movement.WITHDRAWN)
    assert (leg.filing.status, leg.next_ask_at) == (FilingStatus.WITHDRAWN, None)


@pytest.mark.parametrize("status", [D.CORRECTED, D.REROUTED, D.CANCELLED])
def test_what_an_institution_does_with_a_leg_that_went_on_is_a_line_and_no_status(session, leg, say, status):
    put(session, leg, status)
    assert say("movement", later(hours=1), movement=Movement.CLOSED, unit="Archivo")
    assert leg.status is status
    assert len(events_of(session, leg, "movement")) == 1


def test_movements_of_a_past_leg_are_not_the_filings_status(session, leg, say):
    say("refused", reason=RefusalReason.NOT_COMPETENT, text="No es de aquí")
    put(session, leg, D.REROUTED)
    add_leg(session, leg)
    say("movement", later(hours=1), movement=Movement.CLOSED)
    assert leg.filing.status is FilingStatus.ON_ITS_WAY


# Strangers


@pytest.mark.parametrize("by", ["senace", "minam"])
def test_news_of_another_entity_is_refused(session, sector, leg, by):
    with pytest.raises(ContractError) as caught:
        apply(session, sector, news(leg, "registered", by=by), NOW)
    assert caught.value.code == "NOT_THE_DESTINATION"
    assert leg.status is D.QUEUED


def test_news_of_nobody_we_know_is_refused(session, sector, leg):
    with pytest.raises(ContractError) as caught:
        apply(session, sector, replace(news(leg, "registered"), said_by_ruc="20100070970"), NOW)
    assert caught.value.code == "NOT_THE_DESTINATION"


def test_a_cuo_nobody_gave_is_refused(session, sector, leg):
    with pytest.raises(ContractError) as caught:
        apply(session, sector, replace(news(leg, "registered"), cuo="9999999999"), NOW)
    assert caught.value.code == "CUO_UNKNOWN"
