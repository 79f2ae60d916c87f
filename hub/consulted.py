"""As the national platform: what is said of a CUO to the institutions at either end of its leg."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.statuses import DeliveryStatus, FilingStatus
from hub.models import Delivery, InboundMessage, Observation, RawMessage, Sending
from hub.sendings import asked_about
from hub.wire.iotramite.answers import Known
from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.wire.iotramite.files import read_pdf

SAID_BY_CONTRACT = ("iotramite", "pide_asked")
"""Channels by which a destination of the national contract gives its own cargo, as a PDF inside its message."""


@dataclass(frozen=True)
class Consulted:
    """What is known of a CUO that was asked about, and the leg it is about."""

    leg: Delivery
    known: Known


def consulted(
    session: Session, directory: Directory, cuo: str, rucs: Collection[str], told_ids: Collection[int] = ()
) -> Consulted | None:
    """What is known of a CUO by one of these RUCs, or by the platforms of these rows; None for any other.

    The number may be the asker's own for what it sent in, or ours for a leg that begins or ends there. The state is
    the filing's: a later refusal or withdrawal shows under the CUO that went out first.
    """
    sending = asked_about(session, cuo, rucs, told_ids)
    if sending is not None:
        return _of_sending(session, sending)
    leg = session.scalar(select(Delivery).where(Delivery.cuo == cuo))
    if leg is None:
        return None
    ends = (leg.destination_id, leg.filing.received_by_id)
    if not any(directory.by_id(end).ruc in rucs for end in ends):
        return None
    return Consulted(leg, known_of(session, leg))


def _of_sending(session: Session, sending: Sending) -> Consulted:
    """By the leg that carries it now. What was corrected stays observed: its correction has a number of its own."""
    legs = select(Delivery).where(Delivery.filing_id == sending.filing_id, Delivery.id >= sending.delivery_id)
    following = session.scalars(legs.order_by(Delivery.id)).all()
    leg = following[0]
    for after in following[1:]:
        if after.purpose == "correction":
            break
        leg = after
    known = replace(known_of(session, leg), cuo=sending.cuo, cuo_ref=sending.cuo_ref)
    if leg.status is DeliveryStatus.CORRECTED:
        known = replace(known, status=FilingStatus.OBSERVED)
    return Consulted(leg, known)


def known_of(session: Session, leg: Delivery) -> Known:
    """What is known of a leg, under its own number."""
    return Known(
        cuo=leg.cuo,
        status=leg.filing.status,
        registry_number=leg.destination_registry_number,
        registry_year=leg.destination_registry_year,
        registered_at=leg.registered_at,
        unit=leg.unit,
        official=leg.official,
        remark=leg.refusal_text or _observed(session, leg),
    )


def own_cargo(session: Session, leg: Delivery) -> bytes:
    """The cargo (PDF) that a destination of the national contract gave for a leg; empty where it gave none."""
    said = (
        select(RawMessage.body)
        .join(InboundMessage, InboundMessage.raw_digest == RawMessage.digest)
        .where(InboundMessage.delivery_id == leg.id, InboundMessage.channel.in_(SAID_BY_CONTRACT))
        .where(InboundMessage.kind == "cargo")
        .order_by(InboundMessage.id.desc())
    )
    for body in session.scalars(said):
        if pdf := read_pdf(values_of(read_envelope(body).element).get("bcarstd", "")):
            return pdf
    return b""


def _observed(session: Session, leg: Delivery) -> str:
    query = select(Observation).where(Observation.delivery_id == leg.id).order_by(Observation.id.desc())
    observation = session.scalars(query.limit(1)).first()
    return observation.text or "; ".join(observation.items) if observation else ""
