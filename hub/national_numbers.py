"""The national platform's own number for a leg: fetched by the worker and committed before the paper is sent."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import sendings
from hub.core.directory import Directory
from hub.core.ports import Parcel, Partner
from hub.models import Delivery
from hub.parcels import sender_of


class NumberGiver(Protocol):
    """A way that has numbers of its own. Raises TemporaryFailure or PermanentFailure and nothing else."""

    def new_number(self, partner: Partner, sender_ruc: str) -> str: ...


def numbered(sessions: Callable[[], Session], giver: NumberGiver, leg_id: int, parcel: Parcel) -> Parcel:
    """The parcel with the platform's number for its leg, asked for once: an answer that is lost finds it again."""
    with sessions() as session:
        number = session.scalars(select(Delivery.national_cuo).where(Delivery.id == leg_id)).one()
    if not number:
        number = giver.new_number(parcel.partner, parcel.sender_ruc)
        with sessions() as session:
            unnumbered = update(Delivery).where(Delivery.id == leg_id, Delivery.national_cuo == "")
            session.execute(unnumbered.values(national_cuo=number).execution_options(synchronize_session=False))
            session.commit()
            number = session.scalars(select(Delivery.national_cuo).where(Delivery.id == leg_id)).one()
    with sessions() as session:
        corrects = select(Delivery.national_cuo).where(Delivery.cuo == (parcel.cuo_ref or ""))
        before = session.scalar(corrects) or ""
    known = {"national_cuo": number, "national_cuo_ref": before, "asks_as": parcel.sender_ruc}
    return replace(parcel, partner=replace(parcel.partner, options={**parcel.partner.options, **known}))


def asking(partner: Partner, leg: Delivery, sender_ruc: str) -> Partner:
    """The partner as it is asked about a leg: under which number, and by whom."""
    known = {"national_cuo": leg.national_cuo, "asks_as": sender_ruc}
    return replace(partner, options={**partner.options, **known})


def partner_of(session: Session, directory: Directory, leg: Delivery) -> Partner:
    """Whom to ask about a leg, and as whom: the national platform wants to know who asks."""
    sending = sendings.of_leg(session, leg)
    sender_ruc = sending.sender_ruc if sending else sender_of(directory, leg.filing).ruc
    return asking(directory.partner(directory.by_id(leg.destination_id).code), leg, sender_ruc)
