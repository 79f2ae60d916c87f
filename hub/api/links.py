"""The link of a leg: every document that an adapter could not carry, with its digest, for whoever holds the link."""

import logging
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.exceptions import ServiceUnavailable

from hub import fetching
from hub.api.errors import MOMENTARY
from hub.clock import now
from hub.core.errors import NotFound
from hub.downloads import send
from hub.extensions import db, services
from hub.fetching import Fetchable, LinkClosed, LinkedLeg
from hub.guards import public

log = logging.getLogger("mesa.api")
bp = Blueprint("links", __name__, url_prefix="/d")

HOLDER: Final = "the random word in the address is the key: it was given to the destination alone, and can be revoked"
CLOSED: Final = {
    "LINK_EXPIRED": "Este enlace venció: pasaron treinta días desde que la institución dio su cargo.",
    "LINK_REVOKED": "Este enlace se anuló: el documento ya no va a esa institución.",
}


@bp.get("/<token>")
@public(HOLDER)
def show_link(token):
    leg = fetching.open_link(db.session, token, now())
    db.session.commit()
    if _wants_json():
        return jsonify(_to_json(leg))
    name = services().directory.by_id(leg.destination_id).name
    return render_template("links/documents.html", leg=leg, destination=name)


@bp.get("/<token>/<document_id>")
@public(HOLDER)
def fetch_document(token, document_id):
    leg = fetching.open_link(db.session, token, now(), document_id=_identity(document_id))
    db.session.commit()
    return send(leg.documents[0])


@bp.errorhandler(LinkClosed)
def say_closed(error):
    sentence = CLOSED[error.code]
    if _wants_json():
        return _problem(410, error.code, sentence)
    return make_response(render_template("links/closed.html", sentence=sentence), 410)


@bp.errorhandler(NotFound)
def say_unknown(error):
    if _wants_json():
        return _problem(404, error.code, "Esta dirección no abre ningún documento.")
    return current_app.handle_http_exception(PageNotFound())


def say_unavailable(error):
    log.warning("not available: %s", type(error).__name__)
    return current_app.handle_http_exception(ServiceUnavailable(retry_after=30))


for _each in MOMENTARY:
    bp.register_error_handler(_each, say_unavailable)


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(code="DOCUMENT_UNKNOWN") from error


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _problem(status: int, code: str, sentence: str) -> Response:
    answer = jsonify(type=f"urn:pe:mesa-integrada:1:error:{code}", title=sentence, status=status, code=code)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    return answer


def _to_json(leg: LinkedLeg) -> dict[str, object]:
    return {
        "cuo": leg.cuo,
        "numeroTramite": leg.filing_number,
        "vence": leg.expires_at.isoformat() if leg.expires_at else None,
        "anexosNoRecibidos": list(leg.missing),
        "documentos": [_document_to_json(leg, document) for document in leg.documents],
    }


def _document_to_json(leg: LinkedLeg, document: Fetchable) -> dict[str, object]:
    path = url_for("links.fetch_document", token=leg.token, document_id=document.id)
    return {
        "rol": document.role,
        "nombreArchivo": document.file_name,
        "tipoMedio": document.media_type,
        "bytes": document.size,
        "sha256": document.sha256,
        "paginas": document.pages,
        "direccion": services().settings.public_url + path,
    }
