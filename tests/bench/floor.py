"""The bare floor: the same signatures, verifications, commits and POSTs in the same counts, with nothing around them.

For each filing: a POST that is written to disk and committed; a claim, the signed Sobre and its outcome committed; a
POST that the other side verifies, fetches one document for (a credential signed, checked and remembered), writes to
disk, and acknowledges signed; the Acuse verified; a signed Cargo POSTed back, verified, kept and applied, with a
commit for each.
The HTTP is read by hand from sockets, the SQL is written by hand, the processes are as many as the hub's.
"""

import json
import os
import queue
import socket
import socketserver
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg2

from hub.core.messages import (
    Acuse,
    Addressee,
    Cargo,
    CargoOutcome,
    DocumentRef,
    DocumentRole,
    Filer,
    Header,
    Sobre,
)
from hub.core.ports import TrustedCertificate
from hub.core.statuses import Mode
from hub.embedded import postgres
from hub.embedded.ports import free_port
from hub.wire import seal, sobre, tokens
from hub.wire.keys import load_signer, make_demo_keys
from tests.bench.papers import pdf_of
from tests.stack import ROOT

HUB, BODY = "20492966658", "20131367008"
SCHEMA = """
create table filing (id bigserial primary key, body text, at timestamptz default now(), claimed int default 0,
                     sealed bytea, sent_at timestamptz, registered_at timestamptz);
create index on filing (id) where claimed = 0;
create table seen (jti text primary key);
create table inbound (id bigserial primary key, filing bigint, raw bytea, status text);
"""
CLAIM = """
update filing set claimed = 1 where id = (
    select id from filing where claimed = 0 order by id for update skip locked limit 1
) returning id
"""


def now():
    return datetime.now(UTC)


class Sides:
    """Keys and trust of the hub and of one institution."""

    def __init__(self, folder):
        folder = Path(folder)
        bodies = {"minam": (HUB, "MINAM"), "igp": (BODY, "IGP")}
        make_demo_keys(folder, bodies, operator="minam", now=now())
        self.hub = load_signer(folder / "hub" / "envelope.key.pem", folder / "hub" / "envelope.crt.pem")
        self.body = load_signer(folder / "sandbox" / "igp.key.pem", folder / "entities" / "igp.crt.pem")
        far = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        held = {HUB: self.hub, BODY: self.body}
        self.known = {ruc: (TrustedCertificate(one.certificate_pem, *far),) for ruc, one in held.items()}

    def trust(self, ruc):
        return self.known.get(ruc, ())


