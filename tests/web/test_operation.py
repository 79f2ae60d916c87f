"""The operation's page: what is wrong and what to do, for who looks over the sector and for nobody else."""

from datetime import timedelta

import pytest

from hub.clock import now
from hub.core.monitoring import Condition, Kind
from hub.models import Heartbeat, OperatorAlert, Probe
from hub.monitoring import beats, probes, standing
from hub.monitoring.operator_letters import recipients
from hub.monitoring.probes import Tried
from tests.fixtures.house import ADMIN, AUDITOR, CLERK
from tests.web.reading import text_of
from tests.web.staff import make_user

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


def test_the_administrators_are_told_where_no_address_is_set(house):
    with house.session() as session:
        told = recipients(session, "")
        assert ADMIN in told and CLERK not in told
        assert recipients(session, "una@mesa.example, dos@mesa.example,") == ["una@mesa.example", "dos@mesa.example"]


def settle(house, *found):
    with house.session() as session:
        standing.settle(session, found, now(), DAY)
        session.commit()


def page(house):
    return text_of(house.signed_in(ADMIN).get("/operacion").text)


def tried(house, *tries, worker=True):
    with house.session() as session:
        probes.keep(session, "uno", tries, now())
        if worker:
            beats.beat(session, "uno:77:a", now())
        session.commit()


def test_all_is_in_order_only_where_a_worker_lives_and_nothing_fails(clean):
    said = page(clean)
    assert "Ningún repartidor da señales de vida" in said
    assert "Algo no está bien" in said and "Todo está en orden" not in said
    tried(clean, Tried("store"))
    assert "Todo está en orden" in page(clean)
    tried(clean, Tried("store", "STORE_SLOW"))
    said = page(clean)
    assert "DocumentosMal no responde a tiempo" in said
    assert "Algo no está bien" in said and "Todo está en orden" not in said


def test_what_nobody_knows_any_more_is_not_called_mended(clean):
    full = Condition(Kind.DISK_FILLING, "uno:/srv", details={"host": "uno", "percent": 3})
    settle(clean, full)
    with clean.session() as session:
        (telling,) = standing.settle(session, (), now(), DAY, seen={"dos"})
        assert telling.what is standing.Told.LOST
        session.commit()
    assert "Se dejó de saber: su máquina calló" in page(clean)


def test_the_operation_is_the_sectors_and_no_bodys(house):
    for roles, status in ((["auditor"], 404), (["officer"], 403)):
        assert house.signed_in(make_user(house, "igp", roles)).get("/operacion").status_code == status
    assert house.signed_in(AUDITOR).get("/operacion").status_code == 200


def test_what_is_wrong_says_what_it_means_and_what_to_do_until_it_is_mended(clean):
    settle(clean, DOWN)
    said = page(clean)
    assert "IGP no responde (7 intentos seguidos fallaron)" in said
    assert "Nada se pierde" in said and "Llama a su contacto técnico" in said
    assert "docs/operate/institution-down.md" in said
    settle(clean)
    tried(clean, Tried("store"))
    said = page(clean)
    assert "Todo está en orden" in said and "Lo último que se resolvió" in said


def test_what_machines_tried_and_which_workers_fell_silent_is_shown(clean):
    with clean.session() as session:
        probes.keep(session, "uno", (
            Tried("store"), Tried("tsa", "TIMEOUT"), Tried("disk:/srv", measured={"free": 1, "total": 20}),
            Tried("certificate:hub/seal", measured={"until": "2030-01-02T12:00:00+00:00"}),
        ), now())  # fmt: skip
        beats.beat(session, "uno:77", now() - timedelta(minutes=30))
        beats.beat(session, "dos:78", now())
        session.commit()
    said = page(clean)
    assert "Sello de tiempoMal tarda demasiado" in said and "DocumentosBien" in said
    assert "Disco /srvMal libre 5 %" in said and "Certificado hub/sealBien hasta el 02/01/2030" in said
    assert "Un repartidor da señales de vida" in said and "uno:77 calló sin despedirse" in said
