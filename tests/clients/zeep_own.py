"""The hub's own contract with zeep, and the sandbox's signature: what propio.php does, said the same way."""

import json
from pathlib import Path
from types import SimpleNamespace

from zeep import Client

from adapters.sandbox import presenting, words
from adapters.sandbox.calls import Caller
from adapters.sandbox.options import SCHEMA
from adapters.sandbox.reader import HubCertificates, Reader
from adapters.sandbox.seal import OwnKey
from tests.clients.places import sha256

NS = words.NS


def call(environ, order, *given):
    return getattr(Own(environ), order)(*map(str, given))


class Own:
    def __init__(self, environ):
        self.own = OwnKey(Path(environ["MI_CLAVE"]).read_bytes(), Path(environ["MI_CERT"]).read_bytes())
        certificate = HubCertificates([Path(environ["MESA_CERT"]).read_bytes()], environ["MESA_RUC"])
        self.reader, self.caller = Reader(str(SCHEMA), certificate), Caller()
        self.who = SimpleNamespace(
            code="senace", ruc=environ["MI_RUC"], hub_url=environ["MESA_URL"], hub_ruc=environ["MESA_RUC"]
        )

    @property
    def mesa(self):
        return Client(f"{self.who.hub_url}/soap/mesadepartes?wsdl").service

    def token(self):
        return self.own.token(self.who.ruc, self.who.hub_ruc)

    def get(self, url, method="GET"):
        status, body = self.caller.call(method, url, {"Authorization": f"Bearer {self.token()}"})
        assert status in (200, 204), (url, status, body)
        return body

    def presentar(self, to, subject, document, *annexes):
        contents = [Path(one).read_bytes() for one in (document, *annexes)]
        for content in contents:
            presenting.leave(self, content, sha256(content))
        root = presenting.sobre(self, to, subject, contents[0], sha256(contents[0]))
        for annex, content in zip(annexes, contents[1:], strict=True):
            words.fill(root, "Documento", {
                "Rol": "anexo", "NombreArchivo": Path(annex).name, "TipoMedio": "application/octet-stream",
                "Bytes": str(len(content)), "Sha256": sha256(content),
            })  # fmt: skip
        said = self.mesa.recibirSobre(mensaje=self.own.seal(root))
        return {"cuo": root.findtext(f"{NS}Cabecera/{NS}Cuo"), "estado": said.estado}

    def consultar(self, cuo):
        said = self.mesa.consultarSobre(credencial=self.token(), cuo=cuo)
        told = {"estado": said.estado}
        for message in said.mensaje:
            root, _, _ = self.reader.read(message)
            told[words.name(root)] = root.findtext(f".//{NS}NumeroTramite") + " " + (
                root.findtext(f".//{NS}NumeroRegistro") or root.findtext(f".//{NS}Observacion") or ""
            )
        return told

    def recoger(self, folder):
        listed = json.loads(self.get(f"{self.who.hub_url}/api/v1/mensajes"))["mensajes"]
        told = {}
        for one in listed:
            kept = Path(folder) / f"{one['id']}.xml"
            kept.write_bytes(self.get(one["direccion"]))
            root, digest, _ = self.reader.read(kept.read_bytes())
            for document in root.iter(f"{NS}Documento"):
                content = self.get(document.findtext(f"{NS}Direccion"))
                assert sha256(content) == document.findtext(f"{NS}Sha256")
                (Path(folder) / document.findtext(f"{NS}NombreArchivo")).write_bytes(content)
            if words.name(root) == "Sobre":
                self.say(words.acuse(words.read_header(root), digest, words.now()))
            else:
                self.get(f"{one['direccion']}/recibido", "PUT")
            told[words.name(root)] = str(kept)
        return told

    def cargo(self, sobre, number):
        entry = words.Registration(words.now(), number, words.now()[:4], unit="Mesa de Partes")
        root, _, _ = self.reader.read(Path(sobre).read_bytes())
        return self.say(words.cargo(words.read_header(root), entry, None, None))

    def say(self, root):
        return {"estado": self.mesa.recibirMensaje(mensaje=self.own.seal(root)).estado}
