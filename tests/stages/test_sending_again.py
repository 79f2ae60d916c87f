"""Sent again by a person: the same message, asking first, with a reason."""

import pytest

from hub.core.errors import Forbidden, NeedsConfirmation, NeedsReason
from hub.core.statuses import DeliveryStatus, OutboundStatus
from hub.routing import send_again
from tests.stages.legs import events_of, later, message_of, try_once
from tests.stages.sector import NOW


def test_a_failed_leg_is_sent_again_as_the_same_message_asking_first(session, leg):
    identity = message_of(session, leg).id
    try_once(session, leg, "permanent")
    send_again(session, leg.cuo, "ya corrigieron su dirección", "7", later(hours=80))
    message = message_of(session, leg)
    assert (message.id, message.status, message.must_ask) == (identity, OutboundStatus.WAITING, True)
    assert leg.status is DeliveryStatus.QUEUED
    (event,) = events_of(session, leg, "sent_again")
    assert (event.author, event.said_by) == ("admin", "7")
    try_once(session, leg, "temporary", later(hours=80))
    assert message_of(session, leg).status is OutboundStatus.WAITING  # its 72 hours begin anew


def test_sending_again_needs_a_reason_and_where_it_may_have_arrived_a_confirmation(session, leg):
    try_once(session, leg, "permanent")
    with pytest.raises(NeedsReason):
        send_again(session, leg.cuo, "  ", "7", NOW)
    with pytest.raises(NeedsConfirmation):
        send_again(session, leg.cuo, "falla corregida", "7", NOW, is_confirmed=False)


@pytest.mark.parametrize("kind", ["temporary", "ack", "taken"])
def test_only_a_failed_leg_is_sent_again(session, leg, kind):
    try_once(session, leg, kind, held_since=NOW)
    with pytest.raises(Forbidden):
        send_again(session, leg.cuo, "por si acaso", "7", NOW)


def test_a_leg_nobody_knows_is_not_sent_again(session):
    with pytest.raises(Forbidden):
        send_again(session, "9999999999", "por si acaso", "7", NOW)
