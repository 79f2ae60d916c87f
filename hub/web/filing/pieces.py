"""Files in pieces, for the page's script: tus 1.0 (core, creation, checksum, termination), whichever process answers.

https://tus.io/protocols/resumable-upload. A piece is stored while it comes in, with no transaction open; what came in
before a cut counts.
"""

import base64
import binascii
import hashlib
from urllib.parse import quote
from uuid import UUID

from flask import Response, abort, g, request, url_for
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

from hub import drafts, presenting, uploading
from hub.clock import now
from hub.core.errors import Problem
from hub.core.limits import Offered
from hub.core.messages import DocumentRole
from hub.extensions import db, services
from hub.files import UnreadableFile, clean_name
from hub.guards import public
from hub.storage import SIP
from hub.web import scanning, uploads
from hub.web.filing import keeping, words
from hub.web.filing.keeping import bp

VERSION = "1.0.0"
DIGESTS = {"sha256": hashlib.sha256, "sha1": lambda: hashlib.sha1(usedforsecurity=False)}
"""The protocol asks for sha1; it guards against a bad line, not against anybody."""
CHECKSUM_MISMATCH = 460
WHY = "Mesa-Why"
"""Says, percent-encoded, why a file is not taken: who asks how far it is (HEAD) gets no body."""


class WrongPiece(Exception):
    """A piece whose checksum is another than announced."""


def _answer(status, said="", **headers):
    answer = Response(said, status, mimetype="text/plain")
    answer.headers.update({"Tus-Resumable": VERSION, "Cache-Control": "no-store"})
    answer.headers.update({name.replace("_", "-"): str(value) for name, value in headers.items()})
    return answer


def _speak():
    """Only this version of the protocol is spoken."""
    if request.headers.get("Tus-Resumable") != VERSION:
        abort(_answer(412, Tus_Version=VERSION))


@bp.post("/archivos")
@public("the draft of this browser's cookie; the destination's limits hold before a byte is sent")
def begin_upload():
    _speak()
    size, named = _length("Upload-Length"), _metadata(request.headers.get("Upload-Metadata", ""))
    role = keeping.ROLES.get(named.get("role", ""), DocumentRole.ANNEX)
    name = clean_name(named.get("filename"), "archivo")
    if problems := _over(role, name, size):
        return _answer(413 if size else 422, words.say(problems[0]))
    try:
        upload = uploading.begin(db.session, g.draft, role, name, size, now())
    except uploading.UploadRefused as error:
        return _answer(429, words.say(Problem("annexes", error.code)))
    db.session.commit()
    return _answer(201, Location=url_for(".show_upload", upload_id=upload.id))


def _length(header):
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        abort(_answer(400))
    return int(text)


def _metadata(header):
    """`name base64,name base64`; what cannot be read is left out."""
    found = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def _over(role, name, size):
    if not size:
        return [Problem("annexes", "FILE_EMPTY", {"name": name})]
    house = services()
    offered = presenting.offered_with(keeping.files(), Offered(role, name, size))
    found = presenting.over_limits(house.directory, g.draft, offered, house.settings.online_bytes)
    return [one for one in found if one.params.get("name", name) == name]


@bp.route("/archivos/<uuid:upload_id>", methods=["HEAD"])
@public("an upload of the draft of this browser's cookie")
def show_upload(upload_id):
    _speak()
    upload = uploading.find(db.session, g.draft, upload_id, now())
    size, received = upload.size, upload.received
    if received == size and upload.done_at is None:  # who took the last piece never came to look at the whole
        looked_at = _finish(upload)
        if looked_at.status_code >= 400:
            return looked_at
    return _answer(200, Upload_Offset=received, Upload_Length=size)


