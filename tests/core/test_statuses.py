"""The table of steps, read step by step, and what the citizen sees."""

import pytest

from hub.core.errors import ForbiddenStep
from hub.core.statuses import DELIVERY_STEPS, DeliveryStatus, FilingStatus, Movement, filing_status
from hub.models import Delivery

ALLOWED = {
    "queued": "sending sent failed cancelled registered observed refused",
    "sending": "sent queued failed registered observed refused",
    "sent": "registered observed refused failed",
    "failed": "queued sent rerouted cancelled registered observed refused",
    "registered": "observed refused",
    "observed": "corrected lapsed registered refused cancelled",
    "refused": "rerouted cancelled registered observed",
    "lapsed": "registered",
    "corrected": "",
    "rerouted": "",
    "cancelled": "",
}
PAIRS = [(a, b) for a in DeliveryStatus for b in DeliveryStatus if a is not b]


@pytest.mark.parametrize(("current", "wanted"), PAIRS, ids=lambda status: status.value)
def test_a_leg_takes_the_steps_of_the_table_and_no_other(current, wanted):
    leg = Delivery(status=current)
    if wanted.value in ALLOWED[current.value].split():
        assert leg.advance(wanted) is True
        assert leg.status is wanted
    else:
        with pytest.raises(ForbiddenStep):
            leg.advance(wanted)
        assert leg.status is current


def test_the_same_status_again_changes_nothing():
    for status in DELIVERY_STEPS:
        assert Delivery(status=status).advance(status) is False


def test_what_the_citizen_sees_follows_the_newest_leg_and_its_estado():
    assert filing_status(None, None) is FilingStatus.HELD
    assert filing_status(DeliveryStatus.FAILED, None) is FilingStatus.ON_ITS_WAY
    assert filing_status(DeliveryStatus.SENT, None) is FilingStatus.DELIVERED
    assert filing_status(DeliveryStatus.REGISTERED, Movement.ANSWERED) is FilingStatus.ANSWERED
    assert filing_status(DeliveryStatus.OBSERVED, Movement.IN_PROCESS) is FilingStatus.OBSERVED
    assert filing_status(DeliveryStatus.REGISTERED, None, is_withdrawn=True) is FilingStatus.WITHDRAWN
    assert {filing_status(status, None) for status in DeliveryStatus if status is not DeliveryStatus.CANCELLED}
