"""The lists of a bundle: the filing, its events, documents and papers, as plain JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.core.chain import Told, instant
from hub.core.directory import Directory
from hub.core.roots import root_from_json
from hub.evidence import layout
from hub.evidence.messages import Message
from hub.ledger import Proofs
from hub.models import Delivery, Document, Event, Filing, Paper
from hub.registry import CONTENT_FIELDS, FILER_FIELDS
from hub.wire.roots import payload_of


@dataclass(frozen=True)
class Found:
    """The rows of one filing, read in one transaction."""

    filing: Filing
    legs: Sequence[Delivery]
    events: Sequence[Event]
    papers: Sequence[Paper]
    messages: tuple[Message, ...]
    proofs: Proofs
    roots: tuple[str, ...]

    def cuo(self, row_id: int | None) -> str:
        return next((leg.cuo for leg in self.legs if leg.id == row_id), "")


def filing_json(found: Found, directory: Directory, events: int, now: datetime) -> dict[str, Any]:
    """datos/tramite.json but for its documents and papers; the filer's own data, opened by the salt."""
    filing = found.filing
    return {
        "formato": layout.FORMAT,
        "numero": filing.filing_number,
        "hub": directory.operator.ruc,
        "hecho": instant(now),
        "eventos": events,
        "eventos_anteriores": len(found.events) - events,
        "libro": _segments(found.roots),
        "presentado": instant(filing.presented_at),
        "se_considera": filing.considered_on.isoformat(),
        "regla": filing.rule_applied,
        "canal": filing.channel,
        "serie_documental": filing.retention_class,
        "sal": filing.salt.hex(),
        "administrado": {name: getattr(filing.filer, name) for name in FILER_FIELDS},
        "contenido": {name: getattr(filing, name) for name in CONTENT_FIELDS},
        "envios": [_leg_json(one, directory) for one in found.legs],
    }


def _leg_json(leg: Delivery, directory: Directory) -> dict[str, Any]:
    body = directory.by_id(leg.destination_id)
    return {"cuo": leg.cuo, "destino": body.ruc, "nombre": body.name, "motivo": leg.purpose, "estado": leg.status.value}


def _segments(roots: Sequence[str]) -> list[list[int]]:
    """The stretches of batches that follow one another without a gap: [first, last] of each."""
    stretches: list[list[int]] = []
    for batch in sorted(root_from_json(payload_of(jws)).batch for jws in roots):
        if stretches and stretches[-1][1] + 1 >= batch:
            stretches[-1][1] = batch
        else:
            stretches.append([batch, batch])
    return stretches


def document_json(found: Found, name: str, one: Document) -> dict[str, Any]:
    """A document, under the name that its filer gave it."""
    return {
        "archivo": name,
        "nombre": one.file_name,
        "rol": one.role,
        "tipo": one.media_type,
        "bytes": one.size,
        "sha256": one.sha256,
        "cuo": found.cuo(one.delivery_id),
        "es_subsanacion": one.subsanacion_id is not None,
    }


def paper_json(found: Found, name: str, one: Paper) -> dict[str, Any]:
    """A paper that the hub made."""
    cuo = found.cuo(one.delivery_id)
    return {"archivo": name, "clase": one.kind, "version": one.version, "cuo": cuo, "sha256": one.sha256}


def event_json(found: Found, event: Event) -> dict[str, Any]:
    """An event as it is hashed, with its place, its hashes and its proof; no proof while it is not sealed."""
    told = Told(
        at=event.at,
        happened_at=event.happened_at,
        filing=found.filing.filing_number,
        leg=found.cuo(event.delivery_id),
        kind=event.kind,
        author=event.author.value,
        said_by=event.said_by,
        data=event.data,
        raw=event.raw_digest,
    )
    inclusion = found.proofs.inclusions.get(event.id)
    return {
        **told.to_json(),
        "position": event.position,
        "previous": (event.previous or b"").hex(),
        "hash": (event.hash or b"").hex(),
        "proof": inclusion.to_json() if inclusion else None,
    }
