"""Remedies for many legs: shown before they are done, each by itself, with a reason that is kept."""

from functools import partial

import pytest
from sqlalchemy import select

from hub import remedies, rerouting
from hub.core.errors import Forbidden, NeedsReason
from hub.core.statuses import DeliveryStatus, RefusalReason
from hub.models import AuditEntry, LegNote, User
from hub.remedies import Order, Remedy
from hub.rerouting import Person, Why
from hub.sight import Viewer
from tests.stages.legs import claim_one, events_of, later, leg_of, put, record_one, try_once
from tests.stages.sector import NOW, make_clerk, make_sector, take


@pytest.fixture
def directory(session):
    return make_sector(session)


@pytest.fixture
def admin(session):
    return make_clerk(session, "minam").id


def stopped(session, directory, **how):
    leg = take(session, directory)[1]
    try_once(session, leg, "permanent", code="SCHEMA_INVALID", **how)
    return leg


def shown(session, directory, remedy, *legs, **values):
    """The state in which a preview shows each leg."""
    steps = remedies.preview(session, directory, Order(remedy, tuple(leg.cuo for leg in legs), **values))
    return {step.leg.cuo: step.state for step in steps}


def carry_out(session, directory, admin, remedy, *legs, **values):
    values = {"reason": "Ya lo leen", "shown": shown(session, directory, remedy, *legs)} | values
    order = Order(remedy, tuple(leg.cuo for leg in legs), **values)
    return [step.code for step in remedies.carry_out(session, directory, order, admin, NOW)]


def test_what_may_have_arrived_is_sent_again_only_when_that_is_confirmed(session, directory, admin):
    leg = stopped(session, directory)
    (step,) = remedies.preview(session, directory, Order(Remedy.AGAIN, (leg.cuo,)))
    assert (step.code, step.needs_confirmation) == ("", True)
    assert carry_out(session, directory, admin, Remedy.AGAIN, leg) == ["CONFIRMATION_REQUIRED"]
    assert leg_of(session, leg.cuo).status is DeliveryStatus.FAILED
    assert carry_out(session, directory, admin, Remedy.AGAIN, leg, is_confirmed=True) == [""]
    assert leg_of(session, leg.cuo).status is DeliveryStatus.QUEUED


def test_a_preview_changes_nothing(session, directory):
    leg = stopped(session, directory)
    before = len(events_of(session, leg))
    for remedy in Remedy:
        remedies.preview(session, directory, Order(remedy, (leg.cuo, "9999999999"), to="senace"))
    assert (leg_of(session, leg.cuo).status, len(events_of(session, leg))) == (DeliveryStatus.FAILED, before)


def test_one_that_does_not_allow_it_stops_no_other(session, directory, admin):
    bad, well = stopped(session, directory), take(session, directory)[1]
    codes = carry_out(session, directory, admin, Remedy.AGAIN, well, bad, is_confirmed=True)
    assert codes == ["", "NOT_FAILED"]
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.kind, entry.data) == ("remedy_again", {"legs": [bad.cuo], "reason": "Ya lo leen"})


def test_refused_legs_go_to_another_body_together(session, directory, admin):
    legs = [take(session, directory)[1] for _ in range(3)]
    for leg in legs:
        put(session, leg, DeliveryStatus.REFUSED)
    assert carry_out(session, directory, admin, Remedy.ELSEWHERE, *legs, to="senace") == ["", "", ""]
    assert {leg_of(session, leg.cuo).status for leg in legs} == {DeliveryStatus.REROUTED}
    again = remedies.preview(session, directory, Order(Remedy.ELSEWHERE, (legs[0].cuo,), to="senace"))
    assert again[0].code == "NOT_REROUTABLE"


