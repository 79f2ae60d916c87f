"""Sendings: which document of which institution is behind a filing, a leg or a number of the institution's own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from hub.core.identifiers import Cuo
from hub.models import Delivery, Sending
from hub.models.deliveries import cuo_seq

CHANNEL = "entity"
"""Of every filing whose filer is an institution (hub.own_documents)."""


@dataclass(frozen=True)
class SentBy:
    """Who sent a document in, as the next institution is told of it. `document_date` is the document's own."""

    ruc: str
    name: str
    unit: str
    document_date: datetime


def new_number(session: Session) -> Cuo:
    """A CUO for an institution that asks for one: of the same series as the legs', so that no two are alike."""
    return Cuo(session.scalars(select(func.nextval(cuo_seq.name))).one())


def hold_number(session: Session, sender_ruc: str, cuo: str) -> None:
    """Let nobody else take in this sender's document of that number until the transaction ends."""
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{sender_ruc}:{cuo}"})


def by_number(session: Session, sender_ruc: str, cuo: str) -> Sending | None:
    """What an institution sent under its own number."""
    return session.scalar(select(Sending).where(Sending.sender_ruc == sender_ruc, Sending.cuo == cuo))


def asked_about(session: Session, cuo: str, rucs: Collection[str], told_ids: Collection[int]) -> Sending | None:
    """What these institutions sent under that number, or what came in by these platforms; the newest of several."""
    query = select(Sending).where(Sending.cuo == cuo, Sending.sender_ruc.in_(rucs) | Sending.told_id.in_(told_ids))
    return session.scalar(query.order_by(Sending.id.desc()).limit(1))


def of_leg(session: Session, leg: Delivery) -> Sending | None:
    """The document that a leg carries: the newest that came in until it was opened; None for what nobody sent in."""
    if leg.filing.channel != CHANNEL:
        return None
    query = select(Sending).where(Sending.filing_id == leg.filing_id, Sending.delivery_id <= leg.id)
    return session.scalar(query.order_by(Sending.id.desc()).limit(1))


def sent_by(sending: Sending) -> SentBy:
    """Who sent it, for the parcel of its leg."""
    return SentBy(sending.sender_ruc, sending.sender_name, sending.sender_unit, sending.document_date)
