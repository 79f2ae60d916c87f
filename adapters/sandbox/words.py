"""The messages of the contract as XML: what is read of a Sobre, and how the answers are written."""

import base64
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from lxml import etree

NAMESPACE = "urn:pe:mesa-integrada:1"
NS = f"{{{NAMESPACE}}}"
LIMA = timezone(timedelta(hours=-5))


@dataclass(frozen=True)
class Document:
    address: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Sobre:
    """What this institution needs of a Sobre."""

    message_id: str
    sender_ruc: str
    receiver_ruc: str
    filing_number: str
    cuo: str
    issued_at: datetime
    documents: tuple[Document, ...]


def now() -> str:
    return datetime.now(LIMA).isoformat(timespec="milliseconds")


def name(root: Any) -> str:
    return str(etree.QName(root).localname)


def read_sobre(root: Any) -> Sobre:
    """Read a Sobre that the schema has found good."""
    documents = tuple(
        Document(_said(document, "Direccion"), int(_said(document, "Bytes")), _said(document, "Sha256"))
        for document in root.findall(f"{NS}Documento")
    )
    return replace(read_header(root), documents=documents)


def read_header(root: Any) -> Sobre:
    """The header of any message."""
    header = root.find(f"{NS}Cabecera")
    return Sobre(
        message_id=_said(header, "IdMensaje"),
        sender_ruc=_said(header, "RucEmisor"),
        receiver_ruc=_said(header, "RucReceptor"),
        filing_number=_said(header, "NumeroTramite"),
        cuo=_said(header, "Cuo"),
        issued_at=datetime.fromisoformat(_said(header, "FechaEmision")),
        documents=(),
    )


def _said(parent: Any, tag: str) -> str:
    return parent.findtext(f"{NS}{tag}") or ""


def acuse(sobre: Sobre, digest: str, held_since: str) -> Any:
    """I hold that Sobre, with that digest, since that instant."""
    root = _answer("Acuse", sobre)
    _add(root, "DigestSobre", digest)
    _add(root, "EnPoderDesde", held_since)
    return root


@dataclass(frozen=True)
class Registration:
    """What the registry wrote down; without number and year where it did not take the filing in."""

    at: str
    number: str = ""
    year: str = ""
    expediente: str = ""
    unit: str = ""
    official: str = ""


def cargo(sobre: Sobre, entry: Registration, items: list[str] | None, refusal: dict[str, str] | None) -> Any:
    """Registered; or observed, with the items; or refused: {"reason", "text", "right_body"}."""
    root = _answer("Cargo", sobre)
    kind = "Rechazado" if refusal else "Observado" if items else "Registrado"
    outcome = etree.SubElement(root, f"{NS}{kind}")
    _add(outcome, "FechaRegistro", entry.at)
    _add(outcome, "NumeroRegistro", entry.number)
    _add(outcome, "AnioRegistro", entry.year)
    _add(outcome, "NumeroExpediente", entry.expediente)
    _add(outcome, "Unidad", entry.unit)
    _add(outcome, "Funcionario", entry.official)
    if refusal:
        _add(outcome, "Motivo", refusal["reason"])
        _add(outcome, "Texto", refusal.get("text") or "No corresponde a esta entidad")
        _add(outcome, "RucCompetente", refusal.get("right_body", ""))
    for item in items or ():
        _add(outcome, "Observacion", item)
    return root


def estado(sobre: Sobre, movement: str, unit: str, text: str) -> Any:
    """Where the filing is now; `movement` is a word of the schema."""
    root = _answer("Estado", sobre)
    _add(root, "Movimiento", movement)
    _add(root, "FechaHecho", now())
    _add(root, "Unidad", unit)
    _add(root, "Texto", text)
    return root


def receipt(message_id: str, said: str) -> bytes:
    """What became of a message: `aplicado` or `repetido`."""
    root = etree.Element(f"{NS}Recibido", nsmap={None: NAMESPACE}, mensaje=message_id, estado=said)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def report(cuo: str, messages: list[bytes]) -> bytes:
    root = etree.Element(f"{NS}Reporte", nsmap={None: NAMESPACE}, cuo=cuo)
    for message in messages:
        _add(root, "Mensaje", base64.b64encode(message).decode())
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def page(lines: list[dict[str, str]], following: str) -> bytes:
    """A page of what we hold: {"cuo", "desde", "estado", "numero"} of each, and how to ask for the next one."""
    root = etree.Element(f"{NS}Lista", nsmap={None: NAMESPACE}, **({"siguiente": following} if following else {}))
    for line in lines:
        etree.SubElement(root, f"{NS}Tiene", {name: text for name, text in line.items() if text})
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _answer(tag: str, sobre: Sobre) -> Any:
    """A message of ours about a Sobre, with a header of its own and an id that never changes again."""
    root = etree.Element(f"{NS}{tag}", nsmap={None: NAMESPACE})
    header = etree.SubElement(root, f"{NS}Cabecera")
    _add(header, "IdMensaje", str(uuid.uuid4()))
    _add(header, "Version", "1.0")
    _add(header, "RucEmisor", sobre.receiver_ruc)
    _add(header, "RucReceptor", sobre.sender_ruc)
    _add(header, "NumeroTramite", sobre.filing_number)
    _add(header, "Cuo", sobre.cuo)
    _add(header, "FechaEmision", now())
    _add(header, "RespondeA", sobre.message_id)
    return root


def fill(root: Any, tag: str, texts: dict[str, str]) -> None:
    """Append elements with a text to a child of that name, or to the root itself where it has none."""
    parent = etree.SubElement(root, f"{NS}{tag}") if tag else root
    for name_of, text in texts.items():
        _add(parent, name_of, text)


def _add(parent: Any, tag: str, text: str) -> None:
    """An element with a text; nothing where there is no text, as the schema asks."""
    if text:
        etree.SubElement(parent, f"{NS}{tag}").text = text
