"""The platform's side of the national contract (contract A): institutions send their cargos here and ask for news.

The body's element says the operation; SOAPAction is not trusted. Whatever can be read is answered with a code.
"""

import logging
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub import receiving
from hub.api.callers import rucs_at
from hub.clock import now
from hub.consulted import consulted
from hub.core.errors import ContractError
from hub.extensions import db, services
from hub.guards import allow_listed, public
from hub.wire.iotramite import answers, codes, sentences
from hub.wire.iotramite.envelope import MAX_BYTES, NotAnEnvelope, read_envelope, values_of, write_fault
from hub.wire.iotramite.fields import CARGO, CONSULTAR, GET_TIPO_DOCUMENTO, RECEPCIONAR
from hub.wire.iotramite.read import read_cargo
from hub.wire.iotramite.validation import cargo_problem, is_cuo

log = logging.getLogger(__name__)
bp = Blueprint("pide", __name__)

PATH: Final = "/services/PcmIMgdTramite"
ENDPOINT: Final = f"{PATH}.PcmIMgdTramiteHttpsSoap11Endpoint"
CALLER_UNKNOWN: Final = "La dirección desde la que llamas no está registrada para ninguna entidad."
NOT_OPEN: Final = "Esta mesa todavía no recibe por esta vía documentos de entidades."


@bp.get(PATH)
@bp.get(ENDPOINT)
@public("the contract itself")
def show_wsdl():
    return _xml(answers.wsdl(services().settings.public_url + ENDPOINT))


@bp.post(PATH)
@bp.post(ENDPOINT)
@allow_listed
def call():
    request.max_content_length = MAX_BYTES
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        return _xml(answers.result(CARGO, codes.INVALID, sentences.CARGO_PDF_TOO_LARGE))
    try:
        received = read_envelope(body)
    except (NotAnEnvelope, ContractError) as error:
        return _xml(write_fault(f"No es un mensaje SOAP que se pueda leer ({error.code})."), 400)
    answer = _OPERATIONS.get(received.operation)
    if answer is None:
        return _xml(write_fault("La operación no existe en este servicio."), 400)
    try:
        return _xml(answer(values_of(received.element), body))
    except Exception:  # under this contract a failure of ours is a code, never a Fault or a 500
        log.exception("%s failed", received.operation)
        db.session.rollback()
        return _xml(answers.result(received.operation, codes.ERROR, codes.TRY_AGAIN_TEXT))


def _callers() -> frozenset[str]:
    """The RUCs that may call from where this request comes: the contract has no other proof."""
    directory = services().directory
    partners = [directory.partner(entity.code) for entity in directory.entities]
    return rucs_at(request.remote_addr or "", partners, is_demo=services().settings.is_demo)


def _take_cargo(values: Mapping[str, str], body: bytes) -> bytes:
    """Answered with 0000 only once it is committed; parked news is ours to resolve, so that it is 0000 too."""
    rucs = _callers()
    sender = values.get("vrucentrem", "")
    if not rucs:
        return answers.result(CARGO, codes.ERROR, CALLER_UNKNOWN)
    if sender not in rucs:
        problem = sentences.SENDER_UNKNOWN if sender else sentences.MISSING["vrucentrem"]
        return answers.result(CARGO, codes.INVALID, problem)
    problem = cargo_problem(values)
    if problem:
        return answers.result(CARGO, codes.INVALID, problem)
    news = read_cargo(values, sender, now(), body)
    try:
        received = receiving.received_from_pide(news, body)
        _, is_new = receiving.take(db.session, services().directory, received, now())
    except ContractError as error:
        log.warning("cargo of %s from %s not taken: %s", news.cuo, sender, error.code)
        db.session.rollback()
        return answers.result(CARGO, codes.ERROR, codes.CARGO_NOT_TAKEN_TEXT)
    if not is_new:
        return answers.result(CARGO, codes.ALREADY_REGISTERED, codes.CARGO_KNOWN_TEXT)
    return answers.result(CARGO, codes.OK, codes.CARGO_TAKEN_TEXT)


def _consult(values: Mapping[str, str], body: bytes) -> bytes:
    """A CUO that cannot exist is unknown like any other: entities probe with 999999999A and expect 0001."""
    rucs = _callers()
    if not rucs:
        return answers.result(CONSULTAR, codes.ERROR, CALLER_UNKNOWN)
    cuo = values.get("vcuo") or values.get("request", "")
    known = consulted(db.session, services().directory, cuo, rucs) if is_cuo(cuo) else None
    return answers.consulta(known)


def _not_open(values: Mapping[str, str], body: bytes) -> bytes:
    return answers.result(RECEPCIONAR, codes.ERROR, NOT_OPEN)


def _document_types(values: Mapping[str, str], body: bytes) -> bytes:
    return answers.document_types()


_OPERATIONS = {
    CARGO: _take_cargo,
    CONSULTAR: _consult,
    GET_TIPO_DOCUMENTO: _document_types,
    RECEPCIONAR: _not_open,
}


def _xml(content: bytes, status: int = 200) -> Response:
    return Response(content, status, content_type="text/xml; charset=utf-8")
