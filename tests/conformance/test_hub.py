"""The hub keeps the cases that it asks of others: here an institution files at it, and judges how it is taken."""

import base64
import hashlib
import threading
from dataclasses import replace
from uuid import uuid4

import pytest
import requests

from adapters.conformance.ground import Ground, Sent
from adapters.conformance.hub_standin import StandIn
from adapters.conformance.running import ALL, run
from adapters.conformance.strangers import a_stranger
from adapters.conformance.ways import RestWay
from hub.clock import now
from hub.core.messages import DocumentRef, DocumentRole, Filer
from hub.core.ports import Partner, TrustedCertificate
from hub.outgoing import sign_waiting
from hub.wire.trusted import leaf_of
from hub.worker import make_tools
from tests.api.conftest import hub  # noqa: F401
from tests.conformance.places import said

NOT_ITS_OWN = {"C-04", "C-12", "C-13", "C-14", "C-17", "C-23", "C-24", "C-25", "C-26", "C-27", "C-28"}
"""What a destination does: the hub is given its documents before the Sobre, and gives no cargo of its own."""


class AtTheHub(Ground):
    """Sobres as an institution sends them: the documents are left first, and it goes to another body."""

    def sobre(self, contents=(b"%PDF-1.4 prueba",), **changes):
        refs = tuple(self.left(place, content) for place, content in enumerate(contents))
        header = replace(self.header(f"9{uuid4().int % 10**9:09d}"), filing_number="")
        filer = Filer("dni", "10117410", "Ana Rojas", ruc=self.own_ruc, business_name="Instituto")
        given = {"filer": filer, "destination_ruc": self.kept["to"]} | changes
        values = replace(self._values(header, refs), **given)
        return Sent(values, self.seal(values), ())

    def left(self, place, content):
        digest = hashlib.sha256(content).hexdigest()
        named = base64.b64encode(digest.encode()).decode()
        told = {"Upload-Length": str(len(content)), "Upload-Metadata": f"sha256 {named}"}
        there = self.call("POST", "/documentos", b"", **told)
        if there.headers["Upload-Offset"] != str(len(content)):
            path = there.headers["Location"].removeprefix("/api/v1")
            piece = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
            self.call("PATCH", path, content, **piece).raise_for_status()
        role = DocumentRole.MAIN if place == 0 else DocumentRole.ANNEX
        return DocumentRef(role, f"{place}.pdf", "application/pdf", len(content), digest)

    def call(self, method, path, body, **headers):
        sent = {"Authorization": f"Bearer {self.token()}", "Tus-Resumable": "1.0.0", **headers}
        return requests.request(method, self.way.address + path, data=body, headers=sent, timeout=20)


@pytest.fixture
def signing(hub):  # noqa: F811
    """A worker that signs what waits, every so often."""
    tools, stop = make_tools(hub.house.settings, hub.engine), threading.Event()

    def work():
        while not stop.wait(0.05):
            sign_waiting(tools)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()
    tools.live_directory.stop()


@pytest.fixture
def ground(hub, signing):  # noqa: F811
    leaf = leaf_of(hub.own_signer().certificate_pem)
    known = (TrustedCertificate(hub.own_signer().certificate_pem, leaf.valid_from, leaf.valid_until),)
    url = f"{hub.url}/api/v1"
    standin = StandIn(("127.0.0.1", 0), hub.ruc_of("igp"), lambda ruc: (), now)
    yield AtTheHub(
        Partner("minam", hub.ruc, "La mesa", "rest", url), hub.ruc_of("igp"), hub.signer("igp"), hub.signer("igp"),
        a_stranger(now()), lambda ruc: known, RestWay(url, 20.0), standin, now, standin.url, patience=20.0,
        timeout=20.0, kept={"to": hub.ruc_of("senace")},
    )  # fmt: skip
    standin.close()


def test_the_hub_keeps_every_case_of_who_takes_a_sobre(ground):
    report = run(ground, "rest", [case for case in ALL if case.number not in NOT_ITS_OWN])
    assert report.has_passed, said(report)
    assert len(report.judged) == len(ALL) - len(NOT_ITS_OWN)
