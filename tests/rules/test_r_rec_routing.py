"""R-REC-6, 8, 9 and 10: twenty-four hours, who is competent, the reasons and the chain, what closing found."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from hub import alarms, rerouting
from hub.core.bodies import CounterRecord, OpeningHours
from hub.core.errors import Forbidden, NeedsConfirmation, NeedsReason
from hub.core.statuses import Author, DeliveryStatus, FilingStatus, Mode, RefusalReason
from hub.models import DocumentLink, OutboundMessage
from hub.observations import Asked
from hub.rerouting import Person, Why, reroute
from hub.sight import Viewer
from tests.stages.legs import claim_one, events_of, letters_of, message_of, record_one, try_once
from tests.stages.observed import WITH_TUPA, a_file, correct, file_at, lima, observe, say
from tests.stages.sector import make_sector

FRIDAY, MONDAY = lima("2026-11-20", 11, 2), lima("2026-11-23", 10)
ADMIN = Person("7")
OFFICER = Person("igp", Author.OFFICER)
WHY = Why(RefusalReason.NOT_COMPETENT, "Es un asunto de certificación ambiental")
HOURS = tuple(OpeningHours(day, time(8), time(16, 30)) for day in range(5))


@pytest.fixture
def leg(session, sector):
    """Filed at SERNANP's counter for IGP on Friday at 11:02; on its way."""
    return file_at(session, sector, FRIDAY).deliveries[0]


@pytest.fixture
def refused(session, sector, leg):
    try_once(session, leg, "ack", FRIDAY, held_since=FRIDAY)
    say(session, sector, leg, "refused", FRIDAY + timedelta(hours=1), reason=WHY.reason, text="No es de aquí")
    return leg


def admin():
    return Viewer(1, frozenset({"sector_admin"}))


# R-REC-6


@pytest.mark.rule("R-REC-6")
def test_after_twenty_four_hours_what_was_not_handed_over_is_red_and_a_breach_is_written_once(session, sector, leg):
    day_later = FRIDAY + timedelta(hours=24)
    assert alarms.alarms(session, sector, admin(), day_later - timedelta(seconds=1)).overdue == ()
    assert [one.leg.cuo for one in alarms.alarms(session, sector, admin(), day_later).overdue] == [leg.cuo]
    assert (alarms.write_overdue(session, day_later), alarms.write_overdue(session, day_later)) == (1, 0)
    (event,) = events_of(session, leg, "hand_over_overdue")
    assert event.happened_at == day_later


@pytest.mark.rule("R-REC-6")
def test_what_arrived_or_was_taken_at_its_own_counter_raises_no_alarm_of_hand_over(session, sector, leg):
    try_once(session, leg, "ack", FRIDAY, held_since=FRIDAY)
    file_at(session, sector, FRIDAY, counter_of="igp")
    delegated = file_at(session, sector, FRIDAY, destination="senace")
    late = alarms.overdue(session, FRIDAY + timedelta(days=3))
    assert [one.filing_id for one in late] == [delegated.id]


# R-REC-8


@pytest.mark.rule("R-REC-8")
def test_the_wrong_destination_is_mended_and_two_dates_are_kept(session, sector, refused):
    following = reroute(session, sector, refused.cuo, "senace", WHY, OFFICER, MONDAY, is_confirmed=True)
    filing = refused.filing
    assert (refused.status, following.status) == (DeliveryStatus.REROUTED, DeliveryStatus.QUEUED)
    assert (following.previous_id, following.purpose, following.mode) == (refused.id, "rerouted", Mode.REMITTANCE)
    assert (filing.presented_at, filing.considered_on, following.clock_start) == (FRIDAY, date(2026, 11, 20), None)
    tuesday = lima("2026-11-24")
    say(session, sector, following, "registered", tuesday, by="senace")
    assert (following.competent_body_had_it_at, following.clock_start) == (tuesday, date(2026, 11, 25))
    assert filing.considered_on == date(2026, 11, 20)


