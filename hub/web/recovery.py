"""Recovering the key: by mail to the address on file, and the same answer to everybody who asks."""

from flask import Blueprint, render_template, request

from hub import notices, throttles
from hub.clock import now
from hub.core.errors import Problem
from hub.extensions import db
from hub.guards import public
from hub.throttles import Limit, network_of
from hub.web import notice_fields

bp = Blueprint("recovery", __name__)
PER_NUMBER = 5
PER_ADDRESS = 30
"""In a quarter of an hour, right or wrong."""


@bp.get("/seguimiento/clave")
@public("asks for a number and the address on file")
def ask():
    return render_template("citizen/recover.html", form=notice_fields.recover_key(), is_sent=False)


@bp.post("/seguimiento/clave")
@public("writes only to the address on file and answers always the same; counted by number and by address")
def send_key():
    form, at = notice_fields.recover_key().read(request.form), now()
    typed = form.values()
    number = "".join(filter(str.isdecimal, typed["filing_number"]))
    limits = (
        Limit("recuperar-tramite", number, PER_NUMBER),
        Limit("recuperar-origen", network_of(request.remote_addr), PER_ADDRESS),
    )
    is_allowed = throttles.count_try(db.session, limits, at)
    db.session.commit()
    if not is_allowed:
        form = form.with_problems((Problem("filing_number", "TOO_MANY_TRIES"),))
        page = render_template("citizen/recover.html", form=form, is_sent=False)
        return page, 429, {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}
    notices.send_key(db.session, typed["filing_number"], typed["email"], at)
    db.session.commit()
    return render_template("citizen/recover.html", form=form, is_sent=True)
