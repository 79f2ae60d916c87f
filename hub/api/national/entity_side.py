"""The entity's side (contract D), for the bodies that live in the hub: the national platform calls here.

What it brings is of bodies outside the sector: their documents, and the cargos of what was sent to them.
"""

from sqlalchemy import select

from hub.api.national.calls import CALLER_UNKNOWN, Incoming, Returned, said
from hub.api.national.platform import keep_cargo
from hub.extensions import db, services
from hub.models import Delivery
from hub.wire.iotramite import codes
from hub.wire.iotramite.validation import cargo_problem


def take_cargo(incoming: Incoming) -> Returned:
    """The contract names no RUC on this side: whose it is, the number says, and the address from which it comes."""
    if not incoming.callers.rucs:
        return said(codes.ERROR, CALLER_UNKNOWN)
    problem = cargo_problem(incoming.values)
    if problem:
        return said(codes.INVALID, problem)
    leg = _leg(incoming)
    if leg is None:
        return said(codes.ERROR, codes.CARGO_NOT_TAKEN_TEXT)
    return keep_cargo(incoming, leg.cuo, services().directory.by_id(leg.destination_id).ruc)


def _leg(incoming: Incoming) -> Delivery | None:
    """What was sent under that number: by the platform that calls, or to one of the institutions that do."""
    directory, cuo = services().directory, incoming.values["vcuo"]
    wanted = (Delivery.national_cuo == cuo) | (Delivery.cuo == cuo)
    for leg in db.session.scalars(select(Delivery).where(wanted).order_by(Delivery.id.desc())):
        body = directory.by_id(leg.destination_id)
        if leg.national_cuo == cuo and incoming.callers.platforms:
            return leg
        if leg.cuo == cuo and body.ruc in incoming.callers.rucs:
            return leg
    return None
