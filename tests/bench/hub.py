"""The measure of the whole hub: filings taken by HTTP, delivered over REST and SOAP, cargo verified and recorded."""

import json
import subprocess
import sys
import time

import psycopg2

from tests.stack import ROOT, Stack

SETTINGS = {
    "MESA_LEASE": "60",
    "MESA_SWEEP": "1",
    "MESA_CALL_TIMEOUT": "30",
    "MESA_RETRY_FIRST": "20",
    "MESA_RETRY_CAP": "3600",
    "MESA_BREAKER_OPEN": "60",
    "MESA_ASK_AFTER": "600",
    "MESA_WORKER_BATCH": "16",
}
FLAGS = ["--register-after=0.2", "--process-after=-1", "--answer-after=-1"]
DONE = "select count(*) from deliveries where status = 'registered'"
WAITS = """
select extract(epoch from s.at - f.presented_at)
from filings f join events s on s.filing_id = f.id and s.kind = 'sent'
where f.presented_at >= to_timestamp(%s) and f.presented_at < to_timestamp(%s)
"""


def stack_of(folder, workers=1, web_workers=2, papers=0):
    """A hub with real fsync; institutions that register after 0.2 s; so many presses, with a time-stamp authority."""
    return Stack(
        folder,
        codes=("igp", "senace"),
        settings=SETTINGS,
        workers=workers,
        web_workers=web_workers,
        papers=papers,
        sandbox_flags=FLAGS,
    )


class Meter:
    """Loads one stack and reads its tables."""

    def __init__(self, stack):
        self.stack = stack
        session = stack.session()
        cookie = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
        port = str(stack.ports["web"])
        self.who = ["--host", "127.0.0.1", "--port", port, "--cookie", cookie, "--csrf", session.csrf]

    def load(self, seconds, *, rate=0.0, clients=8):
        """Run the load process; gives its figures with the instants (epoch seconds) at which it began and ended."""
        command = [sys.executable, "-m", "tests.bench.load", *self.who, "--seconds", str(seconds)]
        began = time.time()
        done = subprocess.run(
            [*command, "--rate", str(rate), "--clients", str(clients)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout) | {"began": began, "ended": time.time()}

    def ask(self, query, *values):
        with psycopg2.connect(self.stack.server.url) as connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def registered(self):
        return self.ask(DONE)[0][0]

    def drain(self, target, seconds=120):
        """Wait until so many are registered; gives the instant at which they were."""
        ends = time.monotonic() + seconds
        while self.registered() < target:
            assert time.monotonic() < ends, f"only {self.registered()} of {target} were registered"
            time.sleep(0.1)
        return time.time()

    def waits(self, began, ended):
        """Seconds from presented to acknowledged, sorted, of what was presented between two instants."""
        return sorted(float(row[0]) for row in self.ask(WAITS, began, ended))


def percentile(values, share):
    return values[min(int(len(values) * share), len(values) - 1)] if values else float("nan")


def maximum(meter, seconds=60, clients=8):
    """Filings per second end to end: taken, delivered and their cargo recorded, drain included."""
    before = meter.registered()
    figures = meter.load(seconds, clients=clients)
    ended = meter.drain(before + figures["taken"])
    waits = meter.waits(figures["began"], figures["ended"])
    return figures | {
        "rate": figures["taken"] / (ended - figures["began"]),
        "p50": percentile(waits, 0.5),
        "p95": percentile(waits, 0.95),
    }


def steady(meter, rate, seconds=600):
    """Open loop at `rate` for ten minutes: is p95 flat? Gives it for minutes two to four and for the last two."""
    before = meter.registered()
    figures = meter.load(seconds, rate=rate, clients=24)
    meter.drain(before + figures["taken"])
    share, began, ended = seconds / 600, figures["began"], figures["began"] + seconds
    early = meter.waits(began + 60 * share, began + 240 * share)
    late = meter.waits(ended - 120 * share, ended)
    everything = meter.waits(began, ended)
    return figures | {
        "rate": rate,
        "p50": percentile(everything, 0.5),
        "p95": percentile(everything, 0.95),
        "p95_early": percentile(early, 0.95),
        "p95_late": percentile(late, 0.95),
    }
