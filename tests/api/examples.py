"""Runs the examples of the contract in a shell, with what they name in its environment."""

import hashlib
import json
import os
import re
import subprocess
from dataclasses import dataclass
from uuid import uuid4

from hub.clock import now
from hub.core.statuses import MessageKind, OutboundStatus
from hub.issuing import issue_directory
from hub.models import Document, OutboundMessage
from hub.outgoing import sign_waiting
from hub.worker import make_tools
from tests.api.test_balances import closed
from tests.api.test_leaving import announce, leave
from tests.api.test_sent_in import a_respuesta, a_sobre, leg_of, post
from tests.fixtures.house import a_pdf

CURL = re.compile(r"\bcurl -s\b")


@dataclass(frozen=True)
class Done:
    """What an example was answered."""

    status: int
    media_type: str
    body: bytes
    said: str

    def json(self):
        return json.loads(self.body)


class Examples:
    """`values` are the variables of the examples; a credential is made anew for each."""

    def __init__(self, hub, folder):
        self.hub, self.folder = hub, folder
        leg = hub.file()
        pdf = a_pdf()
        leave(hub, pdf)
        sobre = folder / "sobre.xml"
        sobre.write_bytes(hub.sealed(a_sobre(hub, [pdf])))
        answered, document = self._answered(pdf)
        cargo = folder / "cargo.xml"
        cargo.write_bytes(hub.sealed(hub.cargo(leg)))
        file = folder / "informe.pdf"
        file.write_bytes(a_pdf())
        self.values = {
            "ARCHIVO": str(file),
            "BYTES": str(file.stat().st_size),
            "SHA256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "DEJADO": self._announced(file.read_bytes()),
            "OLVIDADO": self._announced(b"otro"),
            "MESA": hub.url,
            "CUO": leg.cuo,
            "SOBRE_XML": str(sobre),
            "CUO_PROPIO": answered,
            "RESPUESTA": document,
            "DOCUMENTO": str(leg.document_ids[0]),
            "MENSAJE": str(hub.file().sobre_id),
            "ACUSE": str(self._told_back()),
            "CARGO_XML": str(cargo),
            "DIA": f"{closed(hub).day}",
        }

    def _answered(self, pdf):
        """The CUO of a Sobre of igp that was registered and answered, and the document of the answer."""
        hub, sobre, letter = self.hub, a_sobre(self.hub, [pdf]), a_pdf()
        post(hub, sobre)
        leg = leg_of(hub, sobre)
        hub.post(hub.sealed(hub.cargo(leg, "senace"), "senace"))
        leave(hub, letter, "senace")
        hub.post(hub.sealed(a_respuesta(hub, leg, letter), "senace"))
        _sign(hub)
        [document] = hub.rows(Document, filing_id=leg.filing_id, role="respuesta")
        return sobre.header.cuo, str(document.id)

    def _announced(self, content):
        return announce(self.hub, content).headers["Location"].rpartition("/")[2]

    def _told_back(self):
        """A signed message for igp that is no Sobre."""
        row = OutboundMessage(
            id=uuid4(), kind=MessageKind.ESTADO, channel="rest", status=OutboundStatus.WAITING, created_at=now(),
            next_try_at=now(), sealed=b"<Estado/>", recipient_id=self.hub.directory.entity("igp").id,
        )  # fmt: skip
        with self.hub.session() as session:
            session.add(row)
            session.commit()
            return row.id

    def run(self, operation):
        """Run the example of an operation; each of its calls writes over the answer of the one before."""
        body, head = self.folder / "cuerpo", self.folder / "cabeceras"
        body.write_bytes(b"")
        command = CURL.sub(f"curl -s -D {head} -o {body}", operation.example)
        environment = {"PATH": os.environ["PATH"], "CREDENCIAL": self.hub.token()} | self.values
        done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=60)
        lines = head.read_text().splitlines() if head.exists() else []
        types = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("content-type:")]
        status = int(lines[0].split()[1]) if lines else 0
        return Done(status, types[-1].partition(";")[0] if types else "", body.read_bytes(), done.stderr)


def _sign(hub):
    tools = make_tools(hub.house.settings, hub.engine)
    issue_directory(tools)
    sign_waiting(tools)
    tools.live_directory.stop()
