"""The ports: what the house asks of its neighbours, and the values that cross."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Final, Protocol, runtime_checkable
from uuid import UUID

from hub.core.messages import Sobre
from hub.core.statuses import Movement, RefusalReason


class Signer(Protocol):
    """One of the hub's keys; the private half may live elsewhere. `certificate_pem` is the leaf."""

    certificate_pem: bytes

    @property
    def algorithm(self) -> str:
        """ "ES256" or "RS256"."""

    def sign(self, data: bytes) -> bytes:
        """Signature over `data` with SHA-256: r||s of 64 bytes for ES256, PKCS#1 v1.5 for RS256."""


@dataclass(frozen=True)
class TrustedCertificate:
    """A certificate the directory holds for a RUC. Validity narrows the certificate's own; instants are aware."""

    pem: bytes
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None = None


Trust = Callable[[str], tuple[TrustedCertificate, ...]]
"""RUC -> the certificates that the directory holds for it (at most two, overlapping)."""


@dataclass(frozen=True)
class Partner:
    """An institution as an adapter needs it. `options` are the adapter's own words from the directory."""

    code: str
    ruc: str
    name: str
    adapter: str
    address: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ParcelDocument:
    """A document of a parcel, opened only where an adapter carries bytes. `open()` gives a stream to be closed."""

    file_name: str
    media_type: str
    size: int
    sha256: str
    open: Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True)
class Parcel:
    """One Sobre on its way: its values, its signed bytes, and what the national contract needs besides."""

    message_id: UUID
    cuo: str
    partner: Partner
    sobre: Sobre
    sealed: bytes
    documents: tuple[ParcelDocument, ...]
    link: str = ""
    """Address where everything that cannot travel inline is listed with its digests."""
    sender_ruc: str = ""
    sender_name: str = ""
    sender_unit: str = ""
    cuo_ref: str | None = None
    document_date: datetime | None = None
    """The document's own, where the institution that wrote it told it; else it counts as written when presented."""
    missing_annexes: tuple[str, ...] = ()
    """Names of annexes that its sender announced and that could not be fetched."""


@dataclass(frozen=True)
class CargoBack:
    """What became of a document, for the institution that sent it in: `cuo` is that institution's own number.

    `state` is R or O, the letters of the national contract; `remark` says why it was observed or not taken.
    """

    cuo: str
    state: str
    giver_ruc: str
    sender_ruc: str
    registered_at: datetime
    cuo_ref: str = ""
    registry_number: str = ""
    registry_year: str = ""
    unit: str = ""
    official: str = ""
    remark: str = ""
    pdf: bytes = b""


class NewsKind(StrEnum):
    REGISTERED = "registered"
    OBSERVED = "observed"
    REFUSED = "refused"
    MOVEMENT = "movement"
    HELD = "held"  # it holds the paper: an Acuse that came by itself


@dataclass(frozen=True)
class News:
    """What a destination says about a leg, whatever the way it said it. `raw` is its message as it came."""

    kind: NewsKind
    cuo: str
    happened_at: datetime
    said_by_ruc: str
    message_id: UUID | None = None
    registry_number: str = ""
    registry_year: str = ""
    expediente_number: str = ""
    unit: str = ""
    official: str = ""
    text: str = ""
    items: tuple[str, ...] = ()
    reason: RefusalReason | None = None
    right_body_ruc: str = ""
    movement: Movement | None = None
    cargo_pdf: bytes = b""
    raw: bytes = b""


@dataclass(frozen=True)
class Ack:
    """The destination holds it since this instant. `raw` is its answer as it came."""

    held_since: datetime
    raw: bytes = b""


@dataclass(frozen=True)
class Taken:
    """It took the message and is fetching the documents; the Acuse comes by itself or when asked."""

    raw: bytes = b""


@dataclass(frozen=True)
class Has:
    """It knows the CUO; `news` is everything it says about it, oldest first (may be empty).

    `is_complete`: it holds the documents too.
    """

    news: tuple[News, ...] = ()
    held_since: datetime | None = None
    is_complete: bool = True
    raw: bytes = b""


@dataclass(frozen=True)
class HasNot:
    """It said that it does not know the CUO."""

    raw: bytes = b""


@dataclass(frozen=True)
class CannotTell:
    """It answered, and the answer does not say."""

    detail: str = ""
    raw: bytes = b""


@dataclass(frozen=True)
class Listed:
    """A line of an institution's own list of what it holds. It is not signed: it tells where to ask, and no more.

    `state` is held, registered, observed or refused.
    """

    cuo: str
    held_since: datetime
    state: NewsKind = NewsKind.HELD
    registry_number: str = ""


class Adapter(Protocol):
    """One way to reach an institution. Neither retries nor touches the database.

    Both methods raise TemporaryFailure or PermanentFailure and nothing else.
    """

    def deliver(self, parcel: Parcel) -> Ack | Taken: ...

    def status_of(self, partner: Partner, cuo: str) -> Has | HasNot | CannotTell: ...


LIST_TOO_LONG: Final = "LIST_TOO_LONG"


@runtime_checkable
class Lister(Protocol):
    """A way by which an institution may say everything that it holds.

    Raises TemporaryFailure or PermanentFailure and nothing else; what `between` raises goes through.
    """

    def list_since(
        self, partner: Partner, since: datetime, between: Callable[[], None]
    ) -> tuple[Listed, ...] | None:
        """What reached it since an instant, all of it; None for an institution that keeps no such list.

        `between` is called before each call after the first. Raises TemporaryFailure LIST_TOO_LONG for one without end.
        """


class CargoGiver(Protocol):
    """A way by which the institution that sent a document in is told what became of it.

    Raises TemporaryFailure or PermanentFailure and nothing else. Ack also where it was told before.
    """

    def give_cargo(self, partner: Partner, cargo: CargoBack) -> Ack: ...


@dataclass(frozen=True)
class Announced:
    """What an announced address gave: its media type as declared, its size in bytes."""

    media_type: str
    size: int


class Fetcher(Protocol):
    """Fetches what an institution announced, from the hosts that its row allows and nowhere else.

    Raises TemporaryFailure or PermanentFailure and nothing else; what `write` raises goes through.
    """

    def fetch(self, url: str, hosts: Collection[str], write: Callable[[bytes], object], most: int) -> Announced: ...


@runtime_checkable
class Teller(Protocol):
    """A way that carries signed messages to an institution besides Sobres: an Acuse, a Cargo, an Estado, a Respuesta.

    Gives its raw answer once it holds the message. Raises TemporaryFailure or PermanentFailure and nothing else.
    """

    def tell(self, partner: Partner, message_id: UUID, sealed: bytes) -> bytes: ...