def test_what_changed_since_it_was_shown_is_left_whatever_was_ticked(session, directory, admin):
    """On its way at the preview; its try then times out: its first destination may have it."""
    other, leg = stopped(session, directory), take(session, directory)[1]
    mine = claim_one(session, leg)
    both = (Remedy.ELSEWHERE, leg, other)
    seen = shown(session, directory, *both)
    record_one(session, mine, "cannot_tell", later(seconds=30))
    assert leg_of(session, leg.cuo).status is DeliveryStatus.QUEUED
    for was in (seen, {other.cuo: seen[other.cuo]}):
        codes = carry_out(session, directory, admin, *both, to="senace", is_confirmed=True, shown=was)
        assert codes[-1] == "STATE_CHANGED" and leg_of(session, leg.cuo).status is DeliveryStatus.QUEUED
    assert leg_of(session, other.cuo).status is DeliveryStatus.REROUTED
    assert carry_out(session, directory, admin, Remedy.ELSEWHERE, leg, to="senace") == ["CONFIRMATION_REQUIRED"]


def test_a_paper_that_may_have_arrived_and_one_that_goes_round_are_confirmed_apart(session, directory, admin):
    leg = take(session, directory)[1]
    for to in ("senace", "igp", "senace", "igp"):
        put(session, leg, DeliveryStatus.REFUSED)
        why = Why(RefusalReason.NOT_COMPETENT, "Le toca a otra")
        leg = rerouting.reroute(session, directory, leg.cuo, to, why, Person("1"), NOW)
    try_once(session, leg, "permanent", code="SCHEMA_INVALID")
    (step,) = remedies.preview(session, directory, Order(Remedy.ELSEWHERE, (leg.cuo,)))
    assert (step.code, step.needs_confirmation, step.is_loop) == ("", True, True)
    move = partial(carry_out, session, directory, admin, Remedy.ELSEWHERE, leg, to="senace")
    assert move(is_confirmed=True) == ["LOOP_STOPPED"]
    assert move(is_loop_confirmed=True) == ["CONFIRMATION_REQUIRED"]
    assert leg_of(session, leg.cuo).status is DeliveryStatus.FAILED
    assert move(is_confirmed=True, is_loop_confirmed=True) == [""]


def test_its_own_destination_is_no_other(session, directory):
    leg = take(session, directory)[1]
    put(session, leg, DeliveryStatus.REFUSED)
    (step,) = remedies.preview(session, directory, Order(Remedy.ELSEWHERE, (leg.cuo,), to="igp"))
    assert step.code == "SAME_DESTINATION"


def test_a_note_is_kept_and_is_no_event(session, directory, admin):
    leg = take(session, directory)[1]
    before = len(events_of(session, leg))
    carry_out(session, directory, admin, Remedy.NOTE, leg, reason="  Llamé a sistemas  ")
    (note,) = session.scalars(select(LegNote)).all()
    assert (note.text, note.by_user_id, note.delivery_id) == ("Llamé a sistemas", admin, leg.id)
    assert len(events_of(session, leg)) == before


def test_a_note_says_who_wrote_it_and_is_read_by_who_may_see_its_leg(session, directory, admin):
    leg = take(session, directory)[1]
    carry_out(session, directory, admin, Remedy.NOTE, leg, reason="Llamé a sistemas")
    sector = Viewer(1, frozenset({"operator"}))
    (read,) = remedies.notes(session, leg.filing_id, sector)
    assert (read.text, read.at, read.by) == ("Llamé a sistemas", NOW, session.get_one(User, admin).name)
    own, other = (Viewer(1, frozenset({"auditor"}), row) for row in (leg.destination_id, leg.destination_id + 1))
    assert remedies.notes(session, leg.filing_id, own) == [read]
    assert remedies.notes(session, leg.filing_id, other) == []


def test_nothing_is_done_without_a_reason_or_a_leg(session, directory, admin):
    leg = stopped(session, directory)
    with pytest.raises(NeedsReason):
        carry_out(session, directory, admin, Remedy.AGAIN, leg, reason="  ")
    with pytest.raises(Forbidden):
        carry_out(session, directory, admin, Remedy.AGAIN)
