"""The second step of a sign-in: make it the first time, and then the code of the minute or one kept on paper."""

import segno
from flask import Blueprint, redirect, render_template, request, url_for

from hub import second_factor, throttles
from hub.clock import now
from hub.core.errors import Problem
from hub.extensions import db, services
from hub.guards import public
from hub.models import User
from hub.throttles import Limit
from hub.web import auth, staff_fields
from hub.web.entering import half_way, let_in

bp = Blueprint("second_step", __name__, url_prefix="/ingresar/segundo-paso")
TRIES = 10
"""Wrong codes of one account in a quarter of an hour."""


@bp.get("")
@public("only who just gave their password is asked; anybody else is sent back to the way in")
def show():
    person, _ = half_way()
    return _page(person) if person else redirect(url_for("auth.show_sign_in"), 303)


def _page(person, form=None):
    form, key = form or staff_fields.second_step(), services().tracking_secret
    if second_factor.is_on(db.session, person.user_id):
        return render_template("second_step/ask.html", form=form)
    row, user = second_factor.begin(db.session, person.user_id), db.session.get(User, person.user_id)
    db.session.commit()
    address = second_factor.address(key, row, user.email, "Mesa de Partes")
    secret = second_factor.secret_of(key, row)
    return render_template(
        "second_step/begin.html",
        form=form,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        qr=segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2),
    )


@bp.post("")
@public("only who just gave their password is asked; wrong codes are counted by account")
def check():
    person, back = half_way()
    if person is None:
        return redirect(url_for("auth.show_sign_in"), 303)
    at, limits = now(), (Limit("segundo-paso", str(person.user_id), TRIES),)
    is_allowed = throttles.count_try(db.session, limits, at)
    db.session.commit()
    form = staff_fields.second_step().read(request.form)
    if not is_allowed:
        return _page(person, form.with_problems((Problem("", "TOO_MANY_TRIES"),))), 429
    return _try(person, back, form, limits, at)


def _try(person, back, form, limits, at):
    user, key, typed = db.session.get(User, person.user_id), services().tracking_secret, form["code"].value
    if second_factor.is_on(db.session, person.user_id):
        is_right, codes = second_factor.passes(db.session, key, user, typed, at), []
    else:
        codes = second_factor.confirm(db.session, key, user, typed, at)
        is_right = bool(codes)
    if not is_right:
        db.session.rollback()
        return _page(person, form.with_problems((Problem("code", "FACTOR_WRONG"),))), 422
    throttles.forgive(db.session, limits, at)
    db.session.commit()
    let_in(person)
    onward = auth.onward(person, back)
    if codes:
        return render_template("second_step/codes.html", codes=codes, onward=onward)
    return redirect(onward, 303)
