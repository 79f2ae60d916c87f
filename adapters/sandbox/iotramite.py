"""An entity of the national contract: `python -m adapters.sandbox.iotramite --help`.

It serves `wsiotramite/Tramite` (contract D) and, once a document is registered, calls the platform's cargoResponse
(contract A). It sends documents of its own too (`sender.py`). It is as strict as the real component: elements in order,
base64 twice, one document for each CUO.
"""

import argparse
import base64
import binascii
import hashlib
import json
import logging
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

from lxml import etree

from adapters.sandbox import platform
from adapters.sandbox.calls import Caller, NotTaken, Unreachable
from adapters.sandbox.door import Answer, Door, in_json, run
from adapters.sandbox.problems import Refused
from adapters.sandbox.reader import one_compiles
from adapters.sandbox.refusals import Refusals
from adapters.sandbox.sender import Sender
from adapters.sandbox.store import Controls, Store, next_number
from adapters.sandbox.wsdl import SCHEMAS, wsdl_at

NAMESPACE = "http://ws.wsiotramite.segdi.gob.pe/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSDL = SCHEMAS / "iotramite" / "Tramite.wsdl"
MOST_BYTES = 32 * 1024 * 1024
LIMA = timezone(timedelta(hours=-5))
TABLE = """CREATE TABLE IF NOT EXISTS tramites (
    id INTEGER PRIMARY KEY, vcuo TEXT NOT NULL, copy INTEGER NOT NULL, request TEXT NOT NULL,
    sha256s TEXT NOT NULL, received_at TEXT NOT NULL, due_at REAL NOT NULL, times_received INTEGER NOT NULL DEFAULT 1,
    tries INTEGER NOT NULL DEFAULT 0, cflgest TEXT NOT NULL DEFAULT 'P', registro TEXT,
    cargo_told INTEGER NOT NULL DEFAULT 0, UNIQUE (vcuo, copy))"""
REFUSED = 2
"""Of `cargo_told`: refused for good."""
PAPERS = "CREATE TABLE IF NOT EXISTS papers (sha256 TEXT PRIMARY KEY, pdf BLOB NOT NULL)"
log = logging.getLogger("sandbox")


class EntityControls(Controls):
    KEPT = (*Controls.KEPT, "idempotent")


