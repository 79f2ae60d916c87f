"""What both sides say of a leg, status by status."""

from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest

from hub.core.comparing import COMPARED, Gap, Ours, Theirs, gap, is_fresh, theirs_of
from hub.core.ports import Has, HasNot, News, NewsKind
from hub.core.statuses import DeliveryStatus as D

NOW = datetime(2026, 11, 20, 21, tzinfo=timezone.utc)
ALIKE = {
    ("sent", "held"), ("registered", "registered"), ("observed", "observed"), ("corrected", "observed"),
    ("corrected", "registered"), ("lapsed", "observed"), ("lapsed", "held"), ("refused", "refused"),
    ("refused", "observed"),
}  # fmt: skip


@pytest.mark.parametrize("status", COMPARED)
@pytest.mark.parametrize("state", ["held", "registered", "observed", "refused"])
def test_each_status_fits_what_it_fits_and_nothing_else(status, state):
    expected = None if (status.value, state) in ALIKE else Gap.DIFFERS
    assert gap(Ours(status), Theirs(state)) is expected


def test_who_took_it_must_have_it_and_who_never_got_it_need_not():
    assert {one: gap(Ours(one), HasNot()) for one in COMPARED} == {
        one: None if one in (D.FAILED, D.REFUSED) else Gap.LACKING for one in COMPARED
    }


def test_two_numbers_of_one_registration_differ_and_a_missing_one_does_not():
    ours = Ours(D.REGISTERED, "000077")
    assert gap(ours, Theirs("registered", "000078")) is Gap.DIFFERS
    assert gap(ours, Theirs("registered", "000077")) is gap(ours, Theirs("registered")) is None


def test_a_movement_that_we_never_heard_of_differs():
    ours = Ours(D.REGISTERED, moved_at=NOW)
    assert gap(ours, Theirs("registered", moved_at=NOW + timedelta(seconds=1))) is Gap.DIFFERS
    assert gap(ours, Theirs("registered", moved_at=NOW)) is None


def said(kind, minutes, **values):
    return News(kind, "0000000001", NOW + timedelta(minutes=minutes), "20131367008", uuid4(), **values)


def test_the_last_thing_said_counts_and_keeps_the_number():
    registered = said(NewsKind.REGISTERED, 0, registry_number="000077")
    moved, observed = said(NewsKind.MOVEMENT, 5), said(NewsKind.OBSERVED, 9)
    theirs = theirs_of(Has((registered, moved, observed)))
    assert (theirs.state, theirs.registry_number) == ("observed", "000077")
    assert theirs.moved_at == NOW + timedelta(minutes=5)
    assert theirs_of(Has()) == Theirs("held")


def test_of_two_said_for_the_same_instant_the_last_one_told_counts():
    registered, observed = said(NewsKind.REGISTERED, 0, registry_number="000077"), said(NewsKind.OBSERVED, 0)
    assert theirs_of(Has((registered, observed))).state == "observed"
    assert theirs_of(Has((observed, registered))).state == "registered"


def test_what_is_newer_than_the_grace_may_be_on_its_way():
    grace = timedelta(minutes=10)
    new, old = NOW - timedelta(minutes=9), NOW - timedelta(minutes=11)
    assert is_fresh(Ours(D.SENT, sent_at=new), HasNot(), NOW, grace)
    assert not is_fresh(Ours(D.SENT, sent_at=old), HasNot(), NOW, grace)
    assert is_fresh(Ours(D.SENT, sent_at=old), Theirs("registered", said_at=new), NOW, grace)
    assert not is_fresh(Ours(D.SENT, sent_at=new), Theirs("registered", said_at=old), NOW, grace)