@bp.patch("/archivos/<uuid:upload_id>")
@public("an upload of the draft of this browser's cookie; a piece goes on where the last one ended")
@uploads.takes_pieces
def take_piece(upload_id):
    _speak()
    if request.mimetype != uploads.PIECE:
        return _answer(415)
    offset, upload = _length("Upload-Offset"), uploading.find(db.session, g.draft, upload_id, now())
    if upload.done_at is not None:
        return _answer(204, Upload_Offset=upload.size)
    room = upload.size - offset
    if offset != upload.received or (request.content_length or 0) > room:
        return _answer(409, Upload_Offset=upload.received)
    db.session.commit()  # no transaction is open while bytes come in
    try:
        part, is_too_slow = _store(room)
    except WrongPiece:
        return _answer(CHECKSUM_MISMATCH)
    try:
        upload = _kept(upload, offset, part)
    except uploading.UploadRefused:
        db.session.rollback()
        keeping.discard([part.object_key])
        return _answer(409)
    except Exception:
        db.session.rollback()
        keeping.discard([part.object_key])
        raise
    db.session.commit()
    if not part.size:
        keeping.discard([part.object_key])
    if upload.received == upload.size:
        return _finish(upload)
    return _answer(408 if is_too_slow else 204, Upload_Offset=upload.received)


def _kept(upload, offset, part):
    if not part.size:
        return upload
    return uploading.keep_part(db.session, services().store, upload.id, offset, part, now())


def _store(room):
    """The bytes of this request, at most `room`, as an object, and whether its line was too slow.

    What came in before a cut is kept.
    """
    is_too_slow = False
    named, _, wanted = request.headers.get("Upload-Checksum", "").partition(" ")
    digest = DIGESTS[named]() if named in DIGESTS else None
    with services().store.writer(is_durable=False, is_hashed=False) as writer:
        try:
            while room > 0 and (piece := request.stream.read(min(SIP, room))):
                writer.write(piece)
                room -= len(piece)
                if digest:
                    digest.update(piece)
        except (ClientDisconnected, OSError, RequestTimeout) as error:
            digest = None  # the rest never came; the script asks how far we are
            is_too_slow = isinstance(error, RequestTimeout)
    if digest and base64.b64encode(digest.digest()).decode() != wanted:
        keeping.discard([writer.object_key])
        raise WrongPiece()
    return writer.stored, is_too_slow


def _finish(upload):
    """All bytes are here: one object, one SHA-256, looked at; or what is wrong with it, and the upload is forgotten."""
    store, upload_id, at = services().store, upload.id, now()
    parts = uploading.parts_of(db.session, upload_id)
    db.session.commit()
    whole = uploading.assemble(store, parts)
    if found := scanning.virus_in(whole):
        infected = Problem("annexes", "FILE_INFECTED", {"name": upload.file_name, "found": found})
        return _refuse(upload_id, whole, infected)
    try:
        file = drafts.look_at(store, DocumentRole(upload.role), upload.file_name, whole)
    except UnreadableFile as error:
        return _refuse(upload_id, whole, Problem("main_document", error.code, {"name": upload.file_name}))
    offered = Offered(file.role, file.file_name, whole.size, file.media_type)
    house, files = services(), keeping.files()
    over = presenting.over_limits(
        house.directory, g.draft, presenting.offered_with(files, offered), house.settings.online_bytes
    )
    if over:
        return _refuse(upload_id, whole, over[0])
    keys = uploading.finish(db.session, g.draft, upload_id, file, at)
    scanning.note_unchecked(frozenset({whole.object_key}))
    db.session.commit()
    keeping.discard(keys)
    return _answer(204, Upload_Offset=upload.size)


def _refuse(upload_id: UUID, whole, problem):
    keys = uploading.drop(db.session, upload_id)
    db.session.commit()
    keeping.discard([*keys, whole.object_key])
    why = words.say(problem)
    return _answer(422, why, **{WHY: quote(why)})


@bp.delete("/archivos/<uuid:upload_id>")
@public("an upload of the draft of this browser's cookie")
def drop_upload(upload_id):
    _speak()
    uploading.find(db.session, g.draft, upload_id, now())
    keys = uploading.drop(db.session, upload_id)
    db.session.commit()
    keeping.discard(keys)
    return _answer(204)
