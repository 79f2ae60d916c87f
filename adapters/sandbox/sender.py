"""What an entity of the national contract sends itself: a number, the document, and the cargo that comes back.

The row is written before the call, so that a lost answer can be looked up by its number; it is P until the platform
says 0000, then E, and R or O by the cargo. `S` and whatever else an entity keeps for itself never travels.
"""

import base64
import hashlib
import json
from datetime import datetime, timedelta, timezone

from lxml import etree

from adapters.sandbox.calls import Caller, Unreachable
from adapters.sandbox.platform import NAMESPACE, SOAP, cargo_pdf
from adapters.sandbox.store import Store

CUO_NAMESPACE = "http://pcm.pide.gob.pe/webservice"
LIMA = timezone(timedelta(hours=-5))
TABLE = """CREATE TABLE IF NOT EXISTS enviados (
    id INTEGER PRIMARY KEY, vcuo TEXT NOT NULL UNIQUE, estado TEXT NOT NULL, dicho TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL, cargo TEXT)"""
RECEPCION = (
    "vrucentrem", "vrucentrec", "vnomentemi", "vuniorgrem", "vcuo", "vcuoref", "ccodtipdoc", "vnumdoc", "dfecdoc",
    "vuniorgdst", "vnomdst", "vnomcardst", "vasu", "snumanx", "snumfol", "bpdfdoc", "vnomdoc", "lstanexos",
    "vurldocanx", "ctipdociderem", "vnumdociderem",
)  # fmt: skip
CARGO = ("vcuo", "vnumregstd", "vanioregstd", "dfecregstd", "vuniorgstd", "vusuregstd", "bcarstd", "vobs", "cflgest")


class Sender:
    """`given` is the command line of the entity; its platform is at `given.hub_url`."""

    def __init__(self, store: Store, caller: Caller, given) -> None:
        self.store, self.caller, self.given = store, caller, given
        store.write(lambda db: db.execute(TABLE))

    def send(self, asked: dict) -> dict:
        """Send a document: `{"to": RUC, "subject": ...}`, and what else is to differ, by the contract's own names."""
        number = self.call(
            "/services/PcmCuo", CUO_NAMESPACE, "getCUOEntidad", {"ruc": self.given.ruc, "servicio": "3011"}, wrapper=""
        ).findtext(".//return")
        pdf = cargo_pdf(self.given.code, number, "OFICIO", datetime.now(LIMA))
        digest = hashlib.sha256(pdf).hexdigest()
        new = "INSERT INTO enviados (vcuo, estado, sha256) VALUES (?, 'P', ?)"
        self.store.write(lambda db: db.execute(new, (number, digest)))
        values = self.values(number, pdf, asked)
        answer = self.call("/services/PcmIMgdTramite", NAMESPACE, "recepcionarTramiteResponse", values)
        said = {item.tag: item.text or "" for item in answer.iter("vcodres", "vdesres")}
        state = "E" if said.get("vcodres") == "0000" else "P"
        sql = "UPDATE enviados SET estado = ?, dicho = ? WHERE vcuo = ? AND estado = 'P'"
        self.store.write(lambda db: db.execute(sql, (state, json.dumps(said), number)))
        return {"cuo": number, "sha256": digest} | said

    def values(self, number: str, pdf: bytes, asked: dict) -> dict:
        values = {
            "vrucentrem": self.given.ruc, "vrucentrec": asked["to"], "vnomentemi": self.given.code.upper(),
            "vuniorgrem": "OFICINA DE DEMOSTRACIÓN", "vcuo": number, "ccodtipdoc": "01", "vnumdoc": f"{number}-DEMO",
            "dfecdoc": datetime.now(LIMA).isoformat(timespec="seconds"), "vuniorgdst": "MESA DE PARTES",
            "vnomdst": "TITULAR", "vnomcardst": "TITULAR DE LA ENTIDAD", "vasu": asked["subject"], "snumanx": "0",
            "snumfol": "1", "bpdfdoc": base64.b64encode(base64.b64encode(pdf)).decode(), "vnomdoc": "oficio.pdf",
            "ctipdociderem": "1", "vnumdociderem": "10117410",
        }  # fmt: skip
        return values | {name: value for name, value in asked.items() if name in RECEPCION}

    def call(self, path: str, namespace: str, operation: str, values: dict, wrapper: str = "request") -> etree._Element:
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "ws": namespace})
        called = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{namespace}}}{operation}")
        inside = etree.SubElement(called, wrapper) if wrapper else called
        for name in RECEPCION if wrapper else values:
            for value in values.get(name, ()) if name == "lstanexos" else filter(None, [values.get(name)]):
                item = etree.SubElement(inside, name)
                (etree.SubElement(item, "vnomdoc") if name == "lstanexos" else item).text = value
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation}"'}
        body = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
        status, answer = self.caller.call("POST", f"{self.given.hub_url.rstrip('/')}{path}", headers, body)
        if status != 200:
            raise Unreachable(f"{operation}: {status}")
        return etree.fromstring(answer)

    def take_cargo(self, call: etree._Element) -> dict:
        """R or O, once: only what was sent and waits takes a cargo; what has one says so; the rest is -1."""
        cargo = {name: call[0].findtext(name) or "" for name in CARGO}

        def write(db) -> dict:
            row = db.execute("SELECT estado FROM enviados WHERE vcuo = ?", (cargo["vcuo"],)).fetchone()
            if row is not None and row["estado"] in ("R", "O"):
                return {"vcodres": "0002", "vdesres": "EL CARGO YA SE ENCUENTRA REGISTRADO"}
            if row is None or cargo["cflgest"] not in ("R", "O"):
                return {"vcodres": "-1", "vdesres": "NO SE PUDO REGISTRAR EL CARGO"}
            sql = "UPDATE enviados SET estado = ?, cargo = ? WHERE vcuo = ?"
            db.execute(sql, (cargo["cflgest"], json.dumps(cargo), cargo["vcuo"]))
            return {"vcodres": "0000", "vdesres": "RECEPCION DE CARGO EXITOSO"}

        return self.store.write(write)

    def sent(self) -> list[dict]:
        """Everything that was sent, oldest first."""
        rows = self.store.read("SELECT * FROM enviados ORDER BY id")
        return [
            {"cuo": row["vcuo"], "state": row["estado"], "said": json.loads(row["dicho"] or "{}"),
             "sha256": row["sha256"], "cargo": json.loads(row["cargo"] or "null")}
            for row in rows
        ]  # fmt: skip