class Entity:
    """What the entity keeps, and its clerk: a thread that downloads the annexes, registers, and sends the cargo."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.who, self.given = SimpleNamespace(code=given.code), given
        given.data.mkdir(parents=True, exist_ok=True)
        self.store = Store(given.data / "entity.sqlite")
        self.store.write(lambda db: [db.execute(table) for table in (TABLE, PAPERS)])
        self.controls = EntityControls(self.store)
        self.refusals = Refusals(self.store)
        if given.idempotent:
            self.controls.set({"idempotent": True})
        self.caller, self.stopping = Caller(), threading.Event()
        self.sender = Sender(self.store, self.caller, given)
        self.clerk = threading.Thread(target=self.work, daemon=True)

    def start(self, carry) -> None:
        self.clerk.start()

    def stop(self) -> None:
        self.stopping.set()
        self.clerk.join()
        self.store.close()

    def held(self) -> list[dict]:
        rows = self.store.read("SELECT * FROM tramites ORDER BY id")
        return [
            {
                "cuo": row["vcuo"],
                "message_id": None,
                "sha256s": json.loads(row["sha256s"]),
                "received_at": row["received_at"],
                "registry_number": json.loads(row["registro"])["vnumregstd"] if row["registro"] else None,
                "times_received": row["times_received"],
                "state": row["cflgest"],
                "request": json.loads(row["request"]),
            }
            for row in rows
        ]

    def receive(self, request: dict, pdf: bytes) -> bool:
        """Keep a document; on disk when it returns. False for a CUO that we hold already."""
        due = time.time() + self.given.register_after

        def keep(db) -> bool:
            known = db.execute("SELECT count(*) FROM tramites WHERE vcuo = ?", (request["vcuo"],)).fetchone()[0]
            if known and self.controls.get("deduplicate"):
                db.execute("UPDATE tramites SET times_received = times_received + 1 WHERE vcuo = ?", (request["vcuo"],))
                return False
            sha256 = hashlib.sha256(pdf).hexdigest()
            db.execute("INSERT OR IGNORE INTO papers VALUES (?, ?)", (sha256, pdf))
            now = datetime.now(timezone.utc).isoformat()
            db.execute(
                "INSERT INTO tramites (vcuo, copy, request, sha256s, received_at, due_at) VALUES (?, ?, ?, ?, ?, ?)",
                (request["vcuo"], known, json.dumps(request), json.dumps([sha256]), now, due),
            )
            return True

        return self.store.write(keep)

    def state_of(self, cuo: str) -> dict | None:
        """The answer to consultar. Like the real component, it leaves vcuo and vcuoref empty."""
        for row in self.store.read("SELECT * FROM tramites WHERE vcuo = ? ORDER BY copy", cuo):
            return json.loads(row["registro"] or "{}") | {"cflgest": row["cflgest"]}
        return None

    def work(self) -> None:
        """The clerk's day: whatever is due, one after the other; what fails is tried again, later each time.

        A cargo that the platform refuses for good waits for a person.
        """
        while not self.stopping.wait(0.1):
            waiting = "SELECT * FROM tramites WHERE cargo_told = 0 AND due_at <= ? ORDER BY due_at LIMIT 50"
            for row in self.store.read(waiting, time.time()) if self.given.register_after >= 0 else ():
                try:
                    self.attend(row)
                except NotTaken as error:
                    self.refusals.note(row["id"], row["vcuo"], "cargo", error)
                    log.error("CUO %s: its cargo is refused for good, not sent again: %s", row["vcuo"], error)
                    self.update(row["id"], "cargo_told = ?", REFUSED)
                except Exception as error:
                    wait = min(self.given.retry_first * 2 ** min(row["tries"], 20), self.given.retry_most)
                    log.warning("CUO %s, again in %s s: %s", row["vcuo"], wait, error)
                    self.update(row["id"], "tries = tries + 1, due_at = ?", time.time() + wait)

    def again(self, cuo: str) -> bool:
        """Send again a cargo that the platform refused: a person has mended the cause."""
        dropped = self.refusals.drop(cuo)
        for number in dropped:
            self.update(int(number), "cargo_told = 0")
        return bool(dropped)

    def attend(self, row) -> None:
        if row["registro"] is None:
            if self.controls.get("hold_registration"):
                return
            page, digests = json.loads(row["request"]).get("vurldocanx"), json.loads(row["sha256s"])
            if page:
                digests += platform.download(self.caller, page, self.given.data / "annexes")
                self.update(row["id"], "sha256s = ?", json.dumps(list(dict.fromkeys(digests))))
            self.register(row)
        elif not self.controls.get("hold_cargo"):
            platform.send_cargo(self.caller, self.given, row["vcuo"], json.loads(row["registro"]), row["cflgest"])
            self.update(row["id"], "cargo_told = 1")

    def register(self, row) -> None:
        """Our own number, or an observation: a refusal too is an observation here, for the contract has no other."""
        remark = self.controls.take("observe_next") or self.controls.take("refuse_next")
        now = datetime.now(LIMA)

        def write(db) -> None:
            number = f"{next_number(db, str(now.year)):06d}"
            cargo = platform.cargo_pdf(self.given.code, row["vcuo"], f"{number}-{now.year}", now)
            registro = {
                "vnumregstd": number, "vanioregstd": str(now.year), "vuniorgstd": self.given.counter,
                "dfecregstd": now.isoformat(timespec="milliseconds"), "vusuregstd": "OPERADOR DE DEMOSTRACIÓN",
                "bcarstd": base64.b64encode(base64.b64encode(cargo)).decode(),
            }  # fmt: skip
            if remark:
                registro["vobs"] = remark if isinstance(remark, str) else "No corresponde a esta entidad."
            db.execute(
                "UPDATE tramites SET registro = ?, cflgest = ?, tries = 0 WHERE id = ?",
                (json.dumps(registro), "O" if remark else "R", row["id"]),
            )

        self.store.write(write)

    def update(self, row_id: int, assignment: str, *values) -> None:
        sql = f"UPDATE tramites SET {assignment} WHERE id = ?"  # noqa: S608 - the assignments are ours
        self.store.write(lambda db: db.execute(sql, (*values, row_id)))


class EntityDoor(Door):
    """GET gives the WSDL; POST is a call, whatever SOAPAction says and with or without ?wsdl."""

    def body(self) -> bytes | None:
        announced = self.headers.get("Content-Length", "0")
        if not announced.isdecimal() or int(announced) > MOST_BYTES:
            self.close_connection = True
            return None
        return self.rfile.read(int(announced))

    def contract(self, method: str, path: str, body: bytes) -> Answer:
        if method == "GET":
            return Answer(200, wsdl_at(WSDL, "TramitePort", self.address()), "text/xml; charset=utf-8")
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        call = root.find(f"{{{SOAP}}}Body")[0]
        schema().assertValid(etree.ElementTree(call))
        operation = etree.QName(call).localname
        if operation == "recepcionarTramiteResponse":
            return answer(operation, self.take(call))
        if operation == "consultarTramiteResponse":
            found = self.server.institution.state_of(call.findtext("request"))
            if found is None:
                return answer(operation, {"vcodres": "0001", "vdesres": "DATOS NO ENCONTRADOS"})
            return answer(operation, {"vcodres": "0000", "vdesres": "DATOS ENCONTRADOS"} | found)
        return answer(operation, self.server.institution.sender.take_cargo(call))

    def control(self, method: str, path: str, body: bytes) -> Answer:
        """Besides the switches: what we send ourselves (`POST /control/send`), and what became of it."""
        sender = self.server.institution.sender
        if path == "/control/sent":
            return in_json(sender.sent())
        if path != "/control/send":
            return super().control(method, path, body)
        try:
            return in_json(sender.send(dict(json.loads(body))))
        except (ValueError, KeyError, TypeError) as error:
            return in_json({"title": f"Se espera un objeto JSON con to y subject: {error}"}, 400)
        except Unreachable as error:
            return in_json({"title": str(error)}, 502)

    def take(self, call: etree._Element) -> dict:
        request = {item.tag: item.text or "" for item in call[0] if item.tag not in ("bpdfdoc", "lstanexos")}
        request["lstanexos"] = [item.findtext("vnomdoc") for item in call[0].findall("lstanexos")]
        by_the_stack = base64.b64decode(call[0].findtext("bpdfdoc"))
        try:
            pdf = base64.b64decode(by_the_stack, validate=True)
        except binascii.Error:
            pdf = b""
        if not pdf.startswith(b"%PDF"):
            return {"vcodres": "0003", "vdesres": "El Documento Principal debe estar codificado en Base64"}
        institution = self.server.institution
        if not institution.receive(request, pdf) and not institution.controls.get("idempotent"):
            return {"vcodres": "-1"}  # UNIQUE (vcuo) fails, and the real component says no more than this
        return {
            "vcodres": "0000",
            "vdesres": f"El documento N° CUO {request['vcuo']} se encuentra a disposición para la recepción formal de "
            f"la entidad destinataria {institution.who.code.upper()} en los horarios de atención de su Mesa de Partes.",
        }

    def refuse(self, refused: Refused) -> Answer:
        """What cannot be read, or goes wrong, is -1 without a text, as in the real component."""
        return answer("recepcionarTramiteResponse", {"vcodres": "-1"})


def schema() -> etree.XMLSchema:
    """The types of the WSDL, compiled anew each time: errors of a shared one mix between threads."""
    types = etree.parse(str(WSDL)).find(".//{http://www.w3.org/2001/XMLSchema}schema")
    with one_compiles:
        return etree.XMLSchema(etree.fromstring(etree.tostring(types)))


ORDER = (
    "vcodres", "vdesres", "vnumregstd", "vanioregstd", "vuniorgstd", "dfecregstd", "vusuregstd", "bcarstd", "vobs",
    "cflgest",
)  # fmt: skip


def answer(operation: str, values: dict) -> Answer:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    response = etree.SubElement(body, f"{{{NAMESPACE}}}{operation}Response", nsmap={"ns2": NAMESPACE})
    item = etree.SubElement(response, "return")
    for name in ORDER:
        if name in values:
            etree.SubElement(item, name).text = values[name]
    return Answer(200, etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"), "text/xml; charset=utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--code", required=True)
    parser.add_argument("--ruc", required=True)
    parser.add_argument("--port", type=int, default=0, help="0: any free port, printed on the first line")
    parser.add_argument("--data", type=Path, required=True, help="folder where everything is kept")
    parser.add_argument("--hub-url", required=True, help="the platform; its contract A is at /services/PcmIMgdTramite")
    parser.add_argument("--hub-ruc", required=True)
    parser.add_argument("--register-after", type=float, default=2.0, help="seconds; negative: never")
    parser.add_argument("--retry-first", type=float, default=1.0, help="seconds, then doubling")
    parser.add_argument("--retry-most", type=float, default=30.0, help="seconds between tries at most")
    parser.add_argument("--counter", default="Mesa de Partes", help="unit that registers")
    parser.add_argument("--idempotent", type=int, default=0, help="1: answer 0000, not -1, to a CUO that we hold")
    for flag in ("--key", "--cert", "--hub-cert", "--process-after", "--answer-after"):
        parser.add_argument(flag, action="append", help="not used: this contract signs nothing and has no movements")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {given.code} %(levelname)s %(message)s")
    run(given.port, EntityDoor, Entity(given), lambda message: None)


if __name__ == "__main__":
    main()
