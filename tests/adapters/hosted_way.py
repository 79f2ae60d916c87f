"""The way to a body without a system: what its officer sees and does on the inbox's pages, over HTTP."""

import hashlib
import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import requests

from adapters.hosted import Hosted
from hub import delivery, inbox
from hub.clock import now
from hub.core.messages import DocumentRole, Filer
from hub.dispatch import Tools, rules_for
from hub.intake import Reception, Submission, SubmittedFile, receive
from hub.outcomes import Outcome, OutcomeKind, record
from hub.parcels import Addresses, parcel_of, sobre_of
from hub.wire import seal, sobre
from hub.worker import make_tools
from tests.adapters.parcels import SMALL, opener
from tests.fixtures.house import PASSWORD

BODY, OFFICER = "inaigem", "bandeja@inaigem.example"
FILER = Filer("dni", "10117410", "Ñahui Quispe, Rosa")


@dataclass
class HostedWay:
    """`adapter` as the worker uses it, and the officer's pages at `url`, where the cases look."""

    house: Any
    url: str
    tools: Tools
    browser: requests.Session
    claims: dict = field(default_factory=dict)
    adapter: Any = None
    patience: float = 5.0
    timeout: float = 1.0

    @property
    def entity(self):
        return self.house.directory.entity(BODY)

    @property
    def partner(self):
        return self.house.directory.partner(BODY)

    def parcel(self, contents=(SMALL,), **header):
        """A filing taken at SERNANP's counter, claimed and written as the worker does; its numbers are its own."""
        with self.house.session() as session:
            filing = receive(session, self.house.directory, self._submission(contents), COUNTER, now())
            session.commit()
            lease = timedelta(minutes=5)
            [claim] = delivery.claim(session, self.entity.id, "hosted", now(), lease=lease, cap=1000, batch=1)
            session.commit()
            documents, addresses = filing.documents, Addresses(self.url)
            values = sobre_of(claim.message, claim.delivery, documents, self.house.directory, addresses, now())
        self.claims[claim.delivery.cuo] = claim
        sealed = seal.seal(sobre.build(values), self.tools.signer)
        carried = [(document, opener_of(content)) for document, content in zip(documents, contents, strict=True)]
        return parcel_of(values, sealed, self.partner, self.house.directory.operator, carried, "")

    def _submission(self, contents):
        roles = (DocumentRole.MAIN, *(DocumentRole.ANNEX for _ in contents[1:]))
        store = self.house.services.store
        files = tuple(
            SubmittedFile(role, f"Documento Ñ {index}.pdf", "application/pdf", store.put(content))
            for index, (role, content) in enumerate(zip(roles, contents, strict=True))
        )
        return Submission(uuid4(), BODY, FILER, "solicitud", "", "Pide datos de un glaciar", 2, files)

    def held(self, cuo=None):
        """What the inbox lists: of one leg, what its page says and the digests of what it gives."""
        listed = re.findall(r'href="/bandeja/(\d{10})"', self._open("/bandeja"))
        if cuo is None:
            return listed
        return [self._read(one) for one in listed if one == cuo]

    def _read(self, cuo):
        page = self._open(f"/bandeja/{cuo}")
        links = re.findall(rf'href="(/bandeja/{cuo}/documentos/[0-9a-f-]+)"', page)
        documents = [self.browser.get(f"{self.url}{link}", timeout=10).content for link in links]
        registered = re.search(r'<strong class="mesa-number">([^<]+)</strong>', page)
        return {
            "cuo": cuo,
            "sha256s": [hashlib.sha256(document).hexdigest() for document in documents],
            "registry_number": registered and registered[1],
        }

    def let_register(self, cuo):
        """The officer presses "Registrarlo" and leaves the number to the hub."""
        page = self._open(f"/bandeja/{cuo}")
        form = {"csrf_token": csrf_of(page), "answer": "register", "unit": "Archivo"}
        self.browser.post(f"{self.url}/bandeja/{cuo}", data=form, timeout=10).raise_for_status()

    def _open(self, path):
        answer = self.browser.get(f"{self.url}{path}", timeout=10)
        answer.raise_for_status()
        return answer.text

    def eventually(self, find):
        ends = time.monotonic() + self.patience
        while not (found := find()) and time.monotonic() < ends:
            time.sleep(0.05)
        return found


COUNTER = Reception("counter", "sernanp", "principal")


class WrittenDown:
    """The hosted adapter, and its answers written down as the worker does: it is this that the page shows."""

    def __init__(self, way):
        self.way = way
        self.hosted = Hosted(now, self._shown)

    def _shown(self, ruc, cuo):
        with self.way.house.session() as session:
            return inbox.report(session, self.way.house.directory, ruc, cuo)

    def deliver(self, parcel):
        started_at = now()
        ack = self.hosted.deliver(parcel)
        outcome = Outcome(OutcomeKind.ACK, started_at, now(), held_since=ack.held_since)
        with self.way.house.session() as session:
            record(session, self.way.claims[parcel.cuo], outcome, rules_for(self.way.tools, self.way.entity), now())
            session.commit()
        return ack

    def status_of(self, partner, cuo):
        return self.hosted.status_of(partner, cuo)


def open_hosted_way(house, url):
    """The officer signs in at the pages that `house` serves at `url`."""
    browser = requests.Session()
    form = {"email": OFFICER, "password": PASSWORD}
    form["csrf_token"] = csrf_of(browser.get(f"{url}/ingresar", timeout=10).text)
    browser.post(f"{url}/ingresar", data=form, timeout=10).raise_for_status()
    way = HostedWay(house, url, make_tools(house.services.settings, house.engine), browser)
    way.adapter = WrittenDown(way)
    return way


def opener_of(content):
    return lambda object_key: opener(content)()


def csrf_of(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
