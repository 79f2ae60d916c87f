"""What a route of the REST door takes and gives, written beside its view; the decorator checks what was asked by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final

from flask import request
from jsonschema import Draft202012Validator

from hub.guards import View
from hub.wire.codes import Refusal

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a call. `place`: query, path or header. `schema` is JSON Schema 2020-12."""

    name: str
    schema: Schema
    says: str
    place: str = "query"
    is_required: bool = False

    @property
    def field(self) -> str:
        """Its name in the view."""
        return self.name.replace("-", "_").lower()


@dataclass(frozen=True)
class Body:
    """What is sent. `schema` is empty for bytes whose form is told elsewhere (an XSD, a file)."""

    media_type: str
    says: str
    schema: Schema = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """One good answer. `headers`: name -> what it tells."""

    status: int
    says: str
    media_type: str = ""
    schema: Schema = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


OF_A_DOCUMENT: Final = (
    Answer(200, "Los bytes.", "*/*", {}, {"ETag": "El SHA-256.", "Accept-Ranges": "bytes"}),
    Answer(206, "La parte pedida.", "*/*", {}, {"Content-Range": "Qué parte es."}),
    Answer(304, "Ya lo tienes (If-None-Match)."),
    Answer(416, "El documento es más corto.", "", {}, {"Content-Range": "Su tamaño."}),
)
"""What whoever fetches a document is given: all of it, a part, or that nothing changed."""


@dataclass(frozen=True)
class Operation:
    """One operation. `example` is a command of the shell that a test runs: it gives the first of `answers`."""

    name: str
    tag: str
    summary: str
    answers: tuple[Answer, ...]
    says: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    refusals: tuple[Refusal, ...] = ()
    example: str = ""


def described(operation: Operation) -> Callable[[View], View]:
    """Write on a view what it takes and gives. Its view is given each query and header parameter that was sent.

    Stands below the guard, so that a stranger learns nothing. Raises ContractError REQUEST_MALFORMED for a parameter
    against its schema.
    """
    asked = [one for one in operation.parameters if one.place != "path"]

    def written(view: View) -> View:
        @wraps(view)
        def checked(*given: Any, **values: Any) -> Any:
            return view(*given, **values, **_read(asked))

        checked.operation = operation  # type: ignore[attr-defined]
        return checked

    return written


def operation_of(view: View | None) -> Operation | None:
    """What is written on a view; None for a route that is no part of the contract."""
    return getattr(view, "operation", None)


def _read(parameters: list[Parameter]) -> dict[str, Any]:
    found = {}
    for one in parameters:
        text = (request.args if one.place == "query" else request.headers).get(one.name)
        if text is not None:
            found[one.field] = _value(one, text)
        elif one.is_required:
            raise Refusal.REQUEST_MALFORMED.error(f"{one.name} is missing")
    return found


def _value(parameter: Parameter, text: str) -> Any:
    value: Any = text
    if parameter.schema.get("type") == "integer" and text.isascii() and text.isdigit() and len(text) <= 15:
        value = int(text)
    if not Draft202012Validator(parameter.schema).is_valid(value):
        raise Refusal.REQUEST_MALFORMED.error(f"{parameter.name} is against its schema")
    return value
