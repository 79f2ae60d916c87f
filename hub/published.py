"""The directory as partners read it: one document, signed, with a version that grows when what it says changes."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.core.bodies import CertificateRecord, EntityRecord, Limits
from hub.core.chain import canonical
from hub.core.directory import Directory
from hub.models import ConformanceReport, DirectoryVersion

REISSUED_AFTER = timedelta(days=1)
GOOD_FOR = timedelta(days=7)
LOCK = 7_306_005
Sign = Callable[[dict[str, Any]], str]
"""A statement -> the same, signed."""
_CAPABILITIES: Mapping[str, tuple[str, ...]] = {
    "rest": ("recibe", "presenta", "responde", "documentos-por-partes"),
    "soap": ("recibe", "presenta", "responde", "documentos-por-partes"),
    "pull": ("recibe", "presenta", "responde", "documentos-por-partes"),
    "iotramite": ("recibe", "documentos-por-enlace"),
    "hosted": ("recibe", "presenta", "responde"),
    "pide": (),
}


@dataclass(frozen=True)
class HubKey:
    """A certificate of the hub's own, and what it signs: `sobres` or `credenciales`."""

    use: str
    certificate: CertificateRecord


def content_of(
    directory: Directory, keys: Sequence[HubKey], reports: Mapping[int, ConformanceReport], address: str
) -> dict[str, Any]:
    """What the directory says, without its version and its dates. `reports`: the last one of each body, by row id."""
    operator = directory.operator
    return {
        "v": 1,
        "sector": directory.sector.name,
        "mesa": {
            "codigo": operator.code, "ruc": operator.ruc, "nombre": operator.name, "direccion": address,
            "certificados": [{"uso": one.use, **_certificate(one.certificate)} for one in keys],
        },
        "entidades": [_entity(directory, one, reports.get(one.id)) for one in directory.entities],
    }  # fmt: skip


def _entity(directory: Directory, body: EntityRecord, report: ConformanceReport | None) -> dict[str, Any]:
    heir = directory.entity(body.successor) if body.successor else None
    return {
        "codigo": body.code, "ruc": body.ruc, "siglas": body.acronym, "nombre": body.name,
        "medio": body.adapter.kind.value, "direccion": body.adapter.address,
        "capacidades": list(_CAPABILITIES[body.adapter.kind.value]),
        "politica": body.policy.value, "politicaRemision": body.remittance_policy.value,
        "limites": _limits(body.limits),
        "mostradores": [{"codigo": one.code, "nombre": one.name, "ubigeo": one.ubigeo} for one in body.counters],
        "procedimientos": [{"codigo": one.tupa_code, "nombre": one.name} for one in body.procedures],
        "certificados": [_certificate(one) for one in body.certificates],
        "dejoDeAtender": body.left_on.isoformat() if body.left_on else None,
        "sucesora": {"codigo": heir.code, "ruc": heir.ruc} if heir else None,
        "conformidad": _report(report) if report else None,
    }  # fmt: skip


def _limits(limits: Limits) -> dict[str, Any]:
    return {
        "principalBytes": limits.main_bytes, "anexoBytes": limits.annex_bytes, "totalBytes": limits.total_bytes,
        "archivos": limits.files, "tiposPrincipal": list(limits.main_types), "tiposAnexo": list(limits.annex_types),
    }  # fmt: skip


def _certificate(one: CertificateRecord) -> dict[str, Any]:
    return {
        "sha256": one.fingerprint, "pem": one.pem, "desde": one.valid_from.isoformat(),
        "hasta": one.valid_until.isoformat(), "revocado": one.revoked_at.isoformat() if one.revoked_at else None,
    }  # fmt: skip


def _report(report: ConformanceReport) -> dict[str, Any]:
    return {"fecha": report.made_at.isoformat(), "aprobado": report.has_passed, "direccion": report.report["direccion"]}


def last_reports(session: Session) -> dict[int, ConformanceReport]:
    """The last conformance report of each body, by its row id."""
    newest = select(func.max(ConformanceReport.id)).group_by(ConformanceReport.entity_id)
    rows = session.scalars(select(ConformanceReport).where(ConformanceReport.id.in_(newest)))
    return {row.entity_id: row for row in rows}


def newest(session: Session) -> DirectoryVersion | None:
    """The directory as it is given out; None before a worker signed the first."""
    return session.scalar(select(DirectoryVersion).order_by(DirectoryVersion.id.desc()).limit(1))


def in_force(session: Session, at: datetime) -> DirectoryVersion | None:
    """The directory that was given out at an instant; before the first of all, that one."""
    rows = select(DirectoryVersion).limit(1)
    then = session.scalar(
        rows.where(DirectoryVersion.issued_at <= at).order_by(DirectoryVersion.issued_at.desc(), DirectoryVersion.id)
    )
    return then or session.scalar(rows.order_by(DirectoryVersion.issued_at, DirectoryVersion.id))


def content_in(version: DirectoryVersion) -> dict[str, Any]:
    """What one of our own says, without looking at its signature."""
    payload = version.jws.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return said


def issue(session: Session, content: dict[str, Any], sign: Sign, now: datetime) -> bool:
    """Sign the directory anew where what it says changed, or once a day; flushed. False where the last one holds."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    digest = hashlib.sha256(canonical(content)).hexdigest()
    last = newest(session)
    is_same = last is not None and last.content_digest == digest
    if last is not None and is_same and now - last.issued_at < REISSUED_AFTER:
        return False
    version = (last.version if last else 0) + (not is_same)
    dated = {"version": version, "emitido": now.isoformat(), "vence": (now + GOOD_FOR).isoformat(), **content}
    session.add(DirectoryVersion(version=version, content_digest=digest, jws=sign(dated), issued_at=now))
    session.flush()
    return True
