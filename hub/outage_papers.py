"""The constancia de indisponibilidad as a paper: drawn once, sealed, stored by digest; the same bytes ever after."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.models import Outage, Paper
from hub.papers.outage import OutageFacts, draw_outage
from hub.paperwork import Made, Press, seal

KIND = "indisponibilidad"


def known(session: Session, outage: Outage) -> Paper | None:
    """The paper of an outage, if it was made."""
    return session.scalar(select(Paper).where(Paper.outage_id == outage.id, Paper.kind == KIND))


def make(press: Press, facts: OutageFacts, now: datetime) -> Made:
    """Draw, seal and store it. No transaction is to be open. Raises StorageFailure."""
    return seal(press, draw_outage(facts, press.year_name, press.sealer.place), now)


def record(session: Session, press: Press, outage: Outage, made: Made) -> Paper:
    """Write it down; flushed, not committed. Where another was first, that one is the paper."""
    stored = made.stored
    row = {
        "outage_id": outage.id,
        "kind": KIND,
        "version": 1,
        "sha256": stored.sha256,
        "size": stored.size,
        "object_key": stored.object_key,
        "made_at": made.made_at,
        "stamped_at": made.stamped_at,
    }
    if session.execute(insert(Paper).values(row).on_conflict_do_nothing().returning(Paper.id)).first() is None:
        press.store.discard(stored.object_key)
    return session.scalars(select(Paper).where(Paper.outage_id == outage.id, Paper.kind == KIND)).one()
