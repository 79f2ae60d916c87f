"""The ledger as a bundle shows it: signed roots, each tied to the one before, and the stamps over them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.core.errors import ContractError
from hub.core.roots import Root, root_from_json
from hub.core.services import TimeStamp
from hub.evidence.container import Container, ContainerFault
from hub.evidence.findings import Findings, Given
from hub.evidence.layout import MAX_STAMPS, ROOTS, STAMPS, stamp_file
from hub.evidence.sealed import Trusted
from hub.wire.roots import RootRefusal, certificate_of, open_root, payload_of
from hub.wire.timestamps import check_token
from hub.wire.trusted import leaf_of

_JWS = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
_NAMED = {
    RootRefusal.SIGNER: "ROOT_SIGNER_UNTRUSTED",
    RootRefusal.NOT_THE_HUB: "ROOT_SIGNER_UNTRUSTED",
    RootRefusal.CERTIFICATE_TIME: "ROOT_SIGNER_NOT_VALID",
}


@dataclass(frozen=True)
class Ledger:
    """What of the ledger holds: roots by batch, and for each the stamp over it or over one that it is tied to."""

    roots: Mapping[int, Root] = field(default_factory=dict)
    covered: Mapping[int, TimeStamp] = field(default_factory=dict)
    tied: frozenset[int] = frozenset()
    """Batches whose next one is here and carries their digest."""


def signed_roots_in(text: str) -> tuple[str, ...]:
    """Every signed root in a text: one a line, or the values of a JSON that the hub published."""
    return tuple(dict.fromkeys(_JWS.findall(text)))


def check_ledger(bundle: Container, trusted: Trusted, given: Given, found: Findings) -> Ledger:
    """Check the signature of each root, the ties between them and the stamps over them."""
    signed = _signed(bundle, trusted, found)
    roots = {batch: root for batch, (_, root) in signed.items()}
    tied = frozenset(_ties(roots, found))
    ledger = Ledger(roots, _covered(roots, tied, _stamps(bundle, roots, given, found)), tied)
    if roots:
        found.proven("ROOTS_SIGNED", ROOTS, count=len(roots), last=max(roots))
    _check_expired(signed, ledger, given, found)
    return ledger


def _signed(bundle: Container, trusted: Trusted, found: Findings) -> dict[int, tuple[str, Root]]:
    signed: dict[int, tuple[str, Root]] = {}
    authorities = [trusted.authority] if trusted.authority else []
    for line in bundle.read(ROOTS).decode("ascii", "replace").split():
        try:
            root = open_root(line, authorities, hub=trusted.hub)
        except ContractError as error:
            known = {refusal.value: code for refusal, code in _NAMED.items()}
            found.false(known.get(error.code, "ROOT_CHANGED"), ROOTS, batch=_batch_in(line), detail=error.code)
            continue
        if root.batch in signed and signed[root.batch][1].digest != root.digest:
            found.false("ROOT_TWICE", ROOTS, batch=root.batch)
        signed[root.batch] = (line, root)
    return signed


def _batch_in(signed: str) -> str:
    """The batch that a signed root says it is of, believed or not, to name it."""
    try:
        return str(root_from_json(payload_of(signed)).batch)
    except (ValueError, ContractError):
        return "?"


def _ties(roots: Mapping[int, Root], found: Findings) -> Iterable[int]:
    """The batches that the next one is tied to; a tie that does not hold is named."""
    for batch in sorted(roots):
        after = roots.get(batch + 1)
        if after is None:
            continue
        if after.previous == roots[batch].digest:
            yield batch
        else:
            found.false("CHAIN_BROKEN", ROOTS, batch=batch + 1)


def _covered(
    roots: Mapping[int, Root], tied: frozenset[int], stamps: Mapping[int, TimeStamp]
) -> dict[int, TimeStamp]:
    """The first stamp at or after each batch, as far as the ties reach."""
    covered: dict[int, TimeStamp] = {}
    for batch in sorted(roots, reverse=True):
        stamp = stamps.get(batch) or (covered.get(batch + 1) if batch in tied else None)
        if stamp:
            covered[batch] = stamp
    return covered


def _stamps(bundle: Container, roots: Mapping[int, Root], given: Given, found: Findings) -> dict[int, TimeStamp]:
    stamps: dict[int, TimeStamp] = {}
    names = bundle.under(STAMPS)
    if len(names) > MAX_STAMPS:
        raise ContainerFault(STAMPS, code="ZIP_TOO_MANY")
    if names and not given.tsa:
        found.missing("TSA_NOT_GIVEN", STAMPS)
        return stamps
    by_name = {stamp_file(batch): batch for batch in roots}
    for name in names:
        batch = by_name.get(name)
        if batch is None:
            found.false("STAMP_OF_NO_ROOT", name)
            continue
        try:
            stamps[batch] = stamp = check_token(bundle.read(name, 256 * 1024), roots[batch].digest, given.tsa)
        except ContractError as error:
            code = "STAMP_OF_OTHER_ROOT" if error.code == "STAMP_OF_OTHER_BYTES" else "STAMP_WRONG"
            found.false(code, name, batch=batch, detail=error.code)
        else:
            found.proven("ROOT_STAMPED", name, batch=batch, at=stamp.at, authority=stamp.authority)
    return stamps


def _check_expired(signed: Mapping[int, tuple[str, Root]], ledger: Ledger, given: Given, found: Findings) -> None:
    """A root whose signer's certificate is over by now: its stamp proves that it was signed before."""
    ended = []
    for batch, (line, _) in sorted(signed.items()):
        until, stamp = leaf_of(certificate_of(line)).valid_until, ledger.covered.get(batch)
        if given.now <= until:
            continue
        if stamp and stamp.at <= until:
            ended.append(until)
        else:
            found.missing("ROOT_SIGNER_EXPIRED", ROOTS, batch=batch, until=until)
    if ended:
        found.proven("ROOT_SIGNERS_WERE_VALID", ROOTS, count=len(ended), until=min(ended))


def check_whole(segments: Iterable[tuple[int, int]], ledger: Ledger, found: Findings) -> None:
    """The stretches of the chain (first batch, last) that the bundle says to hold are whole."""
    for first, last in segments:
        for batch in range(first, last + 1):
            if batch not in ledger.roots or (batch < last and batch not in ledger.tied):
                found.false("CHAIN_CUT", ROOTS, batch=batch)
                break


def check_seen(ledger: Ledger, made_at: datetime, trusted: Trusted, given: Given, found: Findings) -> None:
    """Compare with the roots that were given out before: what was rewritten, and a tail that was cut."""
    for line in given.seen:
        try:
            seen = open_root(line, [trusted.authority] if trusted.authority else [])
        except ContractError as error:
            found.missing("SEEN_NOT_BELIEVED", ROOTS, batch=_batch_in(line), detail=error.code)
            continue
        _compare(seen, ledger, made_at, found)


def _compare(seen: Root, ledger: Ledger, made_at: datetime, found: Findings) -> None:
    here = ledger.roots.get(seen.batch)
    if here is not None and here.digest == seen.digest:
        found.proven("SEEN_AGREES", ROOTS, batch=seen.batch)
    elif here is not None:
        found.false("LEDGER_REWRITTEN", ROOTS, batch=seen.batch)
    elif ledger.roots and seen.batch > max(ledger.roots) and seen.sealed_at < made_at:
        found.false("LEDGER_CUT", ROOTS, batch=seen.batch, last=max(ledger.roots), at=seen.sealed_at)
    else:
        found.missing("SEEN_NOT_COMPARED", ROOTS, batch=seen.batch)
