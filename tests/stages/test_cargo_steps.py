"""The table of steps, held against what a destination says: out of turn, twice, late."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.core.errors import ForbiddenStep
from hub.core.statuses import DELIVERY_STEPS, NEWS, DeliveryStatus, FilingStatus, RefusalReason
from hub.models import Observation
from tests.stages.legs import add_leg, events_of, later, letters_of, put

D = DeliveryStatus
KINDS = {D.REGISTERED: "registered", D.OBSERVED: "observed", D.REFUSED: "refused"}


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
