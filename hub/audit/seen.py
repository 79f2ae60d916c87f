"""Against what was given out before: a balance that somebody kept, the roots of a bundle, a copy of the public page."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.audit.findings import Finding, Terms, Touched
from hub.core.errors import ContractError
from hub.core.roots import Root, root_from_json
from hub.models import Batch, Event
from hub.wire.roots import open_root, payload_of

MAX_BYTES = 64 * 1024 * 1024
_JWS = re.compile(rb"[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}")
_ROOTS_IN_BUNDLE = "libro/raices.txt"


@dataclass(frozen=True)
class Seen:
    """Signed roots that were given out, and how many events a balance counted from before the ledger."""

    roots: tuple[str, ...]
    old_events: int | None = None


def balance(session: Session) -> dict[str, Any]:
    """The newest signed root, for somebody to keep: what shows later that a tail was cut or the past rewritten."""
    jws = session.scalar(select(Batch.jws).order_by(Batch.id.desc()).limit(1))
    if jws is None:
        return {"v": 1, "batch": 0, "jws": "", "old_events": _old_events(session)}
    root = root_from_json(payload_of(jws))
    return {"v": 1, "jws": jws, "old_events": _old_events(session), **_plain(root)}


def _plain(root: Root) -> Mapping[str, Any]:
    return {name: value for name, value in root.to_json().items() if name in ("hub", "batch", "sealed_at")}


def _old_events(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Event).where(Event.position.is_(None))) or 0


def read_seen(content: bytes) -> Seen:
    """The signed roots in a balance, in lines of JWS or JSON, or in a bundle (ASiC-E). Raises ValueError for none."""
    if content.startswith(b"PK"):
        content = _from_bundle(content)
    roots = tuple(one.decode() for one in _JWS.findall(content))
    if not roots:
        raise ValueError("no signed root")
    return Seen(roots, _counted(content))


def _from_bundle(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            if bundle.getinfo(_ROOTS_IN_BUNDLE).file_size > MAX_BYTES:
                raise ValueError("too large")
            return bundle.read(_ROOTS_IN_BUNDLE)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ValueError("no bundle with roots") from error


def _counted(content: bytes) -> int | None:
    try:
        said = json.loads(content)
    except ValueError:
        return None  # lines, not a balance
    counted = said.get("old_events") if isinstance(said, dict) else None
    return counted if isinstance(counted, int) else None


def check_seen(session: Session, terms: Terms, seen: Sequence[Seen]) -> Iterator[Finding]:
    """Compare with every root that was given out: one that is not here any more, or is here with another statement."""
    newest = session.scalar(select(func.max(Batch.id))) or 0
    for one in seen:
        for jws in one.roots:
            try:
                root = open_root(jws, terms.authorities, hub=terms.hub)
            except ContractError as error:
                yield Finding(Touched.SEEN_UNREADABLE, detail=error.code)
                continue
            yield from _compare(session, root, newest)
        if one.old_events is not None and one.old_events != _old_events(session):
            yield Finding(Touched.OLD_EVENTS_CHANGED, detail=f"{one.old_events} -> {_old_events(session)}")


def _compare(session: Session, root: Root, newest: int) -> Iterator[Finding]:
    here = session.scalar(select(Batch.jws).where(Batch.id == root.batch))
    if root.batch > newest:
        yield Finding(Touched.TAIL_CUT, batch=root.batch, detail=str(newest))
    elif here is not None and _payload(here) != root.payload:
        yield Finding(Touched.PAST_REWRITTEN, batch=root.batch)


def _payload(jws: str) -> bytes:
    try:
        return payload_of(jws)
    except ContractError:
        return b""
