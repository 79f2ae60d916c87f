"""Whose draft this is: its token in a cookie that no script reads, kept thirty days by the browser."""

from flask import Blueprint, abort, g, redirect, request, url_for

from hub import accounts, drafts, own_drafts
from hub.clock import now
from hub.core.errors import NotFound
from hub.core.limits import FIELDS
from hub.extensions import db, services
from hub.web.people import citizen_here

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
    citizen = citizen_here()
    if citizen is not None:
        g.person = citizen
    g.draft = _of_cookie()
    if g.draft is not None and g.draft.account_id is not None and citizen is None:
        if request.endpoint not in OPEN:
            return _elsewhere("account.show_sign_in", next=url_for("filing.show_tasks"))
        g.draft = None
    if citizen is not None:
        g.draft = _of_account(g.draft, citizen.user_id)
    if request.endpoint in OPEN:
        return None
    if g.draft is None:
        return _elsewhere("filing.choose", aviso="sin-borrador")
    if (request.endpoint in AFTER) == (g.draft.filing_id is None):
        return _elsewhere("filing.show_tasks" if g.draft.filing_id is None else "filing.show_sent")
    return None


def _of_cookie():
    try:
        return drafts.find(db.session, services().tracking_secret, request.cookies.get(COOKIE, ""), now())
    except NotFound:
        return None


def _of_account(draft, user_id):
    """Whoever is signed in goes on with a draft of their own, from any device; another's in the cookie is not shown."""
    if draft is not None and draft.account_id is None:
        account, citizen = accounts.citizen_of(db.session, user_id)
        if own_drafts.may_join(draft, account, citizen):
            own_drafts.join(db.session, draft, account, citizen, now())
            db.session.commit()
        return draft
    if draft is not None and draft.account_id == user_id:
        return draft
    g.found = own_drafts.newest(db.session, user_id, now())
    return g.found


@bp.after_request
def _remember_found(answer):
    """A draft found by its account is this browser's too, unless the page just took another or let go of it."""
    is_told = any(one.startswith(f"{COOKIE}=") for one in answer.headers.getlist("Set-Cookie"))
    return answer if is_told or g.get("found") is None else remember(answer, g.found)


def start(at):
    """A new draft: of who is signed in, with their data; else of nobody."""
    if g.get("person") is None:
        return drafts.start(db.session, {}, at)
    account, citizen = accounts.citizen_of(db.session, g.person.user_id)
    return own_drafts.start(db.session, account, citizen, at)


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
    services().store.discard_all(object_keys)
