"""The REST door of our own contract: institutions tell us what became of a filing, and fetch its documents."""

import logging
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from hub import fetching
from hub.api.auth import bearer_uncounted, count_call, signed
from hub.api.contract.described import OF_A_DOCUMENT, Answer, Body, Operation, Parameter, described
from hub.api.contract.schemas import CUO, UUID
from hub.api.errors import problem
from hub.api.replying import identity
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

TAKE = Operation(
    name="enviarMensaje",
    tag="Mensajes",
    summary="Decir qué fue de un trámite: un Acuse, un Cargo, un Estado o una Respuesta, firmados",
    says="Los documentos de una Respuesta se dejan antes; quedan en la casilla de quien presentó, o se le dicen a la "
    "entidad que presentó. El mismo mensaje otra vez recibe la misma respuesta y no cambia nada: lo identifica su "
    "IdMensaje.",
    body=Body("application/xml", "El mensaje firmado (schemas/sobre.xsd)."),
    answers=(Answer(200, "Recibido (schemas/reporte.xsd): aplicado, guardado o repetido.", "application/xml"),),
    refusals=(
        Refusal.MEDIA_TYPE, Refusal.MESSAGE_UNEXPECTED, Refusal.INSTANT_AHEAD, Refusal.MESSAGE_ID_REUSED,
        Refusal.ANSWER_MISMATCH, Refusal.CUO_UNKNOWN, Refusal.CUO_OF_ANOTHER,
        Refusal.DOCUMENT_NOT_LEFT, Refusal.FILING_IMPOSSIBLE, Refusal.CARGO_MISSING,
    ),
    example='curl -s -H "Content-Type: application/xml" --data-binary @"$CARGO_XML" "$MESA/api/v1/mensajes"',
)  # fmt: skip

DOCUMENT = Operation(
    name="traerDocumento",
    tag="Documentos",
    summary="Traer un documento de un envío",
    says="Es la dirección que va en el Sobre. Si la línea se corta, sigue donde quedaste con Range.",
    parameters=(
        Parameter("cuo", CUO, "El del envío a tu entidad.", place="path"),
        Parameter("document_id", UUID, "El que va en la dirección del Sobre.", place="path"),
    ),
    answers=OF_A_DOCUMENT,
    refusals=(
        Refusal.CUO_UNKNOWN, Refusal.CUO_OF_ANOTHER, Refusal.DOCUMENT_FORBIDDEN, Refusal.DOCUMENT_UNKNOWN,
    ),
    example='curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/envios/$CUO/documentos/$DOCUMENTO"',
)  # fmt: skip


def message_in() -> bytes:
    """The signed message that came as the body."""
    if request.mimetype not in XML:
        raise UnsupportedMediaType()
    request.max_content_length = xml.MAX_BYTES + 1  # one more shows what a stream without length had besides
    return request.get_data()


@bp.post("/mensajes")
@signed(message_in)
@described(TAKE)
def take_message(opened):
    return Response(recibido(*take(opened, "rest")), content_type="application/xml; charset=utf-8")


@bp.get("/envios/<cuo>/documentos/<document_id>")
@bearer_uncounted
@described(DOCUMENT)
def fetch_document(caller_ruc, cuo, document_id):
    if not fetching.is_on_its_way(db.session, services().directory, cuo, caller_ruc):
        count_call(caller_ruc)  # while it is handed over our own lanes set the pace, and a refusal would be our failure
    found = identity(document_id, Refusal.DOCUMENT_UNKNOWN)
    document = fetching.document_of(db.session, services().directory, cuo, found, caller_ruc)
    fetching.note_fetch(db.session, services().directory, cuo, document.id, now())
    db.session.commit()
    log.info("document %s of %s fetched by %s, range %s", document.id, cuo, caller_ruc, request.range or "all")
    return send(document)
