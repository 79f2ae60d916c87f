"""What the pages of accounts share: coming in, a sign-in that is fresh, letters that are counted, links."""

from uuid import uuid4

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_login import login_user

from hub import account_links, throttles
from hub.clock import now
from hub.core.errors import NotFound, Problem
from hub.extensions import db, services
from hub.throttles import Limit, network_of
from hub.web.people import SESSION_ID, load_person

bp = Blueprint("account", __name__, url_prefix="/cuenta")

PER_EMAIL = 5
"""Letters about an account to one address in a quarter of an hour."""
PER_NETWORK = 60
FRESH = 15 * 60
"""Seconds after signing in in which an account may be changed: a computer may have been left open."""
_CAME_IN = "ingreso"
_MAILED_TO = "correo"
PRIVATE = {"X-Robots-Tag": "noindex, nofollow"}


def enter(uniquifier):
    """Sign in, in a session of its own. None for an account that is closed meanwhile."""
    person = load_person(uniquifier)
    if person is not None:
        session.clear()
        session[SESSION_ID], session[_CAME_IN] = uuid4().hex, int(now().timestamp())
        login_user(person)
    return person


def ask_again():
    """The way to the sign-in for whoever came in too long ago to change the account; None for the others."""
    if now().timestamp() - session.get(_CAME_IN, 0) < FRESH:
        return None
    return redirect(url_for("account.show_sign_in", next=request.path, motivo="confirmar"), 303)


def may_mail(email, kind):
    """Count a letter to an address, right or wrong; committed. False when it is one too many."""
    limits = (
        Limit(f"{kind}-correo", email, PER_EMAIL),
        Limit(f"{kind}-origen", network_of(request.remote_addr), PER_NETWORK),
    )
    is_allowed = throttles.count_try(db.session, limits, now())
    db.session.commit()
    return is_allowed


def too_many(template, form, field, **values):
    """The page again, with the wait that it takes."""
    page = render_template(template, form=form.with_problems((Problem(field, "TOO_MANY_TRIES"),)), **values)
    return page, 429, {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}


def mailed(email, what):
    """To the page that says that a letter went out: the same for an address that is known and for one that is not."""
    session[_MAILED_TO] = email
    return redirect(url_for("account.show_mailed", para=what), 303)


def mailed_to():
    return session.get(_MAILED_TO, "")


def link(token, purpose):
    """The link of a token, or None for one that opens nothing any more."""
    try:
        return account_links.find(db.session, services().tracking_secret, token, purpose, now())
    except NotFound:
        return None


def spent():
    """The page of a link that was used or is too old."""
    db.session.rollback()
    return render_template("account/spent.html"), 410, PRIVATE


def person():
    return g.person
