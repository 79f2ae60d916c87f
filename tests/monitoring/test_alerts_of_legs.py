"""Alerts about what travels: opened by what really happens to a leg, told once, closed when it is mended."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from hub import attending, breaker
from hub.attending import Chosen
from hub.clock import now
from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.needs import Kind as Needs
from hub.core.statuses import DeliveryStatus
from hub.delivery import lock_institution
from hub.models import InstitutionState
from hub.monitoring.figures import figures
from hub.monitoring.standing import closed_alerts
from hub.routing import send_again
from tests.monitoring.judge import PROMTOOL, firing
from tests.stages.sector import make_clerk

D = DeliveryStatus


def test_a_leg_that_stopped_is_told_once_and_closed_when_it_is_sent_again(overseer, office):
    office.institution.says["igp"] = [PermanentFailure("RECEPTOR_EQUIVOCADO", raw=b"{}")]
    cuo = office.file()
    office.work_until_is(cuo, D.FAILED)
    overseer.look(3)
    assert overseer.stands("stuck_delivery") == ["igp"]
    assert overseer.told("stuck_delivery") == ["opened"]
    with Session(office.engine) as session:
        send_again(session, cuo, "ya lo corrigieron", "operador", now(), is_confirmed=True)
        session.commit()
    office.work_until_is(cuo, D.SENT)
    overseer.look()
    assert overseer.stands("stuck_delivery") == []
    assert overseer.told("stuck_delivery") == ["opened", "closed"]
    with Session(office.engine) as session:
        stuck = next(one for one in closed_alerts(session) if one.kind == "stuck_delivery")
        assert stuck.details["count"] == 1


def rule(office, folder):
    """Whether the rule for Prometheus fires on the figures as they are; None without promtool."""
    with Session(office.engine) as session:
        found = {one.name: one.samples for one in figures(session, office.tools.directory, now())}
    assert found["mesa_deliveries"], "it is still a failed leg"
    return bool(firing(folder, ("MesaStuckDelivery",), found)) if PROMTOOL else None


def test_a_leg_that_a_person_took_care_of_is_told_no_more(overseer, office, tmp_path):
    office.institution.says["igp"] = [PermanentFailure("RECEPTOR_EQUIVOCADO", raw=b"{}")]
    cuo = office.file()
    office.work_until_is(cuo, D.FAILED)
    overseer.look()
    assert overseer.stands("stuck_delivery") == ["igp"] and rule(office, tmp_path) is not False
    with Session(office.engine) as session:
        chosen = Chosen(Needs.STOPPED, (cuo,))
        seen = frozenset(one.about for one in attending.chosen_needs(session, chosen, now()))
        attending.attend(session, replace(chosen, seen=seen), "Se lo llevamos en papel", make_clerk(session).id, now())
        session.commit()
    overseer.look()
    assert overseer.stands("stuck_delivery") == [] and not rule(office, tmp_path)


def test_a_queue_that_nobody_carries_is_told_and_closed_when_it_is_carried(overseer, office):
    cuo = office.file("senace")  # no worker carries it
    overseer.look()
    assert overseer.stands("queue_age") == []
    overseer.at += timedelta(minutes=31)
    overseer.look()
    assert overseer.stands("queue_age") == ["senace"]
    office.work_until_is(cuo, D.SENT)
    overseer.look()
    assert overseer.told("queue_age") == ["opened", "closed"]


def test_an_institution_that_is_down_is_told_by_its_name_and_not_by_its_queue(overseer, office):
    office.institution.says["igp"] = [TemporaryFailure("UNREACHABLE", may_have_arrived=False)] * 60
    cuos = [office.file() for _ in range(2)]
    office.work_until(lambda: office.message(cuos[0]).attempts + office.message(cuos[1]).attempts > 5)
    overseer.look()
    overseer.at += timedelta(minutes=40)
    overseer.look()
    assert overseer.stands("institution_down") == ["igp"]
    assert overseer.stands("queue_age") == []
    office.institution.says["igp"] = []
    for cuo in cuos:
        office.work_until_is(cuo, D.SENT)
    overseer.look()
    assert overseer.stands("institution_down") == []
    assert overseer.told("institution_down") == ["opened", "closed"]


@pytest.fixture
def waiting(overseer, office):
    """What waits at OEFA for three hours of the overseer's clock; and OEFA's state, to be changed."""
    cuo = office.file("oefa")
    office_id = office.tools.directory.entity("oefa").id
    yield partial(state_of, office, office_id)
    state_of(office, office_id, None, anew=True)
    office.work_until_is(cuo, D.SENT)


def state_of(office, entity_id, change, anew=False):
    with Session(office.engine) as session:
        lock_institution(session, entity_id)
        if anew:
            session.delete(session.get_one(InstitutionState, entity_id))
        else:
            change(session, session.get_one(InstitutionState, entity_id))
        session.commit()


def test_a_queue_that_is_held_for_a_window_is_told_only_when_it_does_not_go_afterwards(overseer, office, waiting):
    ends = overseer.at + timedelta(hours=3)

    def announced(_, state):
        state.maintenance_from, state.maintenance_until = overseer.at, ends

    waiting(announced)
    for at in (ends - timedelta(minutes=2), ends + timedelta(minutes=27)):
        overseer.at = at
        overseer.look()
        assert overseer.alerts("queue_age") == []
    overseer.at = ends + timedelta(minutes=30)
    overseer.look()
    assert overseer.stands("queue_age") == ["oefa"]


def test_a_queue_is_not_told_at_once_when_an_outage_ends(overseer, office, waiting):
    ends = overseer.at + timedelta(hours=3)
    policy = office.settings.breaker_policy

    def fell(session, state):
        for _ in range(policy.failures):
            breaker.count_failure(session, state.entity_id, policy, overseer.at)

    waiting(fell)
    waiting(lambda session, state: breaker.close(session, state.entity_id, ends))
    for minutes, told in ((1, []), (28, []), (30, ["oefa"])):
        overseer.at = ends + timedelta(minutes=minutes)
        overseer.look()
        assert overseer.stands("queue_age") == told


def test_an_institution_that_fails_now_and_then_does_not_hide_its_queue(overseer, waiting):
    overseer.at += timedelta(minutes=40)
    waiting(lambda _, state: setattr(state, "last_success_at", overseer.at - timedelta(minutes=1)))
    overseer.look()
    assert overseer.stands("queue_age") == ["oefa"]


def test_what_is_still_wrong_is_told_again_after_a_day(overseer, office):
    office.institution.says["oefa"] = [PermanentFailure("RECEPTOR_EQUIVOCADO", raw=b"{}")]
    office.work_until_is(office.file("oefa"), D.FAILED)
    overseer.look()
    for _ in range(2):
        overseer.at += timedelta(hours=25)
        overseer.look(2)
    assert overseer.told("stuck_delivery") == ["opened", "again", "again"]
    (alert,) = overseer.alerts("stuck_delivery")
    assert alert.times_told == 3
