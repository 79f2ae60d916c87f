"""The balances: at the end of a day, for each institution, one signed statement of where its legs stand.

Kept here, given to the institution, and good for both without the other's word.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.comparing import open_ones
from hub.core.balances import NOTHING_BEFORE, Compared, Line, Sides, statement
from hub.core.bodies import EntityRecord
from hub.core.calendar import bounds, local_date
from hub.core.chain import canonical, instant
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.statuses import MessageKind
from hub.models import BalanceRow, Batch, Comparison, Delivery, Difference, Event, OutboundMessage
from hub.wire.balances import digest_of

Sign = Callable[[dict[str, Any]], str]
"""A statement -> the same, signed."""
LISTED = 60


def make(
    session: Session, directory: Directory, body: EntityRecord, run: Comparison, sign: Sign, now: datetime
) -> BalanceRow:
    """Write, sign and keep the balance of the day that a comparison closes; flushed. A second time gives the first."""
    day = run.day or local_date(now)
    known: BalanceRow | None = session.scalar(_of(body).where(BalanceRow.day == day))
    if known is not None:
        return known
    before = session.scalar(_of(body).where(BalanceRow.day < day).order_by(BalanceRow.day.desc()).limit(1))
    lines = moved(session, body.id, day)
    content = statement(
        Sides(str(directory.operator.ruc), str(body.ruc), day),
        now,
        _counts(session, body.id),
        lines,
        _compared(run),
        [_difference(one) for one in open_ones(session, body.id)],
        _ledger(session),
        before.digest if before else NOTHING_BEFORE,
    )
    jws = sign(content)
    row = BalanceRow(
        entity_id=body.id, day=day, made_at=now, lines=canonical(lines).decode(), digest=digest_of(jws), jws=jws
    )
    session.add(row)
    session.flush()
    return row


def moved(session: Session, body_id: int, day: date) -> list[Line]:
    """The legs of an institution to which something happened that day, as they stand now, by their CUO."""
    start, end = bounds(day)
    told = select(Event.delivery_id).where(Event.at >= start, Event.at < end, Event.delivery_id.is_not(None))
    query = select(
        Delivery.cuo, Delivery.status, Delivery.destination_registry_number, OutboundMessage.reference_digest
    ).outerjoin(
        OutboundMessage,
        (OutboundMessage.delivery_id == Delivery.id) & (OutboundMessage.kind == MessageKind.SOBRE),
    )
    query = query.where(Delivery.destination_id == body_id, Delivery.id.in_(told)).order_by(Delivery.cuo)
    return [
        {"cuo": cuo, "estado": status.value, "numero": number, "sobre": sobre or ""}
        for cuo, status, number, sobre in session.execute(query)
    ]


def _counts(session: Session, body_id: int) -> dict[str, int]:
    query = select(Delivery.status, func.count()).where(Delivery.destination_id == body_id)
    return {status.value: count for status, count in session.execute(query.group_by(Delivery.status))}


def _compared(run: Comparison) -> Compared:
    return Compared(
        run.started_at, run.code, run.since, run.listed, run.equal, run.differing, run.cannot_tell, run.left_out
    )


def _difference(row: Difference) -> dict[str, Any]:
    return {
        "cuo": row.cuo, "clase": row.kind, "aqui": row.ours, "alla": row.theirs, "desde": instant(row.found_at),
        "explicada": row.explained_at is not None,
    }  # fmt: skip


def _ledger(session: Session) -> dict[str, Any] | None:
    """The newest root of the ledger: what is cut off or written anew afterwards shows against it."""
    newest = session.execute(select(Batch.id, Batch.root).order_by(Batch.id.desc()).limit(1)).first()
    return {"lote": newest.id, "raiz": newest.root.hex()} if newest else None


def _of(body: EntityRecord) -> Any:
    return select(BalanceRow).where(BalanceRow.entity_id == body.id)


def listed(session: Session, body: EntityRecord, before: date | None = None) -> Sequence[BalanceRow]:
    """The balances of an institution, the newest first: those before a day, if one is given."""
    query = _of(body).order_by(BalanceRow.day.desc()).limit(LISTED)
    found: Sequence[BalanceRow] = session.scalars(query.where(BalanceRow.day < before) if before else query).all()
    return found


def of_day(session: Session, body: EntityRecord, day: date) -> BalanceRow:
    """The balance of a day. Raises NotFound."""
    row: BalanceRow | None = session.scalar(_of(body).where(BalanceRow.day == day))
    if row is None:
        raise NotFound(day.isoformat(), code="BALANCE_UNKNOWN")
    return row


def given(row: BalanceRow) -> dict[str, Any]:
    """A balance as it is handed out: the signed statement, and the lines that it is the root of."""
    return {"dia": row.day.isoformat(), "firmado": row.jws, "lineas": json.loads(row.lines)}
