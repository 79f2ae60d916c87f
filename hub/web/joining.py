"""A body asks to join; who runs the sector reads what was asked, and decides."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from hub import joining, throttles
from hub.clock import now
from hub.core.errors import InvalidFiling, Problem
from hub.extensions import db, services
from hub.guards import public, roles
from hub.joining import Asking
from hub.throttles import Limit, network_of
from hub.web import joining_fields

bp = Blueprint("joining", __name__, url_prefix="/sumarse")
PER_ADDRESS = 20
"""Requests from one address in a quarter of an hour."""


@bp.get("")
@public("an institution that is not in the sector yet has no account")
def ask():
    return _page(joining_fields.ask_access())


def _page(form, is_sent=False):
    return render_template("joining/ask.html", form=form, is_sent=is_sent)


@bp.post("")
@public("an institution that is not in the sector yet has no account; a person decides, and requests are counted")
def send():
    form, at = joining_fields.ask_access().read(request.form), now()
    limits = (Limit("sumarse", network_of(request.remote_addr), PER_ADDRESS),)
    is_allowed = throttles.count_try(db.session, limits, at)
    db.session.commit()
    if not is_allowed:
        return _page(form.with_problems((Problem("", "TOO_MANY_TRIES"),))), 429
    typed = form.values()
    asking = Asking(**typed | {"acronym": typed["acronym"].upper(), "email": typed["email"].lower()})
    try:
        joining.ask(db.session, services().directory, asking, at)
    except InvalidFiling as error:
        db.session.rollback()
        return _page(form.with_problems(error.problems)), 422
    db.session.commit()
    return redirect(url_for(".asked"), 303)


@bp.get("/recibida")
@public("tells who asked what comes next; shows nothing of anybody")
def asked():
    return _page(joining_fields.ask_access(), is_sent=True)


@bp.get("/solicitudes")
@roles("sector_admin")
def list_requests():
    return _list()


def _list(wrong_id=None, problems=()):
    rows = []
    for one in joining.waiting(db.session):
        form = joining_fields.decline(one.id.hex)
        rows.append((one, form.read(request.form).with_problems(problems) if one.id == wrong_id else form))
    return render_template(
        "joining/requests.html", rows=rows, kinds=joining_fields.KINDS, done=request.args.get("hecho", "")
    )


@bp.post("/solicitudes/<uuid:request_id>/aprobar")
@roles("sector_admin")
def approve(request_id):
    try:
        joining.approve(db.session, services().directory, g.person.viewer, request_id, now())
    except InvalidFiling as error:
        db.session.rollback()
        return _list(request_id, error.problems), 422
    db.session.commit()
    return redirect(url_for(".list_requests", hecho="aprobada"), 303)


@bp.post("/solicitudes/<uuid:request_id>/rechazar")
@roles("sector_admin")
def decline(request_id):
    try:
        joining.decline(db.session, g.person.viewer, request_id, request.form.get("reason", ""), now())
    except InvalidFiling as error:
        db.session.rollback()
        return _list(request_id, error.problems), 422
    db.session.commit()
    return redirect(url_for(".list_requests", hecho="rechazada"), 303)
