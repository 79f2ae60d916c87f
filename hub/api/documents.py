"""Where an institution leaves its documents before its message: tus 1.0 (core, creation, expiration, termination).

https://tus.io/protocols/resumable-upload. A piece is stored while it comes in, with no transaction open; what came in
before a cut counts. The whole must have the SHA-256 that was announced.
"""

import base64
import binascii
import re
from typing import Final

from flask import Response, request, url_for
from werkzeug.exceptions import ClientDisconnected, RequestTimeout, UnsupportedMediaType
from werkzeug.http import http_date

from hub import leaving
from hub.api.auth import bearer
from hub.api.contract.described import Answer, Body, Operation, Parameter, described
from hub.api.contract.schemas import UUID, number, text
from hub.api.errors import problem
from hub.api.replying import identity
from hub.api.rest import bp
from hub.clock import now
from hub.extensions import db, services
from hub.storage import SIP
from hub.wire.codes import Refusal

VERSION: Final = "1.0.0"
PIECE: Final = "application/offset+octet-stream"
MOST: Final = 1024**4
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_SPOKEN = Parameter("Tus-Resumable", text(const=VERSION), "La versión del protocolo.", "header", is_required=True)
_ID = Parameter("document_id", UUID, "El que dio Location.", place="path")
_HOW_FAR: Final = {"Upload-Offset": "Bytes que ya están.", "Upload-Expires": "Hasta cuándo se guarda."}

BEGIN = Operation(
    name="dejarDocumento",
    tag="Documentos",
    summary="Anunciar un documento que tu entidad va a dejar",
    says="Antes de enviar el Sobre o la Respuesta que lo nombra. Si tu entidad ya dejó ese mismo documento (mismo "
    "SHA-256), Upload-Offset dice que está entero y no hay nada que mandar. Lo que se deja ocupa sitio hasta que vence "
    "o lo olvidas: sin sitio la respuesta es DEMASIADAS_LLAMADAS.",
    parameters=(
        _SPOKEN,
        Parameter("Upload-Length", number(minimum=0, maximum=MOST), "Cuántos bytes tiene.", "header", True),
        Parameter("Upload-Metadata", text(), "`sha256 ` y el hexadecimal del SHA-256, en base64.", "header", True),
    ),
    answers=(Answer(201, "Anunciado.", "", {}, {"Location": "Adónde van sus partes.", **_HOW_FAR}),),
    refusals=(Refusal.DOCUMENT_DIGEST, Refusal.DOCUMENT_TOO_LARGE),
    example='curl -s -X POST -H "Authorization: Bearer $CREDENCIAL" -H "Tus-Resumable: 1.0.0" '
    '-H "Upload-Length: $BYTES" -H "Upload-Metadata: sha256 $(printf %s "$SHA256" | base64 -w0)" '
    '"$MESA/api/v1/documentos"',
)

HOW_FAR = Operation(
    name="preguntarDocumento",
    tag="Documentos",
    summary="Hasta dónde llegó un documento",
    says="Después de un corte: sigue desde Upload-Offset.",
    parameters=(_SPOKEN, _ID),
    answers=(Answer(200, "Hasta dónde.", "", {}, {"Upload-Length": "Su tamaño.", **_HOW_FAR}),),
    refusals=(Refusal.DOCUMENT_UNKNOWN, Refusal.DOCUMENT_DIGEST),
    example='curl -s -I -H "Authorization: Bearer $CREDENCIAL" -H "Tus-Resumable: 1.0.0" '
    '"$MESA/api/v1/documentos/$DEJADO"',
)

TAKE = Operation(
    name="mandarParte",
    tag="Documentos",
    summary="Mandar una parte, de cualquier tamaño",
    says="La que completa el documento lo comprueba: si su SHA-256 no es el anunciado, se olvida entero.",
    parameters=(
        _SPOKEN, _ID,
        Parameter("Upload-Offset", number(minimum=0, maximum=MOST), "Desde dónde sigue.", "header", True),
    ),
    body=Body(PIECE, "Los bytes."),
    answers=(Answer(204, "Guardada.", "", {}, _HOW_FAR), Answer(409, "No sigue donde quedó.", "", {}, _HOW_FAR)),
    refusals=(Refusal.DOCUMENT_UNKNOWN, Refusal.DOCUMENT_DIGEST, Refusal.MEDIA_TYPE),
    example='curl -s -X PATCH -H "Authorization: Bearer $CREDENCIAL" -H "Tus-Resumable: 1.0.0" '
    '-H "Content-Type: application/offset+octet-stream" -H "Upload-Offset: 0" --data-binary @"$ARCHIVO" '
    '"$MESA/api/v1/documentos/$DEJADO"',
)  # fmt: skip

DROP = Operation(
    name="olvidarDocumento",
    tag="Documentos",
    summary="Olvidar un documento que se dejó",
    says="Lo que ya se presentó con él no cambia.",
    parameters=(_SPOKEN, _ID),
    answers=(Answer(204, "Olvidado."),),
    refusals=(Refusal.DOCUMENT_UNKNOWN,),
    example='curl -s -X DELETE -H "Authorization: Bearer $CREDENCIAL" -H "Tus-Resumable: 1.0.0" '
    '"$MESA/api/v1/documentos/$OLVIDADO"',
)


