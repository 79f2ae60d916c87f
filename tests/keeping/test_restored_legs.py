"""What waited or had stopped in a restored hub may be where it was going: no remedy sends it twice unasked."""

from datetime import timedelta

import pytest

from hub import remedies, rerouting, withdrawing
from hub.core.errors import Forbidden, NeedsConfirmation
from hub.core.statuses import DeliveryStatus, RefusalReason
from hub.keeping.righting import UNNUMBERED, set_right
from hub.models import Attempt
from hub.remedies import Order, Remedy
from hub.rerouting import Person, Why
from hub.routing import send_again
from tests.stages.legs import add_leg, leg_of, message_of, put
from tests.stages.sector import NOW, make_sector, take

WHY = Why(RefusalReason.NOT_COMPETENT, "Le toca a otra")


@pytest.fixture
def sector(session):
    return make_sector(session)


@pytest.fixture
def restored(session, sector):
    """(a leg by the national platform without its number, which stopped; one that waits)"""
    unnumbered, waiting = (take(session, sector)[1] for _ in range(2))
    message_of(session, unnumbered).channel = "pide"
    session.flush()
    set_right(session, NOW)
    session.expire_all()
    assert message_of(session, unnumbered).last_code == UNNUMBERED
    return unnumbered, waiting


def test_what_stopped_is_sent_again_only_when_that_is_confirmed_and_then_asked_about(session, restored):
    stopped, _ = restored
    (step,) = remedies.preview(session, None, Order(Remedy.AGAIN, (stopped.cuo,)))
    assert (step.code, step.needs_confirmation) == ("", True)
    with pytest.raises(NeedsConfirmation):
        send_again(session, stopped.cuo, "ya responde", "1", NOW, is_confirmed=False)
    send_again(session, stopped.cuo, "no lo tiene", "1", NOW, is_confirmed=True)
    assert (message_of(session, stopped).status, message_of(session, stopped).must_ask) == ("waiting", True)


def test_what_a_restore_of_an_earlier_version_had_asked_about_first_still_is(session, restored):
    stopped, _ = restored
    stopped.restored_at = None
    send_again(session, stopped.cuo, "no lo tiene", "1", NOW)
    assert message_of(session, stopped).must_ask


def goes_elsewhere_once_confirmed(session, sector, leg):
    (step,) = remedies.preview(session, sector, Order(Remedy.ELSEWHERE, (leg.cuo,), to="senace"))
    assert (step.code, step.needs_confirmation) == ("", True)
    with pytest.raises(NeedsConfirmation):
        rerouting.reroute(session, sector, leg.cuo, "senace", WHY, Person("1"), NOW)
    assert rerouting.reroute(session, sector, leg.cuo, "senace", WHY, Person("1"), NOW, is_confirmed=True)


def test_what_waits_or_stopped_is_sent_elsewhere_only_when_that_is_confirmed(session, sector, restored):
    for leg in restored:
        goes_elsewhere_once_confirmed(session, sector, leg)


def test_what_waits_or_stopped_is_not_taken_back_as_if_nobody_had_it(session, restored):
    for leg in restored:
        assert not withdrawing.can_be_taken_back(leg.filing, leg)
        with pytest.raises(Forbidden):
            withdrawing.take_back(session, leg.filing, "1", NOW)


def test_what_it_said_before_the_restore_says_nothing_of_the_lost_hours(session, restored):
    _, waiting = restored
    for minutes, still in ((-1, True), (1, False)):
        at = NOW + timedelta(minutes=minutes)
        session.add(Attempt(message_id=message_of(session, waiting).id, number=1, started_at=at, finished_at=at,
                            worker="w", outcome="has_not"))  # fmt: skip
        session.flush()
        assert rerouting.needs_confirmation(session, waiting) is still


@pytest.mark.parametrize("was", ["sent", "observed", "refused"])
def test_what_was_or_is_refused_is_decided_once_more_only_when_that_is_confirmed(session, sector, was):
    leg = take(session, sector)[1]
    put(session, leg, DeliveryStatus(was))
    set_right(session, NOW)
    put(session, leg_of(session, leg.cuo), DeliveryStatus.REFUSED)
    goes_elsewhere_once_confirmed(session, sector, leg)


def test_what_was_sent_on_what_ended_and_what_is_filed_afterwards_are_as_always(session, sector):
    followed, registered = (take(session, sector)[1] for _ in range(2))
    put(session, followed, DeliveryStatus.REFUSED)
    put(session, registered, DeliveryStatus.REGISTERED)
    add_leg(session, followed)
    set_right(session, NOW)
    session.expire_all()
    assert [leg_of(session, leg.cuo).restored_at for leg in (followed, registered)] == [None, None]
    new = take(session, sector)[1]
    assert withdrawing.can_be_taken_back(new.filing, new) and not rerouting.needs_confirmation(session, new)
