"""The outer seal of a bundle: whose signature it carries, and whether every file is the one that was signed."""

from dataclasses import dataclass
from datetime import datetime

from hub.core.errors import ContractError
from hub.evidence.container import Container, ContainerFault
from hub.evidence.findings import Findings, Given
from hub.evidence.layout import CA, MIMETYPE_FILE
from hub.wire import asic
from hub.wire.detached import Detached, is_from, open_detached
from hub.wire.timestamps import check_token
from hub.wire.trusted import leaf_of, names_in, rucs_in

_OF_THE_SEAL = frozenset({MIMETYPE_FILE, asic.MANIFEST, asic.SIGNATURE, asic.ARCHIVE, asic.TIMESTAMP})


@dataclass(frozen=True)
class Trusted:
    """Whom the rest is checked against: the authority (PEM) and the hub's RUC; empty where nobody could be believed."""

    authority: bytes
    hub: str


def check_seal(bundle: Container, given: Given, found: Findings) -> Trusted:
    """Check the container's own signature, its stamp and the digest of every file that it names."""
    authority = _authority(bundle, given, found)
    manifest = _read(bundle, asic.MANIFEST, "MANIFEST_MISSING", found)
    signature = _read(bundle, asic.SIGNATURE, "SIGNATURE_MISSING", found)
    for name in bundle.repeated:
        found.false("ZIP_DUPLICATE", name)
    hub = ""
    if manifest is not None and signature is not None:
        hub = _check_signature(bundle, manifest, signature, authority, given, found)
    if manifest is not None:
        _check_files(bundle, manifest, found)
    return Trusted(authority, hub)


def _authority(bundle: Container, given: Given, found: Findings) -> bytes:
    own = bundle.read(CA, 64 * 1024) if CA in bundle else b""
    if given.ca is None:
        found.missing("CA_NOT_GIVEN", CA)
        return own
    try:
        is_same = bool(own) and leaf_of(own).der == leaf_of(given.ca).der
    except ValueError:
        is_same = False
    if own and not is_same:
        found.false("CA_REPLACED", CA)
    return given.ca


def _read(bundle: Container, name: str, code: str, found: Findings) -> bytes | None:
    if name in bundle:
        return bundle.read(name, asic.MAX_BYTES)
    found.false(code, name)
    return None


def _check_signature(
    bundle: Container, manifest: bytes, signature: bytes, authority: bytes, given: Given, found: Findings
) -> str:
    """The RUC of the hub that signed, or nothing where the signature is not to be believed."""
    try:
        signed = open_detached(signature, manifest)
    except ContractError as error:
        code = "MANIFEST_CHANGED" if error.code == "CMS_OTHER_CONTENT" else "SIGNATURE_BROKEN"
        found.false(code, asic.MANIFEST, detail=error.code)
        return ""
    leaf = leaf_of(signed.certificate_pem)
    name, rucs = names_in(leaf.x509), rucs_in(leaf.der)
    hub = given.hub or (rucs[0] if rucs else "")
    if not _is_believed(signed.certificate_pem, authority) or hub not in rucs:
        found.false("SIGNER_UNTRUSTED", asic.SIGNATURE, name=name)
        return ""
    found.proven("CONTAINER_SIGNED", asic.SIGNATURE, name=name, ruc=hub, at=signed.said_at)
    _check_time(bundle, signed, given, found)
    return hub


def _is_believed(certificate: bytes, authority: bytes) -> bool:
    try:
        return bool(authority) and is_from(certificate, authority)
    except ValueError:
        return False


def _check_time(bundle: Container, signed: Detached, given: Given, found: Findings) -> None:
    """Whether the signer's certificate was good when it signed, and what proves when that was."""
    leaf, proven_at = leaf_of(signed.certificate_pem), _stamped_at(bundle, given, found)
    at = signed.said_at or proven_at or given.now
    if not leaf.valid_from <= at <= leaf.valid_until:
        found.false("SIGNER_NOT_VALID", asic.SIGNATURE, at=at)
    elif given.now > leaf.valid_until:
        if proven_at and proven_at <= leaf.valid_until:
            found.proven("SIGNER_EXPIRED_SINCE", asic.SIGNATURE, until=leaf.valid_until, at=proven_at)
        else:
            found.missing("SIGNER_EXPIRED", asic.SIGNATURE, until=leaf.valid_until)


def _stamped_at(bundle: Container, given: Given, found: Findings) -> datetime | None:
    if asic.TIMESTAMP not in bundle or asic.ARCHIVE not in bundle:
        found.missing("CONTAINER_NOT_STAMPED", asic.TIMESTAMP)
        return None
    try:
        covered = {one.name: one.sha256 for one in asic.read_manifest(bundle.read(asic.ARCHIVE), asic.TIMESTAMP)}
    except ContractError:
        found.false("STAMP_MANIFEST_CHANGED", asic.ARCHIVE)
        return None
    if {name: bundle.sha256(name) for name in (asic.MANIFEST, asic.SIGNATURE)} != covered:
        found.false("STAMP_MANIFEST_CHANGED", asic.ARCHIVE)
        return None
    if not given.tsa:
        found.missing("TSA_NOT_GIVEN", asic.TIMESTAMP)
        return None
    try:
        stamp = check_token(bundle.read(asic.TIMESTAMP, asic.MAX_BYTES), bundle.sha256(asic.ARCHIVE), given.tsa)
    except ContractError as error:
        found.false("CONTAINER_STAMP_WRONG", asic.TIMESTAMP, detail=error.code)
        return None
    found.proven("CONTAINER_STAMPED", asic.TIMESTAMP, at=stamp.at, authority=stamp.authority)
    return stamp.at


def _check_files(bundle: Container, manifest: bytes, found: Findings) -> None:
    try:
        listed = asic.read_manifest(manifest, asic.SIGNATURE)
    except ContractError as error:
        found.false("MANIFEST_MALFORMED", asic.MANIFEST, detail=error.code)
        return
    for one in listed:
        _check_file(bundle, one, found)
    named = {one.name for one in listed} | _OF_THE_SEAL
    for name in sorted(set(bundle.entries) - named):
        found.false("FILE_UNNAMED", name)
    found.proven("FILES_SEALED", asic.MANIFEST, count=len(listed))


def _check_file(bundle: Container, listed: asic.Listed, found: Findings) -> None:
    if listed.name not in bundle:
        found.false("FILE_MISSING", listed.name)
        return
    try:
        is_same = bundle.sha256(listed.name) == listed.sha256
    except ContainerFault:
        is_same = False
    if not is_same:
        found.false("FILE_CHANGED", listed.name)
