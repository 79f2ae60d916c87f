"""Identities: what a person left blank is filled from a register of the State, where one is set. None is by default."""

from dataclasses import replace

from hub.core.errors import DeliveryFailure
from hub.core.messages import Filer
from hub.core.services import Identities


def complete(source: Identities | None, filer: Filer) -> Filer:
    """The filer with the names that were left blank; what was typed by hand is never changed.

    Asks over the network: call it with no transaction open. A register that does not answer leaves the blank, and
    the form asks for it. What the State knows is not asked again (DL 1246).
    """
    if source is None:
        return filer
    names = filer.names or _found(source, filer.document_kind, filer.document_number)
    business = filer.business_name or (_found(source, "ruc", filer.ruc) if filer.ruc else "")
    return replace(filer, names=names, business_name=business)


def _found(source: Identities, kind: str, number: str) -> str:
    try:
        identity = source.identity_of(kind, number)
    except DeliveryFailure:
        return ""  # said by the form: it asks for the name
    return identity.names if identity else ""
