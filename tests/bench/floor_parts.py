"""The processes of the bare floor: the hub's door, its sender, and one institution."""

import os
import queue
import sqlite3
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
from hub.wire import seal, sobre, tokens
from hub.wire.keys import load_signer, make_demo_keys
from tests.bench.floor_http import Caller
from tests.bench.papers import pdf_of

HUB, BODY = "20492966658", "20131367008"
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
