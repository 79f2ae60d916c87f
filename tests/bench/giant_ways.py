"""The two ways of a huge document to an institution: a citizen's browser leaves it, or another body's own system."""

import base64
import os
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date
from uuid import uuid4

import requests
import yaml

from hub.clock import now
from hub.core.messages import Addressee, DocumentRef, DocumentRole, Filer, Header, Sobre
from hub.core.statuses import Mode
from hub.wire import seal, sobre
from hub.wire.keys import load_signer
from hub.wire.tokens import make_token
from tests.fixtures.house import a_pdf
from tests.stack import ROOT
from tests.web import test_filing_pieces
from tests.web.citizen import DOCUMENT, DRAFT, PERSON

PIECE = 1024 * 1024
LEAST, FIRST, MOST = PIECE, 4 * PIECE, 32 * PIECE
"""What the page's script sends in one request: twice as much after a quick one, half after a slow one."""
QUICK, SLOW = 1, 8
DECLARED = yaml.safe_load((ROOT / "config" / "entities.yaml").read_text())
BODIES = {one["code"]: str(one["ruc"]) for one in DECLARED["entities"]}


def sized(step, took):
    """The next step after one that took so many seconds."""
    if took < QUICK:
        return min(MOST, step * 2)
    return step if took < SLOW else max(LEAST, step // 2)


class Citizen:
    """A browser on the pages of the portal; the line is cut once in the middle of a piece."""

    def __init__(self, url, code="igp"):
        self.sender = test_filing_pieces.Sender(url, code)
        self.url = url

    def says(self, page, **typed):
        typed = {"csrf_token": self.sender.csrf} | typed
        answer = self.sender.browser.post(f"{self.url}{DRAFT}/{page}", typed, timeout=60, allow_redirects=False)
        assert answer.status_code == 303, answer.text

    def leaves(self, file, role="annexes"):
        """Send a file as the page's script does, and be cut in the middle of it."""
        size, offset, cut = file.stat().st_size, 0, file.stat().st_size // 2
        step = FIRST
        path = self.sender.begin(file.name, size, role).headers["Location"]
        with file.open("rb") as stream:
            while offset < size:
                stream.seek(offset)
                piece = stream.read(step)
                if cut and offset + len(piece) > cut:
                    self.sender.cut(path, offset, len(piece), piece[: len(piece) // 2])
                    time.sleep(0.5)
                    offset, cut = self.sender.offset(path), 0
                    print(f"  the browser's line was cut: it goes on from byte {offset}")
                    continue
                began = time.monotonic()
                offset = self._sent(path, offset, piece)
                step = sized(step, time.monotonic() - began)

    def _sent(self, path, offset, piece):
        """The offset after a piece; the last one is waited for as long as a browser would."""
        headers = test_filing_pieces.TUS | {
            "X-CSRFToken": self.sender.csrf, "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }  # fmt: skip
        answer = self.sender.browser.patch(self.url + path, piece, headers=headers, timeout=600)
        assert answer.status_code == 204, (answer.status_code, answer.text)
        return int(answer.headers["Upload-Offset"])

    def files(self, file, main):
        """Everything that the portal asks, the main document and the huge annex; presented at the end."""
        main.write_bytes(a_pdf(2))
        self.says("para-que", purpose="general")
        self.says("quien", **PERSON)
        self.says("contacto", phone="987654321")
        self.says("documento", **DOCUMENT)
        path = self.sender.begin(main.name, main.stat().st_size, "main_document").headers["Location"]
        self._sent(path, 0, main.read_bytes())
        self.leaves(file)
        self.says("revisar", declaration="si")


class Cut:
    """The bytes of a file from `offset` on; where `end` comes before its own, the line is cut there."""

    def __init__(self, file, offset, end):
        self.stream, self.size, self.end = file.open("rb"), file.stat().st_size - offset, end
        self.stream.seek(offset)

    def __len__(self):
        return self.size

    def read(self, count=-1):
        if self.end and self.stream.tell() >= self.end:
            raise ConnectionAbortedError
        return self.stream.read(PIECE if count < 0 else min(count, PIECE))


class System:
    """SENACE's system: it leaves the document in two calls, the first of which is cut, and sends its Sobre."""

    def __init__(self, stack):
        keys = stack.folder / "keys"
        self.url = stack.url
        self.signer = load_signer(keys / "sandbox" / "senace.key.pem", keys / "entities" / "senace.crt.pem")

    def headers(self, **more):
        token = make_token(
            self.signer, caller_ruc=BODIES["senace"], called_ruc=BODIES["minam"], jti=uuid4(), now=now()
        )
        return {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0", **more}

    def leaves(self, file, digest):
        named = base64.b64encode(digest.encode()).decode()
        told = {"Upload-Length": str(file.stat().st_size), "Upload-Metadata": f"sha256 {named}"}
        begun = requests.post(f"{self.url}/api/v1/documentos", headers=self.headers(**told), timeout=30)
        begun.raise_for_status()
        url = self.url + begun.headers["Location"]
        with suppress(requests.RequestException, ConnectionAbortedError):
            self.patch(url, file, 0, file.stat().st_size // 2)
        offset = self.settled(url)
        print(f"  the system's line was cut: it goes on from byte {offset}")
        self.patch(url, file, offset, 0).raise_for_status()

    def settled(self, url):
        """How far the hub is, once what came before the cut is on its disk."""
        before, offset = -2, -1
        while offset != before:
            time.sleep(1)
            before, said = offset, requests.head(url, headers=self.headers(), timeout=30)
            offset = int(said.headers["Upload-Offset"])
        return offset

    def patch(self, url, file, offset, end):
        told = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        return requests.patch(url, data=Cut(file, offset, end), headers=self.headers(**told), timeout=600)

    def files(self, file, digest):
        self.leaves(file, digest)
        header = Header(uuid4(), BODIES["senace"], BODIES["minam"], "", f"{os.getpid():010d}", now())
        size = file.stat().st_size
        ref = DocumentRef(DocumentRole.MAIN, file.name, "application/octet-stream", size, digest)
        filer = Filer("dni", "10117410", "Ana Rojas", ruc=BODIES["senace"], business_name="SENACE")
        values = Sobre(
            header, filer, Addressee(), "oficio", "s/n", "Un documento enorme", 1, now(), date.today(), Mode.OWN,
            "senace/principal", (ref,),
        )  # fmt: skip
        raw = seal.seal(sobre.build(replace(values, destination_ruc=BODIES["igp"])), self.signer)
        xml = {"Content-Type": "application/xml"}
        requests.post(f"{self.url}/api/v1/sobres", raw, headers=xml, timeout=120).raise_for_status()
