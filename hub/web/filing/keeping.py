"""Whose draft this is: its token in a cookie that no script reads, kept thirty days by the browser."""

import logging

from flask import Blueprint, abort, g, redirect, request, url_for

from hub import drafts
from hub.clock import now
from hub.core.errors import NotFound, StorageFailure
from hub.core.limits import FIELDS
from hub.extensions import db, services

log = logging.getLogger(__name__)

bp = Blueprint("filing", __name__, url_prefix="/presentar")

COOKIE = "borrador"
OPEN = frozenset({"filing.choose", "filing.show_institution", "filing.begin", "filing.resume"})
"""Pages that need no draft."""
AFTER = frozenset({"filing.show_sent", "filing.give_sent", "filing.begin_another"})
"""Pages of a draft that was sent; the others lead there."""
ROLES = {field: role for role, field in FIELDS.items()}


@bp.before_request
def load_draft():
    """Find the draft of the cookie; without one a page leads to the beginning and a script is told so."""
    try:
        g.draft = drafts.find(db.session, services().tracking_secret, request.cookies.get(COOKIE, ""), now())
    except NotFound:
        g.draft = None
    if request.endpoint in OPEN:
        return None
    if g.draft is None:
        return _elsewhere("filing.choose", aviso="sin-borrador")
    if (request.endpoint in AFTER) == (g.draft.filing_id is None):
        return _elsewhere("filing.show_tasks" if g.draft.filing_id is None else "filing.show_sent")
    return None


def _elsewhere(endpoint, **values):
    if request.method in ("HEAD", "PATCH", "DELETE") or request.endpoint == "filing.begin_upload":
        abort(410)
    return redirect(url_for(endpoint, **values), 303)


def remember(answer, draft):
    """Put the token of a draft into the browser."""
    answer.set_cookie(
        COOKIE,
        drafts.token_of(services().tracking_secret, draft.id),
        max_age=drafts.LIFE,
        path=bp.url_prefix,
        secure=services().settings.public_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )
    return answer


def forget(answer):
    """Take it out again."""
    answer.delete_cookie(COOKIE, path=bp.url_prefix)
    return answer


def files():
    """The files of this request's draft."""
    return drafts.files_of(db.session, g.draft)


def discard(object_keys):
    """Drop objects that no row names any more; one that cannot be dropped now is left over, and logged."""
    for key in object_keys:
        try:
            services().store.discard(key)
        except StorageFailure:
            log.exception("an object that nothing names could not be dropped")
