"""The citizen: the door of the sector, and where a filing is, by number and key or by the link of a QR."""

import logging

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError

from hub import again, casilla, notices, outages, throttles, tracking
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.errors import NotFound, Problem
from hub.extensions import db, services
from hub.guards import public
from hub.web import fields, holders
from hub.web.holders import TooManyTries
from hub.web.timeline import of_track

log = logging.getLogger("mesa.web")
bp = Blueprint("citizen", __name__)


@bp.get("/")
@public("the door of the sector")
def home():
    bodies = services().directory.active(local_date(now()))
    names = tuple(sorted(body.acronym for body in bodies))
    return render_template("citizen/home.html", bodies=names, running=_running_outage())


def _running_outage():
    """The outage that lasts; None where no database answers: the door stays open, and the log says why."""
    try:
        return outages.running(db.session)
    except OperationalError as error:
        db.session.rollback()
        log.warning("home page without its notice of outages: %s", error.orig)
        return None


@bp.get("/seguimiento")
@public("asks for a number and its key")
def find_filing():
    return render_template("citizen/find.html", form=fields.find_filing())


@bp.post("/seguimiento")
@public("opens with a number and its key; failed tries are counted by number and by address")
def open_filing():
    form = fields.find_filing().read(request.form)
    typed = form.values()
    try:
        filing = holders.open_with_key(typed["filing_number"], typed["tracking_key"], now())
    except TooManyTries as error:
        return _say(form, error.code), 429, {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}
    except NotFound as error:
        return _say(form, error.code), 422
    return redirect(url_for(".track_filing", code=filing.verification_code), 303)


def _say(form, code):
    return render_template("citizen/find.html", form=form.with_problems((Problem("filing_number", code),)))


@bp.get("/seguimiento/<code>")
@public("opens with the code printed in the QR: 80 random bits")
def track_filing(code):
    filing = tracking.by_code(db.session, code)
    track, following = tracking.track(db.session, services().directory, filing), again.made_from(db.session, filing)
    page = render_template(
        "citizen/track.html",
        track=track,
        code=filing.verification_code,
        again={"number": following.filing_number, "code": following.verification_code} if following else None,
        just=next((word for word in ("corregido", "presentado") if word in request.args), ""),
        lines=of_track(track),
        casilla=casilla.summary(db.session, filing),
        is_mail_undelivered=bool(notices.undelivered(db.session, [filing.id])),
    )
    return page, {"X-Robots-Tag": "noindex, nofollow"}
