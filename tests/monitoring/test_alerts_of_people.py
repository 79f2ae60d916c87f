"""What waits for a person, a worker that is gone, a web that is gone: by our own alerts where one can tell, and by
the rules that we hand out over what a real hub says."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import inbound
from hub.clock import now
from hub.core.errors import PermanentFailure
from hub.core.ports import News, NewsKind
from hub.core.statuses import DeliveryStatus, InboundStatus, RefusalReason
from hub.dispatch import apply_news
from hub.models import InboundMessage
from hub.monitoring.figures import figures
from hub.overseeing import beat, leave
from hub.rerouting import Person, Why, reroute
from tests.fixtures.http import serving
from tests.monitoring.judge import PROMTOOL, firing, scraped
from tests.ports import free_port

MOVED = Why(RefusalReason.OTHER, "Le toca a otra")


@pytest.fixture
def news_too_late(office):
    """A body registers what was sent elsewhere meanwhile; gives how a person sets that aside."""
    office.institution.says["igp"] = [PermanentFailure("ESQUEMA_INVALIDO", raw=b"{}")] * 9
    cuo = office.file()
    office.work_until_is(cuo, DeliveryStatus.FAILED, 60)
    directory, ruc = office.tools.directory, office.tools.directory.entity("igp").ruc
    with Session(office.engine) as session:
        reroute(session, directory, cuo, "minam", MOVED, Person("x"), now(), is_confirmed=True)
        session.commit()
        said = News(NewsKind.REGISTERED, cuo, now(), ruc, registry_number="00077", raw=f"<cargo cuo='{cuo}'/>".encode())
        apply_news(session, office.tools, (said,))
        waits = select(InboundMessage.id).where(InboundMessage.status == InboundStatus.PARKED)
        (row_id,) = session.scalars(waits)

    def settle():
        with Session(office.engine) as session:
            inbound.set_aside(session, row_id, "ya lo atiende otra", "7", now())
            session.commit()

    office.institution.says["igp"] = []
    yield settle


def value(office, name, at=None):
    with Session(office.engine) as session:
        found = {one.name: one.samples for one in figures(session, office.tools.directory, at or now())}
    return [value for _, value in found[name]]


def test_news_that_do_not_fit_are_told_after_an_hour_until_a_person_decides(overseer, office, news_too_late):
    assert value(office, "mesa_parked_messages") == [1]
    overseer.at += timedelta(minutes=55)
    overseer.look()
    assert overseer.stands("parked_news") == []
    overseer.at += timedelta(minutes=5)
    overseer.look()
    assert overseer.alerts("parked_news")[0].details["count"] == 1
    news_too_late()
    overseer.look()
    assert overseer.told("parked_news") == ["opened", "closed"] and value(office, "mesa_parked_messages") == [0]


def test_a_worker_counts_while_it_beats_and_one_that_was_killed_no_more(office):
    leave(office.tools)
    assert value(office, "mesa_workers") == [0]
    beat(office.tools)
    assert value(office, "mesa_workers") == [1]
    assert value(office, "mesa_workers", now() + timedelta(minutes=3)) == [0]
    leave(office.tools)
    assert value(office, "mesa_workers") == [0]


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not on this machine")
def test_the_rules_fire_on_what_a_real_hub_says_while_it_lasts(office, web, tmp_path, news_too_late):
    app, port = web(), free_port()

    def told():
        return firing(tmp_path, ("MesaUnreachable", "MesaNoWorker", "MesaParkedNews"), scraped(port))

    assert told() == ["MesaUnreachable"]
    with serving(app, port):
        leave(office.tools)
        assert told() == ["MesaNoWorker", "MesaParkedNews"]
        beat(office.tools)
        assert told() == ["MesaParkedNews"]
        news_too_late()
        assert told() == []
        leave(office.tools)
        assert told() == ["MesaNoWorker"]
    assert told() == ["MesaUnreachable"]
