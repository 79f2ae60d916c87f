"""Sends the messages over kept connections, a few at once, and remembers what was answered to each."""

import http.client
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.fuzz.judging import Judged, judge
from tests.fuzz.spoiling import spoil

AT_ONCE = 4
PATIENCE = 10
"""Seconds that a call may take; who waits longer holds it for a hang."""
IDLE = 3
"""Seconds that a line is kept without a word; the server keeps it for five."""
OWN_SHARE = 0.3


@dataclass
class Told:
    """What came of the messages so far. `wrong`: (number of the message, its kind, why)."""

    codes: Counter = field(default_factory=Counter)
    kinds: Counter = field(default_factory=Counter)
    wrong: list = field(default_factory=list)
    slowest: float = 0.0
    bytes_sent: int = 0


class Fuzz:
    """`national` are real calls; `own` makes one of ours. The same seed and number give the same spoilt message."""

    def __init__(self, url, national, own, seed):
        self._place, self._national, self._own, self._seed = urlsplit(url).netloc, national, own, seed
        self._lines, self._lock = threading.local(), threading.Lock()
        self.told = Told()

    def message(self, number):
        """That message, spoilt."""
        chance = random.Random(f"{self._seed}/{number}")
        real = self._own.one(chance) if chance.random() < OWN_SHARE else chance.choice(self._national)
        return spoil(real, chance), chance.random() < 0.05

    def run(self, first, last):
        """Send those with the numbers from `first` up to `last`, which is left out."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._one, range(first, last)))

    def _one(self, number):
        sent, in_pieces = self.message(number)
        began = time.monotonic()
        judged = self._sent(sent, in_pieces)
        seconds = time.monotonic() - began
        with self._lock:
            self.told.codes[f"{'own' if sent.path.startswith('/soap/') else 'national'} {judged.code}"] += 1
            self.told.kinds[f"{sent.door} {sent.kind}"] += 1
            self.told.slowest = max(self.told.slowest, seconds)
            self.told.bytes_sent += len(sent.body)
            if judged.wrong or seconds > PATIENCE:
                self.told.wrong.append((number, f"{sent.kind} at {sent.path[:80]}", judged.wrong or f"{seconds:.0f} s"))

    def _sent(self, sent, in_pieces):
        if not hasattr(self._lines, "kept"):
            self._lines.kept, self._lines.at = http.client.HTTPConnection(self._place, timeout=PATIENCE), 0.0
        line = self._lines.kept
        if time.monotonic() - self._lines.at > IDLE:
            line.close()  # the server may have closed it meanwhile, as any client must expect
        body = (sent.body[at : at + 700] for at in range(0, len(sent.body), 700)) if in_pieces else sent.body
        try:
            line.request("POST", sent.path, body, sent.headers, encode_chunked=in_pieces)
            answer = line.getresponse()
            body = answer.read()
            self._lines.at = time.monotonic()
            return judge(sent.path, answer.status, answer.headers, body)
        except (OSError, http.client.HTTPException) as error:
            line.close()
            return Judged("no answer", f"{type(error).__name__}: {error}")
