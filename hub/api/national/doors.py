"""The addresses of the national contract. The body's element says the operation; SOAPAction is not trusted.

Whatever can be read is answered with a code, never with a Fault.
"""

import logging
from functools import cache, partial
from typing import Final

from flask import Blueprint, Response
from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge, RequestTimeout

from hub.api.national import bodies, entity_side, numbers, pace, platform, reception
from hub.api.national.calls import Answer, Incoming, Returned, callers, not_done
from hub.api.national.reading import (
    FROM_A_PAGE,
    beginning_of_call,
    body_of_call,
    is_from_a_page,
    operation_in,
    too_large,
)
from hub.api.sentences import SENTENCES
from hub.clock import now
from hub.core.errors import ContractError
from hub.core.ports import Signer
from hub.extensions import db, services
from hub.guards import allow_listed, public
from hub.settings import Settings
from hub.wire import wssec
from hub.wire.codes import Refusal
from hub.wire.iotramite import codes
from hub.wire.iotramite import services as contract
from hub.wire.iotramite.envelope import (
    Call,
    NotAnEnvelope,
    read_envelope,
    values_of,
    write_answer,
    write_fault,
)
from hub.wire.iotramite.fields import CARGO, CONSULTAR, GET_TIPO_DOCUMENTO, RECEPCIONAR
from hub.wire.iotramite.received import read_recepcion, without_pdf
from hub.wire.iotramite.services import SERVICES, Service
from hub.wire.keys import load_signer

log = logging.getLogger(__name__)
bp = Blueprint("national", __name__)

_PLATFORM: Final[dict[str, Answer]] = {
    CARGO: platform.take_cargo,
    CONSULTAR: platform.consult,
    GET_TIPO_DOCUMENTO: platform.document_types,
    RECEPCIONAR: reception.take_document,
    contract.GET_LISTA_ENTIDAD: bodies.list_bodies,
    contract.VALIDAR_ENTIDAD: bodies.validate_body,
    contract.GET_CUO_ENTIDAD: numbers.give_number,
    contract.GET_CUO: numbers.give_any_number,
}
_ENTITY: Final[dict[str, Answer]] = {**_PLATFORM, CARGO: entity_side.take_cargo}


def show_wsdl(service: Service) -> Response:
    """The contract itself, by GET, with our own address in it."""
    return _xml(contract.wsdl(service, services().settings.public_url))


@bp.errorhandler(BadRequest)
def _unreadable(error: BadRequest) -> Response:
    return _xml(write_fault("El pedido no se puede leer."), 400)


def call(service: Service) -> Response:
    """One call by POST, with `?wsdl` at the end of the address or without."""
    if is_from_a_page():
        return _xml(write_fault(FROM_A_PAGE), 403)
    seconds = pace.wait_by_address(service, callers())
    if seconds:
        return _busy(service, operation_in(beginning_of_call(), service), seconds)
    try:
        body = body_of_call()
    except RequestEntityTooLarge as error:
        operation = operation_in(str(error.description), service)
        return _answer(service, operation, too_large(operation))
    except ClientDisconnected:
        return _xml(write_fault("El mensaje no llegó entero."), 400)
    except RequestTimeout:
        return _xml(write_fault(SENTENCES[Refusal.TOO_SLOW]), 408)
    try:
        received = read_envelope(body)
    except (NotAnEnvelope, ContractError) as error:
        return _xml(write_fault(f"No es un mensaje SOAP que se pueda leer ({error.code})."), 400)
    if received.operation not in service.operations:
        return _xml(write_fault("La operación no existe en este servicio."), 400)
    incoming = _incoming(service, received, body)
    seconds = pace.wait_by_name(service, incoming.callers, incoming.values)
    if seconds:
        return _busy(service, received.operation, seconds)
    return _answer(service, received.operation, answered(incoming))


def answered(incoming: Incoming) -> Returned:
    """What is returned. Under this contract a failure of ours is a code, never a Fault or a 500."""
    table = _ENTITY if incoming.service is contract.ENTITY_SIDE else _PLATFORM
    try:
        return table[incoming.operation](incoming)
    except Exception:
        log.exception("%s failed", incoming.operation)
        db.session.rollback()
        return not_done(incoming.operation, codes.ERROR, codes.TRY_AGAIN_TEXT)


def _incoming(service: Service, received: Call, body: bytes) -> Incoming:
    element = received.element
    return Incoming(
        service, received.operation, values_of(element), body,
        recepcion=partial(read_recepcion, element), kept=partial(without_pdf, element),
    )  # fmt: skip


def _busy(service: Service, operation: str, seconds: int) -> Response:
    return pace.later(_answer(service, operation, pace.wait(operation, seconds)), seconds)


def _answer(service: Service, operation: str, returned: Returned) -> Response:
    content = write_answer(service.namespace, operation, returned)
    settings = services().settings
    return _xml(wssec.sign_envelope(content, _signer(settings), now()) if settings.sign_national else content)


@cache
def _signer(settings: Settings) -> Signer:
    keys = settings.keys_folder / "hub"
    return load_signer(keys / "envelope.key.pem", keys / "envelope.crt.pem")


def _xml(content: bytes, status: int = 200) -> Response:
    return Response(content, status, content_type="text/xml; charset=utf-8")


_OPEN: Final = {
    contract.NAMESPACE_B: public("the names and RUC of public bodies"),
}
"""Services that tell nothing of anybody's documents; the others look at who calls."""

for _service in SERVICES:
    for _number, _address in enumerate(_service.addresses):
        _name = f"{_service.name}_{_number}"
        bp.add_url_rule(
            _address, f"{_name}_wsdl", public("the contract itself")(partial(show_wsdl, _service)), methods=["GET"]
        )
        _guarded = _OPEN.get(_service.namespace, allow_listed)
        bp.add_url_rule(_address, _name, _guarded(partial(call, _service)), methods=["POST"])
