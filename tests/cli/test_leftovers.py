"""`mesa store leftovers`: what no row names is counted, and dropped only when it is asked for and old."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hub.cli import main
from hub.cli.leftovers import show_leftovers
from hub.clock import now
from hub.models import Document
from tests.stages.office import office

__all__ = ["office"]
LATER = now() + timedelta(days=10)
"""When the command is run; what lies there was written today."""


@pytest.fixture
def mesa(office, fresh_database_url, monkeypatch, capsys):
    """mesa(*arguments, at=LATER) -> (exit code, what was printed)."""
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("MESA_DATA", office.settings.data)

    def call(*arguments, at=None):
        if at is None:
            code = main(["store", "leftovers", *arguments])
        else:
            code = show_leftovers(office.engine, office.settings, days=7, drop=arguments != (), clock=lambda: at)
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
        store.discard(session.scalars(select(Document.object_key)).one())
        session.execute(update(Document).values(object_key=keys[0]))
        session.commit()
    paths = [folder / key for key in keys]
    youth = (LATER - timedelta(days=1)).timestamp()
    os.utime(paths[2], (youth, youth))
    return paths


def test_what_belongs_to_nothing_is_counted_and_nothing_is_dropped(mesa, lying):
    code, said = mesa(at=LATER)
    assert code == 0 and lying[1].name in said and lying[0].name not in said
    assert "Se miraron 2 objetos con más de 7 días. 1 no es de nada: bórralo con --borrar." in said
    assert all(path.exists() for path in lying)


def test_it_is_dropped_when_asked_for_and_nothing_else_is(mesa, lying):
    assert "1 no es de nada y se borró." in mesa("--borrar", at=LATER)[1]
    assert [path.exists() for path in lying] == [True, False, True]
    assert "Todos son de algún trámite" in mesa(at=LATER)[1]


def test_what_may_still_be_on_its_way_in_is_not_dropped(mesa, lying):
    code, said = mesa("--borrar", "--dias", "1")
    assert code == 1 and "no puede ser menos de 7" in said and lying[1].exists()


def test_a_name_given_today_to_bytes_of_long_ago_is_young(office, lying):
    store, long_ago = office.tools.store, now().timestamp() - 10 * 86400
    os.utime(lying[1], (long_ago, long_ago))
    copied = store.copy(f"{lying[1].parent.name}/{lying[1].name}")
    assert copied not in list(store.keys(now() - timedelta(days=7)))


def test_what_is_not_the_hubs_is_not_looked_at(office, mesa, lying):
    theirs = Path(office.settings.documents_url) / "informes" / "2026.pdf"
    theirs.parent.mkdir()
    theirs.write_bytes(b"de otro sistema")
    assert "y se borró" in mesa("--borrar", at=LATER)[1]
    assert theirs.exists() and not lying[1].exists()
