"""The front desk of the way back: kept before it is acted on, applied once, parked and shown where it does not fit."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import inbound
from hub.core.errors import ContractError, Forbidden, NeedsReason
from hub.core.statuses import DeliveryStatus, InboundStatus, Movement
from hub.models import Event, InboundMessage, Observation, RawMessage
from tests.stages.legs import events_of, later, leg_of, news, received
from tests.stages.sector import NOW, make_sector, take

D = DeliveryStatus


class Desk:
    """Keeps and acts as the doors do, and reads again what it kept, as they would from the bytes."""

    def __init__(self, session, directory):
        self.session, self.directory, self.kept = session, directory, {}

    def keep(self, one, now=NOW, **changes):
        row, is_new = inbound.keep(self.session, self.directory, received(one, **changes), now)
        self.kept[row.id] = one
        return row, is_new

    def act(self, row, now=NOW):
        status = inbound.act_on(self.session, self.directory, row.id, self.kept[row.id], now)
        self.session.flush()
        return status

    def take(self, one, now=NOW):
        row, _ = self.keep(one, now)
        status = self.act(row, now)
        inbound.replay_parked(self.session, self.directory, one.cuo, lambda row, _: self.kept[row.id], now)
        return row, status


@pytest.fixture
def directory(session):
    return make_sector(session)


@pytest.fixture
def desk(session, directory):
    return Desk(session, directory)


@pytest.fixture
def leg(session, directory):
    return take(session, directory)[1]


def test_a_message_is_kept_as_it_came_before_anything_is_done(session, desk, leg):
    one = news(leg, "registered")
    row, is_new = desk.keep(one)
    assert is_new
    assert (row.status, row.delivery_id, row.received_at) == (InboundStatus.KEPT, leg.id, NOW)
    assert session.get(RawMessage, row.raw_digest).body == one.raw
    assert leg.status is D.QUEUED


def test_what_was_kept_is_applied_once(session, desk, leg):
    row, _ = desk.keep(news(leg, "registered"))
    assert desk.act(row, later(seconds=2)) is InboundStatus.APPLIED
    assert (row.status, row.acted_on_at) == (InboundStatus.APPLIED, later(seconds=2))
    assert desk.act(row, later(hours=2)) is InboundStatus.APPLIED
    assert row.acted_on_at == later(seconds=2)
    assert len(events_of(session, leg, "registered")) == 1
    assert events_of(session, leg, "registered")[0].raw_digest == row.raw_digest


def test_the_same_message_again_is_the_same_row(desk, leg):
    one = news(leg, "registered")
    first, _ = desk.take(one)
    again, is_new = desk.keep(one, later(hours=1))
    assert (again.id, is_new, again.received_at) == (first.id, False, NOW)


def test_the_same_content_signed_again_is_the_same_message(desk, leg):
    one = news(leg, "registered")
    first, _ = desk.keep(one)
    again, is_new = desk.keep(replace(one, raw=b"<other signature bytes/>"))
    assert (again.id, is_new) == (first.id, False)


def test_a_known_id_with_other_content_is_refused(desk, leg):
    one = news(leg, "registered")
    desk.keep(one)
    with pytest.raises(ContractError) as caught:
        desk.keep(one, reference_digest="of something else")
    assert caught.value.code == "MESSAGE_ID_REUSED"


def test_an_id_that_another_entity_used_is_still_free(session, desk, directory):
    _, leg = take(session, directory)
    one = news(leg, "registered")
    desk.keep(one)
    other = replace(one, raw=b"<another/>")
    _, is_new = desk.keep(other, sender_ruc="20556097055")
    assert is_new


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"said_by_ruc": "20556097055"}, "NOT_THE_DESTINATION"),
        ({"said_by_ruc": "20100070970"}, "NOT_THE_DESTINATION"),
        ({"cuo": "9999999999"}, "CUO_UNKNOWN"),
    ],
)
def test_what_is_not_the_destinations_to_say_is_not_kept(session, desk, leg, changes, code):
    with pytest.raises(ContractError) as caught:
        desk.keep(replace(news(leg, "registered"), **changes))
    assert caught.value.code == code
    assert session.scalars(select(InboundMessage)).all() == []


def test_a_cuo_under_the_number_of_another_filing_is_refused(desk, leg):
    with pytest.raises(ContractError) as caught:
        desk.keep(news(leg, "registered"), filing_number="2026-9999999-9")
    assert caught.value.code == "FILING_NUMBER_OTHER"
    desk.keep(news(leg, "registered"), filing_number=leg.filing.filing_number)


# Parked


def observed_twice(desk, leg):
    desk.take(news(leg, "observed", items=("Falta la firma",)))
    desk.take(news(leg, "registered", later(hours=1)), later(hours=1))
    return desk.take(news(leg, "observed", later(hours=2), items=("Otra cosa",)), later(hours=2))


def test_what_does_not_fit_is_parked_with_an_event_and_changes_nothing(session, desk, leg):
    row, status = observed_twice(desk, leg)
    assert (status, row.status, row.code) == (InboundStatus.PARKED, InboundStatus.PARKED, "registered->observed")
    assert leg.status is D.REGISTERED
    (event,) = events_of(session, leg, "parked")
    assert event.data == {"step": "registered->observed", "inbound": row.id}
    assert event.raw_digest == row.raw_digest
    assert len(session.scalars(select(Observation)).all()) == 1


@pytest.mark.parametrize("status", [D.REROUTED, D.CORRECTED, D.CANCELLED])
@pytest.mark.parametrize("kind", ["registered", "observed", "refused"])
def test_news_about_a_leg_that_is_over_is_parked(session, desk, leg, status, kind):
    leg.status = status
    session.flush()
    row, _ = desk.take(news(leg, kind))
    assert (row.status, row.code, leg.status) == (InboundStatus.PARKED, f"{status}->{kind}", status)


def lapsed(session, desk, leg):
    """An observation that lapsed four days after it was made."""
    desk.take(news(leg, "observed", items=("Falta la firma",)))
    session.scalars(select(Observation).where(Observation.delivery_id == leg.id)).one().correct_by = later(days=4)
    leg.status = D.LAPSED
    session.flush()


def test_a_registration_after_the_term_is_parked(session, desk, leg):
    lapsed(session, desk, leg)
    row, status = desk.take(news(leg, "registered", later(days=4, seconds=1)), later(days=5))
    assert (status, row.code) == (InboundStatus.PARKED, "lapsed->registered")


def test_what_is_parked_is_replayed_when_it_fits(session, desk, leg):
    lapsed(session, desk, leg)
    parked, _ = desk.take(news(leg, "refused", later(days=3), text="Ilegible"), later(days=5))
    assert parked.status is InboundStatus.PARKED
    _, status = desk.take(news(leg, "registered", later(days=2)), later(days=6))
    assert status is InboundStatus.APPLIED
    assert (parked.status, parked.acted_on_at) == (InboundStatus.APPLIED, later(days=6))
    assert leg.status is D.REFUSED
    assert len(events_of(session, leg, "parked")) == 1


def test_what_still_does_not_fit_is_parked_without_another_event(session, desk, leg):
    row, _ = observed_twice(desk, leg)
    for _ in range(3):
        assert desk.act(row, later(hours=3)) is InboundStatus.PARKED
    assert len(events_of(session, leg, "parked")) == 1


def test_movements_fit_always_and_in_any_order(session, desk, leg):
    for hour in (3, 1, 2):
        one = news(leg, "movement", later(hours=hour), movement=Movement.IN_PROCESS, unit=f"Oficina {hour}")
        _, status = desk.take(one, later(hours=4))
        assert status is InboundStatus.APPLIED
    assert leg.unit == "Oficina 3"
    assert len(events_of(session, leg, "movement")) == 3


def test_a_person_sets_a_parked_message_aside_with_a_reason(session, desk, leg):
    row, _ = observed_twice(desk, leg)
    inbound.set_aside(session, row.id, "la observación ya fue atendida", "7", later(days=1))
    session.flush()
    assert (row.status, row.resolved_by) == (InboundStatus.REFUSED, "7")
    assert row.resolution == "la observación ya fue atendida"
    (event,) = events_of(session, leg, "set_aside")
    assert (event.author, event.said_by) == ("admin", "7")
    assert desk.act(row) is InboundStatus.REFUSED


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_setting_aside_needs_a_reason(session, desk, leg, reason):
    row, _ = observed_twice(desk, leg)
    with pytest.raises(NeedsReason):
        inbound.set_aside(session, row.id, reason, "7", NOW)
    assert row.status is InboundStatus.PARKED


def test_only_what_is_parked_is_set_aside(session, desk, leg):
    row, _ = desk.take(news(leg, "registered"))
    for inbound_id in (row.id, 999_999_999):
        with pytest.raises(Forbidden):
            inbound.set_aside(session, inbound_id, "porque sí", "7", NOW)


def test_what_a_dead_process_kept_is_found_after_a_while(desk, session, leg):
    row, _ = desk.keep(news(leg, "registered"))
    assert inbound.open_messages(session, kept_before=NOW) == []
    ((found, body),) = inbound.open_messages(session, kept_before=NOW + timedelta(seconds=1))
    assert (found.id, body) == (row.id, desk.kept[row.id].raw)
    desk.act(row)
    assert inbound.open_messages(session, kept_before=later(days=1)) == []


def test_the_same_message_at_two_doors_at_once_is_kept_and_applied_once(fresh_engine):
    with Session(fresh_engine) as session:
        directory = make_sector(session)
        cuo = take(session, directory)[1].cuo
        session.commit()
        one = news(leg_of(session, cuo), "registered", message_id=uuid4())
    together, new = threading.Barrier(4), []

    def door():
        together.wait()
        with Session(fresh_engine) as session:
            row, is_new = inbound.keep(session, directory, received(one), NOW)
            session.commit()
            inbound.act_on(session, directory, row.id, one, NOW)
            session.commit()
            new.append(is_new)

    threads = [threading.Thread(target=door) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(new) == [False, False, False, True]
    with Session(fresh_engine) as session:
        assert len(session.scalars(select(Event).where(Event.kind == "registered")).all()) == 1
        assert session.scalars(select(InboundMessage.status)).all() == [InboundStatus.APPLIED]
