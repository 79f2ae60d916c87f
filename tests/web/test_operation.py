"""The operation's page: what is wrong and what to do, for who looks over the sector and for nobody else."""

from datetime import timedelta

import pytest

from hub.clock import now
from hub.core.monitoring import Condition, Kind
from hub.models import Heartbeat, OperatorAlert, Probe
from hub.monitoring import beats, probes, standing
from hub.monitoring.probes import Tried
from tests.fixtures.house import ADMIN
from tests.web.reading import text_of

DAY = timedelta(days=1)
DOWN = Condition(Kind.INSTITUTION_DOWN, "igp", details={"failures": 7})


@pytest.fixture
def clean(house):
    """What other tests need of the house stays as it was."""
    yield house
    with house.session() as session:
        for table in (OperatorAlert, Probe, Heartbeat):
            session.query(table).delete()
        session.commit()


def settle(house, *found):
    with house.session() as session:
        standing.settle(session, found, now(), DAY)
        session.commit()


def page(house):
    return text_of(house.signed_in(ADMIN).get("/operacion").text)


def test_nothing_wrong_is_said_and_so_is_that_no_worker_lives(clean):
    said = page(clean)
    assert "Todo está en orden" in said
    assert "Ningún repartidor da señales de vida" in said


def test_what_is_wrong_says_what_it_means_and_what_to_do_until_it_is_mended(clean):
    settle(clean, DOWN)
    said = page(clean)
    assert "IGP no responde (7 intentos seguidos fallaron)" in said
    assert "Nada se pierde" in said and "Llama a su contacto técnico" in said
    assert "docs/operate/institution-down.md" in said
    settle(clean)
    said = page(clean)
    assert "Todo está en orden" in said and "Lo último que se resolvió" in said


def test_what_machines_tried_and_which_workers_fell_silent_is_shown(clean):
    with clean.session() as session:
        probes.keep(session, "uno", (Tried("store"), Tried("tsa", "TIMEOUT")), now())
        beats.beat(session, "uno:77", now() - timedelta(minutes=30))
        beats.beat(session, "dos:78", now())
        session.commit()
    said = page(clean)
    assert "Sello de tiempoMal tarda demasiado" in said and "DocumentosBien" in said
    assert "Un repartidor da señales de vida" in said and "uno:77 calló sin despedirse" in said
