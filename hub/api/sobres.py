"""Where an institution files by its system: its Sobre comes in, and what was told about it is asked for."""

from typing import Final

from flask import Response

from hub import asked_back
from hub.api.auth import bearer, signed
from hub.api.contract.described import OF_A_DOCUMENT, Answer, Body, Operation, Parameter, described
from hub.api.contract.schemas import CUO, UUID
from hub.api.replying import identity
from hub.api.rest import bp, message_in
from hub.api.taking import file, told_about
from hub.downloads import send
from hub.extensions import db, services
from hub.wire.codes import Refusal
from hub.wire.reporte import recibido, reporte

XML: Final = "application/xml; charset=utf-8"
_CUO = Parameter("cuo", CUO, "El que tu entidad puso en su Sobre.", place="path")

FILE = Operation(
    name="presentarSobre",
    tag="Presentar",
    summary="Presentar un documento ante otra entidad del sector",
    says="Primero se dejan los documentos (Documentos); el Sobre los nombra por su SHA-256. Va con RucDestino y con un "
    "CUO propio de tu entidad; el número de trámite lo da la mesa en su Acuse. Si la entidad de destino se extinguió, "
    "llega a su sucesora. El mismo Sobre otra vez recibe el mismo Acuse. Un Sobre cuyo "
    "CuoReferencia es de uno observado, mientras corre su plazo, es su subsanación: sus documentos y lo que diga "
    "InformacionAdicional van por el mismo trámite, y desde ahí lo que pase se cuenta bajo el CUO nuevo. Vencido el "
    "plazo es una presentación nueva que sigue a la anterior.",
    body=Body("application/xml", "El Sobre firmado (schemas/sobre.xsd)."),
    answers=(
        Answer(202, "Presentado; el Acuse se está firmando: pídelo con la operación siguiente.", "application/xml"),
        Answer(200, "El Acuse firmado.", "application/xml"),
    ),
    refusals=(
        Refusal.MEDIA_TYPE, Refusal.MESSAGE_UNEXPECTED, Refusal.INSTANT_AHEAD, Refusal.MESSAGE_ID_REUSED,
        Refusal.DOCUMENT_NOT_LEFT, Refusal.DOCUMENT_DIGEST, Refusal.DESTINATION_UNKNOWN, Refusal.FILING_IMPOSSIBLE,
    ),
    example='curl -s -H "Content-Type: application/xml" --data-binary @"$SOBRE_XML" "$MESA/api/v1/sobres"',
)  # fmt: skip

ASK = Operation(
    name="preguntarSobre",
    tag="Presentar",
    summary="Todo lo que se dijo de un Sobre de tu entidad",
    says="Un Reporte con el Acuse, el Cargo, cada Estado y cada Respuesta, firmados, del más antiguo al más nuevo.",
    parameters=(_CUO,),
    answers=(
        Answer(200, "El Reporte (schemas/reporte.xsd).", "application/xml"),
        Answer(202, "Presentado; el Acuse se está firmando."),
    ),
    refusals=(Refusal.CUO_UNKNOWN,),
    example='curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/sobres/$CUO_PROPIO"',
)

DOCUMENT = Operation(
    name="traerRespuesta",
    tag="Presentar",
    summary="Traer un documento con que te respondieron",
    says="Es la dirección que va en la Respuesta. Admite Range, como los demás documentos.",
    parameters=(_CUO, Parameter("document_id", UUID, "El de la dirección.", place="path")),
    answers=OF_A_DOCUMENT,
    refusals=(Refusal.CUO_UNKNOWN, Refusal.DOCUMENT_UNKNOWN),
    example='curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/sobres/$CUO_PROPIO/documentos/$RESPUESTA"',
)


@bp.post("/sobres")
@signed(message_in)
@described(FILE)
def file_sobre(opened):
    acuse = file(opened)
    if acuse:
        return Response(acuse, content_type=XML)
    return Response(recibido(opened.message.header.message_id, "guardado"), 202, content_type=XML)


@bp.get("/sobres/<cuo>")
@bearer
@described(ASK)
def ask_sobre(caller_ruc, cuo):
    told = told_about(caller_ruc, cuo)
    if not told:
        return Response(status=202)
    return Response(reporte(cuo, told), content_type=XML)


@bp.get("/sobres/<cuo>/documentos/<document_id>")
@bearer
@described(DOCUMENT)
def fetch_answer(caller_ruc, cuo, document_id):
    found = identity(document_id, Refusal.DOCUMENT_UNKNOWN)
    row = asked_back.sobre_of(db.session, services().directory.by_ruc(caller_ruc).id, cuo)
    document = asked_back.document_of(db.session, row, found)
    db.session.commit()
    return send(document)