@pytest.mark.rule("R-REC-8")
def test_the_citizen_is_told_the_same_day_with_the_reason(session, sector, refused):
    following = reroute(session, sector, refused.cuo, "senace", WHY, OFFICER, MONDAY, is_confirmed=True)
    assert "rerouted" in letters_of(session, refused)
    letter = session.query(OutboundMessage).filter_by(once=f"rerouted:{following.cuo}").one()
    assert (letter.created_at, following.opened_because) == (MONDAY, WHY.text)


@pytest.mark.rule("R-REC-8")
def test_a_delegated_counter_that_re_routes_remits_like_everybody(session, sector):
    leg = file_at(session, sector, FRIDAY, destination="senace").deliveries[0]
    following = reroute(session, sector, leg.cuo, "igp", WHY, ADMIN, FRIDAY)
    assert (leg.status, following.mode, following.clock_start) == (DeliveryStatus.CANCELLED, Mode.REMITTANCE, None)
    assert message_of(session, leg).status == "void"
    assert session.query(DocumentLink).filter_by(delivery_id=leg.id).one().revoked_at == FRIDAY


@pytest.mark.rule("R-REC-8")
def test_a_re_routed_leg_carries_everything_corrections_included(session, sector, leg):
    try_once(session, leg, "ack", FRIDAY, held_since=FRIDAY)
    observation = observe(session, sector, leg, FRIDAY, notified=FRIDAY)
    correct(session, sector, observation, MONDAY, answers=("Ya la firmé",), files=(a_file(),))
    second = leg.filing.deliveries[-1]
    say(session, sector, second, "refused", MONDAY + timedelta(hours=1), reason=WHY.reason, text="No es de aquí")
    third = reroute(session, sector, second.cuo, "senace", WHY, ADMIN, MONDAY + timedelta(hours=2), is_confirmed=True)
    assert (third.corrects_cuo, third.answers) == ("", "Respuesta a lo observado: (1) Ya la firmé")
    assert [one.file_name for one in third.filing.documents] == ["solicitud.pdf", "firma.pdf"]


# R-REC-9


@pytest.mark.rule("R-REC-9")
def test_no_reason_of_the_list_goes_without_its_text(session, sector, refused):
    for silent in (Why(RefusalReason.NOT_COMPETENT, "  "), Why(RefusalReason.OTHER, "")):
        with pytest.raises(NeedsReason):
            reroute(session, sector, refused.cuo, "senace", silent, ADMIN, MONDAY, is_confirmed=True)
    assert refused.status is DeliveryStatus.REFUSED


@pytest.mark.rule("R-REC-9")
def test_the_chain_of_bodies_is_kept_and_a_loop_goes_to_a_person(session, sector, refused):
    leg, chain = refused, [refused.id]
    for to in ("senace", "igp", "senace", "igp"):
        leg = reroute(session, sector, leg.cuo, to, WHY, OFFICER, MONDAY, is_confirmed=True)
        assert leg.previous_id == chain[-1]
        chain.append(leg.id)
        say(session, sector, leg, "refused", MONDAY, by=to, reason=WHY.reason, text="No es de aquí")
    assert reroute(session, sector, leg.cuo, "senace", WHY, OFFICER, MONDAY, is_confirmed=True) is None
    assert reroute(session, sector, leg.cuo, "senace", WHY, OFFICER, MONDAY, is_confirmed=True) is None
    assert len(events_of(session, leg, "loop_stopped")) == 1
    assert leg.status is DeliveryStatus.REFUSED
    assert reroute(session, sector, leg.cuo, "senace", WHY, ADMIN, MONDAY, is_confirmed=True) is not None


@pytest.mark.rule("R-REC-9")
def test_a_leg_that_may_have_arrived_is_re_routed_only_by_a_confirmation_that_is_written_down(session, sector, leg):
    record_one(session, claim_one(session, leg, now=FRIDAY), "permanent", FRIDAY)
    assert leg.status is DeliveryStatus.FAILED
    with pytest.raises(NeedsConfirmation):
        reroute(session, sector, leg.cuo, "senace", WHY, ADMIN, MONDAY)
    reroute(session, sector, leg.cuo, "senace", WHY, ADMIN, MONDAY, is_confirmed=True)
    (event,) = events_of(session, leg, "rerouted")
    assert (event.said_by, event.data["is_confirmed"], event.data["reason"]) == ("7", True, "NO_COMPETE")


