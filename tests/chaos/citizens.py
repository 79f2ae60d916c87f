"""Citizens of the portal: each page, piece and question is repeated until it is answered, by whichever web process."""

import hashlib
import random
import re
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

import requests

from tests.bench.papers import pdf_of
from tests.chaos.clients import GIVE_UP, NUMBER, Constancia
from tests.s3.alternating import Walker
from tests.web.citizen import DOCUMENT, PERSON

PIECE = 2 * 1024 * 1024
BODIES = ("igp", "senace")


class Refused(Exception):
    """An answer that trying again does not change."""


@dataclass
class Citizens:
    """`pace` is the mean pause in seconds between two filings. Some bring an annex of several S3 parts."""

    stack: object
    rng: random.Random
    pace: float
    constancias: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self):
        seed = self.rng.random()
        self.thread = threading.Thread(target=self._work, args=(random.Random(seed),), daemon=True)
        self.thread.start()

    def stop(self):
        """What was begun is brought to its end first."""
        self.stopping.set()
        self.thread.join(GIVE_UP)
        assert not self.thread.is_alive(), "a citizen never got an answer"

    def _work(self, rng):
        while not self.stopping.is_set():
            try:
                self.constancias.append(self._file(rng))
            except Refused as error:
                self.problems.append(f"a citizen was refused: {error}")
            self.stopping.wait(rng.expovariate(1 / self.pace))

    def _file(self, rng):
        subject, code = f"Por el portal {uuid4().hex[:8]}", rng.choice(BODIES)
        main, annex = pdf_of(subject), pdf_of(subject + "!") + rng.randbytes(3 * PIECE) if rng.random() < 0.4 else b""
        ana = until(lambda: Walker(self.stack.urls, code))
        told = {"para-que": {"purpose": "general"}, "quien": PERSON, "contacto": {"phone": "987654321"},
                "documento": DOCUMENT | {"subject": subject}}  # fmt: skip
        for page, typed in told.items():
            until(lambda page=page, typed=typed: answered(ana.post(page, **typed), 303))
        brings(ana, "solicitud.pdf", main, "main_document")
        if annex:
            brings(ana, "anexo.pdf", annex, "annexes")
        until(lambda: answered(ana.post("revisar", declaration="si"), 303))
        number = NUMBER.search(until(lambda: answered(ana.get("/presentar/listo"), 200)).text)[0]
        until(lambda: answered(ana.get("/presentar/listo/constancia.pdf"), 200))
        sent = tuple(hashlib.sha256(one).hexdigest() for one in (main, annex) if one)
        return Constancia("", subject, code, number, sent)


def until(ask):
    """What `ask` gives, once it is answered."""
    ends = time.monotonic() + GIVE_UP
    while True:
        try:
            return ask()
        except (requests.RequestException, AssertionError, TypeError, KeyError) as error:  # a page that is not it
            if time.monotonic() > ends:
                raise Refused(f"never answered: {error!r}") from error
            time.sleep(0.2)


def answered(answer, status):
    """The answer, where it is the one that was waited for; another try where something was away."""
    if answer.status_code == status:
        return answer
    if answer.status_code in (502, 503, 504) or answer.status_code == 409:
        raise requests.ConnectionError(f"{answer.status_code}")
    raise Refused(f"{answer.request.method} {answer.url}: {answer.status_code} {_words(answer.text)}")


def _words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))[:300]


def brings(ana, name, content, role):
    """A file in pieces, going on from where the hub says that it is."""
    path = until(lambda: answered(ana.sender.begin(name, len(content), role), 201)).headers["Location"]
    offset = 0
    while offset < len(content):
        try:
            sent = answered(ana.piece(path, offset, content[offset : offset + PIECE]), 204)
            offset = int(sent.headers["Upload-Offset"])
        except requests.RequestException:
            time.sleep(0.2)
            asked = until(lambda: answered(ana.sender.call("HEAD", path), 200))
            offset = int(asked.headers["Upload-Offset"])
