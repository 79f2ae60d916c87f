"""Verifying: is a paper ours, is a document in the register; by code, by digest, or by the file itself."""

from flask import Blueprint, redirect, render_template, request, url_for

from hub import authenticity, throttles
from hub.clock import now
from hub.core.errors import NotFound, Problem
from hub.extensions import db, services
from hub.guards import public
from hub.throttles import Limit, network_of
from hub.web import fields, uploads
from hub.web.paper_words import ONE_OF, PAPERS

bp = Blueprint("verifying", __name__, url_prefix="/verificar")

PER_ADDRESS = 60
"""Questions without an answer in a quarter of an hour: a code has 80 bits, a digest 256."""
PRIVATE = {"X-Robots-Tag": "noindex, nofollow"}


@bp.get("")
@public("asks for the code or the digest of a paper")
def ask():
    return render_template("verifying/ask.html", form=fields.verify_paper())


@bp.post("")
@public("tells whoever has the paper whether it is ours; questions without an answer are counted by address")
@uploads.takes_files
def verify():
    form, at = fields.verify_paper().read(request.form), now()
    limits = (Limit("verificar-origen", network_of(request.remote_addr), PER_ADDRESS),)
    is_allowed = throttles.count_try(db.session, limits, at)
    db.session.commit()
    if not is_allowed:
        wait = {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}
        return _say(form, "TOO_MANY_TRIES"), 429, wait
    try:
        code, digest = authenticity.check_typed(uploads.digest_of("file") or form.values()["typed"])
        if code and not authenticity.outage_code(db.session, code):
            authenticity.of_code(db.session, services().directory, code)
    except NotFound as error:
        return _say(form, error.code), 422
    throttles.forgive(db.session, limits, at)
    db.session.commit()
    return redirect(url_for(".show_digest", sha256=digest) if digest else url_for(".show_code", code=code), 303)


def _say(form, code):
    return render_template("verifying/ask.html", form=form.with_problems((Problem("typed", code),)))


@bp.get("/<code>")
@public("opens with the code printed in the QR: 80 random bits")
def show_code(code):
    typed = authenticity.code_in(code)
    if outage := authenticity.outage_code(db.session, typed):
        return redirect(url_for("outages.show_outage", code=outage), 303)
    found = authenticity.of_code(db.session, services().directory, typed)
    return _shown(found), PRIVATE


@bp.get("/huella/<sha256>")
@public("opens with the SHA-256 of the paper or of the document: who has it holds the file")
def show_digest(sha256):
    directory, digest = services().directory, authenticity.digest_in(sha256)
    found = authenticity.of_paper(db.session, directory, digest)
    if found is not None:
        return _shown(found), PRIVATE
    page = render_template(
        "verifying/document.html",
        sha256=digest,
        filed=authenticity.of_document(db.session, directory, digest),
        answered=authenticity.of_answer(db.session, directory, digest),
        outage=authenticity.outage_paper(db.session, digest),
    )
    return page, PRIVATE


def _shown(found):
    has_authority = bool(services().settings.tsa)
    return render_template(
        "verifying/paper.html", found=found, names=PAPERS, one_of=ONE_OF, has_authority=has_authority,
        operator=services().directory.operator,
    )
