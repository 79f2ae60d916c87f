"""The directory for partners: signed, with a version, kept by them until it changes."""

from typing import Final

from flask import Response, request

from hub import published
from hub.api.auth import bearer
from hub.api.contract.described import Answer, Operation, described
from hub.api.rest import bp
from hub.extensions import db
from hub.wire.codes import Refusal
from hub.wire.statements import MEDIA_TYPE

READ: Final = Operation(
    name="leerDirectorio",
    tag="Directorio",
    summary="El directorio del sector, firmado",
    says="Un JWS compacto (typ mesa-directorio+jws, certificado en x5c): cada entidad con su medio, límites, política, "
    "certificados (hasta dos a la vez; los revocados lo dicen), su sucesora si dejó de atender y su último informe de "
    "conformidad. `version` crece cuando cambia algo; guárdalo hasta `vence` y pregunta con If-None-Match.",
    answers=(
        Answer(200, "El directorio.", MEDIA_TYPE, {}, {"ETag": "Para If-None-Match.", "Mesa-Version": "Su versión."}),
        Answer(304, "El que tienes es el último."),
    ),
    refusals=(Refusal.UNAVAILABLE,),
    example='curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/directorio"',
)


@bp.get("/directorio")
@bearer
@described(READ)
def read_directory(caller_ruc):
    found = published.newest(db.session)
    if found is None:
        raise Refusal.UNAVAILABLE.error("it was not signed yet")
    answer = Response(found.jws, content_type=MEDIA_TYPE)
    answer.set_etag(f"{found.version}-{found.id}")
    answer.headers["Mesa-Version"] = str(found.version)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)
