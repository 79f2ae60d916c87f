"""The bodies of a sector as values: what each is, where it takes papers, how it is reached, what it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from hub.core.calendar import Policy
from hub.core.errors import NotFound
from hub.core.identifiers import Ruc
from hub.core.messages import Addressee
from hub.core.statuses import Mode
from hub.core.tupa import ProcedureRecord


class AdapterKind(StrEnum):
    """The way to an institution. All but `hosted` and `pull` are called at an address."""

    REST = "rest"
    SOAP = "soap"
    PULL = "pull"  # our own contract, fetched by the institution: it has no open port
    IOTRAMITE = "iotramite"
    HOSTED = "hosted"
    PIDE = "pide"  # a body outside the sector, or the national platform itself, by which such bodies are reached


class BodyKind(StrEnum):
    """What a body of the State is (Ley 29158)."""

    MINISTRY = "ministry"
    EXECUTING_BODY = "executing_body"
    TECHNICAL_BODY = "technical_body"  # organismo técnico especializado
    RESEARCH_INSTITUTE = "research_institute"
    OTHER = "other"


DOCUMENT_TYPES = (
    "solicitud", "carta", "oficio", "escrito", "informe", "memorial", "recurso", "denuncia", "otro",
)  # fmt: skip
"""What a document can be, in the order in which it is offered where a body chose none."""


@dataclass(frozen=True)
class OpeningHours:
    """One stretch of one weekday (0 is Monday), in the hour of Peru. Two on one day are a split shift."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class CounterRecord:
    """A counter of a body. `ubigeo` is INEI's, DDPPdd; `address` and `hours` are empty where not known."""

    code: str
    name: str
    place: str
    ubigeo: str
    address: str = ""
    is_principal: bool = False
    hours: tuple[OpeningHours, ...] = ()
    is_closed: bool = False
    """It takes nothing any more; its register stays. The principal counter goes on with what it took."""


@dataclass(frozen=True)
class Limits:
    """What the body's own form takes. None or empty: nothing published. Binds the online form only."""

    main_bytes: int | None = None
    annex_bytes: int | None = None
    total_bytes: int | None = None
    files: int | None = None
    main_types: tuple[str, ...] = ()
    annex_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class CertificateRecord:
    """A certificate. The dates narrow its own; the fingerprint is the SHA-256 of its DER, in hex."""

    fingerprint: str
    pem: str
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class AdapterRecord:
    kind: AdapterKind
    address: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contact:
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class DataOfficer:
    """The oficial de datos personales of a body (DS 016-2024-JUS)."""

    name: str
    email: str


@dataclass(frozen=True)
class Service:
    """What the SGTD is told about a body's mesa de partes digital."""

    url: str = ""
    gob_pe_url: str = ""
    since: date | None = None
    responsible: str = ""


@dataclass(frozen=True)
class EntityRecord:
    """A body of the sector. `id` is its row's, and no part of what it is."""

    code: str
    ruc: Ruc
    acronym: str
    name: str
    kind: BodyKind
    adapter: AdapterRecord
    is_verified: bool = False
    policy: Policy = Policy.NEXT_BUSINESS_DAY
    remittance_policy: Policy = Policy.NEXT_BUSINESS_DAY
    counters: tuple[CounterRecord, ...] = ()
    certificates: tuple[CertificateRecord, ...] = ()
    limits: Limits = Limits()
    link_hosts: tuple[str, ...] = ()
    addressee: Addressee = field(default_factory=Addressee)
    contact: Contact = Contact()
    procedures: tuple[ProcedureRecord, ...] = ()
    data_officer: DataOfficer | None = None
    service: Service = Service()
    introduction: str = ""
    """What the body says of itself at the top of its page, as its coordinator published it."""
    document_types: tuple[str, ...] = ()
    """The types that its form offers, in its order; empty: all, in the order of the hub."""
    retention_class: str = ""
    """The series of plain correspondence in the body's Programa de Control de Documentos."""
    in_flight: int = 4
    left_on: date | None = None
    successor: str | None = None
    id: int = field(default=0, compare=False)

    def has_left(self, on: date) -> bool:
        """True from the day the body stopped taking filings."""
        return self.left_on is not None and self.left_on <= on

    def counter(self, code: str) -> CounterRecord:
        """The counter of that code. Raises NotFound."""
        for counter in self.counters:
            if counter.code == code:
                return counter
        raise NotFound(f"{self.code}/{code}", code="COUNTER_UNKNOWN")

    def procedure(self, tupa_code: str) -> ProcedureRecord:
        """The procedure of that code. Raises NotFound."""
        for procedure in self.procedures:
            if procedure.tupa_code == tupa_code:
                return procedure
        raise NotFound(f"{self.code}/{tupa_code}", code="PROCEDURE_UNKNOWN")

    @property
    def open_counters(self) -> tuple[CounterRecord, ...]:
        """Those that attend people."""
        return tuple(counter for counter in self.counters if not counter.is_closed)

    def inherited_by(self, counter_code: str) -> frozenset[str]:
        """The closed counters whose work a counter goes on with: all of them for the principal one."""
        is_principal = counter_code == self.principal_counter.code
        return frozenset(one.code for one in self.counters if one.is_closed and is_principal)

    @property
    def offered_types(self) -> tuple[str, ...]:
        """The types of document that its form offers. They bind nobody's counter, which receives any."""
        return self.document_types or DOCUMENT_TYPES

    @property
    def principal_counter(self) -> CounterRecord:
        """The general reception unit (TUO 128.1)."""
        return next(counter for counter in self.counters if counter.is_principal)


@dataclass(frozen=True)
class AgreementRecord:
    """What lets the counters of one body act for another, from day to day, both included, or without end."""

    from_code: str
    to_code: str
    mode: Mode
    norm: str
    valid_from: date
    valid_until: date | None = None

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True)
class DecreeDayRecord:
    """A non-business day set by a norm. `scope`: beginnings of INEI ubigeos; empty is the whole country."""

    day: date
    norm: str
    scope: tuple[str, ...] = ()
    is_tax_business: bool = True

    def holds_at(self, ubigeo: str) -> bool:
        """True where it is a non-business day: a norm closes a day only within its scope (TUO 148.1)."""
        return not self.scope or ubigeo.startswith(self.scope)


@dataclass(frozen=True)
class SignerOfficial:
    """Who signs for the operator where the national contract wants a person and the filer is none."""

    document_kind: str
    document_number: str
    names: str
    job_title: str


@dataclass(frozen=True)
class SectorRecord:
    """One deployment is one sector; `operator` is the code of the body that runs the hub."""

    name: str
    operator: str
    signer: SignerOfficial | None = None
