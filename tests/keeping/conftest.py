"""A hub whose whole cluster may be lost: a server of its own, with real filings in it."""

import shutil
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.cli import main
from hub.embedded import place, postgres
from hub.keeping.shelf import Shelf
from hub.storage import Store
from tests.fixtures.database import engine_for
from tests.prototype import migrated
from tests.stages.office import ENTITIES, Office

PASSPHRASE = "una frase larga de prueba"


class Home:
    """`data` is MESA_DATA; `office` files; `shelf` is where copies go. `mesa(...)` is the command as it is typed."""

    def __init__(self, folder, monkeypatch, capsys):
        self.data, self.shelf = folder / "var", folder / "copias"
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.server = postgres.start(migrated(self.data / "postgres"), fast=True)
        self.engine = engine_for(self.server.url)
        self.office = Office(self.engine, self.server.url, self.data)
        shutil.copyfile(ENTITIES, self.data / "entities.yaml")
        for name, value in {
            "DATABASE_URL": self.server.url, "MESA_DATA": str(self.data), "MESA_TRACKING_SECRET": "de prueba",
            "MESA_ENTITIES": str(self.data / "entities.yaml"), "MESA_BACKUP_PASSPHRASE": PASSPHRASE,
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)

    def mesa(self, *arguments):
        self.capsys.readouterr()
        code = main(list(arguments))
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def now(self):
        """The server's instant, as an operator would write it."""
        with self.engine.connect() as connection:
            return connection.execute(text("select clock_timestamp()")).scalar_one().isoformat()

    def switch(self):
        """The log goes on in a new segment."""
        with self.engine.begin() as connection:
            connection.execute(text("select pg_logical_emit_message(true, 'test', 'x')"))
            connection.execute(text("select pg_switch_wal()"))

    def stop(self):
        for worker in self.office.workers:
            worker.tools.live_directory.stop()
            worker.engine.dispose()
        self.engine.dispose()
        self.server.stop()

    def lose_everything(self):
        """The machine burns: cluster, documents, keys."""
        self.stop()
        place.remove(self.data / "postgres")
        shutil.rmtree(self.data)

    def start_again(self):
        self.server = postgres.start(self.data / "postgres", fast=True)
        self.engine = engine_for(self.server.url)


@pytest.fixture
def home(monkeypatch, capsys):
    folder = Path(tempfile.mkdtemp(prefix="mesa-keep-"))
    house = Home(folder, monkeypatch, capsys)
    yield house
    house.stop()
    place.remove(house.data / "postgres")
    shutil.rmtree(folder)


@pytest.fixture
def shelf(tmp_path):
    shelf = Shelf(tmp_path / "copias")
    shelf.open_for_writing()
    return shelf


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "documents"))
