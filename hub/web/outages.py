"""Outages: who runs the sector writes them down; everybody reads them, and takes away their constancia."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from hub import outages
from hub.clock import now
from hub.core.calendar import read_instant
from hub.core.errors import Forbidden, MesaError, NeedsReason, Problem
from hub.extensions import db, services
from hub.guards import public, roles
from hub.web import calendar_fields, papers
from hub.web.people import OVER_SECTOR

bp = Blueprint("outages", __name__)
KEEPERS = ("sector_admin", "operator")
_FIELDS = {"REASON_REQUIRED": "reason", "OUTAGE_AHEAD": "started_at", "OUTAGE_OPEN": "started_at",
           "OUTAGE_END": "ended_at", "OUTAGE_CLOSED": "ended_at"}  # fmt: skip


@bp.get("/estado-del-servicio")
@public("the log of outages is public: it extends everybody's terms")
def show_service():
    rows = outages.listed(db.session)
    return render_template("calendar/service.html", rows=rows, running=outages.running(db.session))


@bp.get("/estado-del-servicio/<code>")
@public("the page that the QR of a constancia de indisponibilidad opens")
def show_outage(code):
    return render_template("calendar/outage.html", outage=outages.by_code(db.session, code))


@bp.get("/estado-del-servicio/<code>.pdf")
@public("anybody whose term an outage touched may prove it")
def give_constancia(code):
    house = services()
    row = outages.by_code(db.session, code)
    facts = outages.facts(house.directory, row, house.settings.public_url, now())
    return papers.give(papers.ready_outage(row, facts), f"indisponibilidad-{row.verification_code}.pdf")


@bp.get("/indisponibilidades")
@roles(*OVER_SECTOR)
def list_outages():
    return _list()


def _list(form=None, refused="", closing=None):
    """The list; `closing` is the form that was refused, of the outage `refused`."""
    codes = ((one, one.verification_code) for one in outages.listed(db.session))
    rows = tuple(
        {"outage": one, "form": closing if code == refused else calendar_fields.close_outage(code)}
        for one, code in codes
    )
    return render_template(
        "calendar/outages.html",
        rows=rows,
        form=form or calendar_fields.open_outage(),
        closing=closing,
        may_write=g.person.is_any(*KEEPERS),
        running=outages.running(db.session),
    )


@bp.post("/indisponibilidades")
@roles(*KEEPERS)
def open_outage():
    form = calendar_fields.open_outage().read(request.form)
    started_at = read_instant(form["started_at"].value, now())
    if started_at is None:
        return _list(form.with_problems((Problem("started_at", "INSTANT_INVALID"),))), 422
    by, reason = str(g.person.user_id), form["reason"].value
    try:
        outages.open_outage(db.session, services().directory, started_at, reason, by, now())
    except (NeedsReason, Forbidden) as error:
        db.session.rollback()
        return _list(form.with_problems((_problem(error),))), 422
    db.session.commit()
    return redirect(url_for(".list_outages"), 303)


@bp.post("/indisponibilidades/<code>/fin")
@roles(*KEEPERS)
def close_outage(code):
    form = calendar_fields.close_outage(code).read(request.form)
    ended_at = read_instant(form["ended_at"].value, now())
    if ended_at is None:
        return _list(None, code, form.with_problems((Problem("ended_at", "INSTANT_INVALID"),))), 422
    try:
        outages.close_outage(db.session, services().directory, code, ended_at, str(g.person.user_id), now())
    except Forbidden as error:
        db.session.rollback()
        return _list(None, code, form.with_problems((_problem(error),))), 422
    db.session.commit()
    return redirect(url_for(".list_outages"), 303)


def _problem(error: MesaError) -> Problem:
    return Problem(_FIELDS.get(error.code, ""), error.code)
