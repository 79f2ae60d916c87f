"""Two web processes and workers on one database and one S3 server: a whole journey, and the server killed.

Three workers with STORE=s3 (`make s3`); one in `make test`, which has no time for the start of two more.
"""

import hashlib
import os
import time

import psycopg2
import pytest
import requests

from hub.storage import Store
from tests.fixtures.house import a_pdf
from tests.s3.alternating import Walker
from tests.s3.server import Objects
from tests.stack import Stack

LEG = """
select f.verification_code, d.cuo, d.status from filings f join deliveries d on d.filing_id = f.id where f.subject = %s
"""
FILES = """
select x.object_key, x.sha256, x.size from documents x join filings f on f.id = x.filing_id where f.subject = %s
"""
PATIENCE = 60
WORKERS = 3 if os.environ.get("STORE") == "s3" else 1


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("s3")
    objects = Objects(folder / "objects", patience=0.5)
    flags = ["--register-after=0.1", "--process-after=-1", "--answer-after=-1"]
    with Stack(folder / "hub", codes=("igp",), workers=WORKERS, webs=2, web_workers=1, objects=objects,
               sandbox_flags=flags, fast_database=True) as found:  # fmt: skip
        yield found


def rows(stack, query, subject):
    with psycopg2.connect(stack.server.url) as connection, connection.cursor() as cursor:
        cursor.execute(query, (subject,))
        return cursor.fetchall()


def registered(stack, subject):
    """The verification code and the CUO of a filing, once its destination's cargo is here."""
    ends = time.monotonic() + PATIENCE
    while not (found := rows(stack, LEG, subject)) or found[0][2] != "registered":
        assert time.monotonic() < ends, (found, stack.tail("worker-0"))
        time.sleep(0.1)
    return found[0][:2]


def check_documents(stack, subject, count):
    """The documents of a filing are in S3, whole; gives their digests."""
    store, found = Store(stack.objects.address, stack.objects.account), rows(stack, FILES, subject)
    assert len(found) == count
    for key, sha256, size in found:
        known = store.known(key)
        assert (known.sha256, known.size) == (sha256, size)
    return {sha256 for _, sha256, _ in found}


def test_from_the_portal_to_the_cargo_through_two_web_processes_with_documents_in_s3(stack):
    subject, annex, main = "Por dos procesos web", os.urandom(9 * 1024 * 1024 + 7), a_pdf(2)
    ana = Walker(stack.urls)
    ana.types(subject)
    ana.brings("solicitud.pdf", main, "main_document")
    ana.brings("anexo.bin", annex)
    ana.presents()
    code, cuo = registered(stack, subject)
    page = ana.get(f"/seguimiento/{code}")
    assert page.ok and "Registrado" in page.text
    sent = {hashlib.sha256(one).hexdigest() for one in (main, annex)}
    assert check_documents(stack, subject, 2) == sent
    [held] = [one for one in stack.held("igp") if one["cuo"] == cuo]
    assert hashlib.sha256(main).hexdigest() in held["sha256s"]


def test_a_store_that_is_down_is_said_and_nothing_is_lost(stack):
    subject, content = "Con el almacén caído", a_pdf(2)
    ana = Walker(stack.urls)
    ana.types(subject)
    path = ana.sender.begin("solicitud.pdf", len(content), "main_document").headers["Location"]
    assert ana.piece(path, 0, content[:500]).status_code == 204
    stack.kill("objects")
    refused = ana.piece(path, 500, content[500:])
    assert (refused.status_code, bool(refused.headers["Retry-After"])) == (503, True)
    assert "No se perdió nada" in refused.text
    ready = requests.get(f"{stack.url}/salud/listo", timeout=30)
    assert (ready.status_code, ready.json()["pruebas"]["almacen"]) == (503, "no guarda")
    assert ana.get("/presentar/borrador").ok  # what needs no document goes on
    stack.start("objects")
    assert ana.sender.offset(path) == 500
    assert ana.piece(path, 500, content[500:]).status_code == 204
    ana.presents()
    registered(stack, subject)
    check_documents(stack, subject, 1)
