"""Real calls of our own contract over SOAP: signed messages of every kind, and questions with a credential."""

import base64
from uuid import uuid4

from lxml import etree

from hub.core.errors import MesaError
from hub.wire import seal, service, sobre
from tests.api.test_leaving import leave
from tests.api.test_sent_in import a_respuesta, a_sobre
from tests.fixtures.house import a_pdf
from tests.fuzz.stacks import STACKS, written_by
from tests.fuzz.trees import spoil_tree

PATH = "/soap/mesadepartes"


class OwnCalls:
    """What igp says to the hub. A message is signed after it was spoilt as often as before."""

    def __init__(self, hub):
        self._hub = hub
        self._signer = hub.signer("igp")
        legs = [hub.file() for _ in range(4)]
        pdf = a_pdf()
        leave(hub, pdf)
        sent = a_sobre(hub, [pdf])
        news = [made for leg in legs for made in (hub.cargo(leg), hub.estado(leg), hub.acuse(leg))]
        news.append(a_respuesta(hub, legs[0], pdf, "igp"))
        self._built = [("recibirMensaje", sobre.build(one)) for one in news] + [("recibirSobre", sobre.build(sent))]
        self._sealed = [(operation, seal.seal(one, self._signer)) for operation, one in self._built]
        self._cuos = [leg.cuo for leg in legs] + [sent.header.cuo, "0000000000"]

    def one(self, chance):
        """A call by some stack, inside of which the message may be spoilt: only what was signed after it holds."""
        operation, inside = self._question(chance) if chance.random() < 0.15 else self._message(chance)
        return written_by(chance.choice(list(STACKS)), "own", PATH, service.NS, operation, inside)

    def _question(self, chance):
        token = self._hub.token() if chance.random() < 0.6 else chance.choice(["", "x", "a.b.c", "é" * 9])
        return "consultarSobre", f"<credencial>{token}</credencial><cuo>{chance.choice(self._cuos)}</cuo>"

    def _message(self, chance):
        place = chance.randrange(len(self._built))
        operation, raw = self._sealed[place]
        if chance.random() < 0.4:
            raw = self._signed_anew(self._built[place][1], chance) or raw
        elif chance.random() < 0.3:
            raw = spoil_tree(raw, chance)
        wire = base64.b64encode(raw).decode()
        if chance.random() < 0.05:
            wire = base64.b64encode(wire.encode()).decode()
        if chance.random() < 0.05:
            operation = chance.choice(["recibirSobre", "recibirMensaje", "otraCosa"])
        return operation, f"<mensaje>{wire}</mensaje>"

    def _signed_anew(self, unsigned, chance):
        """Spoilt and then signed, with an identity of its own; None for what cannot be signed at all."""
        head, tag, rest = unsigned.partition(b"<IdMensaje>")
        if chance.random() < 0.7:
            unsigned = head + tag + str(uuid4()).encode() + rest[36:]
        if chance.random() < 0.8:
            unsigned = spoil_tree(unsigned, chance)
        try:
            return seal.seal(unsigned, self._signer)
        except (MesaError, ValueError, etree.XMLSyntaxError):
            return None
