"""The five messages of the hub's own contract, as values. `hub.wire.sobre` writes them as signed XML and reads them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from hub.core.statuses import Mode, Movement, RefusalReason


class DocumentRole(StrEnum):
    MAIN = "principal"
    ANNEX = "anexo"
    CARGO = "cargo"
    ANSWER = "respuesta"
    CORRECTION = "subsanacion"
    """What came with a subsanación; on the wire it is an annex, as the contract knows no other."""


@dataclass(frozen=True)
class Header:
    """What every message carries. The id is fixed before the first attempt; instants are aware."""

    message_id: UUID
    sender_ruc: str
    receiver_ruc: str
    filing_number: str
    cuo: str
    issued_at: datetime
    cuo_ref: str | None = None
    answers: UUID | None = None
    version: str = "1.0"


@dataclass(frozen=True)
class DocumentRef:
    """A document that is listed, never embedded. `sha256` is 64 lower-case hex digits; `address` where to fetch it."""

    role: DocumentRole
    file_name: str
    media_type: str
    size: int
    sha256: str
    pages: int | None = None
    address: str = ""


@dataclass(frozen=True)
class Filer:
    """Who files. For a legal person `ruc` and `business_name` are set and the person is its representative."""

    document_kind: str
    document_number: str
    names: str
    email: str = ""
    phone: str = ""
    address: str = ""
    ruc: str = ""
    business_name: str = ""
    ubigeo: str = ""
    """INEI's code of the district of the address; it does not travel: its name stands in the address."""


@dataclass(frozen=True)
class Addressee:
    unit: str = ""
    name: str = ""
    job_title: str = ""


@dataclass(frozen=True)
class Sobre:
    """Here is a filing: who, what, to whom, when presented, which documents."""

    header: Header
    filer: Filer
    addressee: Addressee
    document_type: str
    document_number: str
    subject: str
    folios: int
    presented_at: datetime
    considered_on: date
    mode: Mode
    counter: str
    """The counter that took it, `entity/counter`; `en-linea` when filed online."""
    documents: tuple[DocumentRef, ...]
    related_expediente: str = ""
    additional_information: str = ""
    destination_ruc: str = ""
    """The body it is filed to; only in what an institution sends to the hub."""


@dataclass(frozen=True)
class Acuse:
    """I hold that Sobre, with this Reference digest (base64, as in its signature), since this instant."""

    header: Header
    sobre_digest: str
    held_since: datetime


class CargoOutcome(StrEnum):
    REGISTERED = "registrado"
    OBSERVED = "observado"
    REFUSED = "rechazado"


@dataclass(frozen=True)
class Cargo:
    """The destination's word on reception: registered, observed with items, or refused with a closed reason."""

    header: Header
    outcome: CargoOutcome
    registered_at: datetime
    registry_number: str = ""
    registry_year: str = ""
    expediente_number: str = ""
    unit: str = ""
    official: str = ""
    text: str = ""
    items: tuple[str, ...] = ()
    reason: RefusalReason | None = None
    right_body_ruc: str = ""
    documents: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True)
class Estado:
    """Where the filing is now inside the destination, with the time it happened there."""

    header: Header
    movement: Movement
    happened_at: datetime
    unit: str = ""
    text: str = ""


@dataclass(frozen=True)
class Respuesta:
    """A document issued by an institution, tied to a filing, for the citizen's casilla or another institution."""

    header: Header
    document_type: str
    document_number: str
    subject: str
    issued_on: date
    documents: tuple[DocumentRef, ...]


Message = Sobre | Acuse | Cargo | Estado | Respuesta
