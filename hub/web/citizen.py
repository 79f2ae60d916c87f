"""The citizen: the door of the sector, and where a filing is, by number and key or by the link of a QR."""

from flask import Blueprint, redirect, render_template, request, url_for

from hub import throttles, tracking
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.errors import NotFound, Problem
from hub.extensions import db, services
from hub.guards import public
from hub.throttles import Limit, network_of
from hub.web import fields
from hub.web.timeline import of_track

bp = Blueprint("citizen", __name__)

PER_NUMBER_AND_ADDRESS = 10
PER_NUMBER = 200
"""Of one filing from everywhere: far more, so that nobody shuts its owner out by guessing from elsewhere."""
PER_ADDRESS = 60
"""Failed tries in a quarter of an hour: a key has 40 bits, and behind one address a whole village may sit."""


@bp.get("/")
@public("the door of the sector")
def home():
    bodies = services().directory.active(local_date(now()))
    return render_template("citizen/home.html", bodies=tuple(sorted(body.acronym for body in bodies)))


@bp.get("/seguimiento")
@public("asks for a number and its key")
def find_filing():
    return render_template("citizen/find.html", form=fields.find_filing())


@bp.post("/seguimiento")
@public("opens with a number and its key; failed tries are counted by number and by address")
def open_filing():
    form, at = fields.find_filing().read(request.form), now()
    typed = form.values()
    number, origin = "".join(filter(str.isdecimal, typed["filing_number"])), network_of(request.remote_addr)
    limits = (
        Limit("clave-tramite", number, PER_NUMBER),
        Limit("clave-tramite-origen", f"{number} {origin}", PER_NUMBER_AND_ADDRESS),
        Limit("clave-origen", origin, PER_ADDRESS),
    )
    is_allowed = throttles.count_try(db.session, limits, at)
    db.session.commit()
    if not is_allowed:
        return _say(form, "TOO_MANY_TRIES"), 429, {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}
    try:
        filing = tracking.by_number(
            db.session, typed["filing_number"], typed["tracking_key"], services().tracking_secret
        )
    except NotFound as error:
        return _say(form, error.code), 422
    code = filing.verification_code
    throttles.forgive(db.session, limits, at)
    db.session.commit()
    return redirect(url_for(".track_filing", code=code), 303)


def _say(form, code):
    return render_template("citizen/find.html", form=form.with_problems((Problem("filing_number", code),)))


@bp.get("/seguimiento/<code>")
@public("opens with the code printed in the QR: 80 random bits")
def track_filing(code):
    filing = tracking.by_code(db.session, code)
    track = tracking.track(db.session, services().directory, filing)
    page = render_template("citizen/track.html", track=track, lines=of_track(track))
    return page, {"X-Robots-Tag": "noindex, nofollow"}
