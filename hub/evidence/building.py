"""Building: a case written to a file as an ASiC-E container, streamed; then signed, then stamped."""

import hashlib
import logging
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from hub.core.errors import DeliveryFailure
from hub.core.ports import Signer
from hub.core.services import TimeStamper
from hub.evidence.case import Case, Piece
from hub.evidence.layout import MIMETYPE_FILE
from hub.wire.asic import (
    ARCHIVE,
    CMS_TYPE,
    MANIFEST,
    MIMETYPE,
    SIGNATURE,
    STAMP_TYPE,
    TIMESTAMP,
    Listed,
    write_manifest,
)
from hub.wire.detached import sign_detached

log = logging.getLogger("mesa.evidence")
CHUNK = 1024 * 1024
_FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Seals:
    """What a bundle is sealed with. `chain`: certificates (PEM) of who issued the signer's."""

    signer: Signer
    chain: Sequence[bytes]
    stamper: TimeStamper | None = None


@dataclass(frozen=True)
class Built:
    """A bundle on disk. `is_stamped`: an authority answered; without one, or where it is down, it is not."""

    sha256: str
    size: int
    is_stamped: bool


def build(case: Case, out: BinaryIO, seals: Seals, now: datetime) -> Built:
    """Write a bundle to `out`, a seekable binary file. Holds a megabyte of each document at a time; ZIP64 where needed.

    Raises StorageFailure for a document that the store does not give. No database here and, but for the stamp, no
    network: call it with no transaction open.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as container:
        container.writestr(_entry(MIMETYPE_FILE, is_packed=False), MIMETYPE)
        listed = [_copy(container, piece) for piece in case.pieces]
        is_stamped = _seal(container, listed, seals, now)
    size = out.seek(0, 2)
    return Built(_digest_of(out), size, is_stamped)


def _entry(name: str, *, is_packed: bool = True) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
    entry.external_attr = 0o100644 << 16
    return entry


def _copy(container: zipfile.ZipFile, piece: Piece) -> Listed:
    digest = hashlib.sha256()
    entry = _entry(piece.name, is_packed=piece.is_packed)
    with piece.open() as stream, container.open(entry, "w", force_zip64=not piece.is_packed) as sink:
        for part in _parts(stream):
            digest.update(part)
            sink.write(part)
    return Listed(piece.name, piece.media_type, digest.digest())


def _seal(container: zipfile.ZipFile, listed: Sequence[Listed], seals: Seals, now: datetime) -> bool:
    manifest = write_manifest(SIGNATURE, CMS_TYPE, listed)
    signature = sign_detached(seals.signer, manifest, now, seals.chain)
    container.writestr(_entry(MANIFEST), manifest)
    container.writestr(_entry(SIGNATURE), signature)
    covered = [Listed(MANIFEST, "text/xml", _sha256(manifest)), Listed(SIGNATURE, CMS_TYPE, _sha256(signature))]
    archive = write_manifest(TIMESTAMP, STAMP_TYPE, covered)
    token = _stamp(seals.stamper, _sha256(archive))
    if token:
        container.writestr(_entry(ARCHIVE), archive)
        container.writestr(_entry(TIMESTAMP), token)
    return bool(token)


def _stamp(stamper: TimeStamper | None, sha256: bytes) -> bytes:
    """The token of the authority, or nothing: a bundle is given out also while the authority is down, and says so."""
    if stamper is None:
        return b""
    try:
        return stamper.stamp(sha256).token
    except DeliveryFailure as error:
        log.warning("a bundle goes out without a time-stamp: %s", error.code)
        return b""


def _digest_of(out: BinaryIO) -> str:
    out.seek(0)
    digest = hashlib.sha256()
    for part in _parts(out):
        digest.update(part)
    return digest.hexdigest()


def _parts(stream: BinaryIO) -> Iterator[bytes]:
    while part := stream.read(CHUNK):
        yield bytes(part)


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
