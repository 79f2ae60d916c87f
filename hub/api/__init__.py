"""The doors for machines: our own contract over REST and SOAP, the national one, links, health."""

from typing import Final

from flask import Flask, Response, request
from werkzeug.routing import RequestRedirect

from hub.api import balances, directory, documents, health, links, metrics, rest, soap, sobres, tray
from hub.api.contract import pages
from hub.api.errors import fault, problem
from hub.api.leftovers import Readable, read_out
from hub.api.national import doors, twin
from hub.extensions import csrf

BLUEPRINTS: Final = (rest.bp, pages.bp, soap.bp, doors.bp, twin.bp, links.bp, health.bp, metrics.bp)
_SOAP: Final = ("/soap/", "/services/", "/wsiopidetramite/", "/wsentidad/", "/wsiotramite/")
_WHOLE: Final = ("/Rest/", *_SOAP)
_MACHINES: Final = ("/api/", *_WHOLE)

_ON_REST: Final = (tray, directory, documents, sobres, balances)
"""Views written on the door of `rest`, which are there once they are imported."""


def install(app: Flask) -> None:
    """Open the doors for machines."""
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)  # nobody's browser signs in here
        app.register_blueprint(blueprint)
    app.before_request(_refuse_unknown_call)
    app.after_request(_read_out)
    app.wsgi_app = Readable(app.wsgi_app)  # type: ignore[method-assign]


def _refuse_unknown_call() -> Response | None:
    """An address or a method that no machine door has, said as machines are told; for people there are pages."""
    error = request.routing_exception
    if error is None or isinstance(error, RequestRedirect) or not request.path.startswith(_MACHINES):
        return None
    if not request.path.startswith(_SOAP):
        return problem(error)
    answer = fault(error)
    answer.status_code = error.code or 500
    return answer


def _read_out(answer: Response) -> Response:
    """Who calls by SOAP or its twin reads the answer only when it has sent all, however soon it was refused."""
    return read_out(answer) if request.path.startswith(_WHOLE) else answer
