"""The tray of an institution that fetches: what waits for it, and its word that it has it."""

import hashlib
from typing import Final
from uuid import UUID

from flask import Response, request, url_for

from hub import pulling
from hub.api.auth import bearer
from hub.api.contract.described import Answer, Operation, Parameter, described
from hub.api.contract.schemas import UUID as UUID_SHAPE
from hub.api.contract.schemas import number, ref
from hub.api.replying import cached_json, identity
from hub.api.rest import bp
from hub.clock import now
from hub.extensions import db, services
from hub.wire.codes import Refusal

_ID: Final = Parameter("message_id", UUID_SHAPE, "El IdMensaje.", place="path")

LIST = Operation(
    name="listarMensajes",
    tag="Mensajes",
    summary="Qué mensajes esperan a tu entidad",
    says="Para quien no tiene un puerto abierto: recoge aquí lo que a otros se les lleva. Repite con If-None-Match: "
    "mientras no haya nada nuevo la respuesta es 304.",
    parameters=(
        Parameter("limite", number(minimum=1, maximum=pulling.MOST), "Cuántos por página; 50 si no se dice."),
        Parameter("despues", UUID_SHAPE, "El id del último de la página anterior."),
    ),
    answers=(
        Answer(200, "Los más antiguos primero.", "application/json", ref("Bandeja"), {"ETag": "Para If-None-Match."}),
        Answer(304, "Nada cambió."),
    ),
    example='curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/mensajes?limite=20"',
)

FETCH = Operation(
    name="recogerMensaje",
    tag="Mensajes",
    summary="Un mensaje, tal como se firmó",
    says="Recogerlo no lo da por recibido: un Sobre se confirma con su Acuse; los demás, con la operación siguiente.",
    parameters=(_ID,),
    answers=(
        Answer(200, "El mensaje firmado.", "application/xml", {}, {"ETag": "Su SHA-256."}),
        Answer(304, "Ya lo tienes (If-None-Match)."),
    ),
    refusals=(Refusal.MESSAGE_UNKNOWN, Refusal.DOCUMENT_FORBIDDEN, Refusal.UNAVAILABLE),
    example='curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/mensajes/$MENSAJE"',
)

CONFIRM = Operation(
    name="confirmarMensaje",
    tag="Mensajes",
    summary="Tu entidad ya guardó un Acuse, un Cargo, un Estado o una Respuesta",
    says="Deja de estar en la bandeja. Repetirlo no cambia nada.",
    parameters=(_ID,),
    answers=(Answer(204, "Anotado."),),
    refusals=(Refusal.MESSAGE_UNKNOWN, Refusal.MESSAGE_UNEXPECTED),
    example='curl -s -X PUT -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/mensajes/$ACUSE/recibido"',
)


def _caller(ruc: str) -> int:
    return services().directory.by_ruc(ruc).id


@bp.get("/mensajes")
@bearer
@described(LIST)
def list_messages(caller_ruc, limite=pulling.LISTED, despues=None):
    found = pulling.pending(db.session, _caller(caller_ruc), UUID(despues) if despues else None, limite)
    address = services().settings.public_url
    following = url_for(".list_messages", limite=limite, despues=found[-1].id) if len(found) == limite else None
    return cached_json({
        "mensajes": [_to_json(one, address) for one in found],
        "siguiente": address + following if following else None,
    })  # fmt: skip


def _to_json(message, address):
    told = {
        "id": str(message.id),
        "tipo": message.kind.value,
        "creado": message.created_at.isoformat(),
        "bytes": len(message.sealed),
        "sha256": hashlib.sha256(message.sealed).hexdigest(),
        "direccion": address + url_for(".fetch_message", message_id=message.id),
    }
    if message.delivery is not None:
        told |= {"cuo": message.delivery.cuo, "numeroTramite": message.delivery.filing.filing_number}
    return told


@bp.get("/mensajes/<message_id>")
@bearer
@described(FETCH)
def fetch_message(caller_ruc, message_id):
    message = pulling.fetch(db.session, _caller(caller_ruc), identity(message_id, Refusal.MESSAGE_UNKNOWN), now())
    db.session.commit()
    answer = Response(message.sealed, content_type="application/xml; charset=utf-8")
    answer.set_etag(hashlib.sha256(message.sealed).hexdigest())
    return answer.make_conditional(request)


@bp.put("/mensajes/<message_id>/recibido")
@bearer
@described(CONFIRM)
def confirm_message(caller_ruc, message_id):
    pulling.confirm(db.session, _caller(caller_ruc), identity(message_id, Refusal.MESSAGE_UNKNOWN), now())
    db.session.commit()
    return Response(status=204)
