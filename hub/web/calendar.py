"""Days by decree: who runs the sector records them with their norm, and ends them with another one."""

import re
from datetime import date

from flask import Blueprint, g, redirect, render_template, request, url_for

from hub import decrees
from hub.clock import now
from hub.core.errors import Forbidden, MesaError, NeedsReason, Problem
from hub.extensions import db, services
from hub.guards import roles
from hub.web import calendar_fields
from hub.web.people import OVER_SECTOR

bp = Blueprint("calendar", __name__, url_prefix="/dias-no-laborables")
KEEPERS = ("sector_admin",)
_FIELDS = {"NORM_REQUIRED": "norm", "SCOPE_INVALID": "scope", "DAY_RECORDED": "day", "DECREE_DAY_ENDED": "norm"}


@bp.get("")
@roles(*OVER_SECTOR)
def list_days():
    return _list()


def _list(form=None, refused=0, ending=None):
    """The list; `ending` is the form that was refused, of the day `refused`."""
    rows = tuple(
        {
            "day": one,
            "place": calendar_fields.place(one.scope),
            "form": ending if one.id == refused else calendar_fields.end_day(one.id),
        }
        for one in decrees.listed(db.session)
    )
    return render_template(
        "calendar/days.html",
        rows=rows,
        form=form or calendar_fields.new_day(),
        ending=ending,
        may_write=g.person.is_any(*KEEPERS),
        is_new="anotado" in request.args,
    )


@bp.post("")
@roles(*KEEPERS)
def record_day():
    form = calendar_fields.new_day().read(request.form)
    typed, by = form.values(), str(g.person.user_id)
    scope = [part for part in re.split(r"[\s,;]+", typed["scope"]) if part]
    try:
        day = date.fromisoformat(typed["day"])
    except ValueError:
        return _list(form.with_problems((Problem("day", "DATE_INVALID"),))), 422
    try:
        decrees.record_day(db.session, services().directory, day, typed["norm"], scope, by, now())
    except (NeedsReason, Forbidden) as error:
        db.session.rollback()
        return _list(form.with_problems((_problem(error),))), 422
    db.session.commit()
    return redirect(url_for(".list_days", anotado=1), 303)


@bp.post("/<int:row_id>/fin")
@roles(*KEEPERS)
def end_day(row_id):
    form = calendar_fields.end_day(row_id).read(request.form)
    try:
        decrees.end_day(db.session, services().directory, row_id, form["norm"].value, str(g.person.user_id), now())
    except (NeedsReason, Forbidden) as error:
        db.session.rollback()
        return _list(None, row_id, form.with_problems((_problem(error),))), 422
    db.session.commit()
    return redirect(url_for(".list_days", anotado=1), 303)


def _problem(error: MesaError) -> Problem:
    return Problem(_FIELDS.get(error.code, ""), error.code)
