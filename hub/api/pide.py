"""The platform's side of the national contract (contract A): institutions send their cargos here and ask for news.

The body's element says the operation; SOAPAction is not trusted. Whatever can be read is answered with a code.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.core.errors import ContractError
from hub.core.ports import News
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


class NewsOutcome(StrEnum):
    """What became of a cargo, as its sender is told."""

    TAKEN = "taken"  # applied, or kept and parked for a person
    REPEATED = "repeated"  # said before
    NOT_TAKEN = "not_taken"  # an unknown CUO, or not the destination of that leg


@dataclass(frozen=True)
class Platform:
    """What this door asks of the house; app.py puts it in `app.extensions["pide"]`.

    `rucs_at(ip)`: the institutions that may call from an address. `take_news(news)` keeps (and commits) before it
    applies; its `raw` is the whole envelope. `find(cuo, rucs)`: what is known of a leg of one of these
    institutions, None for any other.
    """

    rucs_at: Callable[[str], Collection[str]]
    take_news: Callable[[News], NewsOutcome]
    find: Callable[[str, Collection[str]], answers.Known | None]
    now: Callable[[], datetime]
    public_url: str


@bp.get(PATH)
@bp.get(ENDPOINT)
def show_wsdl():
    return _xml(answers.wsdl(_platform().public_url + ENDPOINT))


@bp.post(PATH)
@bp.post(ENDPOINT)
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
    if received.operation not in _OPERATIONS:
        return _xml(write_fault("La operación no existe en este servicio."), 400)
    try:
        return _xml(_OPERATIONS[received.operation](values_of(received.element), body))
    except Exception:  # under this contract a failure of ours is a code, never a Fault or a 500
        log.exception("%s failed", received.operation)
        return _xml(answers.result(received.operation, codes.ERROR, codes.TRY_AGAIN_TEXT))


def _take_cargo(values: Mapping[str, str], body: bytes) -> bytes:
    platform = _platform()
    rucs = platform.rucs_at(request.remote_addr or "")
    if not rucs:
        return answers.result(CARGO, codes.ERROR, CALLER_UNKNOWN)
    sender = values.get("vrucentrem") or (next(iter(rucs)) if len(rucs) == 1 else "")
    if sender not in rucs:
        problem = sentences.SENDER_UNKNOWN if sender else sentences.MISSING["vrucentrem"]
        return answers.result(CARGO, codes.INVALID, problem)
    problem = cargo_problem(values)
    if problem:
        return answers.result(CARGO, codes.INVALID, problem)
    outcome = platform.take_news(read_cargo(values, sender, platform.now(), body))
    log.info("cargo of %s: %s", values["vcuo"], outcome)
    return answers.result(CARGO, *_SAID[outcome])


_SAID = {
    NewsOutcome.TAKEN: (codes.OK, codes.CARGO_TAKEN_TEXT),
    NewsOutcome.REPEATED: (codes.ALREADY_REGISTERED, codes.CARGO_KNOWN_TEXT),
    NewsOutcome.NOT_TAKEN: (codes.ERROR, codes.CARGO_NOT_TAKEN_TEXT),
}


def _consult(values: Mapping[str, str], body: bytes) -> bytes:
    """A CUO that cannot exist is unknown like any other: entities probe with 999999999A and expect 0001."""
    platform = _platform()
    rucs = platform.rucs_at(request.remote_addr or "")
    if not rucs:
        return answers.result(CONSULTAR, codes.ERROR, CALLER_UNKNOWN)
    cuo = values.get("vcuo") or values.get("request", "")
    return answers.consulta(platform.find(cuo, rucs) if is_cuo(cuo) else None)


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


def _platform() -> Platform:
    platform: Platform = current_app.extensions["pide"]
    return platform


def _xml(content: bytes, status: int = 200) -> Response:
    return Response(content, status, content_type="text/xml; charset=utf-8")
