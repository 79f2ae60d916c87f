"""Inside the inbox: pass to a unit, put away, take up again, and read a PDF in the browser."""

from flask import Blueprint, abort, g, redirect, request, url_for

from hub import assigning, inbox
from hub.clock import now
from hub.core.errors import ForbiddenStep, InvalidFiling, NotFound, Problem
from hub.core.numbers import whole_or
from hub.downloads import send
from hub.extensions import db, services
from hub.files import PDF
from hub.guards import roles
from hub.receiving import read_news
from hub.web.inbox import ANSWERERS, READERS, show_passing

bp = Blueprint("assigning", __name__, url_prefix="/bandeja")
READ_HERE = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""For a PDF in the browser's own reader, which `sandbox` would switch off. Nothing of it can reach our pages: it is
told as a PDF, no type is guessed, nothing is loaded and nothing frames it."""


@bp.before_request
def _only_where_the_inbox_is_the_system():
    person = g.get("person")
    if person is not None and not person.has_inbox:
        abort(404)


@bp.post("/<cuo>/pasar")
@roles(*ANSWERERS)
def pass_on(cuo):
    viewer, at = g.person.viewer, now()
    unit, note = request.form.get("to_unit", ""), request.form.get("pass_note", "").strip()
    try:
        number = whole_or(unit, 0)
        assigning.pass_to_unit(db.session, services().directory, viewer, cuo, number, note, read_news, at)
    except InvalidFiling as error:
        db.session.rollback()
        return show_passing(cuo, error.problems), 422
    except NotFound as error:
        if error.code != "UNIT_NOT_FOUND":
            raise
        db.session.rollback()
        return show_passing(cuo, (Problem("to_unit", "CHOICE_REQUIRED"),)), 422
    except ForbiddenStep:
        db.session.rollback()
        return show_passing(cuo, (Problem("", "STEP_FORBIDDEN"),)), 409
    db.session.commit()
    return redirect(url_for("inbox.show_filing", cuo=cuo, pasado=1), 303)


@bp.post("/<cuo>/archivar")
@roles(*ANSWERERS)
def archive(cuo):
    try:
        assigning.archive(db.session, g.person.viewer, cuo, now())
    except ForbiddenStep:
        db.session.rollback()
        return show_passing(cuo, (Problem("", "NOT_DONE_YET"),)), 409
    db.session.commit()
    return redirect(url_for("inbox.list_filings", archivado=1), 303)


@bp.post("/<cuo>/desarchivar")
@roles(*ANSWERERS)
def take_up(cuo):
    assigning.take_up(db.session, g.person.viewer, cuo, now())
    db.session.commit()
    return redirect(url_for("inbox.show_filing", cuo=cuo), 303)


@bp.get("/<cuo>/documentos/<uuid:document_id>/ver")
@roles(*READERS)
def read_here(cuo, document_id):
    """A PDF in the browser; anything else is handed over as a file, never shown."""
    found = inbox.open_document(db.session, services().directory, g.person.viewer, cuo, document_id, now())
    answer = send(found)
    if found.media_type == PDF:
        shown = answer.headers["Content-Disposition"].replace("attachment", "inline", 1)
        answer.headers["Content-Disposition"] = shown
        answer.headers["Content-Security-Policy"] = READ_HERE
    db.session.commit()
    return answer

