"""What a case works with: Sobres of every kind, how the institution answers them, and what it says by itself."""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from adapters.conformance.hub_standin import StandIn
from adapters.conformance.values import NotKept
from adapters.conformance.ways import Heard, Way
from hub.core.calendar import local_date
from hub.core.errors import ContractError
from hub.core.identifiers import FilingNumber
from hub.core.messages import Acuse, Addressee, DocumentRef, DocumentRole, Filer, Header, Message, Sobre
from hub.core.ports import Partner, Signer, Trust
from hub.core.statuses import Mode
from hub.wire import seal, sobre, xml
from hub.wire.tokens import make_token

NS = f"{{{xml.NS}}}"


@dataclass(frozen=True)
class Sent:
    """A Sobre that was made: its values, its signed bytes, the paths of its documents at the stand-in."""

    values: Sobre
    sealed: bytes
    paths: tuple[str, ...]

    @property
    def id(self) -> UUID:
        return self.values.header.message_id

    @property
    def cuo(self) -> str:
        return self.values.header.cuo


@dataclass
class Ground:
    """`stranger` signs as a body that is not the hub; `max_bytes` is what the institution declares, 0 for nothing.

    `patience`: seconds for what it does by itself; `timeout`: for an answer.
    """

    who: Partner
    own_ruc: str
    """Who speaks to it: the hub, or whoever files at one."""
    signer: Signer
    token_signer: Signer
    stranger: Signer
    trust: Trust
    way: Way
    standin: StandIn
    clock: Callable[[], datetime]
    address: str
    """Where the institution finds the stand-in."""
    patience: float = 30.0
    timeout: float = 10.0
    max_bytes: int = 0
    kept: dict[str, Any] = field(default_factory=dict)
    """What one case leaves for the next."""

    def sobre(self, contents: Sequence[bytes] = (b"%PDF-1.4 prueba",), **changes: Any) -> Sent:
        """A Sobre signed by the hub, its documents at the stand-in."""
        cuo = f"9{secrets.randbelow(10**9):09d}"
        header = self.header(cuo)
        listed = [self._listed(cuo, place, content) for place, content in enumerate(contents)]
        refs = tuple(ref for ref, _ in listed)
        values = replace(self._values(header, refs), **changes)
        return Sent(values, self.seal(values), tuple(path for _, path in listed))

    def _values(self, header: Header, refs: tuple[DocumentRef, ...]) -> Sobre:
        now = self.clock()
        return Sobre(
            header, Filer("dni", "00000000", "PERSONA DE PRUEBA"), Addressee(), "solicitud", "CONFORMIDAD",
            "Prueba de conformidad: no es un trámite", 1, now, local_date(now), Mode.REMITTANCE,
            "conformidad/prueba", refs,
        )  # fmt: skip

    def header(self, cuo: str) -> Header:
        number = FilingNumber.of(self.clock().year, 9_000_000 + secrets.randbelow(999_999))
        return Header(uuid4(), self.own_ruc, self.who.ruc, number, cuo, self.clock())

    def _listed(self, cuo: str, place: int, content: bytes) -> tuple[DocumentRef, str]:
        path = f"/api/v1/envios/{cuo}/documentos/{uuid4()}"
        self.standin.serve(path, content)
        role = DocumentRole.MAIN if place == 0 else DocumentRole.ANNEX
        return self.ref(path, content, role, f"Anexo ñ {place}.pdf"), path

    def ref(self, path: str, content: bytes, role: DocumentRole, name: str) -> DocumentRef:
        digest = hashlib.sha256(content).hexdigest()
        return DocumentRef(role, name, "application/pdf", len(content), digest, None, self.address + path)

    def seal(self, values: Sobre, signer: Signer | None = None) -> bytes:
        return seal.seal(sobre.build(values), signer or self.signer)

    def token(self, signer: Signer | None = None, called: str = "") -> str:
        """A credential of the hub for the institution; by another signer or for another RUC where asked."""
        return make_token(
            signer or self.token_signer, caller_ruc=self.own_ruc, called_ruc=called or self.who.ruc, jti=uuid4(),
            now=self.clock(),
        )

    def ask(self, cuo: str) -> Heard:
        return self.way.ask(cuo, self.token())

    def opened(self, raw: bytes) -> Message:
        """A message of the institution, everything about it checked. Raises ContractError."""
        return seal.open_sealed(raw, self.trust, receiver_ruc=self.own_ruc, now=self.clock()).message

    def until(self, find: Callable[[], Any]) -> Any:
        """What `find()` gives once it is true; what it gives in the end where patience is over."""
        ends = time.monotonic() + self.patience
        while not (found := find()) and time.monotonic() < ends:
            time.sleep(0.05)
        return found

    def acuse(self, sent: Sent) -> bytes:
        """The Acuse of a Sobre: given at once, or when asked later. Raises NotKept."""
        heard = self.way.post(sent.sealed)
        if heard.is_taken:
            heard = self.until(lambda: self._held(sent)) or heard
        if not heard.messages:
            raise NotKept(heard.said())
        return heard.messages[0]

    def _held(self, sent: Sent) -> Heard | None:
        heard = self.ask(sent.cuo)
        return heard if heard.messages else None

    def is_acuse_of(self, raw: bytes, sent: Sent) -> Acuse:
        """The Acuse, if it is one of that Sobre and its signature holds. Raises NotKept."""
        try:
            message = self.opened(raw)
        except ContractError as error:
            raise NotKept(f"su Acuse no se puede aceptar: {error.code} {error.detail}".strip()) from error
        if not isinstance(message, Acuse):
            raise NotKept(f"respondió con un {type(message).__name__}")
        found = (message.header.sender_ruc, message.header.cuo, message.header.answers, message.sobre_digest)
        if found != (self.who.ruc, sent.cuo, sent.id, seal.digest_of(sent.sealed)):
            raise NotKept("su Acuse no dice el RucEmisor, el Cuo, el RespondeA o el DigestSobre que corresponden")
        return message

    def said_of(self, sent: Sent, kind: str) -> list[bytes]:
        """What it said by itself of one kind about a Sobre, however it named it, oldest first."""
        return [raw for raw in self.standin.heard() if _is_about(raw, sent, kind)]


def _is_about(raw: bytes, sent: Sent, kind: str) -> bool:
    try:
        root = xml.parse(raw)
    except ContractError:
        return False
    named = {root.findtext(f"{NS}Cabecera/{NS}{tag}") for tag in ("Cuo", "NumeroTramite", "RespondeA")}
    about = {sent.cuo, str(sent.values.header.filing_number), str(sent.id)}
    return root.tag == f"{NS}{kind}" and bool(named & about)
