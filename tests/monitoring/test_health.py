"""Liveness and readiness: what is said is what is so, and says no more than that."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from hub import readiness
from hub.models.schema import _config
from hub.overseeing import beat, leave

ALIVE, READY, WHOLE = "/salud/vivo", "/salud/listo", "/salud/todo"


@pytest.fixture
def ask(web):
    """ask(path, **settings) -> the status and what is said, never from memory."""

    def asked(path, **settings):
        app = web(**settings)
        app.extensions.pop("mesa.readiness", None)
        answer = app.test_client().get(path)
        return answer.status_code, answer.get_json()

    return asked


def test_a_process_that_can_work_is_ready_and_without_a_worker_not_whole(ask, office):
    status, said = ask(READY)
    assert (status, said["estado"]) == (200, "listo")
    assert said["pruebas"] == {
        "base_de_datos": "bien", "tablas": "bien", "almacen": "bien", "repartidor": "ninguno en marcha",
    }  # fmt: skip
    assert ask(WHOLE)[0] == 503
    beat(office.tools)
    assert ask(WHOLE)[0] == 200
    late = replace(office.tools, clock=lambda: office.tools.clock() - timedelta(minutes=3))
    leave(office.tools)
    beat(late)
    assert ask(WHOLE)[1]["pruebas"]["repartidor"] == "sin latido"


def test_a_database_that_is_down_is_not_ready_and_the_process_lives(ask):
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    status, said = ask(READY, database_url=nowhere)
    assert (status, said["pruebas"]["base_de_datos"]) == (503, "no responde")
    assert "nobody" not in str(said)
    assert ask(ALIVE, database_url=nowhere) == (200, {"estado": "vivo"})


def test_a_store_that_takes_nothing_is_not_ready(ask, tmp_path):
    place = tmp_path / "elsewhere"
    assert ask(READY, documents=str(place))[0] == 200
    shutil.rmtree(place)
    place.write_text("a file where the folder was")
    status, said = ask(READY, documents=str(place))
    assert (status, said["pruebas"]["almacen"]) == (503, "no guarda")


def test_tables_that_lack_a_migration_are_not_ready(ask, office):
    with office.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0001'"))
    status, said = ask(READY)
    assert (status, said["pruebas"]["tablas"]) == (503, "faltan migraciones")
    with office.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    assert ask(READY)[0] == 200  # a newer program migrated: this one goes on working
    with office.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :it"), {"it": readiness.newest()})


def test_the_newest_migration_is_alembics_own_head():
    assert readiness.newest() == ScriptDirectory.from_config(_config()).get_current_head()
