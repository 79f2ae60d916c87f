"""The casilla: who holds a filing's key opens what was notified; the link of an alert's mail confirms its receipt.

Opening has legal effect, so nothing opens by itself: not for a mail scanner, not for a browser that looks ahead.
"""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from hub import casilla, notified, throttles, tracking
from hub.clock import now
from hub.core.errors import NotFound, Problem
from hub.core.identifiers import is_receipt_token
from hub.core.statuses import Author
from hub.downloads import send
from hub.events import tell
from hub.extensions import db, services
from hub.fetching import Fetchable
from hub.guards import public
from hub.models import Delivery, Filing, Notice
from hub.web import holders, notice_fields
from hub.web.holders import TooManyTries

bp = Blueprint("casilla", __name__)
PRIVATE = {"X-Robots-Tag": "noindex, nofollow"}


@bp.before_request
def _open_nothing_ahead():
    """A browser that fetches a page before anybody asked for it has not opened a notification."""
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        abort(503)


def _held(code):
    """The filing, and whether this browser holds its key."""
    filing = tracking.by_code(db.session, code)
    return filing, holders.is_holder(filing, now())


@bp.get("/casilla/<code>")
@public("says how many notices there are; they open with the key")
def show_casilla(code):
    filing, is_held = _held(code)
    if not is_held:
        return _ask_key(filing, notice_fields.open_casilla())
    rows = tuple((notice, _body_of(notice, filing)) for notice in casilla.notices_of(db.session, filing))
    return render_template("casilla/list.html", filing=filing, rows=rows), PRIVATE


def _ask_key(filing, form):
    count = len(casilla.notices_of(db.session, filing))
    return render_template("casilla/key.html", filing=filing, form=form, count=count), PRIVATE


def _body_of(notice, filing):
    leg = db.session.get(Delivery, notice.delivery_id) if notice.delivery_id else None
    return services().directory.by_id(leg.destination_id if leg else filing.destination_id)


@bp.post("/casilla/<code>")
@public("takes the key; failed tries are counted by number and by address")
def open_casilla(code):
    filing = tracking.by_code(db.session, code)
    form = notice_fields.open_casilla().read(request.form)
    try:
        holders.open_with_key(filing.filing_number, form["tracking_key"].value, now())
    except TooManyTries as error:
        page, headers = _ask_key(filing, form.with_problems((Problem("tracking_key", error.code),)))
        return page, 429, headers | {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}
    except NotFound:
        page, headers = _ask_key(filing, form.with_problems((Problem("tracking_key", "KEY_WRONG"),)))
        return page, 422, headers
    return redirect(url_for(".show_casilla", code=filing.verification_code), 303)


@bp.get("/casilla/<code>/<int:notice_id>")
@public("opens for who gave the filing's key in the last hour; any other is asked for it")
def show_notice(code, notice_id):
    filing, is_held = _held(code)
    if not is_held:
        return redirect(url_for(".show_casilla", code=code), 303)
    notice = casilla.notice_of(db.session, filing, notice_id)
    notified.opened(db.session, services().directory, notice, now())
    db.session.commit()
    observation, document = casilla.contents(db.session, notice)
    page = render_template(
        "casilla/notice.html",
        filing=filing,
        notice=notice,
        body=_body_of(notice, filing),
        observation=observation,
        document=document,
    )
    return page, PRIVATE


@bp.get("/casilla/<code>/<int:notice_id>/documento")
@public("opens for who gave the filing's key in the last hour; any other is asked for it")
def open_document(code, notice_id):
    filing, is_held = _held(code)
    if not is_held:
        return redirect(url_for(".show_casilla", code=code), 303)
    notice, at = casilla.notice_of(db.session, filing, notice_id), now()
    _, document = casilla.contents(db.session, notice)
    if document is None:
        abort(404)
    notified.opened(db.session, services().directory, notice, at)
    tell(db.session, filing, "opened", at, author=Author.FILER, said_by="filer", document=str(document.id))
    answer = send(_fetchable(document))
    db.session.commit()
    return answer


def _fetchable(one):
    return Fetchable(one.id, one.role, one.file_name, one.media_type, one.size, one.sha256, one.pages, one.object_key)


def _for_receipt(notice_id, token):
    if not is_receipt_token(token, services().tracking_secret, notice_id):
        abort(404)
    notice = db.session.get(Notice, notice_id)
    if notice is None:
        abort(404)
    return notice, db.session.get_one(Filing, notice.filing_id)


@bp.get("/acuse/<int:notice_id>/<token>")
@public("the word in the address came by mail to the filer; looking confirms nothing")
def show_receipt(notice_id, token):
    notice, filing = _for_receipt(notice_id, token)
    return render_template("casilla/receipt.html", notice=notice, filing=filing, body=_body_of(notice, filing)), PRIVATE


@bp.post("/acuse/<int:notice_id>/<token>")
@public("the word in the address came by mail to the filer, who confirms by the button")
def give_receipt(notice_id, token):
    notice, _ = _for_receipt(notice_id, token)
    notified.acknowledged(db.session, services().directory, notice, now())
    db.session.commit()
    return redirect(url_for(".show_receipt", notice_id=notice_id, token=token), 303)
