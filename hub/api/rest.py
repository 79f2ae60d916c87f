"""The REST door of our own contract: institutions tell us what became of a filing, and fetch its documents."""

import logging
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from hub import fetching
from hub.api.auth import bearer, signed
from hub.api.errors import problem
from hub.api.taking import take
from hub.clock import now
from hub.downloads import send
from hub.extensions import db, services
from hub.wire import xml
from hub.wire.codes import Refusal
from hub.wire.reporte import recibido

log = logging.getLogger("mesa.api")
bp = Blueprint("rest", __name__, url_prefix="/api/v1")
bp.register_error_handler(Exception, problem)

XML: Final = ("application/xml", "text/xml")


def _message() -> bytes:
    if request.mimetype not in XML:
        raise UnsupportedMediaType()
    request.max_content_length = xml.MAX_BYTES + 1  # one more shows what a stream without length had besides
    return request.get_data()


@bp.post("/mensajes")
@signed(_message)
def take_message(opened):
    return Response(recibido(*take(opened, "rest")), content_type="application/xml; charset=utf-8")


@bp.get("/envios/<cuo>/documentos/<document_id>")
@bearer
def fetch_document(caller_ruc, cuo, document_id):
    document = fetching.document_of(db.session, services().directory, cuo, _identity(document_id), caller_ruc)
    fetching.note_fetch(db.session, services().directory, cuo, document.id, now())
    db.session.commit()
    log.info("document %s of %s fetched by %s, range %s", document.id, cuo, caller_ruc, request.range or "all")
    return send(document)


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal.DOCUMENT_UNKNOWN.error("not an identifier of ours") from error
