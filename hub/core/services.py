"""What the house asks of services that are no institution: post, SMS, identity, time-stamps, antivirus."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class Letter:
    """A mail in plain text. `id` is the outbox row's: the same in every retry."""

    id: str
    to: str
    subject: str
    text: str


class Postman(Protocol):
    """Whatever carries mail. Raises TemporaryFailure or PermanentFailure and nothing else."""

    def send(self, letter: Letter) -> None: ...


@dataclass(frozen=True)
class Text:
    """An SMS in plain text. `to` is a phone as the filer gave it; `id` is the outbox row's, the same in every retry."""

    id: str
    to: str
    text: str


class SmsGateway(Protocol):
    """Whatever carries an SMS. Raises TemporaryFailure or PermanentFailure and nothing else."""

    def send(self, text: Text) -> None: ...


@dataclass(frozen=True)
class Hook:
    """An operators' alert for a machine: what is posted as JSON. `id` is the outbox row's, the same in every retry."""

    id: str
    said: Mapping[str, object]


class HookCarrier(Protocol):
    """Whatever carries an alert to a machine. Raises TemporaryFailure or PermanentFailure and nothing else."""

    def send(self, hook: Hook) -> None: ...


@dataclass(frozen=True)
class Identity:
    """Who a document or a RUC belongs to, as the State's own register says: names, or razón social."""

    names: str


class Identities(Protocol):
    """A register of identities (RENIEC, SUNAT by the national platform). Off by default; names are typed by hand.

    Raises TemporaryFailure or PermanentFailure and nothing else; None for nobody.
    """

    def identity_of(self, kind: str, number: str) -> Identity | None: ...


@dataclass(frozen=True)
class SignInRequest:
    """What ties the answer of a provider of identities to the browser that asked: three random words of its session."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class SignedIn:
    """Who a provider of identities says somebody is. `subject` is theirs for ever within `issuer`; the rest is blank
    where it was not said, and `names` where it was not said whole."""

    issuer: str
    subject: str
    document_kind: str = ""
    document_number: str = ""
    names: str = ""
    email: str = ""
    is_email_verified: bool = False
    phone: str = ""


class SignInProvider(Protocol):
    """A provider of identities (OpenID Connect, such as ID GOB.PE). Off by default.

    Both methods raise TemporaryFailure where it does not answer, PermanentFailure where it cannot be believed.
    """

    name: str
    """As citizens know it."""

    def address(self, request: SignInRequest, back_to: str) -> str:
        """Where the browser goes to sign in; it comes back to `back_to`."""

    def finish(self, request: SignInRequest, code: str, back_to: str) -> SignedIn:
        """Who came back with this code, checked."""


@dataclass(frozen=True)
class TimeStamp:
    """What a time-stamp authority answered, checked: its token (DER), its own instant, its name."""

    token: bytes
    at: datetime
    authority: str


class TimeStamper(Protocol):
    """An RFC 3161 authority. Raises TemporaryFailure or PermanentFailure and nothing else."""

    def stamp(self, sha256: bytes) -> TimeStamp: ...


@dataclass(frozen=True)
class Scanned:
    """What an antivirus says of a file: the name of what it found, empty for nothing."""

    found: str = ""
    is_whole: bool = True
    """False where the file is larger than it takes: it did not look."""


class Scanner(Protocol):
    """An antivirus. Raises TemporaryFailure and nothing else."""

    def scan(self, stream: BinaryIO) -> Scanned: ...
