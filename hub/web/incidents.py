"""Incidents with personal data: written down by who runs the sector, with the hours that are left to tell them."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from hub import incidents
from hub.clock import now
from hub.core.calendar import read_instant
from hub.core.errors import Forbidden, InvalidFiling, NeedsReason, Problem
from hub.extensions import db, services
from hub.guards import roles
from hub.web import notice_fields

bp = Blueprint("incidents", __name__, url_prefix="/incidentes")
KEEPERS = ("sector_admin",)


@bp.get("")
@roles(*KEEPERS, "auditor")
def list_incidents():
    return _list()


def _list(form=None, refused=0, telling=None):
    """The list; `telling` is the form that was refused, of the incident `refused`."""
    at = now()
    rows = tuple(
        {
            "incident": one,
            "due_at": incidents.due_at(one.known_at),
            "is_overdue": incidents.is_overdue(one, at),
            "form": telling if one.id == refused else notice_fields.tell_incident(one.id),
        }
        for one in incidents.listed_for(db.session, services().directory, g.person.viewer)
    )
    form = form or notice_fields.new_incident(services().directory)
    may_write = g.person.is_any(*KEEPERS)
    return render_template("incidents/list.html", rows=rows, form=form, telling=telling, may_write=may_write)


@bp.post("")
@roles(*KEEPERS)
def record():
    form = notice_fields.new_incident(services().directory).read(request.form)
    typed, by, at = form.values(), str(g.person.user_id), now()
    known_at = read_instant(typed["known_at"], at)
    if known_at is None:
        return _list(form.with_problems((Problem("known_at", "INSTANT_INVALID"),))), 422
    try:
        incidents.record(db.session, services().directory, typed["incident_body"], known_at, typed["what"], by, at)
    except InvalidFiling as error:
        return _list(form.with_problems(error.problems)), 422
    db.session.commit()
    return redirect(url_for(".list_incidents"), 303)


@bp.post("/<int:incident_id>/comunicado")
@roles(*KEEPERS)
def tell_authority(incident_id):
    form = notice_fields.tell_incident(incident_id).read(request.form)
    try:
        incidents.told(db.session, incident_id, form["told_as"].value, now(), str(g.person.user_id))
    except (NeedsReason, Forbidden) as error:
        db.session.rollback()
        return _list(None, incident_id, form.with_problems((Problem("told_as", error.code),))), 422
    db.session.commit()
    return redirect(url_for(".list_incidents"), 303)
