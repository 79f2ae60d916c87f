"""An institution files by its system: it leaves the document at the hub in pieces, then sends its Sobre."""

import base64
import hashlib
import json
import secrets
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lxml import etree

from adapters.sandbox import words
from adapters.sandbox.calls import Unreachable

if TYPE_CHECKING:
    from adapters.sandbox.institution import Institution

PIECE = 4 * 1024 * 1024
TUS = {"Tus-Resumable": "1.0.0"}


def present(institution: "Institution", asked: dict[str, Any]) -> dict[str, Any]:
    """File a document at another body. `asked`: {"to": RUC, "subject", "content"}; gives what the hub answered."""
    content = str(asked.get("content") or "%PDF-1.4\nDocumento de prueba\n%%EOF\n").encode()
    digest = hashlib.sha256(content).hexdigest()
    leave(institution, content, digest)
    root = sobre(institution, str(asked["to"]), str(asked.get("subject") or "Documento de prueba"), content, digest)
    url = f"{institution.who.hub_url}/api/v1/sobres"
    status, answer = institution.caller.call(
        "POST", url, {"Content-Type": "application/xml"}, institution.own.seal(root)
    )
    cuo = root.findtext(f"{words.NS}Cabecera/{words.NS}Cuo")
    return {"status": status, "cuo": cuo, "answer": answer.decode("utf-8", "replace")}


def leave(institution: "Institution", content: bytes, digest: str) -> None:
    """Leave a document at the hub, going on where it already is: the same bytes never travel twice."""
    named = base64.b64encode(digest.encode()).decode()
    headers = {"Upload-Length": str(len(content)), "Upload-Metadata": f"sha256 {named}"}
    url, offset = _call(institution, "POST", f"{institution.who.hub_url}/api/v1/documentos", headers, b"", 201)
    while offset < len(content):
        piece = content[offset : offset + PIECE]
        sent = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        _, offset = _call(institution, "PATCH", url, sent, piece, 204)


def _call(
    institution: "Institution", method: str, url: str, headers: dict[str, str], body: bytes, good: int
) -> tuple[str, int]:
    """One call of tus; gives (where the document is, how many bytes of it are there). Raises Unreachable."""
    who = institution.who
    authorised = {"Authorization": f"Bearer {institution.own.token(who.ruc, who.hub_ruc)}"}
    with institution.caller.exchange(method, url, headers | authorised | TUS, body) as response:
        said = response.read()
        if response.status != good:
            raise Unreachable(f"{method} {url}: {response.status} {said[:500]!r}")
        place = response.headers.get("Location", url)
        return place if "://" in place else who.hub_url + place, int(response.headers["Upload-Offset"])


def sobre(institution: "Institution", to: str, subject: str, content: bytes, digest: str) -> Any:
    """A Sobre for the hub, with a CUO of our own; the hub gives it its number."""
    who, now = institution.who, datetime.now(words.LIMA)
    root = etree.Element(f"{words.NS}Sobre", nsmap={None: words.NAMESPACE})
    words.fill(root, "Cabecera", {
        "IdMensaje": str(uuid.uuid4()), "Version": "1.0", "RucEmisor": who.ruc, "RucReceptor": who.hub_ruc,
        "Cuo": f"{secrets.randbelow(10**10):010d}", "FechaEmision": words.now(),
    })  # fmt: skip
    words.fill(root, "Administrado", {
        "TipoIdentidad": "dni", "NumeroIdentidad": "00000000", "Nombres": "Mesa de Partes de prueba", "Ruc": who.ruc,
        "RazonSocial": who.code.upper(),
    })  # fmt: skip
    words.fill(root, "", {"RucDestino": to})
    words.fill(root, "Destinatario", {})
    words.fill(root, "", {
        "TipoDocumento": "oficio", "NumeroDocumento": "s/n", "Asunto": subject, "Folios": "1",
        "FechaPresentacion": words.now(), "FechaConsiderada": now.date().isoformat(), "Modalidad": "propia",
        "Mostrador": f"{who.code}/principal",
    })  # fmt: skip
    words.fill(root, "Documento", {
        "Rol": "principal", "NombreArchivo": "oficio.pdf", "TipoMedio": "application/pdf",
        "Bytes": str(len(content)), "Sha256": digest,
    })  # fmt: skip
    return root


def asked_in(body: bytes) -> dict[str, Any]:
    """What a control call asks for. Raises ValueError for what is no object with a destination."""
    asked = json.loads(body)
    if not isinstance(asked, dict) or "to" not in asked:
        raise ValueError("to: the RUC of the destination")
    return asked
