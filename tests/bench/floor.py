"""The bare floor: the same signatures, verifications, commits and POSTs in the same counts, with nothing around them.

For each filing: a POST that is written to disk and committed; a claim, the signed Sobre and its outcome committed; a
POST that the other side verifies, fetches one document for (a credential signed, checked and remembered), writes to
disk, and acknowledges signed; the Acuse verified; a signed Cargo POSTed back, verified, kept and applied, with a
commit for each.
The HTTP is read by hand from sockets, the SQL is written by hand, the processes are as many as the hub's.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg2

from hub.embedded import place, postgres
from tests.bench.floor_http import Caller, serve
from tests.bench.floor_parts import Body, Sender, Sides, Web
from tests.bench.papers import pdf_of
from tests.ports import free_port
from tests.stack import ROOT

SCHEMA = """
create table filing (id bigserial primary key, body text, at timestamptz default now(), claimed int default 0,
                     sealed bytea, sent_at timestamptz, registered_at timestamptz);
create index on filing (id) where claimed = 0;
create table seen (jti text primary key);
create table inbound (id bigserial primary key, filing bigint, raw bytea, status text);
"""
BACKLOG = 100
"""Filings taken and not yet registered, above which the load waits: what is measured is the whole way."""
DONE = "select count(*) from filing where registered_at is not null and sent_at is not null"


def play(role, folder, *rest):
    """Entry of each process of the floor."""
    folder = Path(folder)
    if role == "web":
        serve(int(rest[0]), Web(folder, rest[1]))
    elif role == "body":
        serve(int(rest[0]), Body(folder, int(rest[1])))
    else:
        sender = Sender(folder, rest[1], int(rest[0]))
        for _ in range(8):
            threading.Thread(target=sender.run, daemon=True).start()
        print("ready", flush=True)
        threading.Event().wait()


def measure(seconds=30.0, clients=8):
    """Filings per second of the floor, drain included; {"rate", "taken"}."""
    folder = Path(tempfile.mkdtemp(prefix="mesa-floor-"))
    for name in ("documents", "received"):
        (folder / name).mkdir()
    Sides(folder / "keys")
    server = postgres.start(folder / "postgres")
    hub_port, body_port = free_port(), free_port()
    with psycopg2.connect(server.url) as connection, connection.cursor() as cursor:
        cursor.execute(SCHEMA)
    roles = [("web", hub_port, server.url), ("web", hub_port, server.url), ("body", body_port, hub_port),
             ("sender", body_port, server.url)]  # fmt: skip
    processes = []
    try:
        for role, *rest in roles:
            command = [sys.executable, "-m", "tests.bench.floor", role, str(folder), *map(str, rest)]
            processes.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
            processes[-1].stdout.readline()
        return _load(server.url, hub_port, seconds, clients)
    finally:
        for process in processes:
            process.kill()
            process.wait()
        server.stop()
        place.remove(folder)


def _load(dsn, hub_port, seconds, clients):
    began, counts, done = time.monotonic(), [0] * clients, [0]
    body = pdf_of("piso")

    def work(number):
        caller = Caller()
        while time.monotonic() - began < seconds:
            if sum(counts) - done[0] > BACKLOG:
                time.sleep(0.01)
                continue
            caller.call(hub_port, "POST", "/filing", body)
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        while any(thread.is_alive() for thread in threads) or done[0] < sum(counts):
            cursor.execute(DONE)
            done[0] = cursor.fetchone()[0]
            connection.commit()
            time.sleep(0.1)
    return {"taken": sum(counts), "rate": sum(counts) / (time.monotonic() - began)}


if __name__ == "__main__":
    if len(sys.argv) > 2:
        play(*sys.argv[1:])
    else:
        print(json.dumps(measure(float(sys.argv[1]) if sys.argv[1:] else 30.0)))
