"""Comparing both ends: what is lost, what is unknown and what differs is found, mended by people, and closes itself."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import balances, comparing, differences
from hub.clock import now
from hub.core.errors import NeedsReason, TemporaryFailure
from hub.core.ports import CannotTell, Has, Listed, NewsKind
from hub.core.statuses import DeliveryStatus, Movement
from hub.differences import Mend
from hub.dispatch import apply_news
from hub.models import AuditEntry, Comparison, Delivery, Difference, InstitutionState
from hub.reconciling import reconcile
from tests.stages.town import office, registered, town

__all__ = ["office", "town"]
D = DeliveryStatus


def test_what_they_lost_is_found_sent_again_and_closes_itself(town):
    cuo = town.sent()
    run = town.compares()  # the institution in memory knows nothing when it is asked
    assert (run.code, run.differing, run.equal) == ("", 1, 0)
    assert town.differ() == {cuo: ("lacking", "sent", "")}
    with pytest.raises(NeedsReason):
        town.mends(cuo, Mend.AGAIN, " ")
    town.mends(cuo, Mend.AGAIN)
    first = town.office.institution.handed[-1].message_id
    town.office.work_until_is(cuo, D.SENT)
    assert [one.message_id for one in town.office.institution.handed] == [first, first]
    town.office.institution.says_when_asked["igp"] = [Has(held_since=now())]
    assert town.compares().equal == 1
    assert town.differ() == {}
    with Session(town.office.engine) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "difference_again")).one()
        assert (entry.actor_id, entry.data["legs"], entry.data["reason"]) == (town.by, [cuo], "Llamé a sistemas")


def test_a_cargo_that_never_arrived_differs_and_so_does_another_number(town):
    cuo = town.sent()
    town.office.institution.says_when_asked["igp"] = [Has((registered(cuo),))]
    assert town.compares().differing == 1
    assert town.differ() == {cuo: ("differs", "sent", "registered")}
    with Session(town.office.engine) as session:
        (row,) = comparing.open_ones(session)
        assert row.details["their_number"] == "000077" and len(row.raw_digests) == 1


def test_what_moved_while_its_question_was_on_its_way_is_asked_again_and_no_difference(town):
    cuo = town.sent()

    def registers_meanwhile():
        with Session(town.office.engine) as session:
            apply_news(session, town.tools, (registered(cuo),))
        return Has(held_since=now())  # said before it registered

    town.office.institution.says_when_asked["igp"] = [registers_meanwhile]
    run = town.compares()
    assert (run.cannot_tell, run.differing, town.differ()) == (1, 0, {}) and run.until < run.started_at
    assert town.office.leg(cuo).status is D.REGISTERED
    town.office.institution.says_when_asked["igp"] = [Has((registered(cuo),))]
    assert town.compares().equal == 1


def test_what_could_not_be_told_is_asked_again(town):
    cuo = town.sent()
    for answer in (CannotTell(), Has(is_complete=False)):
        town.office.institution.says_when_asked["igp"] = [answer]
        run = town.compares()
        assert run.cannot_tell == 1 and run.until < run.started_at
    assert town.office.institution.asked == [cuo] * 2


def test_what_is_new_is_no_difference_yet(town):
    cuo = town.sent()
    town.tools = replace(town.tools, settings=replace(town.tools.settings, reconcile_grace=600.0))
    assert (town.compares().cannot_tell, town.differ()) == (1, {})
    fresh = replace(registered(cuo), happened_at=now())
    town.office.institution.says_when_asked["igp"] = [Has((fresh,))]
    assert (town.compares().cannot_tell, town.differ()) == (1, {})


def test_an_institution_that_does_not_answer_is_said_so_and_not_counted_as_equal(town):
    cuos = [town.sent() for _ in range(5)]
    town.office.institution.says_when_asked["igp"] = [TemporaryFailure("TIMEOUT") for _ in range(3)]
    run = town.compares()
    assert (run.code, run.cannot_tell, run.left_out, run.equal) == ("DOES_NOT_ANSWER", 3, 2, 0)
    assert run.until < run.started_at
    town.office.institution.says_when_asked["igp"] = [Has(held_since=now()) for _ in cuos]
    assert (town.compares().equal, town.differ()) == (5, {})


def test_nobody_is_asked_who_may_not_be_called(town):
    town.sent()
    entity = town.office.tools.directory.entity("igp")
    with Session(town.office.engine) as session:
        state = session.get_one(InstitutionState, entity.id)
        state.maintenance_from, state.maintenance_until = now() - timedelta(hours=1), now() + timedelta(hours=1)
        session.commit()
    run = town.compares()
    assert (run.code, run.left_out, town.office.institution.asked) == ("MAY_NOT_BE_CALLED", 1, [])


def test_more_than_is_asked_at_once_goes_on_the_next_time(town):
    for _ in range(4):
        town.sent()
    town.office.institution.says_when_asked["igp"] = [Has(held_since=now()) for _ in range(8)]
    town.tools = replace(town.tools, settings=replace(town.tools.settings, reconcile_most=3))
    run = town.compares()
    assert (run.code, run.equal, run.left_out) == ("", 3, 1)
    assert run.until < run.started_at


def test_what_a_person_explained_stays_explained_until_it_changes(town):
    cuo = town.sent()
    town.compares()
    town.mends(cuo, Mend.EXPLAIN, "Restauran su copia esta noche")
    town.compares()
    with Session(town.office.engine) as session:
        assert differences.count(session) == 0
        assert comparing.open_ones(session)[0].explained_at is not None
    town.office.institution.says_when_asked["igp"] = [Has((registered(cuo),))]
    town.compares()
    with Session(town.office.engine) as session:
        assert differences.count(session) == 1


def test_by_its_list_only_what_differs_is_asked_about(town):
    held, lost = town.sent(), town.sent()
    lines = [Listed(held, now() - timedelta(minutes=1)), Listed("9999999999", now() - timedelta(hours=2))]
    town.lists(lines)
    run = town.compares()
    assert (run.listed, run.equal, town.office.institution.asked) == (2, 0, [lost])
    assert town.differ() == {lost: ("lacking", "sent", ""), "9999999999": ("unknown", "", "held")}
    lines[:] = [Listed(held, now()), Listed(lost, now())]
    assert (town.compares().equal, town.differ()) == (0, {lost: ("lacking", "sent", "")}), "no list closes anything"
    town.office.institution.says_when_asked["igp"] = [Has(held_since=now())]
    assert (town.compares().equal, town.differ(), {*town.office.institution.asked}) == (1, {}, {lost})


def test_a_movement_that_was_lost_is_found_although_the_list_says_alike(town):
    moved, over = town.sent(), town.sent()
    lines = [Listed(one, now(), NewsKind.REGISTERED, "000077") for one in (moved, over)]
    town.lists(lines)
    with Session(town.office.engine) as session:
        both = update(Delivery).where(Delivery.cuo.in_((moved, over)))
        session.execute(both.values(status=D.REGISTERED, destination_registry_number="000077"))
        session.execute(update(Delivery).where(Delivery.cuo == over).values(movement=Movement.CLOSED))
        session.commit()
    answered = replace(registered(moved), kind=NewsKind.MOVEMENT, movement=Movement.ANSWERED, message_id=uuid4())
    town.office.institution.says_when_asked["igp"] = [Has((registered(moved), answered))]
    run = town.compares()
    assert (run.differing, run.equal, town.office.institution.asked) == (1, 0, [moved])
    assert town.differ() == {moved: ("differs", "registered", "registered")}
    town.tools = replace(town.tools, settings=replace(town.tools.settings, reconcile_most=3))
    with Session(town.office.engine) as session:
        session.execute(update(Difference).values(closed_at=now()))
        session.commit()
    assert (town.compares().left_out, town.office.institution.asked) == (0, [moved]), "a share of three is none"


def test_each_night_each_institution_once_whoever_works(town):
    town.sent()
    town.office.institution.says_when_asked["igp"] = [Has(held_since=now())] * 9
    town.at = now().replace(hour=9, minute=0)  # 04:00 in Peru
    night = replace(town.tools, settings=replace(town.tools.settings, reconcile_at="02:30"))
    other = replace(night, name="another worker")
    early = replace(night, clock=lambda: now().replace(hour=6, minute=0))
    assert reconcile(early) == 0
    assert reconcile(night) + reconcile(other) + reconcile(night) == 1
    with Session(town.office.engine) as session:
        entity = town.office.tools.directory.entity("igp")
        (row,) = balances.listed(session, entity)
        assert session.scalars(select(Comparison).where(Comparison.day.is_not(None))).one().day == row.day


def test_a_leg_that_is_on_its_way_is_not_asked_about(town):
    cuo = town.office.file("igp")
    assert (town.compares().equal, town.differ(), town.office.institution.asked) == (0, {}, [])
    assert town.office.leg(cuo).status is D.QUEUED


def test_what_was_taken_back_differs_no_more(town):
    cuo = town.sent()
    assert town.compares().differing == 1
    with Session(town.office.engine) as session:
        session.execute(update(Delivery).where(Delivery.cuo == cuo).values(status=D.REROUTED))
        session.commit()
    assert (town.compares().differing, town.differ()) == (0, {})
