"""The evidence bundle: asked for by number and key, given by a one-time link or at the counter; checked by anybody."""

from tempfile import TemporaryFile

from flask import Blueprint, Response, g, render_template, request
from sqlalchemy.orm import Session

from hub import bundles, throttles, tracking
from hub.clock import now
from hub.core.errors import NotFound, Problem
from hub.downloads import disposition
from hub.evidence.building import build
from hub.evidence.gathering import gather
from hub.extensions import db, services
from hub.guards import public, roles
from hub.presses import published, published_from, seals_from
from hub.throttles import Limit, network_of
from hub.web import evidence_fields, holders
from hub.web.people import AT_COUNTER

bp = Blueprint("evidence", __name__)

PER_ADDRESS = 30
"""Letters asked for and links tried in a quarter of an hour."""
KIND = "application/vnd.etsi.asic-e+zip"
PIECE = 256 * 1024
PRIVATE = {"X-Robots-Tag": "noindex, nofollow"}
RETRY = {"Retry-After": str(int(throttles.WINDOW.total_seconds()))}


@bp.get("/seguimiento/<code>/expediente")
@public("says what the bundle is and asks for the key")
def ask(code):
    return _ask(tracking.by_code(db.session, code), evidence_fields.ask_bundle())


def _ask(filing, form, status=200, **said):
    page = render_template(
        "evidence/ask.html", filing=filing, form=form, received_by=services().directory.by_id(filing.received_by_id),
        needs_key=not holders.is_holder(filing, now()), **said,
    )
    return page, status, PRIVATE


@bp.post("/seguimiento/<code>/expediente")
@public("opens with the key, writes only to the address on file; counted by address")
def send_link(code):
    filing, at = tracking.by_code(db.session, code), now()
    form = evidence_fields.ask_bundle().read(request.form)
    if not _is_allowed(at):
        return _ask(filing, form.with_problems((Problem("tracking_key", "TOO_MANY_TRIES"),)), 429)
    if not holders.is_holder(filing, at):
        try:
            holders.open_with_key(filing.filing_number, form["tracking_key"].value, at)
        except (NotFound, holders.TooManyTries) as error:
            return _ask(filing, form.with_problems((Problem("tracking_key", error.code),)), 422)
    is_sent = bundles.ask(db.session, filing, at)
    db.session.commit()
    return _ask(filing, form, is_sent=is_sent, is_asked=True, email=bundles.masked(filing.filer.email))


def _is_allowed(at):
    limits = (Limit("expediente-origen", network_of(request.remote_addr), PER_ADDRESS),)
    is_allowed = throttles.count_try(db.session, limits, at)
    db.session.commit()
    return is_allowed


@bp.get("/expediente/<uuid:message_id>/<token>")
@public("opens with the link that was sent to the address on file: 100 bits, once, for an hour")
def show_link(message_id, token):
    try:
        filing = bundles.of_link(db.session, services().tracking_secret, message_id, token, now())
    except NotFound:
        return _closed()
    page = render_template("evidence/download.html", filing=filing, message_id=message_id, token=token)
    return page, PRIVATE


def _closed():
    return render_template("evidence/closed.html"), 404, PRIVATE


@bp.post("/expediente/<uuid:message_id>/<token>")
@public("opens with the link that was sent to the address on file; a program that only looks at links takes nothing")
def take_by_link(message_id, token):
    try:
        filing = bundles.of_link(db.session, services().tracking_secret, message_id, token, now())
        return _give(filing.id, "filer", lambda: bundles.use_link(db.session, message_id, now()))
    except NotFound:
        db.session.rollback()
        return _closed()


@bp.post("/mesa-de-partes/expedientes/<number>")
@roles(*AT_COUNTER)
def take_at_counter(number):
    filing = bundles.of_seat(db.session, g.person.viewer, number)
    return _give(filing.id, str(g.person.user_id), lambda: None)


def _give(filing_id, said_by, before_commit):
    """Build the bundle in a temporary file, with no transaction open, write down that it was made, and send it."""
    house = services()
    db.session.rollback()
    engine = db.engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as at_one_instant:
        case = gather(
            at_one_instant, house.directory, house.store, filing_id, published_from(house.settings), now()
        )
    out = TemporaryFile()  # noqa: SIM115 - closed when the answer is
    try:
        built = build(case, out, seals_from(house.settings), now())
        before_commit()
        bundles.record(db.session, case, built, said_by, now())
        db.session.commit()
    except BaseException:
        out.close()
        raise
    return _sent(out, built, case)


def _sent(out, built, case):
    out.seek(0)
    answer = Response(iter(lambda: out.read(PIECE), b""), mimetype=KIND)
    answer.content_length = built.size
    answer.headers["Content-Disposition"] = disposition(f"expediente-{case.filing_number}.asice")
    answer.call_on_close(out.close)
    return answer


@bp.get("/certificados")
@public("the certificates by which anybody checks what the hub signs")
def show_certificates():
    settings = services().settings
    known = {name: evidence_fields.fingerprint(published(settings, name)) for name in ("ca", "tsa")}
    return render_template("evidence/certificates.html", known=known)


@bp.get("/certificados/<any(ca, tsa):name>.pem")
@public("the certificates by which anybody checks what the hub signs")
def give_certificate(name):
    pem = published(services().settings, name)
    if not pem:
        raise NotFound(name, code="CERTIFICATE_NOT_PUBLISHED")
    headers = {"Content-Disposition": f"attachment; filename={name}.pem"}
    return Response(pem, mimetype="application/x-pem-file", headers=headers)