@pytest.mark.rule("R-REC-9")
def test_a_refusal_is_the_bodys_own_word_and_asks_no_confirmation(session, sector, refused):
    assert reroute(session, sector, refused.cuo, "senace", WHY, ADMIN, MONDAY) is not None
    (event,) = events_of(session, refused, "rerouted")
    assert (event.data["was"], event.data["is_confirmed"]) == ("refused", False)


@pytest.mark.rule("R-REC-9")
@pytest.mark.parametrize(("to", "code"), [("igp", "SAME_DESTINATION"), ("oefa", "DESTINATION_LEFT")])
def test_it_goes_to_another_body_and_to_one_that_exists(session, sector, refused, to, code):
    gone = {body.code: body for body in sector.entities} | {
        "oefa": replace(sector.entity("oefa"), left_on=date(2026, 1, 1), successor=None)
    }
    with pytest.raises(Forbidden) as caught:
        reroute(session, replace(sector, entities=tuple(gone.values())), refused.cuo, to, WHY, ADMIN, MONDAY)
    assert caught.value.code == code


@pytest.mark.rule("R-REC-9")
def test_a_body_that_left_is_replaced_by_its_successor(session, sector, refused):
    left = replace(sector.entity("oefa"), left_on=date(2026, 1, 1), successor="minam")
    now = replace(sector, entities=tuple(left if body.code == "oefa" else body for body in sector.entities))
    following = reroute(session, now, refused.cuo, "oefa", WHY, ADMIN, MONDAY, is_confirmed=True)
    assert following.destination_id == sector.entity("minam").id


@pytest.mark.rule("R-REC-9")
def test_what_was_refused_on_an_earlier_day_is_on_the_list_until_it_is_sent_on(session, sector, refused):
    same_day = FRIDAY + timedelta(hours=3)
    assert alarms.alarms(session, sector, admin(), same_day).refused == ()
    assert [one.leg.id for one in alarms.alarms(session, sector, admin(), MONDAY).refused] == [refused.id]
    rerouting.reroute(session, sector, refused.cuo, "senace", WHY, ADMIN, MONDAY, is_confirmed=True)
    assert alarms.alarms(session, sector, admin(), MONDAY).refused == ()


# R-REC-10


@pytest.mark.rule("R-REC-10")
def test_what_was_not_routed_when_its_counter_closed_is_on_the_clerks_and_the_supervisors_list(session):
    seat = CounterRecord("central", "Sede central", "Lima", "150101", is_principal=True, hours=HOURS)
    sector = make_sector(session, **WITH_TUPA | {"sernanp": {"counters": (seat,)}})
    filing = file_at(session, sector, FRIDAY)
    file_at(session, sector, FRIDAY, asked=Asked(("Falta la firma",)))  # observed: it is not to be routed
    after_closing = file_at(session, sector, lima("2026-11-20", 18))
    clerk = Viewer(2, frozenset({"clerk"}), filing.received_by_id, "central")
    for viewer in (clerk, admin(), replace(clerk, roles=frozenset({"seat_coordinator"}), counter_code="")):
        assert alarms.unrouted(session, sector, viewer, lima("2026-11-20", 16, 29)) == []
        (late,) = alarms.unrouted(session, sector, viewer, lima("2026-11-20", 18, 30))
        assert (late.filing.id, late.since) == (filing.id, lima("2026-11-20", 16, 30))
    monday = alarms.unrouted(session, sector, clerk, lima("2026-11-23", 16, 30))
    assert [one.filing.id for one in monday] == [filing.id, after_closing.id]
    other = Viewer(3, frozenset({"clerk"}), sector.entity("igp").id, "central")
    assert alarms.unrouted(session, sector, other, MONDAY) == []


@pytest.mark.rule("R-REC-10")
def test_what_is_routed_by_then_is_on_no_list(session, sector, leg):
    try_once(session, leg, "ack", FRIDAY, held_since=FRIDAY)
    assert alarms.unrouted(session, sector, admin(), lima("2026-11-25")) == []
    assert leg.filing.status is FilingStatus.DELIVERED
