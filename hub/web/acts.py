"""Notifying a document: an officer of a body without a system hands in its answer, which goes to the casilla."""

from datetime import date

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from hub import acts, casilla, inbox
from hub.clock import now
from hub.core.errors import ForbiddenStep, InvalidFiling, Problem
from hub.extensions import db, services
from hub.guards import roles
from hub.web import notice_fields, uploads
from hub.web.people import AT_COUNTER, IN_BODY

bp = Blueprint("acts", __name__, url_prefix="/bandeja")
ANSWERERS = (*IN_BODY, *AT_COUNTER)


@bp.before_request
def _only_where_the_inbox_is_the_system():
    person = g.get("person")
    if person is not None and not person.has_inbox:
        abort(404)


@bp.get("/<cuo>/notificar")
@roles(*ANSWERERS)
def new_act(cuo):
    return _show(inbox.leg(db.session, g.person.viewer, cuo), notice_fields.notify_document())


def _show(leg, form):
    return render_template(
        "inbox/notify.html",
        delivery=leg,
        form=form,
        has_consent=casilla.has_consent(leg.filing),
        may_notify=leg.status is acts.DEPOSITABLE,
        notices=[one for one in casilla.notices_of(db.session, leg.filing) if one.delivery_id == leg.id],
        is_done="hecho" in request.args,
    )


@bp.post("/<cuo>/notificar")
@roles(*ANSWERERS)
@uploads.takes_files
def notify(cuo):
    leg, at = inbox.leg(db.session, g.person.viewer, cuo), now()
    form = notice_fields.notify_document().read(request.form)
    files, problems = uploads.read_main("act_document")
    new = _read(form, files)
    try:
        if problems:
            raise InvalidFiling((*problems, *(one for one in acts.check(new, at) if one.field != "act_document")))
        acts.deposit_act(db.session, services().directory, cuo, new, at, g.person.user_id)
    except InvalidFiling as error:
        db.session.rollback()
        return _show(leg, form.with_problems(error.problems)), 422
    except ForbiddenStep as error:
        db.session.rollback()
        return _show(leg, form.with_problems((Problem("", error.code),))), 409
    uploads.keep(frozenset(document.object_key for document in acts.documents_of(db.session, leg)))
    db.session.commit()
    return redirect(url_for(".new_act", cuo=cuo, hecho=1), 303)


def _read(form, files):
    file = files[0] if files else None
    return acts.NewAct(
        subject=form["act_subject"].value,
        issued_on=_day(form["issued_on"].value),
        file_name=file.file_name if file else "",
        media_type=file.media_type if file else "",
        stored=file.stored if file else None,
        pages=file.pages if file else None,
    )


def _day(typed):
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
