"""The directory of entities (contract B): which are registered, and the list of a category."""

from typing import Final

from hub.api.national.calls import Incoming, Returned, plain
from hub.clock import now
from hub.core.bodies import AdapterKind, EntityRecord
from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.extensions import services
from hub.wire.iotramite.codes import NOT_FOUND, OK

EXECUTIVE: Final = "1"
"""Poder Ejecutivo, where every body of a sector is unless its row says another category."""


def list_bodies(incoming: Incoming) -> Returned:
    """The registered ones of a category; none for a category that does not exist."""
    directory, wanted = services().directory, incoming.values.get("sidcatent", "").lstrip("0")
    return tuple(_bean(directory, one) for one in _registered(directory) if category(one) == wanted)


def validate_body(incoming: Incoming) -> Returned:
    """0000 for a registered one; clients take anything else for one that is not."""
    ruc = incoming.values.get("vrucent", "")
    return plain(OK if any(one.ruc == ruc for one in _registered(services().directory)) else NOT_FOUND)


def category(body: EntityRecord) -> str:
    """The category that its row says, of 1 to 8 (option `category` of its way)."""
    return body.adapter.options.get("category", EXECUTIVE)


def _registered(directory: Directory) -> tuple[EntityRecord, ...]:
    """Those to which one can write by this service today."""
    today = local_date(now())
    return tuple(one for one in directory.active(today) if one.adapter.kind is not AdapterKind.PIDE)


def _bean(directory: Directory, body: EntityRecord) -> dict[str, str]:
    parent = 0 if body.code == directory.sector.operator else directory.operator.id
    return {"sident": str(body.id), "sidpadent": str(parent), "vnoment": body.name, "vrucent": str(body.ruc)}
