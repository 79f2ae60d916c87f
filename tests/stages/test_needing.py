"""What needs a person: each kind is found when it begins to be so, narrowed to a leg, and gone when it was helped."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import attending, needing, rerouting, routing, undecided
from hub.attending import Chosen
from hub.cargos import apply
from hub.core.errors import Forbidden, NeedsReason
from hub.core.needs import Kind
from hub.core.statuses import DeliveryStatus, RefusalReason
from hub.figures.reading import Door, Narrow
from hub.figures.turns import Turn, turns
from hub.models import AuditEntry, LegNote, OutboundMessage
from hub.rerouting import Person, Why
from tests.stages.legs import later, news, put, try_once
from tests.stages.sector import NOW, a_submission, make_clerk, make_sector, take

ALL = Narrow()


@pytest.fixture
def directory(session):
    return make_sector(session)


def found(session, kind, now=NOW, narrow=ALL):
    return [one.cuo for one in needing.needs(session, narrow, now).get(kind, [])]


def a_leg(session, directory, destination="igp", now=NOW):
    return take(session, directory, a_submission(destination_code=destination), now)[1]


def test_in_a_house_without_trouble_nobody_is_needed(session, directory):
    a_leg(session, directory)
    assert needing.needs(session, ALL, NOW) == {}


def test_a_dead_letter_is_found_until_it_is_sent_again(session, directory):
    leg = a_leg(session, directory)
    try_once(session, leg, "permanent", code="SCHEMA_INVALID", may_have_arrived=False)
    (need,) = needing.needs(session, ALL, NOW)[Kind.STOPPED]
    assert (need.cuo, need.code, need.door.counter_code) == (leg.cuo, "SCHEMA_INVALID", "central")
    routing.send_again(session, leg.cuo, "Ya lo leen", "1", NOW)
    session.flush()
    assert found(session, Kind.STOPPED) == []


def test_what_was_not_handed_over_in_a_day_is_found_then(session, directory):
    leg = a_leg(session, directory)
    assert found(session, Kind.LATE, later(hours=23, minutes=59)) == []
    assert found(session, Kind.LATE, later(hours=24)) == [leg.cuo]


def test_a_refusal_is_found_until_it_leads_somewhere(session, directory):
    leg = a_leg(session, directory)
    apply(session, directory, news(leg, "refused", reason=RefusalReason.NOT_COMPETENT, text="No"), NOW)
    session.flush()
    assert found(session, Kind.REFUSED) == [leg.cuo]
    why = Why(RefusalReason.NOT_COMPETENT, "Le toca a otra")
    rerouting.reroute(session, directory, leg.cuo, "senace", why, Person("1"), NOW)
    session.flush()
    assert found(session, Kind.REFUSED) == []


def test_a_filing_that_went_round_four_times_is_found(session, directory):
    leg = a_leg(session, directory)
    for to in ("senace", "igp", "senace", "igp"):
        put(session, leg, DeliveryStatus.REFUSED)
        assert found(session, Kind.LOOP) == []
        why = Why(RefusalReason.NOT_COMPETENT, "Le toca a otra")
        leg = rerouting.reroute(session, directory, leg.cuo, to, why, Person("1"), NOW)
    put(session, leg, DeliveryStatus.REFUSED)
    assert found(session, Kind.LOOP) == [leg.cuo]


def test_a_term_that_ends_within_a_day_is_found(session, directory):
    leg = a_leg(session, directory)
    apply(session, directory, news(leg, "observed", items=("Falta la firma",)), NOW)
    session.flush()
    from hub.models import Observation

    one = session.query(Observation).one()
    one.correct_by = later(hours=30)
    session.flush()
    assert found(session, Kind.TERM) == []
    assert found(session, Kind.TERM, later(hours=7)) == [leg.cuo]


def first_letter(session, leg):
    mails = session.query(OutboundMessage).filter_by(filing_id=leg.filing_id, channel="mail")
    return mails.order_by(OutboundMessage.created_at, OutboundMessage.id).first()


def test_a_letter_that_came_back_is_found(session, directory):
    leg = a_leg(session, directory)
    letter = first_letter(session, leg)
    letter.status, letter.last_code = "dead", "MAIL_BOUNCED"
    session.flush()
    (need,) = needing.needs(session, ALL, NOW)[Kind.MAIL]
    assert (need.cuo, need.code) == (leg.cuo, "MAIL_BOUNCED")


@pytest.fixture
def admin(session):
    return make_clerk(session, "minam").id


def bounced(session, leg):
    letter = first_letter(session, leg)
    letter.status, letter.last_code, letter.attempts = "dead", "MAIL_BOUNCED", letter.attempts + 1
    session.flush()
    return letter


def attended(session, admin, kind, *legs, seen=None):
    """Take off the list what is shown of these legs."""
    chosen = Chosen(kind, tuple(leg.cuo for leg in legs))
    shown = frozenset(one.about for one in attending.chosen_needs(session, chosen, NOW)) if seen is None else seen
    return attending.attend(session, replace(chosen, seen=shown), "Lo llamé por teléfono", admin, NOW)


def test_what_was_attended_is_off_the_list_with_its_reason_until_it_happens_again(session, directory, admin):
    leg, other = a_leg(session, directory), a_leg(session, directory)
    bounced(session, leg)
    bounced(session, other)
    assert [one.cuo for one in attended(session, admin, Kind.MAIL, leg)] == [leg.cuo]
    assert found(session, Kind.MAIL) == [other.cuo]
    (note,) = session.scalars(select(LegNote).where(LegNote.filing_id == leg.filing_id))
    assert (note.text, note.by_user_id, note.delivery_id) == ("Lo llamé por teléfono", admin, leg.id)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.kind, entry.actor_id, entry.data["need"]) == ("need_attended", admin, "mail")
    assert (entry.data["legs"], entry.data["reason"]) == ([leg.cuo], note.text)
    bounced(session, leg)
    assert sorted(found(session, Kind.MAIL)) == sorted([leg.cuo, other.cuo])


def test_a_refusal_is_attended_and_a_second_one_of_the_same_leg_is_new(session, directory, admin):
    leg = a_leg(session, directory)
    for text in ("Ya lo tenemos", "Sigue siendo el mismo"):
        apply(session, directory, news(leg, "refused", reason=RefusalReason.DUPLICATE, text=text), NOW)
        session.flush()
        assert found(session, Kind.REFUSED) == [leg.cuo]
        attended(session, admin, Kind.REFUSED, leg)
        assert found(session, Kind.REFUSED) == []
        apply(session, directory, news(leg, "registered"), NOW)
        session.flush()


def test_each_kind_can_be_attended(session, directory, admin):
    leg = a_leg(session, directory)
    try_once(session, leg, "permanent", code="SCHEMA_INVALID", may_have_arrived=False)
    for kind, at in ((Kind.STOPPED, NOW), (Kind.LATE, later(days=2))):
        chosen = Chosen(kind, (leg.cuo,))
        seen = frozenset(one.about for one in attending.chosen_needs(session, chosen, at))
        assert attending.attend(session, replace(chosen, seen=seen), "Ya se vio", admin, at)
        assert found(session, kind, at) == []
    with pytest.raises(NeedsReason):
        attending.attend(session, Chosen(Kind.STOPPED, (leg.cuo,)), " ", admin, NOW)


def test_what_was_not_seen_is_not_attended(session, directory, admin):
    leg = a_leg(session, directory)
    letter = bounced(session, leg)
    seen = {f"{letter.id} {letter.attempts}"}
    bounced(session, leg)
    with pytest.raises(Forbidden):
        attended(session, admin, Kind.MAIL, leg, seen=seen)
    assert found(session, Kind.MAIL) == [leg.cuo]


@pytest.mark.parametrize("status", undecided.OVER)
def test_a_filing_that_is_over_needs_nobody(session, directory, status):
    leg = a_leg(session, directory)
    bounced(session, leg)
    put(session, leg, DeliveryStatus.REFUSED)
    assert found(session, Kind.MAIL) == found(session, Kind.REFUSED) == [leg.cuo]
    leg.filing.status = status
    session.flush()
    assert needing.needs(session, ALL, NOW) == {}


def test_the_newest_is_shown_however_many_are_older(session, directory):
    leg = a_leg(session, directory)
    session.add_all([
        OutboundMessage(kind="mail", channel="mail", filing_id=leg.filing_id, status="dead",
                        created_at=later(minutes=n), next_try_at=NOW) for n in range(needing.LISTED + 30)
    ])  # fmt: skip
    session.flush()
    since = [one.since for one in needing.needs(session, ALL, NOW)[Kind.MAIL]]
    assert since == sorted(since) and len(since) == needing.LISTED
    assert (since[0], since[-1]) == (NOW, later(minutes=needing.LISTED + 29))


def test_everything_is_narrowed_to_a_door_and_an_institution(session, directory):
    leg = a_leg(session, directory)
    there, elsewhere = directory.entity("igp").id, directory.entity("senace").id
    door = Door("counter", directory.entity("sernanp").id, "central")
    now = later(days=2)
    assert found(session, Kind.LATE, now, Narrow(door, there)) == [leg.cuo]
    assert found(session, Kind.LATE, now, Narrow(Door("online"))) == []
    assert found(session, Kind.LATE, now, Narrow(None, elsewhere)) == []


def test_the_oldest_comes_first(session, directory):
    young, old = a_leg(session, directory), a_leg(session, directory, now=NOW - timedelta(days=1))
    assert found(session, Kind.LATE, later(days=2)) == [old.cuo, young.cuo]


def of_the_sector(session, narrow=ALL):
    return turns(session, narrow).legs[Turn.SECTOR]


@pytest.mark.parametrize("kind", [Kind.STOPPED, Kind.REFUSED])
def test_what_a_person_took_care_of_is_the_sectors_turn_no_more(session, directory, admin, kind):
    leg, other = a_leg(session, directory, "senace"), a_leg(session, directory)
    for one, body in ((leg, "senace"), (other, "igp")):
        if kind is Kind.STOPPED:
            try_once(session, one, "permanent", code="SCHEMA_INVALID", may_have_arrived=False)
        else:
            said = news(one, "refused", by=body, reason=RefusalReason.DUPLICATE, text="Ya está")
            apply(session, directory, said, NOW)
    session.flush()
    assert of_the_sector(session) == 2
    attended(session, admin, kind, leg)
    assert of_the_sector(session) == 1
    assert of_the_sector(session, Narrow(None, leg.destination_id)) == 0
    assert of_the_sector(session, Narrow(Door("counter", directory.entity("sernanp").id, "central"))) == 1
    other.filing.status = "closed"
    session.flush()
    assert of_the_sector(session) == 0


def test_a_refusal_that_led_somewhere_is_the_sectors_turn_no_more(session, directory):
    leg = a_leg(session, directory)
    put(session, leg, DeliveryStatus.REFUSED)
    assert of_the_sector(session) == 1
    why = Why(RefusalReason.NOT_COMPETENT, "Le toca a otra")
    rerouting.reroute(session, directory, leg.cuo, "senace", why, Person("1"), NOW)
    assert of_the_sector(session) == 0


def test_a_leg_that_went_round_is_the_sectors_turn_until_each_of_its_needs_was_attended(session, directory, admin):
    leg = a_leg(session, directory)
    for to in ("senace", "igp", "senace", "igp"):
        put(session, leg, DeliveryStatus.REFUSED)
        why = Why(RefusalReason.NOT_COMPETENT, "Le toca a otra")
        leg = rerouting.reroute(session, directory, leg.cuo, to, why, Person("1"), NOW)
    put(session, leg, DeliveryStatus.REFUSED)
    for kind, left in ((Kind.REFUSED, 1), (Kind.LOOP, 0)):
        attended(session, admin, kind, leg)
        assert of_the_sector(session) == left
