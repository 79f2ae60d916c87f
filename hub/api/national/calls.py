"""One call of the national contract: what came, who may have sent it, and how it is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from flask import request

from hub.api.callers import Callers, fingerprint_in, rucs_at
from hub.core.bodies import AdapterKind
from hub.core.errors import ContractError
from hub.extensions import db, services
from hub.paperwork import Press
from hub.presses import press_from
from hub.settings import Settings
from hub.wire.iotramite import services as contract
from hub.wire.iotramite.answers import document_types
from hub.wire.iotramite.fields import GET_TIPO_DOCUMENTO
from hub.wire.iotramite.received import Recepcion
from hub.wire.iotramite.services import Service

CALLER_UNKNOWN: Final = "La dirección desde la que llamas no está registrada para ninguna entidad."
NONE: Final = "-1"
"""The bare text of an operation that has nothing to give; clients know by it that they got no number."""
Returned = tuple[Mapping[str, str], ...]
"""What an operation returns: a mapping for each `return`, by element; a bare text is under the empty name."""


@dataclass(frozen=True)
class Incoming:
    """A call as it was read. `kept(pdf_sha256)` gives its bytes to keep, without the main document."""

    service: Service
    operation: str
    values: Mapping[str, str]
    raw: bytes
    recepcion: Callable[[], Recepcion]
    kept: Callable[[str], bytes]

    @cached_property
    def callers(self) -> Callers:
        """Who may call from where it comes."""
        return callers()


def callers() -> Callers:
    """Who may call from where this request comes."""
    house = services()
    directory, settings = house.directory, house.settings
    header = settings.client_cert_header
    certificate = fingerprint_in(request.headers.get(header, "")) if header else ""
    gateway = directory.gateway
    own = [one for one in directory.entities if one.adapter.kind is not AdapterKind.PIDE or one is gateway]
    partners = [directory.partner(one.code) for one in own]
    rucs = rucs_at(request.remote_addr or "", partners, is_demo=settings.is_demo, certificate=certificate)
    return Callers(rucs, (gateway,) if gateway is not None and gateway.ruc in rucs else ())


Answer = Callable[[Incoming], Returned]


def said(code: str, text: str) -> Returned:
    """A code and its text: neither is ever empty."""
    return ({"vcodres": code, "vdesres": text},)


def plain(text: str) -> Returned:
    """A bare text, as the directory and the numbers return it."""
    return ({"": text},)


def not_done(operation: str, code: str, text: str) -> Returned:
    """What is returned by an operation that was not carried out, in its own shape: code and text where it has them."""
    if operation == GET_TIPO_DOCUMENTO:  # always the same
        return document_types()
    if operation == contract.GET_LISTA_ENTIDAD:
        return ()
    return plain(NONE) if operation in _BARE else said(code, text)


_BARE: Final = frozenset({contract.VALIDAR_ENTIDAD, contract.GET_CUO_ENTIDAD, contract.GET_CUO})
"""Operations that return a text, and no code beside it."""


@cache
def _press(settings: Settings) -> Press:
    return press_from(settings)


def press() -> Press:
    """The press of this process, made at the first cargo that is given out here."""
    return _press(services().settings)


def rolled_back(error: ContractError) -> str:
    """Undo what was begun; gives the code."""
    db.session.rollback()
    return error.code
