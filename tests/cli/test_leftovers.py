"""`mesa store leftovers`: what no row names is counted, and dropped only when it is asked for and old."""

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import update

from hub.cli import main
from hub.models import Document
from tests.stages.office import office

__all__ = ["office"]
LONG_AGO = time.time() - 10 * 86400


@pytest.fixture
def mesa(office, fresh_database_url, monkeypatch, capsys):
    """mesa(*arguments) -> (exit code, what was printed)."""
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("MESA_DATA", office.settings.data)

    def call(*arguments):
        code = main(["store", "leftovers", *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


@pytest.fixture
def lying(office):
    """(path of a document of a filing, path of what belongs to nothing), both old; and of the latter a young one."""
    store, folder = office.tools.store, Path(office.settings.documents_url)
    office.file()
    keys = [store.put(content).object_key for content in (b"de un escrito", b"de nadie", b"de nadie todavia")]
    with office.tools.sessions() as session:
        session.execute(update(Document).values(object_key=keys[0]))
        session.commit()
    paths = [folder / key for key in keys]
    for path in paths[:2]:
        os.utime(path, (LONG_AGO, LONG_AGO))
    return paths


def test_what_belongs_to_nothing_is_counted_and_nothing_is_dropped(mesa, lying):
    code, said = mesa()
    assert code == 0 and lying[1].name in said and lying[0].name not in said
    assert "Se miraron 2 objetos con más de 7 días. 1 no es de nada: bórralo con --borrar." in said
    assert all(path.exists() for path in lying)


def test_it_is_dropped_when_asked_for_and_nothing_else_is(mesa, lying):
    assert "1 no es de nada y se borró." in mesa("--borrar")[1]
    assert [path.exists() for path in lying] == [True, False, True]
    assert "Todos son de algún trámite" in mesa()[1]


def test_what_may_still_be_on_its_way_in_is_not_dropped(mesa, lying):
    code, said = mesa("--borrar", "--dias", "1")
    assert code == 1 and "no puede ser menos de 7" in said and lying[1].exists()
