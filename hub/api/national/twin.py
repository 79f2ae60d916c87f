"""The same services over REST, as the national platform has them: `{"PIDE": {...}}` in, JSON or XML out."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge, RequestTimeout

from hub.api.errors import problem
from hub.api.national import pace
from hub.api.national.calls import Incoming, Returned, callers, not_done
from hub.api.national.doors import answered
from hub.api.national.reading import FROM_A_PAGE, body_of_call, is_from_a_page, too_large
from hub.api.sentences import SENTENCES
from hub.guards import allow_listed, public
from hub.wire.codes import Refusal
from hub.wire.iotramite import codes
from hub.wire.iotramite import services as contract
from hub.wire.iotramite.envelope import MAX_TAGS, write_bare_answer, write_call
from hub.wire.iotramite.fields import CARGO, CONSULTAR, GET_TIPO_DOCUMENTO, RECEPCIONAR
from hub.wire.iotramite.received import ANNEXES, recepcion_of
from hub.wire.iotramite.services import Service
from hub.wire.iotramite.texts import without_controls

bp = Blueprint("national_twin", __name__)
bp.register_error_handler(BadRequest, problem)

CALLS: Final[dict[str, tuple[Service, str]]] = {
    "CEntidad": (contract.CUO, contract.GET_CUO_ENTIDAD),
    "CTest": (contract.CUO, contract.GET_CUO),
    "TipoDocumento": (contract.TRAMITE, GET_TIPO_DOCUMENTO),
    "ListaEntidad": (contract.ENTIDAD, contract.GET_LISTA_ENTIDAD),
    "ValidarEntidad": (contract.ENTIDAD, contract.VALIDAR_ENTIDAD),
    "RecepcionarTramite": (contract.TRAMITE, RECEPCIONAR),
    "ConsultarTramite": (contract.TRAMITE, CONSULTAR),
    "CargoTramite": (contract.TRAMITE, CARGO),
}
"""Each call's name -> the service and the operation that it is."""
BY_GET: Final = frozenset({"CEntidad", "TipoDocumento", "ValidarEntidad"})
"""Calls that stacks make by GET too. What changes anything does not come by an address that a link can hold."""
HOUSES: Final = ("PCM", "Pcm")
"""Both spellings are in use."""
_SCALAR: Final = "$"
_LISTS: Final = frozenset({GET_TIPO_DOCUMENTO, contract.GET_LISTA_ENTIDAD})
_DOLLARS: Final = frozenset({contract.GET_CUO, contract.GET_CUO_ENTIDAD})
"""Operations whose bare text comes as {"$": text}."""


def call(service: Service, operation: str) -> Response:
    """One call, by POST with its fields in the body or, where it only asks, by GET with them in the address."""
    if is_from_a_page():
        answer = _answer(service, operation, not_done(operation, codes.ERROR, FROM_A_PAGE))
        answer.status_code = 403
        return answer
    seconds = pace.wait_by_address(service, callers())
    if seconds:
        return _busy(service, operation, seconds)
    try:
        given = _given()
    except RequestEntityTooLarge:
        return _answer(service, operation, too_large(operation))
    except RequestTimeout:
        answer = _answer(service, operation, not_done(operation, codes.ERROR, SENTENCES[Refusal.TOO_SLOW]))
        answer.status_code = 408
        return answer
    fields = {name.lower(): _text(value) for name, value in given.items() if name.lower() != ANNEXES}
    annexes = _annexes(next((value for name, value in given.items() if name.lower() == ANNEXES), ()))
    seconds = pace.wait_by_name(service, callers(), fields)
    if seconds:
        return _busy(service, operation, seconds)
    raw = write_call(service.namespace, operation, fields) if operation == CARGO else b""
    incoming = Incoming(
        service, operation, fields, raw,
        recepcion=partial(recepcion_of, fields, annexes),
        kept=partial(_kept, service, operation, fields, annexes),
    )  # fmt: skip
    return _answer(service, operation, answered(incoming))


def _busy(service: Service, operation: str, seconds: int) -> Response:
    return pace.later(_answer(service, operation, pace.wait(operation, seconds)), seconds)


def _kept(service: Service, operation: str, fields: Mapping[str, str], annexes: tuple[str, ...], sha256: str) -> bytes:
    return write_call(service.namespace, operation, {**fields, "bpdfdoc": f"sha256:{sha256}"}, annexes)


def _given() -> dict[str, Any]:
    """The fields, wrapped in `PIDE` or not; what cannot be read gives none, and the answer says which are missing."""
    given: dict[str, Any] = {name: text for name, text in request.args.items() if name != "out"}
    if request.method == "POST":
        try:
            body = _read(body_of_call())
        except (ClientDisconnected, ValueError, RecursionError):
            body = {}
        wrapped = body.get("PIDE", body) if isinstance(body, dict) else {}
        given |= wrapped if isinstance(wrapped, dict) else {}
    return given


def _read(body: bytes) -> object:
    """What a body says. Raises ValueError for what is no JSON, and for more pieces than an envelope may have."""
    if sum(body.count(sign) for sign in (b"{", b"[", b",")) > MAX_TAGS:
        raise ValueError("too many pieces")
    return json.loads(body or b"{}")


def _text(value: object) -> str:
    """A scalar as a text; `{"$": value}` is its value, anything else that is no scalar nothing."""
    if isinstance(value, dict):
        value = value.get(_SCALAR, "")
    is_scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
    return without_controls(str(value)) if is_scalar else ""


def _annexes(listed: object) -> tuple[str, ...]:
    """The names in `lstanexos`: a list of objects or of names, or one object alone."""
    items = listed if isinstance(listed, list | tuple) else [listed]
    return tuple(_text(one.get("vnomdoc", one)) if isinstance(one, dict) else _text(one) for one in items)


def _answer(service: Service, operation: str, returned: Returned) -> Response:
    if request.args.get("out", "").lower() != "json":
        content = write_bare_answer(service.namespace, operation, returned)
        return Response(content, content_type="text/xml; charset=utf-8")
    values: list[Any] = [_value(operation, one) for one in returned]
    one_or_all = values if operation in _LISTS else values[0] if values else None
    return jsonify({f"{operation}Response": {"return": one_or_all}})


def _value(operation: str, one: Mapping[str, str]) -> object:
    if "" not in one:
        return dict(one)
    return {_SCALAR: one[""]} if operation in _DOLLARS else one[""]


@bp.get("/Rest/Pide/IP")
@public("tells the caller its own address, and nothing else")
def show_address():
    address = request.remote_addr or ""
    is_json = request.args.get("out", "").lower() == "json"
    return jsonify(ip=address) if is_json else Response(address, mimetype="text/plain")


for _name, (_service, _operation) in CALLS.items():
    _open = public("the names and RUC of public bodies, and the two types of documents")
    _guard = _open if _service is contract.ENTIDAD or _operation == GET_TIPO_DOCUMENTO else allow_listed
    for _house in HOUSES:
        _view = _guard(partial(call, _service, _operation))
        _methods = ["GET", "POST"] if _name in BY_GET else ["POST"]
        bp.add_url_rule(f"/Rest/{_house}/{_name}", f"{_house}_{_name}", _view, methods=_methods)
