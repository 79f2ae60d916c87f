"""The certificates that go with a bundle: the hub's own, old ones too, and those that the directory ever declared."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.chain import instant
from hub.core.directory import Directory, EntityRecord
from hub.evidence.layout import BODY_CERTIFICATES, HUB_CERTIFICATES
from hub.evidence.messages import Message
from hub.models import Declaration, Delivery, Revocation
from hub.wire.trusted import leaf_of
from hub.wire.within import certificates_in

Files = list[tuple[str, bytes]]


def certificates(
    session: Session, directory: Directory, legs: Sequence[Delivery], messages: Sequence[Message], own: Iterable[bytes]
) -> tuple[Files, dict[str, Any]]:
    """The files (name, PEM), and what the directory says of each: whose it is, since when, until when, revoked when."""
    carried = [pem for one in messages if one.is_ours for pem in certificates_in(one.raw)]
    mine = {leaf_of(pem).fingerprint.hex(): pem for pem in (*own, *carried)}
    files = [(f"{HUB_CERTIFICATES}{print_[:16]}.pem", pem) for print_, pem in sorted(mine.items())]
    operator = directory.operator
    bodies = {leg.destination_id: directory.by_id(leg.destination_id) for leg in legs}
    told = []
    for body in sorted(bodies.values(), key=lambda one: one.code):
        listed, theirs = _of_body(session, body)
        files += theirs
        told.append({"ruc": body.ruc, "nombre": body.name, "certificados": listed})
    return files, {"hub": {"ruc": operator.ruc, "nombre": operator.name}, "instituciones": told}


def _of_body(session: Session, body: EntityRecord) -> tuple[list[dict[str, Any]], Files]:
    """Every certificate that was ever declared for a body: a message is checked by the one of its day."""
    versions = session.scalars(
        select(Declaration.declared)
        .where(Declaration.kind == "entity", Declaration.key == body.code)
        .order_by(Declaration.valid_from, Declaration.id)  # the last that declares one is believed
    )
    known = {
        one["fingerprint"]: (one["pem"].encode(), one["valid_from"], one["valid_until"])
        for declared in versions
        for one in declared.get("certificates", [])
    }
    for one in body.certificates:
        known[one.fingerprint] = (one.pem.encode(), instant(one.valid_from), instant(one.valid_until))
    rows = session.execute(select(Revocation.fingerprint, Revocation.revoked_at)).all()
    revoked: dict[str, datetime] = {row.fingerprint: row.revoked_at for row in rows}
    listed, files = [], []
    for print_, (pem, since, until) in sorted(known.items()):
        name = f"{BODY_CERTIFICATES}{body.ruc}-{print_[:16]}.pem"
        at = revoked.get(print_)
        files.append((name, pem))
        listed.append({"archivo": name, "desde": since, "hasta": until, "revocado": instant(at) if at else ""})
    return listed, files
