"""An invitation is opened: its person chooses a password, and goes on to sign in."""

from flask import Blueprint, redirect, render_template, request, url_for

from hub import invitations
from hub.clock import now
from hub.core.errors import NotFound, Problem
from hub.extensions import db, services
from hub.guards import public
from hub.passwords import LONGEST, hash_password
from hub.web import staff_fields

bp = Blueprint("invited", __name__, url_prefix="/invitacion")
SHORTEST = 12


@bp.get("/<token>")
@public("opens with the link that was mailed: 128 bits, once, within its days")
def show(token):
    try:
        _, user = invitations.find(db.session, services().tracking_secret, token, now())
    except NotFound:
        return render_template("staff/closed.html"), 404
    return _page(user, staff_fields.choose_password())


def _page(user, form):
    return render_template("staff/invited.html", form=form, email=user.email, name=user.name)


@bp.post("/<token>")
@public("opens with the link that was mailed: 128 bits, once, within its days")
def accept(token):
    try:
        row, user = invitations.find(db.session, services().tracking_secret, token, now())
    except NotFound:
        return render_template("staff/closed.html"), 404
    typed, again = request.form.get("password", ""), request.form.get("again", "")
    problems = []
    if len(typed) < SHORTEST or len(typed) > LONGEST:
        problems.append(Problem("password", "PASSWORD_SHORT", {"limit": SHORTEST}))
    elif typed != again:
        problems.append(Problem("again", "PASSWORD_DIFFERS"))
    if problems:
        return _page(user, staff_fields.choose_password().with_problems(problems)), 422
    invitations.accept(db.session, row, user, hash_password(typed), now())
    db.session.commit()
    return redirect(url_for("auth.show_sign_in"), 303)