def _answer(status, left=None, **headers):
    answer = Response(status=status)
    answer.headers.update({"Tus-Resumable": VERSION, "Cache-Control": "no-store"})
    if left is not None:
        answer.headers["Upload-Offset"] = str(left.received)
        answer.headers["Upload-Expires"] = http_date(left.expires_at)
    answer.headers.update({name.replace("_", "-"): str(value) for name, value in headers.items()})
    return answer


def _mine(ruc):
    return services().directory.by_ruc(ruc).id


def _found(caller_ruc, document_id):
    return leaving.find(db.session, _mine(caller_ruc), identity(document_id, Refusal.DOCUMENT_UNKNOWN))


@bp.post("/documentos")
@bearer
@described(BEGIN)
def begin_document(caller_ruc, tus_resumable, upload_length, upload_metadata):
    left = leaving.begin(db.session, _mine(caller_ruc), _digest(upload_metadata), upload_length, now())
    db.session.commit()
    left = _whole(left)
    return _answer(201, left, Location=url_for(".show_left", document_id=left.id))


def _digest(metadata):
    """The SHA-256 among `name base64,name base64`. Raises ContractError REQUEST_MALFORMED."""
    for pair in metadata.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            said = base64.b64decode(value, validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if name == "sha256" and _SHA256.fullmatch(said):
            return said
    raise Refusal.REQUEST_MALFORMED.error("Upload-Metadata: no sha256")


@bp.route("/documentos/<document_id>", methods=["HEAD"])
@bearer
@described(HOW_FAR)
def show_left(caller_ruc, document_id, tus_resumable):
    left = _whole(_found(caller_ruc, document_id))
    return _answer(200, left, Upload_Length=left.size)


@bp.patch("/documentos/<document_id>")
@bearer
@described(TAKE)
def take_part(caller_ruc, document_id, tus_resumable, upload_offset):
    if request.mimetype != PIECE:
        raise UnsupportedMediaType()
    left = _found(caller_ruc, document_id)
    if left.object_key:
        return _answer(204, left)
    room = left.size - upload_offset
    if upload_offset != left.received or (request.content_length or 0) > room:
        return _answer(409, left)
    db.session.commit()  # no transaction is open while bytes come in
    part, is_too_slow = _store(room)
    try:
        left = _kept(left, upload_offset, part)
    except leaving.PieceRefused:
        db.session.rollback()
        _discard([part.object_key])
        return _answer(409, _found(caller_ruc, document_id))
    except Exception:
        db.session.rollback()
        _discard([part.object_key])
        raise
    db.session.commit()
    if not part.size:
        _discard([part.object_key])
    return _go_on(left) if is_too_slow else _answer(204, _whole(left))


def _go_on(left):
    """What came of a piece by a line that is too slow is kept; the rest is for another call."""
    answer = problem(Refusal.TOO_SLOW.error())
    answer.headers.update({"Tus-Resumable": VERSION, "Upload-Offset": str(left.received)})
    return answer


def _kept(left, offset, part):
    return leaving.keep_part(db.session, services().store, left.id, offset, part, now()) if part.size else left


def _store(room):
    """The bytes of this request, at most `room`, as an object, and whether its line was too slow.

    What came in before a cut is kept.
    """
    request.max_content_length, is_too_slow = room, False  # without a number it would be that of a form
    with services().store.writer(is_durable=False) as writer:
        try:
            while room > 0 and (piece := request.stream.read(min(SIP, room))):
                writer.write(piece)
                room -= len(piece)
        except (ClientDisconnected, OSError, RequestTimeout) as error:
            is_too_slow = isinstance(error, RequestTimeout)  # the rest never came; its sender asks how far we are
    return writer.stored, is_too_slow


def _whole(left):
    """Once all bytes are in: one object with one SHA-256, or the document is forgotten.

    Also where whoever took the last piece never came to this: nobody is told that it is whole before it is.
    """
    if left.object_key or left.received < left.size:
        return left
    parts = leaving.parts_of(db.session, left.id)
    db.session.commit()
    if not parts and left.size:
        return left
    whole = leaving.assemble(services().store, parts)
    is_good, keys = leaving.finish(db.session, left.id, whole, now())
    db.session.commit()
    _discard(keys)
    if not is_good:
        raise Refusal.DOCUMENT_DIGEST.error(f"its SHA-256 is {whole.sha256}")
    return left


def _discard(keys):
    services().store.discard_all(keys)


@bp.delete("/documentos/<document_id>")
@bearer
@described(DROP)
def drop_document(caller_ruc, document_id, tus_resumable):
    keys = leaving.drop(db.session, _found(caller_ruc, document_id).id)
    db.session.commit()
    _discard(keys)
    return _answer(204)
