"""A bundle checked on a page, for who has no terminal: read from a temporary file, kept nowhere."""

from flask import Blueprint, render_template, request

from hub import throttles
from hub.clock import now
from hub.core.errors import Problem
from hub.evidence.findings import Given, Level
from hub.evidence.rooted import signed_roots_in
from hub.evidence.saying import at, groups, sentence, verdict
from hub.evidence.verifying import verify
from hub.extensions import db, services
from hub.guards import public
from hub.presses import published
from hub.throttles import Limit, network_of
from hub.web import evidence_fields, uploads

bp = Blueprint("evidence_checking", __name__, url_prefix="/verificar/expediente")

PER_ADDRESS = 20
"""In a quarter of an hour: each costs as much as reading the whole file."""
MOST_UNPACKED = 2 * 1024**3
RETRY = {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}


@bp.get("")
@public("asks for the file of a bundle")
def ask():
    return render_template("evidence/check.html", form=evidence_fields.check_bundle())


@bp.post("")
@public("tells whoever has a bundle what it proves, keeps nothing; counted by address")
@uploads.only_looks
def check():
    form, moment = evidence_fields.check_bundle().read(request.form), now()
    limits = (Limit("expediente-verificar", network_of(request.remote_addr), PER_ADDRESS),)
    is_allowed = throttles.count_try(db.session, limits, moment)
    db.session.commit()
    if not is_allowed:
        return _say(form, "TOO_MANY_TRIES"), 429, RETRY
    file = request.files.get("file")
    if file is None or not file.filename:
        return _say(form, "BUNDLE_MISSING"), 422
    report = verify(file.stream, _given(form, moment), max_total=MOST_UNPACKED)
    return render_template(
        "evidence/report.html", report=report, verdict=verdict(report), groups=groups(report), sentence=sentence,
        touched=at(report, Level.FALSE), missing=at(report, Level.MISSING),
    )


def _given(form, moment):
    """What this very hub publishes; the roots that the visitor was given before, if they paste any."""
    settings = services().settings
    tsa = published(settings, "tsa")
    return Given(
        now=moment,
        ca=published(settings, "ca") or None,
        tsa=(tsa,) if tsa else (),
        seen=signed_roots_in(form["roots"].value),
        hub=services().directory.operator.ruc,
    )


def _say(form, code):
    return render_template("evidence/check.html", form=form.with_problems((Problem("file", code),)))
