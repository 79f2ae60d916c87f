"""What was handed in: documents, papers and personal data, each against the events that tell them by digest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hub.core.chain import commitment, instant
from hub.core.errors import ContractError
from hub.core.messages import Sobre
from hub.evidence.container import Container, ContainerFault
from hub.evidence.findings import Findings
from hub.evidence.happened import Happened
from hub.evidence.layout import FILING, MAX_PAPERS
from hub.evidence.said import Pair
from hub.wire.pdf_signatures import signatures_in

_SHA256 = re.compile("[0-9a-f]{64}")
_OPENED = (("administrado", "filer_commitment", "COMMITMENT_FILER"),
           ("contenido", "content_commitment", "COMMITMENT_CONTENT"))  # fmt: skip

Values = Mapping[str, Any]


def check_filing(filing: Values, events: Sequence[Happened], found: Findings) -> None:
    """The data of the filing are those that its presentation sealed; opened commitments are the ones told."""
    presented = next((event for event in events if event.kind == "presented"), None)
    if presented is None:
        found.false("PRESENTED_MISSING", FILING)
        return
    told = {"presentado": instant(presented.at), "se_considera": presented.data.get("considered_on"),
            "regla": presented.data.get("rule")}  # fmt: skip
    for name, value in told.items():
        if filing.get(name) != value:
            found.false("FILING_DIFFERS", FILING, what=name)
    if not filing.get("sal"):
        found.missing("COMMITMENTS_CLOSED", FILING)
        return
    salt = bytes.fromhex(filing["sal"])
    for name, key, code in _OPENED:
        if commitment(salt, filing.get(name)) == presented.data.get(key):
            found.proven(code, FILING)
        else:
            found.false(f"{code}_DIFFERS", FILING)


def digests_in(value: object) -> Iterator[str]:
    """Every SHA-256 in hex that an event's data holds, however deep."""
    if isinstance(value, str):
        if _SHA256.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from digests_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from digests_in(one)


def check_documents(bundle: Container, listed: Sequence[Values], events: Sequence[Happened], found: Findings) -> None:
    """Each document is one that an event tells, and each that was handed in is there."""
    told = {digest for event in events for digest in digests_in(dict(event.data))}
    here = set()
    for one in listed:
        name = str(one["archivo"])
        if name not in bundle:
            found.false("DOCUMENT_MISSING", name, name=one["nombre"])
            continue
        digest = bundle.sha256(name).hex()
        here.add(digest)
        if digest in told:
            found.proven("DOCUMENT_TOLD", name, name=one["nombre"], sha256=digest)
        elif digest == one["sha256"] and one["cuo"]:
            found.missing("DOCUMENT_UNTOLD", name, name=one["nombre"])
        else:
            found.false("DOCUMENT_NOT_PRESENTED", name, name=one["nombre"])
    for event in events:
        for number, digest in enumerate(digests_in(event.data.get("documents", [])), 1):
            if digest not in here:
                found.false("DOCUMENT_REMOVED", f"{FILING}#{number}", number=number, kind=event.kind, sha256=digest)


def check_papers(bundle: Container, listed: Sequence[Values], events: Sequence[Happened], found: Findings) -> None:
    """Each paper is the one that the hub told to have made."""
    made = {
        (event.data.get("paper"), event.data.get("version"), event.told["leg"]): event.data.get("sha256")
        for event in events
        if event.kind == "paper_made"
    }
    if len(listed) > MAX_PAPERS:
        raise ContainerFault(FILING, code="ZIP_TOO_MANY")
    for one in listed:
        name, key = str(one["archivo"]), (one["clase"], one["version"], one["cuo"])
        told = made.pop(key, None)
        digest = bundle.sha256(name).hex() if name in bundle else ""
        if not digest:
            found.false("PAPER_MISSING", name, kind=one["clase"])
        elif told is None:
            found.missing("PAPER_UNTOLD", name, kind=one["clase"])
        elif told != digest:
            found.false("PAPER_REPLACED", name, kind=one["clase"])
        else:
            found.proven("PAPER_TOLD", name, kind=one["clase"])
            _check_paper_seal(bundle, name, one["clase"], found)
    for kind, version, _ in made:
        found.false("PAPER_MISSING", FILING, kind=kind, version=version)


def _check_paper_seal(bundle: Container, name: str, kind: str, found: Findings) -> None:
    """The PDF's own seal, for who takes the paper out of the bundle."""
    try:
        seals = signatures_in(bundle.read(name))
    except ContractError:
        found.false("PAPER_SEAL_BROKEN", name, kind=kind)
        return
    for seal in seals:
        if seal.is_intact:
            found.proven("PAPER_SEALED", name, kind=kind, name=seal.organisation or seal.signer, at=seal.at or "…")
        else:
            found.false("PAPER_SEAL_BROKEN", name, kind=kind)


def check_sobres(filing: Values, messages: Sequence[Pair], found: Findings) -> None:
    """What went to each institution is what was handed in: the same person, the same instant, the same documents."""
    known = {str(one["sha256"]) for one in filing["documentos"]}
    filer = filing.get("administrado") or {}
    for kept, opened in messages:
        message = opened.message
        if not isinstance(message, Sobre):
            continue
        same = {
            "documentos": {one.sha256 for one in message.documents} <= known,
            "presentado": instant(message.presented_at) == filing["presentado"],
            "administrado": not filer or message.filer.document_number == filer.get("document_number"),
        }
        for what in (name for name, is_same in same.items() if not is_same):
            found.false("SOBRE_DIFFERS", kept.file, what=what)
