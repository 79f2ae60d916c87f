"""The messages of a bundle: each signed by who says it, about this filing, and named by an event of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.core.errors import ContractError
from hub.core.messages import Acuse, Cargo, Estado, Header, Message, Sobre
from hub.core.ports import Trust
from hub.evidence.container import Container, ContainerFault
from hub.evidence.findings import Findings
from hub.evidence.happened import Happened
from hub.evidence.layout import MAX_MESSAGES, MESSAGES
from hub.wire import xml
from hub.wire.codes import Refusal
from hub.wire.seal import Opened, open_sealed
from hub.wire.sobre import read_message
from hub.wire.within import messages_within

_SIGNER = frozenset(
    {Refusal.SIGNER_UNKNOWN.wire, Refusal.SIGNER_NOT_SENDER.wire, Refusal.SIGNATURE_MISSING.wire, Refusal.KEY_WEAK.wire}
)
_NOT_VALID = frozenset(
    {
        Refusal.CERTIFICATE_EXPIRED.wire,
        Refusal.CERTIFICATE_NOT_YET_VALID.wire,
        Refusal.CERTIFICATE_REVOKED.wire,
    }
)
_NOT_OF_HERE = {
    Refusal.RECEIVER_WRONG.wire: "MESSAGE_FOR_ANOTHER",
    Refusal.INSTANT_AHEAD.wire: "MESSAGE_AHEAD",
}
_SIGNED = _NOT_VALID | _NOT_OF_HERE.keys()
"""What is refused only once the signature holds."""


@dataclass(frozen=True)
class Kept:
    """A message as the list of the bundle tells it. `is_ours`: the hub sent it."""

    file: str
    is_ours: bool
    cuo: str
    at: datetime
    sha256: str


Pair = tuple[Kept, Opened]
"""A message that holds, and where it stands in the list."""


@dataclass(frozen=True)
class Route:
    """What messages are checked against. `destinations`: CUO -> RUC of where that leg goes."""

    filing_number: str
    hub: str
    destinations: Mapping[str, str]
    names: Mapping[str, str]
    trust: Trust


def check_messages(
    bundle: Container, events: Sequence[Happened], route: Route, found: Findings
) -> tuple[Pair, ...]:
    """Check every message; give those whose signature holds."""
    kept = _read(bundle)
    if len(kept) > MAX_MESSAGES:
        raise ContainerFault(MESSAGES, code="ZIP_TOO_MANY")
    told = {digest for event in events for digest in (event.raw, event.sent) if digest}
    opened = [pair for one in kept if one.file in bundle for pair in _open(bundle, one, route, told, found)]
    for one in kept:
        if one.file not in bundle:
            found.false("FILE_MISSING", one.file)
    _check_acuses(opened, found)
    _check_missing(bundle, kept, events, found)
    return tuple(opened)


def _read(bundle: Container) -> list[Kept]:
    try:
        return [_kept(one) for one in bundle.json(MESSAGES)["mensajes"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContainerFault(MESSAGES, code="JSON_MALFORMED") from error


def _kept(one: Mapping[str, Any]) -> Kept:
    at = datetime.fromisoformat(one["instante"])
    if at.tzinfo is None:
        raise ValueError("an instant without offset")
    return Kept(str(one["archivo"]), one["sentido"] == "salida", str(one["cuo"]), at, str(one["sha256"]))


def _open(
    bundle: Container, one: Kept, route: Route, told: set[str], found: Findings
) -> list[Pair]:
    """The messages in one file: one, or those that an answer carries. What is not signed only the ledger proves."""
    raw, is_told = bundle.read(one.file), bundle.sha256(one.file).hex() in told
    within, is_listed = messages_within(raw), bundle.sha256(one.file).hex() == one.sha256
    opened = [_opened(sealed, one, route, found) for sealed in within]
    if one.is_ours and not within:
        found.false("MESSAGE_CHANGED", one.file)
    elif not all(opened):
        pass  # its own fault is told, and no other one beside it
    elif not is_listed:
        found.false("MESSAGE_REPLACED", one.file)
    elif not within and is_told:
        found.proven("ANSWER_KEPT", one.file, at=one.at)
    elif not within:
        found.false("ANSWER_UNTOLD", one.file)
    elif not is_told:
        found.missing("MESSAGE_UNTOLD", one.file)
    return [(one, good) for good in opened if good]


def _opened(sealed: bytes, one: Kept, route: Route, found: Findings) -> Opened | None:
    receiver = route.destinations.get(one.cuo, "") if one.is_ours else route.hub
    try:
        opened = open_sealed(sealed, route.trust, receiver_ruc=receiver, now=one.at)
    except ContractError as error:
        found.false(_misplaced_for(error.code, sealed, one, route) or _name(error.code), one.file, detail=error.code)
        return None
    message, header = opened.message, opened.message.header
    if misplaced := _misplaced(header, one, route):
        found.false(misplaced, one.file, number=header.filing_number, cuo=header.cuo)
        return None
    expected = route.hub if one.is_ours else route.destinations[header.cuo]
    if header.sender_ruc != expected:
        found.false("MESSAGE_SIGNER", one.file, detail=header.sender_ruc)
        return None
    name = route.names.get(header.sender_ruc, header.sender_ruc)
    ruc, at = header.sender_ruc, header.issued_at
    receiver = route.names.get(header.receiver_ruc, header.receiver_ruc)
    found.proven("MESSAGE_SIGNED", one.file, **_what(message), name=name, ruc=ruc, at=at, receiver=receiver)
    return opened


def _what(message: Message) -> dict[str, str]:
    """What a message says, in a few words."""
    said = {"message": type(message).__name__}
    if isinstance(message, Cargo):
        number = f" con el número {message.registry_number}" if message.registry_number else ""
        said |= {"outcome": message.outcome.value, "number": number}
    elif isinstance(message, Estado):
        said |= {"movement": message.movement.value}
    return said


def _misplaced(header: Header, one: Kept, route: Route) -> str:
    """The code for a message that stands where another one belongs; empty for one in its place."""
    if header.filing_number != route.filing_number:
        return "MESSAGE_OF_ANOTHER_FILING"
    return "" if header.cuo == one.cuo and header.cuo in route.destinations else "MESSAGE_OF_ANOTHER_LEG"


def _misplaced_for(code: str, sealed: bytes, one: Kept, route: Route) -> str:
    """The same for one refused after its signature held, or signed by somebody who has no part in this filing."""
    if code not in _SIGNED and code != Refusal.SIGNER_UNKNOWN.wire:
        return ""
    try:
        header = read_message(xml.parse(sealed)).header
    except ContractError:
        return ""
    is_known = header.sender_ruc in route.names
    return _misplaced(header, one, route) if code in _SIGNED or not is_known else ""


def _name(code: str) -> str:
    if code in _SIGNER:
        return "MESSAGE_SIGNER"
    if code in _NOT_VALID:
        return "MESSAGE_SIGNER_NOT_VALID"
    return _NOT_OF_HERE.get(code, "MESSAGE_CHANGED")


def _check_acuses(opened: Sequence[Pair], found: Findings) -> None:
    """An Acuse names, by its digest, the Sobre that its destination holds."""
    sobres = {(one.cuo, sobre.reference_digest) for one, sobre in opened if isinstance(sobre.message, Sobre)}
    for one, acuse in opened:
        if isinstance(acuse.message, Acuse) and (one.cuo, acuse.message.sobre_digest) not in sobres:
            found.false("ACUSE_OF_OTHER_SOBRE", one.file)


def _check_missing(bundle: Container, kept: Sequence[Kept], events: Sequence[Happened], found: Findings) -> None:
    """What an event names is there: what came, and the Sobre that left for each leg."""
    here = {bundle.sha256(one.file).hex() for one in kept if one.file in bundle}
    ours = {one.cuo for one in kept if one.is_ours and one.file in bundle}
    for event in events:
        cuo = str(event.told["leg"])
        if event.raw and event.raw not in here:
            found.false("MESSAGE_MISSING", MESSAGES, position=event.position, kind=event.kind)
        if event.sent and event.sent not in here:
            found.false("SOBRE_REPLACED" if cuo in ours else "SOBRE_MISSING", MESSAGES, cuo=cuo)
        elif event.kind == "sent" and cuo not in ours:
            found.false("SOBRE_MISSING", MESSAGES, cuo=cuo)
