"""The public book: the signed root of everything that was sealed, for people to see and for machines to keep."""

import base64
import hashlib
import json

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from hub import ledger
from hub.core.numbers import whole
from hub.extensions import db, services
from hub.guards import public

bp = Blueprint("ledger", __name__)
LINES = "application/x-ndjson; charset=utf-8"


@bp.get("/libro")
@public("who keeps a root can prove later that nobody rewrote the past")
def show_ledger():
    page = ledger.page(db.session, request.args.get("pagina", 1, type=whole))
    return render_template("ledger/roots.html", page=page, has_authority=bool(services().settings.tsa))


@bp.get("/libro/raices")
@public("the same roots, for machines: a signed root a line, oldest first, from batch `desde` on")
def give_roots():
    first = max(1, request.args.get("desde", 1, type=whole))
    roots = ledger.roots_from(db.session, first)
    lines = "".join(json.dumps({"batch": one.statement.batch, "jws": one.jws}) + "\n" for one in roots)
    answer = Response(lines, content_type=LINES)
    if len(roots) == ledger.EXPORTED:
        following = url_for(".give_roots", desde=roots[-1].statement.batch + 1)
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return _cached(answer)


@bp.get("/libro/raices/<int:batch>")
@public("one root with its statement and its time-stamps")
def give_root(batch):
    root, stamps = ledger.root_of(db.session, batch)
    told = [
        {"at": stamp.at.isoformat(), "authority": stamp.authority, "token": base64.b64encode(stamp.token).decode()}
        for stamp in stamps
    ]
    return _cached(jsonify(jws=root.jws, statement=root.statement.to_json(), stamps=told))


def _cached(answer):
    """With an ETag, so that who asks every day carries only what is new."""
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest())
    answer.cache_control.no_cache = True
    return answer.make_conditional(request)
