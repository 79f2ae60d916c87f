"""Clerks who file without pause, and repeat the same form until they have its constancia, as a clerk would."""

import random
import re
import threading
import time
from dataclasses import dataclass, field
from itertools import cycle
from uuid import uuid4

import requests

from tests.bench.papers import pdf_of
from tests.stack import a_filing

NUMBER = re.compile(r"\b\d{4}-\d{7}-\d\b")
GIVE_UP = 180.0


@dataclass
class Constancia:
    """What a clerk has in hand."""

    form_token: str
    subject: str
    destination: str
    number: str
    sha256s: tuple = ()


@dataclass
class Clerks:
    """`pace` is the mean pause in seconds between two filings of one clerk."""

    stack: object
    destinations: tuple
    rng: random.Random
    pace: float
    count: int = 2
    constancias: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list = field(default_factory=list)

    def __post_init__(self):
        self.doors = cycle(self.stack.urls)

    def start(self):
        for number in range(self.count):
            seed = self.rng.random()
            thread = threading.Thread(target=self._work, args=(number, random.Random(seed)), daemon=True)
            thread.start()
            self.threads.append(thread)

    def stop(self):
        """Every form that was begun is brought to its end first."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(GIVE_UP)
            assert not thread.is_alive(), "a clerk never got an answer"

    def _work(self, number, rng):
        session = self._sign_in()
        serial = 0
        while not self.stopping.is_set():
            serial += 1
            subject = f"Escrito {number}-{serial} {uuid4().hex[:6]}"
            token, destination = str(uuid4()), rng.choice(self.destinations)
            number_given = self._until_answered(session, subject, token, destination)
            if number_given is None:
                self.problems.append(f"no constancia for {subject}")
                continue
            self.constancias.append(Constancia(token, subject, destination, number_given))
            if rng.random() < 0.1:  # the page is reloaded: the same form once more
                again = self._until_answered(session, subject, token, destination)
                if again != number_given:
                    self.problems.append(f"{subject} got {number_given} and then {again}")
            self.stopping.wait(rng.expovariate(1 / self.pace))

    def _sign_in(self):
        while True:
            try:
                return self.stack.session()
            except (requests.RequestException, AssertionError):
                time.sleep(0.3)

    def _until_answered(self, session, subject, token, destination):
        ends = time.monotonic() + GIVE_UP
        while time.monotonic() < ends:
            form = a_filing(session, destination, subject, form_token=token)
            files = {"main_document": ("solicitud.pdf", pdf_of(subject), "application/pdf")}
            door = f"{next(self.doors)}/mesa-de-partes/recepcion"
            try:
                answer = session.post(door, data=form, files=files, timeout=15)
            except requests.RequestException:
                time.sleep(0.2)
                continue
            found = NUMBER.search(answer.url) or NUMBER.search(answer.text)
            if answer.ok and found:
                return found[0]
            if answer.status_code == 422:
                self.problems.append(f"refused: {subject}: {answer.text[:500]}")
                return None
            time.sleep(0.2)
        return None
