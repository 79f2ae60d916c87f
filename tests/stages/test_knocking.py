"""Institutions that did not answer are asked whether they do: each about its own, so many at once, one by itself."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from hub import knocking
from hub.clock import now
from hub.core.errors import PermanentFailure
from hub.core.ports import Has, HasNot, NewsKind
from hub.core.statuses import DeliveryStatus
from hub.knocking import knock
from hub.models import Delivery, InstitutionState, OutboundMessage
from tests.stages.legs import news
from tests.stages.office import office

__all__ = ["office"]
REST = ("igp", "senamhi")


class Asked:
    """Answers as it is told to; `cuos` are what each institution was asked about, `most` how many at once."""

    def __init__(self):
        self.cuos, self.says, self.now, self.most, self.lock = {}, HasNot(), 0, 0, threading.Lock()

    def status_of(self, partner, cuo):
        with self.lock:
            self.cuos[partner.code] = cuo
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.1)  # long enough for another to come in between, where another may
        with self.lock:
            self.now -= 1
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def down(office, *ids):
    """These do not answer, and may be tried again."""
    at = now()
    with office.tools.sessions() as session:
        session.execute(update(OutboundMessage).values(status="done"))
        session.execute(update(InstitutionState).where(InstitutionState.entity_id.in_(ids)).values(
            failures_in_a_row=5, times_opened=1, failing_since=at, opened_at=at, open_until=at - timedelta(seconds=1),
        ))  # fmt: skip
        session.commit()


def asking(office):
    asked = Asked()
    return asked, replace(office.tools, adapters=dict.fromkeys(office.tools.adapters, asked))


@pytest.fixture
def handed(office):
    """{code: CUO} of a leg that was handed to each, the older one first."""
    cuos = {code: office.file(code) for code in REST}
    with office.tools.sessions() as session:
        sent = {"handed_out_at": now(), "sent_at": now(), "status": DeliveryStatus.SENT}
        session.execute(update(Delivery).values(sent))
        session.commit()
    down(office, *(office.tools.directory.entity(code).id for code in REST))
    return cuos


def state_of(office, code):
    with office.tools.sessions() as session:
        return session.get(InstitutionState, office.tools.directory.entity(code).id)


def test_each_is_asked_about_a_leg_of_its_own(office, handed):
    asked, tools = asking(office)
    assert knock(tools) == 2
    assert asked.cuos == handed
    assert [state_of(office, code).open_until for code in REST] == [None, None]


def test_what_it_says_of_that_leg_is_taken(office, handed):
    asked, tools = asking(office)
    asked.says = Has((news(office.leg(handed["igp"]), NewsKind.REGISTERED, now(), registry_number="000017"),))
    knock(tools)
    assert office.leg(handed["igp"]).status is DeliveryStatus.REGISTERED


@pytest.mark.parametrize("may_have_arrived", [True, False])
def test_a_refusal_is_an_answer_but_not_where_it_was_never_called(office, handed, may_have_arrived):
    asked, tools = asking(office)
    asked.says = PermanentFailure("TLS", may_have_arrived=may_have_arrived)
    knock(tools)
    assert (state_of(office, "igp").opened_at is None) is may_have_arrived


def test_one_that_is_in_no_directory_yet_keeps_no_other_from_being_asked(office, handed):
    asked, tools = asking(office)
    known = tools.directory
    fewer = replace(known, entities=tuple(one for one in known.entities if one.code != "senamhi"))
    tools = replace(tools, live_directory=SimpleNamespace(current=lambda: fewer))
    knock(tools)
    assert asked.cuos == {"igp": handed["igp"]}


def test_no_more_are_asked_at_once_than_there_are_connections_for(office, handed, monkeypatch):
    monkeypatch.setattr(knocking, "AT_ONCE", 1)
    asked, tools = asking(office)
    assert knock(tools) == 2 and asked.most == 1
