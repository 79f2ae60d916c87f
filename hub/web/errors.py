"""The pages that say what went wrong. Machines have errors of their own, in their doors."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from hub.core.errors import Forbidden, NotFound, StorageFailure
from hub.passwords import TooBusy
from hub.quarantine import Quarantined

log = logging.getLogger(__name__)

MOVED = frozenset({301, 302, 303, 307, 308})
PAGES = frozenset({400, 403, 404, 405, 408, 413, 429, 500, 503})
COME_BACK = "10"
"""Seconds after which somebody who found us without a database may try again."""
MOMENTARY = (OperationalError, InterfaceError, PendingRollbackError, NoConnectionFree, StorageFailure, TooBusy)
MACHINE_DOORS = ("/api/", "/soap/", "/services/")


def register_error_pages(app: Flask) -> None:
    """Answer every error of a page by a page in plain words, with the status it had.

    What nobody foresaw is logged by Flask and reaches `_http_error` as a 500.
    """
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _forged_or_expired)
    app.register_error_handler(NotFound, lambda error: error_page(404))
    app.register_error_handler(Forbidden, lambda error: error_page(403))
    app.register_error_handler(Quarantined, lambda error: error_page(403, template="errors/quarantined.html"))
    for lasting_a_moment in MOMENTARY:
        app.register_error_handler(lasting_a_moment, come_back)
    app.register_error_handler(DBAPIError, _come_back_if_cut)
    app.after_request(_say_where_it_is)


def error_page(status: int, *, template: str = "") -> Response:
    """The page of a status; for one without a page of its own, that of 400 or 500."""
    shown = status if status in PAGES else (500 if status >= 500 else 400)
    return make_response(render_template(template or f"errors/{shown}.html"), status)


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400 or request.path.startswith(MACHINE_DOORS):
        return make_response(error.get_response(request.environ))
    answer = error_page(error.code)
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def come_back(error: Exception) -> Response:
    """The database, the store or a turn is missing now; nothing is lost, and the same form may be sent again."""
    log.error("not available: %s", type(error).__name__, exc_info=error)
    answer = error_page(503)
    answer.headers["Retry-After"] = COME_BACK
    return answer


def is_momentary(error: Exception) -> bool:
    """It is one of those, or a server died in the middle of an answer, which is told by errors of any kind."""
    return isinstance(error, MOMENTARY) or bool(getattr(error, "connection_invalidated", False))


def _come_back_if_cut(error: DBAPIError) -> Response:
    """A server that dies in the middle of an answer is told by errors of any kind, which know that the line is gone."""
    if is_momentary(error):
        return come_back(error)
    raise error


def _say_where_it_is(answer: Response) -> Response:
    """The body of a redirection, which only a reader that does not follow it shows."""
    leads = answer.location and answer.status_code in MOVED and answer.mimetype == "text/html"
    if leads and not request.path.startswith(MACHINE_DOORS):
        answer.set_data(render_template("errors/elsewhere.html", address=answer.location))
    return answer


def _forged_or_expired(error: CSRFError) -> Response:
    return error_page(400, template="errors/expired.html")
