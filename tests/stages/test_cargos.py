"""Cargos: what a destination says is applied once, whenever the table of steps allows it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.cargos import apply
from hub.core.errors import ContractError, Forbidden, ForbiddenStep
from hub.core.statuses import (
    DELIVERY_STEPS,
    NEWS,
    DeliveryStatus,
    FilingStatus,
    MessageKind,
    Movement,
    OutboundStatus,
    RefusalReason,
)
from hub.models import Delivery, Observation, OutboundMessage
from hub.routing import send_again
from tests.stages.legs import claim, claim_one, events_of, later, message_of, news, record_one, try_once
from tests.stages.sector import NOW, make_sector, take

D = DeliveryStatus
KINDS = {D.REGISTERED: "registered", D.OBSERVED: "observed", D.REFUSED: "refused"}


@pytest.fixture
def sector(session):
    return make_sector(session)


@pytest.fixture
def leg(session, sector):
    return take(session, sector)[1]


@pytest.fixture
def say(session, sector, leg):
    """say("registered", at) -> True if it changed something; it is known when it happens."""

    def said(kind, at=NOW, known_at=None, **values):
        applied = apply(session, sector, news(leg, kind, at, **values), known_at or max(at, NOW))
        session.flush()
        return applied.changed

    return said


def put(session, leg, status):
    """Bring a leg to a status without its story."""
    leg.status = status
    session.flush()


def letters_of(session, leg):
    rows = session.scalars(select(OutboundMessage).where(OutboundMessage.kind == MessageKind.MAIL))
    return sorted(row.content["letter"] for row in rows if row.filing_id == leg.filing_id)


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
    assert events_of(session, leg, "observed")[0].data == {"items": 2, "is_late": False}
    assert letters_of(session, leg)[-1] == "observed"


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


# The table of steps, whole


@pytest.mark.parametrize("status", list(D))
@pytest.mark.parametrize("target", sorted(NEWS))
def test_news_is_applied_exactly_where_the_table_of_steps_allows(session, leg, say, status, target):
    put(session, leg, status)
    is_allowed = target in DELIVERY_STEPS[status]
    if status is D.LAPSED:
        is_allowed = False  # only in time: see below
    if status is target:
        assert not say(KINDS[target])
    elif is_allowed:
        assert say(KINDS[target])
        assert leg.status is target
    else:
        with pytest.raises(ForbiddenStep):
            say(KINDS[target])
        assert leg.status is status


@pytest.mark.parametrize("kind", ["registered", "observed", "refused", "held"])
def test_what_is_said_twice_changes_nothing(session, leg, say, kind):
    say(kind, items=("Falta la firma",))
    before = len(events_of(session, leg)), letters_of(session, leg), leg.clock_start
    assert not say(kind, later(days=3), items=("Otra cosa",))
    assert (len(events_of(session, leg)), letters_of(session, leg), leg.clock_start) == before
    assert len(session.scalars(select(Observation)).all()) == (kind == "observed")


def test_a_second_observation_does_not_fit(session, leg, say):
    say("observed", items=("Falta la firma",))
    say("registered", later(hours=1))
    with pytest.raises(ForbiddenStep):
        say("observed", later(hours=2), items=("Falta el anexo",))
    assert leg.status is D.REGISTERED


def test_the_office_in_charge_observes_once_after_registration(session, leg, say):
    say("registered")
    assert say("observed", later(hours=2), items=("El plano no tiene escala",))
    assert say("registered", later(hours=3))
    with pytest.raises(ForbiddenStep):
        say("observed", later(hours=4), items=("Otra cosa",))


def test_a_refused_leg_is_registered_after_all_while_no_other_leg_exists(session, leg, say):
    say("refused", reason=RefusalReason.OTHER, text="Ilegible")
    assert say("registered", later(hours=1))


@pytest.mark.parametrize("kind", ["registered", "observed"])
def test_a_refused_leg_is_not_taken_back_once_a_later_leg_exists(session, leg, say, kind):
    say("refused", reason=RefusalReason.NOT_COMPETENT, text="No es de aquí")
    add_leg(session, leg)
    with pytest.raises(ForbiddenStep):
        say(kind, later(hours=1))


def add_leg(session, leg, destination_id=None):
    """A later leg of the same filing, as re-routing will make it."""
    following = Delivery(
        cuo=f"{int(leg.cuo) + 900_000:010}",
        filing=leg.filing,
        previous_id=leg.id,
        purpose="rerouted",
        destination_id=destination_id or leg.destination_id,
        status=D.QUEUED,
        mode=leg.mode,
        created_at=NOW,
    )
    session.add(following)
    session.flush()
    return following


@pytest.mark.parametrize(("minutes", "is_in_time"), [(-1, True), (0, True), (1, False)])
def test_a_lapsed_leg_is_registered_only_if_that_was_in_time(session, leg, say, minutes, is_in_time):
    say("observed", items=("Falta la firma",))
    limit = later(days=4)
    session.scalars(select(Observation).where(Observation.delivery_id == leg.id)).one().correct_by = limit
    put(session, leg, D.LAPSED)
    registered_at = limit + timedelta(minutes=minutes)
    if is_in_time:
        assert say("registered", registered_at, known_at=later(days=9))
        assert leg.filing.status is FilingStatus.REGISTERED
    else:
        with pytest.raises(ForbiddenStep):
            say("registered", registered_at, known_at=later(days=9))


# Out of order


@pytest.mark.parametrize("kind", ["observed", "refused"])
def test_news_older_than_the_registration_does_not_undo_it(leg, say, kind):
    say("registered", later(hours=2))
    with pytest.raises(ForbiddenStep):
        say(kind, later(hours=1), known_at=later(hours=3))
    assert leg.status is D.REGISTERED


@pytest.mark.parametrize("kind", ["observed", "refused"])
def test_a_registration_older_than_what_followed_gives_its_number_and_no_status(session, leg, say, kind):
    say(kind, later(hours=2), items=("Falta la firma",))
    assert say("registered", later(hours=1), known_at=later(hours=3), registry_number="00077")
    assert (leg.status.value, leg.destination_registry_number) == (kind, "00077")
    assert leg.filing.status.value == kind
    assert events_of(session, leg, "registered")[0].happened_at == later(hours=1)


def test_the_national_contract_tells_no_exact_instants_so_its_order_is_that_of_arrival(leg, say):
    say("registered", later(hours=2), message_id=None)
    assert say("observed", later(hours=1), known_at=later(hours=3), message_id=None, items=("Falta la firma",))
    assert leg.status is D.OBSERVED


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
