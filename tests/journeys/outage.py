"""An institution that is down for a while under load: who loads, how long others take, in what order it took its own.

`Outage(stack, code)` hangs it, then kills it, then starts it again; `Load` files at a steady rate meanwhile.
"""

import json
import subprocess
import sys
import time

import psycopg2
import requests
import yaml

from tests.stack import ENTITIES, ROOT

HANGS = 10**6
WAITS = """
select extract(epoch from e.at - f.presented_at)
from filings f join entities d on d.id = f.destination_id join events e on e.filing_id = f.id and e.kind = 'sent'
where d.code = %s and f.presented_at >= to_timestamp(%s) and f.presented_at < to_timestamp(%s) order by 1
"""
QUEUED = """
select l.cuo from deliveries l join entities d on d.id = l.destination_id
join outbound_messages m on m.delivery_id = l.id and m.kind = 'sobre'
where d.code = %s order by m.created_at, l.id
"""
FAILED_SINCE = """
select distinct l.cuo from attempts a join outbound_messages m on m.id = a.message_id
join deliveries l on l.id = m.delivery_id join entities d on d.id = l.destination_id
where d.code = %s and a.started_at >= to_timestamp(%s) and a.outcome in ('temporary', 'cannot_tell')
"""
LEFT = "select count(*) from deliveries where status in ('queued', 'sending', 'failed')"


def declared(folder, code, in_flight):
    """The sector's declarations, with one institution that is given so many messages at once."""
    sector = yaml.safe_load(ENTITIES.read_text("utf-8"))
    [body] = [one for one in sector["entities"] if one["code"] == code]
    body["in_flight"] = in_flight
    changed = folder / "entities.yaml"
    changed.write_text(yaml.safe_dump(sector, allow_unicode=True), "utf-8")
    return changed


def asked(stack, query, *values):
    """The first column of a query's rows."""
    with psycopg2.connect(stack.server.url) as connection, connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def percentile(values, share):
    """Of sorted values."""
    assert values, "nothing was measured"
    return float(values[min(int(len(values) * share), len(values) - 1)])


class Load:
    """Clerks in a process of their own who file so many a second, to each institution in turn, for so many seconds."""

    def __init__(self, stack, rate, seconds):
        session = stack.session()
        cookie = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
        who = ["--host", "127.0.0.1", "--port", str(stack.ports["web"]), "--cookie", cookie, "--csrf", session.csrf]
        how = ["--rate", str(rate), "--seconds", str(seconds), "--clients", "4"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.load", *who, *how], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def figures(self, seconds):
        """What it took and refused, once it is done: within so many seconds."""
        said, _ = self.process.communicate(timeout=seconds)
        return json.loads(said)


class Outage:
    """One institution's bad hour. Instants are seconds of the epoch."""

    def __init__(self, stack, code):
        self.stack, self.code = stack, code
        self.began = self.ended = 0.0

    def begin(self):
        """It takes connections and answers none."""
        self.stack.control(self.code, hang=HANGS)
        self.began = time.time()

    def worsen(self):
        """Its machine is off."""
        self.stack.control(self.code, hang=0)
        self.stack.kill(self.code)

    def end(self):
        """It is back, as if nothing had been."""
        self.stack.start(self.code)
        until_true(self._answers, 20, f"{self.code} does not come back")
        self.ended = time.time()

    def _answers(self):
        try:
            return requests.get(f"http://127.0.0.1:{self.stack.ports[self.code]}/control", timeout=1).ok
        except requests.RequestException:
            return False

    def waited(self, other, since, until):
        """Seconds from filing to another institution's answer, of what was filed between two instants; sorted."""
        return asked(self.stack, WAITS, other, since, until)

    def overtaken(self):
        """For each document that it took, in the order in which it took them: how many older ones it took later.

        Those are not counted whose own try failed once more after it was back: nobody waits for them.
        """
        ages = {cuo: age for age, cuo in enumerate(asked(self.stack, QUEUED, self.code))}
        taken = [ages[entry["cuo"]] for entry in self.stack.held(self.code)]
        assert sorted(taken) == list(range(len(ages))), "each document is held, and once"
        again = {ages[cuo] for cuo in asked(self.stack, FAILED_SINCE, self.code, self.ended)}
        print(f"{len(taken)} were taken; {len(again)} had to be tried once more after it was back")
        return [sum(later < age for later in taken[place + 1 :] if later not in again)
                for place, age in enumerate(taken)]  # fmt: skip


def until_true(claim, seconds, sentence):
    ends = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < ends, sentence
        time.sleep(0.1)
