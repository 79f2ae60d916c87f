"""The five messages of our contract as XML (schemas/sobre.xsd): written from values, read into values."""

from typing import Final

from lxml import etree

from hub.core.messages import (
    Acuse,
    Addressee,
    Cargo,
    CargoOutcome,
    DocumentRef,
    DocumentRole,
    Estado,
    Filer,
    Header,
    Message,
    Respuesta,
    Sobre,
)
from hub.core.statuses import Mode, Movement, RefusalReason
from hub.wire import xml
from hub.wire.codes import Refusal
from hub.wire.shapes import DAY, IDENTITY, INSTANT, NUMBER, Part, Shapes, qualified, read, same, words, write

SCHEMA: Final = "sobre.xsd"

_IDENTITY_KIND = words({"dni": "dni", "ce": "ce", "passport": "pasaporte", "ptp": "ptp"})
_MODE = words({Mode.OWN: "propia", Mode.DELEGATED: "delegada", Mode.REMITTANCE: "remision"})
_MOVEMENT = words(
    {
        Movement.IN_PROCESS: "en_proceso",
        Movement.ANSWERED: "atendido",
        Movement.CLOSED: "archivado",
        Movement.WITHDRAWN: "desistido",
    }
)
_OUTCOMES: Final = {
    CargoOutcome.REGISTERED: "Registrado",
    CargoOutcome.OBSERVED: "Observado",
    CargoOutcome.REFUSED: "Rechazado",
}

_HEADER = Part("Cabecera", "header", shape=Header)
_DOCUMENTS = Part("Documento", "documents", shape=DocumentRef, is_many=True)

_CARGO_BODY: Final = (
    Part("FechaRegistro", "registered_at", INSTANT),
    Part("NumeroRegistro", "registry_number"),
    Part("AnioRegistro", "registry_year"),
    Part("NumeroExpediente", "expediente_number"),
    Part("Unidad", "unit"),
    Part("Funcionario", "official"),
    Part("Motivo", "reason", same(RefusalReason), None),
    Part("Texto", "text"),
    Part("Observacion", "items", is_many=True),
    Part("RucCompetente", "right_body_ruc"),
)

SHAPES: Final[Shapes] = {
    Header: (
        Part("IdMensaje", "message_id", IDENTITY),
        Part("Version", "version"),
        Part("RucEmisor", "sender_ruc"),
        Part("RucReceptor", "receiver_ruc"),
        Part("NumeroTramite", "filing_number"),
        Part("Cuo", "cuo"),
        Part("CuoReferencia", "cuo_ref", absent=None),
        Part("FechaEmision", "issued_at", INSTANT),
        Part("RespondeA", "answers", IDENTITY, None),
    ),
    DocumentRef: (
        Part("Rol", "role", same(DocumentRole)),
        Part("NombreArchivo", "file_name"),
        Part("TipoMedio", "media_type"),
        Part("Bytes", "size", NUMBER),
        Part("Sha256", "sha256"),
        Part("Paginas", "pages", NUMBER, None),
        Part("Direccion", "address"),
    ),
    Filer: (
        Part("TipoIdentidad", "document_kind", _IDENTITY_KIND),
        Part("NumeroIdentidad", "document_number"),
        Part("Nombres", "names"),
        Part("Correo", "email"),
        Part("Telefono", "phone"),
        Part("Domicilio", "address"),
        Part("Ruc", "ruc"),
        Part("RazonSocial", "business_name"),
    ),
    Addressee: (Part("Unidad", "unit"), Part("Nombre", "name"), Part("Puesto", "job_title")),
    Sobre: (
        _HEADER,
        Part("Administrado", "filer", shape=Filer),
        Part("RucDestino", "destination_ruc"),
        Part("Destinatario", "addressee", shape=Addressee),
        Part("TipoDocumento", "document_type"),
        Part("NumeroDocumento", "document_number"),
        Part("Asunto", "subject"),
        Part("Folios", "folios", NUMBER),
        Part("FechaPresentacion", "presented_at", INSTANT),
        Part("FechaConsiderada", "considered_on", DAY),
        Part("Modalidad", "mode", _MODE),
        Part("Mostrador", "counter"),
        Part("ExpedienteRelacionado", "related_expediente"),
        Part("InformacionAdicional", "additional_information"),
        _DOCUMENTS,
    ),
    Acuse: (_HEADER, Part("DigestSobre", "sobre_digest"), Part("EnPoderDesde", "held_since", INSTANT)),
    Cargo: (_HEADER, _DOCUMENTS),
    Estado: (
        _HEADER,
        Part("Movimiento", "movement", _MOVEMENT),
        Part("FechaHecho", "happened_at", INSTANT),
        Part("Unidad", "unit"),
        Part("Texto", "text"),
    ),
    Respuesta: (
        _HEADER,
        Part("TipoDocumento", "document_type"),
        Part("NumeroDocumento", "document_number"),
        Part("Asunto", "subject"),
        Part("FechaDocumento", "issued_on", DAY),
        _DOCUMENTS,
    ),
}

_KINDS: Final[dict[str, type]] = {qualified(kind.__name__): kind for kind in (Sobre, Acuse, Cargo, Estado, Respuesta)}


def build(message: Message) -> bytes:
    """Write a message as canonical XML, not signed yet.

    Raises ContractError SCHEMA_INVALID when a value does not fit the schema: too long, or a character that XML has not.
    """
    kind = type(message)
    root = etree.Element(qualified(kind.__name__), nsmap={None: xml.NS})
    if isinstance(message, Cargo):
        _write_cargo(root, message)
    else:
        write(root, message, SHAPES[kind], SHAPES)
    found = xml.faults(root, SCHEMA, without="ds:Signature")
    if found:
        raise Refusal.SCHEMA_INVALID.error(xml.describe(found), message_id=str(message.header.message_id))
    return bytes(etree.tostring(root, method="c14n", exclusive=True))


def read_message(root: etree._Element) -> Message:
    """Read a message from an element that passed the schema. Raises ContractError for a date that does not exist."""
    kind = _KINDS[str(root.tag)]
    if kind is Cargo:
        return _read_cargo(root)
    message: Message = kind(**read(root, SHAPES[kind], SHAPES))
    return message


def _write_cargo(root: etree._Element, cargo: Cargo) -> None:
    header, documents = SHAPES[Cargo]
    write(root, cargo, [header], SHAPES)
    body = etree.SubElement(root, qualified(_OUTCOMES[cargo.outcome]))
    write(body, cargo, _CARGO_BODY, SHAPES)
    write(root, cargo, [documents], SHAPES)


def _read_cargo(root: etree._Element) -> Cargo:
    outcome, body = next(
        (outcome, body) for outcome, tag in _OUTCOMES.items() if (body := root.find(qualified(tag))) is not None
    )
    return Cargo(outcome=outcome, **read(root, SHAPES[Cargo], SHAPES), **read(body, _CARGO_BODY, SHAPES))
