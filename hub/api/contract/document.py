"""The OpenAPI 3.1 document, made from the routes and what is written on their views."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Flask

from hub.api.contract.described import Answer, Operation, Parameter, operation_of
from hub.api.contract.schemas import COMPONENTS, ref
from hub.api.sentences import SENTENCES
from hub.guards import BEARER, SIGNATURE, guard_of
from hub.wire.codes import Refusal

PREFIX: Final = "/api/v1"
VERSION: Final = "1.0.0"
_EVERYWHERE: Final = (Refusal.REQUEST_MALFORMED, Refusal.RATE_LIMITED, Refusal.UNAVAILABLE, Refusal.INTERNAL)
_OF_BEARER: Final = (
    Refusal.TOKEN_MISSING, Refusal.TOKEN_INVALID, Refusal.TOKEN_EXPIRED, Refusal.TOKEN_REUSED,
    Refusal.KEY_WEAK, Refusal.CERTIFICATE_REVOKED, Refusal.CERTIFICATE_EXPIRED, Refusal.CERTIFICATE_NOT_YET_VALID,
)  # fmt: skip
_OF_SIGNATURE: Final = tuple(
    one for one in Refusal if one.name.startswith(("XML_", "SCHEMA_", "SIGN", "KEY_", "CERTIFICATE_", "RECEIVER_"))
)
_SAYS: Final = (
    "La puerta REST de la mesa de partes. Cada mensaje prueba a su emisor con su firma; cada llamada sin mensaje, con "
    "una credencial (JWT de cinco minutos, de un solo uso) firmada con la misma clave. Los mensajes y sus firmas se "
    "explican en docs/contract.md y en los XSD de schemas/."
)
REPEATING: Final = (
    "Todo se puede repetir: el mismo mensaje (mismo IdMensaje) recibe la misma respuesta y no cambia nada; con otro "
    "contenido se rehúsa (409). Las listas vienen por páginas: `siguiente` es la dirección de la que sigue, null en la "
    "última. Lo que trae ETag se vuelve a pedir con If-None-Match: 304 si no cambió. Cada entidad tiene su ritmo de "
    "llamadas; a quien lo pasa se le responde 429, y Retry-After dice en cuántos segundos volver. Traer lo "
    "que la mesa te está entregando no cuenta."
)


def routes(app: Flask) -> list[tuple[str, str, str, Operation]]:
    """(path, method, endpoint, operation) of every described route, in the order of the paths."""
    found = []
    for rule in app.url_map.iter_rules():
        operation = operation_of(app.view_functions[rule.endpoint])
        if operation is not None:
            path = rule.rule.replace("<uuid:", "<").replace("<", "{").replace(">", "}")
            methods = set(rule.methods or ()) - {"OPTIONS"} - ({"HEAD"} if "GET" in (rule.methods or ()) else set())
            found += [(path, method.lower(), rule.endpoint, operation) for method in methods]
    return sorted(found, key=lambda one: (one[3].tag, one[0], one[1]))


def document(app: Flask, address: str) -> dict[str, Any]:
    """The whole document. `address`: where the hub is found from outside."""
    paths: dict[str, Any] = {}
    for path, method, endpoint, operation in routes(app):
        paths.setdefault(path, {})[method] = _operation(operation, guard_of(app, endpoint))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mesa Integrada", "version": VERSION, "description": f"{_SAYS}\n\n{REPEATING}",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": address}],
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": paths,
        "components": {"schemas": dict(COMPONENTS), "securitySchemes": _SECURITY},
    }  # fmt: skip


_SECURITY: Final = {
    "credencial": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "ES256 o RS256; x5t#S256 en la cabecera; iss, aud, iat, exp, jti; cada jti una sola vez.",
    },
}  # fmt: skip


def refusals_of(operation: Operation, guard: str) -> list[Refusal]:
    """Every refusal that a call may get, in the order of the closed list."""
    of_guard = {BEARER: _OF_BEARER, SIGNATURE: _OF_SIGNATURE}.get(guard, ())
    of_body = (Refusal.TOO_SLOW,) if operation.body is not None else ()
    named = {*operation.refusals, *of_guard, *of_body, *_EVERYWHERE}
    return [one for one in Refusal if one in named]


def _operation(operation: Operation, guard: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "responses": _answers(operation, refusals_of(operation, guard)),
        "security": [{"credencial": []}] if guard == BEARER else [],
    }
    if operation.says:
        said["description"] = operation.says
    if operation.parameters:
        said["parameters"] = [_parameter(one) for one in operation.parameters]
    if operation.body is not None:
        content = {"schema": dict(operation.body.schema)} if operation.body.schema else {}
        said["requestBody"] = {
            "required": True, "description": operation.body.says, "content": {operation.body.media_type: content},
        }  # fmt: skip
    if operation.example:
        said["x-ejemplo"] = operation.example
    return said


def _parameter(one: Parameter) -> dict[str, Any]:
    is_required = one.is_required or one.place == "path"
    return {
        "name": one.name, "in": one.place, "required": is_required, "description": one.says, "schema": dict(one.schema),
    }  # fmt: skip


def _answers(operation: Operation, refusals: Iterable[Refusal]) -> dict[str, Any]:
    answers = {str(one.status): _answer(one) for one in operation.answers}
    by_status: dict[int, list[Refusal]] = {}
    for refusal in refusals:
        by_status.setdefault(refusal.status, []).append(refusal)
    for status, found in sorted(by_status.items()):
        said = "\n".join(f"`{one.wire}`: {SENTENCES[one]}" for one in found)
        problem = {"application/problem+json": {"schema": ref("Problema")}}
        told = {"description": said, "content": problem, **_headers(_of_refusals(found))}
        answers.setdefault(str(status), told)
    return answers


def _of_refusals(found: Iterable[Refusal]) -> dict[str, str]:
    """The headers that a refusal brings."""
    headers = {}
    for one in found:
        if one.is_temporary:
            headers["Retry-After"] = "En cuántos segundos volver."
        if one.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer."
    return headers


def _answer(answer: Answer) -> dict[str, Any]:
    said: dict[str, Any] = {"description": answer.says}
    if answer.media_type:
        said["content"] = {answer.media_type: {"schema": dict(answer.schema)} if answer.schema else {}}
    return {**said, **_headers(answer.headers)}


def _headers(told: Mapping[str, str]) -> dict[str, Any]:
    """`headers` of an answer; nothing for none."""
    found = {name: {"description": tells, "schema": {"type": "string"}} for name, tells in told.items()}
    return {"headers": found} if found else {}