def read_request(file):
    """One HTTP request or answer, by hand: its first line and its body."""
    first = file.readline()
    if not first:
        return None, b"", {}
    headers = {}
    while (line := file.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        headers[name.strip().lower()] = value.strip()
    return first, file.read(int(headers.get(b"content-length", 0))), headers


class Caller(threading.local):
    """One kept connection per thread and port."""

    def __init__(self):
        self.open = {}

    def call(self, port, method, path, body=b"", token=""):
        if port not in self.open:
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.open[port] = (connection, connection.makefile("rb"))
        connection, file = self.open[port]
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        return read_request(file)[1]


class Door(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while True:
            first, body, headers = read_request(self.rfile)
            if first is None:
                return
            method, path, _ = first.split(b" ", 2)
            token = headers.get(b"authorization", b"").decode()
            answer = self.server.answer(method.decode(), path.decode(), body, token)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = allow_reuse_port = daemon_threads = True
    request_queue_size = 128


def write_file(folder, data):
    path = folder / uuid4().hex
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


class Web:
    """The hub's door: takes filings, gives documents, takes cargos. Two processes of it, as the hub has."""

    def __init__(self, folder, dsn):
        self.sides, self.folder, self.dsn, self.local = Sides(folder / "keys"), folder, dsn, threading.local()
        self.document = pdf_of("piso")

    def database(self):
        if not hasattr(self.local, "connection"):
            self.local.connection = psycopg2.connect(self.dsn)
        return self.local.connection

    def answer(self, method, path, body, token):
        with self.database() as connection, connection.cursor() as cursor:
            if path == "/filing":
                write_file(self.folder / "documents", body)
                cursor.execute("insert into filing (body) values (%s) returning id", (body[:100].decode("latin-1"),))
                return str(cursor.fetchone()[0]).encode()
            if method == "GET":
                read = tokens.check_token(token, self.sides.trust, called_ruc=HUB, now=now())
                cursor.execute("insert into seen values (%s)", (str(read.jti),))
                return self.document
        opened = seal.open_sealed(body, self.sides.trust, receiver_ruc=HUB, now=now())
        number = int(opened.message.header.cuo)
        for statement in (
            "insert into inbound (filing, raw, status) values (%s, %s, 'kept')",
            "update inbound set status = 'applied' where filing = %s and raw = %s",
        ):
            with self.database() as connection, connection.cursor() as cursor:
                cursor.execute(statement, (number, body))
                if statement.startswith("update"):
                    cursor.execute("update filing set registered_at = now() where id = %s", (number,))
        return b"ok"


class Body:
    """The institution: verifies, fetches, keeps, acknowledges; then sends its cargo."""

    def __init__(self, folder, hub_port):
        self.sides, self.folder, self.hub_port, self.caller = Sides(folder / "keys"), folder, hub_port, Caller()
        self.lock, self.due = threading.Lock(), queue.Queue()
        for _ in range(8):
            threading.Thread(target=self.register_for_ever, daemon=True).start()
        self.held = sqlite3.connect(folder / "body.db", check_same_thread=False, isolation_level=None)
        self.held.executescript("pragma journal_mode=wal; pragma synchronous=full; create table held (cuo, raw, cargo)")

    def answer(self, _method, _path, body, _token):
        opened = seal.open_sealed(body, self.sides.trust, receiver_ruc=BODY, now=now())
        header = opened.message.header
        token = tokens.make_token(self.sides.body, caller_ruc=BODY, called_ruc=HUB, jti=uuid4(), now=now())
        write_file(self.folder / "received", self.caller.call(self.hub_port, "GET", "/document", token=token))
        with self.lock:
            self.held.execute("insert into held values (?, ?, 0)", (header.cuo, body))
        self.due.put((time.monotonic() + 0.2, header))
        return self.sealed(Acuse(self.back(header), opened.reference_digest, now()))

    def sealed(self, message):
        return seal.seal(sobre.build(message), self.sides.body)

    def back(self, header):
        return Header(uuid4(), BODY, HUB, header.filing_number, header.cuo, now(), answers=header.message_id)

    def register_for_ever(self):
        while True:
            due, header = self.due.get()
            time.sleep(max(0.0, due - time.monotonic()))
            self.register(header)

    def register(self, header):
        said = {"registry_number": header.cuo, "registry_year": "2026", "unit": "Mesa de Partes", "official": "Ana"}
        cargo = Cargo(self.back(header), CargoOutcome.REGISTERED, now(), **said)
        self.caller.call(self.hub_port, "POST", "/cargo", self.sealed(cargo))
        with self.lock:
            self.held.execute("update held set cargo = 1 where cuo = ?", (header.cuo,))


def a_sobre(number):
    """What the hub sends in its own measure: one document, a natural person."""
    document = DocumentRef(DocumentRole.MAIN, "solicitud.pdf", "application/pdf", 700, "ab" * 32, 1, "http://x/doc")
    return Sobre(
        header=Header(uuid4(), HUB, BODY, "2026-0001234-6", f"{number:010d}", now()),
        filer=Filer("dni", "10117410", "Ana Quispe Ñahui", phone="987654321"),
        addressee=Addressee(),
        document_type="solicitud",
        document_number="s/n",
        subject="Escrito de medida",
        folios=1,
        presented_at=now(),
        considered_on=now().date(),
        mode=Mode.REMITTANCE,
        counter="sernanp/principal",
        documents=(document,),
    )


class Sender:
    """The worker: claims, signs, sends, records. Its threads claim one filing each."""

    def __init__(self, folder, dsn, body_port):
        self.sides, self.dsn, self.body_port, self.caller = Sides(folder / "keys"), dsn, body_port, Caller()

    def run(self):
        connection = psycopg2.connect(self.dsn)
        while True:
            number = self.step(connection, CLAIM)
            if number is None:
                time.sleep(0.005)
                continue
            sealed = seal.seal(sobre.build(a_sobre(number)), self.sides.hub)
            self.step(connection, "update filing set sealed = %s where id = %s returning id", sealed, number)
            acuse = self.caller.call(self.body_port, "POST", "/sobres", sealed)
            seal.open_sealed(acuse, self.sides.trust, receiver_ruc=HUB, now=now())
            self.step(connection, "update filing set sent_at = now() where id = %s returning id", number)

    def step(self, connection, statement, *values):
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
        return row[0] if row else None


def serve(port, thing):
    server = Server(("127.0.0.1", port), Door)
    server.answer = thing.answer
    print("ready", flush=True)
    server.serve_forever()


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
        from hub.embedded import place

        place.remove(folder)


BACKLOG = 100
"""Filings taken and not yet registered, above which the load waits: what is measured is the whole way."""
DONE = "select count(*) from filing where registered_at is not null and sent_at is not null"


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
