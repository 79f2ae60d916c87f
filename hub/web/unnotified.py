"""What reached nobody yet: the list of notices that a person must notify by cédula, and the form that says it was."""

from datetime import date

from flask import Blueprint, g, redirect, render_template, request, url_for

from hub import notified, unnotified
from hub.clock import now
from hub.core.errors import InvalidFiling, NeedsReason, Problem
from hub.extensions import db, services
from hub.guards import roles
from hub.sight import sees_contents
from hub.web import notice_fields
from hub.web.people import AT_COUNTER, IN_BODY, OVER_SECTOR

bp = Blueprint("unnotified", __name__, url_prefix="/notificaciones")
NOTIFIERS = (*IN_BODY, *AT_COUNTER, "sector_admin")
READERS = (*IN_BODY, *AT_COUNTER, *OVER_SECTOR)


@bp.get("")
@roles(*READERS)
def list_notices():
    return _list()


def _list(refused=0, form=None):
    """The list; `form` is the one that was refused, of the notice `refused`."""
    found = unnotified.pending(db.session, services().directory, g.person.viewer, now())
    rows = tuple(
        (one, form if one.notice.id == refused else notice_fields.notify_by_hand(one.notice.id)) for one in found
    )
    return render_template(
        "notices/list.html",
        by_hand=tuple(row for row in rows if row[0].why),
        waiting=tuple(row for row in rows if not row[0].why),
        shows_people=sees_contents(g.person.viewer),
        may_notify=g.person.is_any(*NOTIFIERS),
        form=form,
    )


@bp.post("/<int:notice_id>/en-persona")
@roles(*NOTIFIERS)
def notify_by_hand(notice_id):
    form, at = notice_fields.notify_by_hand(notice_id).read(request.form), now()
    try:
        on = date.fromisoformat(form["on"].value)
    except ValueError:
        return _list(notice_id, form.with_problems((Problem("on", "DATE_INVALID"),))), 422
    try:
        notified.by_hand(
            db.session, services().directory, g.person.viewer, notice_id, on, form["note"].value, at
        )
    except NeedsReason as error:
        return _list(notice_id, form.with_problems((Problem("note", error.code),))), 422
    except InvalidFiling as error:
        return _list(notice_id, form.with_problems(error.problems)), 422
    db.session.commit()
    return redirect(url_for(".list_notices"), 303)
