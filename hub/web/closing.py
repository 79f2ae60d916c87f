"""Closing a counter: its coordinator sees what still hangs on it and what becomes of that, and confirms."""

from flask import Blueprint, g, redirect, render_template, url_for

from hub import closing
from hub.clock import now
from hub.core.errors import Forbidden, Problem
from hub.extensions import db
from hub.guards import roles
from hub.web.forms import Form

bp = Blueprint("closing", __name__, url_prefix="/mi-formulario/sedes")


@bp.get("/<code>/cerrar")
@roles("entity_coordinator")
def show(code):
    return _page(code, Form(()))


def _page(code, form):
    body = g.person.entity
    counter = closing.open_seat(body, code)
    found = closing.pending(db.session, body, code)
    return render_template("joining/close_seat.html", body=body, counter=counter, pending=found, form=form)


@bp.post("/<code>/cerrar")
@roles("entity_coordinator")
def close(code):
    try:
        closing.close(db.session, g.person.entity, code, g.person.user_id, now())
    except Forbidden as error:
        db.session.rollback()
        return _page(code, Form(()).with_problems((Problem("", error.code),))), 409
    db.session.commit()
    return redirect(url_for("publishing.show", cerrada=1), 303)
