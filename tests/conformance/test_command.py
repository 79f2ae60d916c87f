"""`mesa conformance` and `mesa activate`: a signed report, kept, and a system that is connected by it or in writing."""

import json
import os
import subprocess
import sys
from argparse import Namespace

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from hub import connecting, entities, published
from hub.cli.complaint import Complaint
from hub.cli.conformance import activate_command
from hub.clock import now
from hub.core.errors import Forbidden
from hub.embedded.demokeys import make_keys
from hub.embedded.errors import EmbeddedError
from hub.embedded.newcomer import Newcomer
from hub.embedded.playground import make
from hub.entities import check_file, import_declared
from hub.models import Activation
from hub.wire.statements import REPORT, open_statement
from tests.fixtures.house import ENTITIES
from tests.fixtures.sandbox import Keys, Sandbox
from tests.ports import free_port


class Place:
    """A database with the demonstration's sector, its keys, and IGP's system whose hub is where a test listens."""

    def __init__(self, url, folder):
        self.url, self.folder, self.keys = url, folder, folder / "keys"
        make_keys(ENTITIES, self.keys)
        self.engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))
        with Session(self.engine) as session:
            import_declared(session, check_file(ENTITIES, keys=self.keys, environ={}, now=now()), now())
            session.commit()

    def mesa(self, *arguments):
        env = {**os.environ, "DATABASE_URL": self.url, "MESA_DATA": str(self.folder), "MESA_KEYS": str(self.keys),
               "MESA_ENTITIES": str(ENTITIES)}  # fmt: skip
        argv = [sys.executable, "-m", "hub.cli", *map(str, arguments)]
        return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120)

    def directory(self):
        with Session(self.engine) as session:
            return entities.load(session, now())


@pytest.fixture(scope="module")
def place(make_database, migrated_template, tmp_path_factory):
    found = Place(make_database(migrated_template), tmp_path_factory.mktemp("conformance"))
    yield found
    found.engine.dispose()


@pytest.fixture(scope="module")
def judged(place, tmp_path_factory):
    """(the finished command, the system's address, the folder of its report)"""
    keys, port, folder = Keys.__new__(Keys), free_port(), tmp_path_factory.mktemp("informe")
    keys.folder = place.keys
    pace = {"register_after": 0.05, "process_after": 0.05, "retry_first": 0.1}
    system = Sandbox("rest", "igp", folder / "igp", keys, f"http://127.0.0.1:{port}", options=pace)
    try:
        system.start()
        done = place.mesa("conformance", system.url, "--entity", "igp", "--escuchar", f"127.0.0.1:{port}",
                          "--salida", folder, "--paciencia", "20")  # fmt: skip
    finally:
        system.stop()
    return done, system.url, folder


def test_the_report_is_written_signed_and_for_people(place, judged):
    done, address, folder = judged
    assert done.returncode == 0, done.stdout + done.stderr
    both = json.loads((folder / "conformidad-igp.json").read_text())
    ca = (place.keys / "ca" / "crt.pem").read_bytes()
    assert open_statement(both["firma"], REPORT, [ca], now()) == both["informe"]
    assert both["informe"]["direccion"] == address and both["informe"]["aprobado"]
    page = (folder / "conformidad-igp.html").read_text()
    assert '<html lang="es">' in page and both["firma"] in page and "C-28" in page


def test_the_directory_shows_the_last_one(place, judged):
    with Session(place.engine) as session:
        reports = published.last_reports(session)
    told = published.content_of(place.directory(), [], reports, "")
    igp = next(one for one in told["entidades"] if one["codigo"] == "igp")
    assert igp["conformidad"]["aprobado"] and igp["conformidad"]["direccion"] == judged[1]


def test_a_system_is_connected_by_its_report(place, judged):
    done = place.mesa("activate", judged[1], "--entity", "igp", "--por", "Ana Rojas")
    assert done.returncode == 0, done.stderr
    assert place.directory().entity("igp").adapter.address == judged[1]


def test_another_address_needs_a_report_of_its_own_or_a_reason(place, judged):
    given = {"url": "http://127.0.0.1:9", "entity": "igp", "medio": "rest", "por": "Ana Rojas"}
    with pytest.raises(Complaint, match="mesa conformance"):
        activate_command(Namespace(**given, motivo=""), place.engine)
    activate_command(Namespace(**given, motivo="Piloto acordado por oficio"), place.engine)
    with Session(place.engine) as session:
        last = session.query(Activation).order_by(Activation.id.desc()).first()
    assert (last.by, last.reason, last.report_id) == ("Ana Rojas", "Piloto acordado por oficio", None)


def test_a_way_without_an_address_is_decided_in_writing(place):
    body = place.directory().entity("senace")
    with Session(place.engine) as session:
        with pytest.raises(Forbidden):
            connecting.activate(session, body, connecting.System("pull"), by="Ana", reason="", now=now())
        connecting.activate(session, body, connecting.System("pull"), by="Ana", reason="Sin puerto abierto", now=now())
        session.commit()
    assert place.directory().entity("senace").adapter.kind.value == "pull"


def test_a_report_that_failed_connects_nobody(place):
    body = place.directory().entity("senace")
    content = {"aprobado": False, "medio": "soap", "direccion": "http://x"}
    with Session(place.engine) as session:
        connecting.keep_report(session, body.id, content, "x", now())
        with pytest.raises(Forbidden):
            connecting.activate(
                session, body, connecting.System("soap", "http://x"), by="Ana", reason=" ", now=now()
            )


HERE = "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("way", "address", "kind"),
    [
        ("", "", "pull"), ("", HERE, "rest"), ("soap", HERE, "soap"), ("iotramite", HERE, "iotramite"),
        ("bandeja", "", "hosted"),
    ],
)  # fmt: skip
def test_a_playground_has_a_directory_that_can_be_imported(tmp_path, way, address, kind):
    make(tmp_path, Newcomer("tuya", address=address, way=way))
    checked = check_file(tmp_path / "entities.yaml", keys=tmp_path / "keys", environ={}, now=now())
    assert checked.is_importable, checked.errors
    ways = {one.code: one.adapter.kind.value for one in checked.directory.entities}
    assert ways == {"minam": "hosted", "otra": "rest", "tuya": kind}


@pytest.mark.parametrize(("way", "address"), [("soap", ""), ("bandeja", HERE)])
def test_a_playground_wants_an_address_where_the_hub_calls(tmp_path, way, address):
    with pytest.raises(EmbeddedError, match="--url"):
        make(tmp_path, Newcomer("tuya", address=address, way=way))


def test_a_playground_is_not_made_over_another_institutions(tmp_path):
    make(tmp_path, Newcomer("tuya"))
    make(tmp_path, Newcomer("tuya"))  # the same goes on
    for other in (Newcomer("otra"), Newcomer("tuya", ruc="20131367008")):
        with pytest.raises(EmbeddedError, match=r"ya está la mesa de pruebas de «tuya»"):
            make(tmp_path, other)
