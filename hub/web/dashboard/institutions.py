"""One institution: how it stands, how fast it is, its certificates and limits, and its window of maintenance."""

from flask import g, redirect, render_template, request, url_for

from hub import balances, comparisons, differences, maintenance, pausing
from hub.clock import now
from hub.core.calendar import local_date, read_instant
from hub.core.errors import InvalidFiling, NeedsReason, Problem
from hub.extensions import db, services
from hub.figures import live, reading, standing, turns
from hub.guards import roles
from hub.web.dashboard.asking import body_or_404, bp, read_asked
from hub.web.dashboard.overview import REMEDIERS
from hub.web.forms import Field, Form
from hub.web.people import OVER_SECTOR
from hub.web.sentences import say

SHOWN = 50
"""Doors from which something came, the busiest first; all of them are in the sheet."""


def window_form():
    """What is asked of a window of maintenance."""
    return Form((
        Field("since", say("Desde"), say("Hora oficial del Perú"), type="datetime-local", width="20"),
        Field("until", say("Hasta"), say("Como máximo dos días"), type="datetime-local", width="20"),
        Field("reason", say("Qué van a hacer"), say("Lo leen los demás administradores"), max_length=300),
    ))


def pause_form():
    """What is asked of who sets an institution aside."""
    return Form((Field("why", say("Por qué"), say("Lo leen los demás administradores"), max_length=300),))


@bp.get("/instituciones/<code>")
@roles(*OVER_SECTOR)
def show_institution(code):
    return _show(code)


def _show(code, window=None, pause=None):
    house, at = services(), now()
    asked, _ = read_asked(house.directory)
    body = body_or_404(house.directory, code)
    start = reading.since(at, asked.days)
    every = live.with_unheld(db.session, reading.flows(db.session, start), start, at)
    flows = [one for one in every if one.destination_id == body.id]
    waits = reading.waits(db.session, start, body.id)
    open_legs = turns.turns(db.session, reading.Narrow(None, body.id))
    (one,) = standing.of_bodies(db.session, [body], flows, waits, open_legs, at)
    form, pause = window or window_form(), pause or pause_form()
    page = render_template(
        "dashboard/institution.html", asked=asked, one=one, body=body, flows=sorted(flows, key=lambda f: -f.filings),
        is_active=body in house.directory.active(local_date(at)), form=form, pause=pause, shown=SHOWN,
        may_write=g.person.is_any(*REMEDIERS), periods=reading.PERIODS, directory=house.directory, **_both_ends(body),
    )
    return page, 422 if form.has_problems or pause.has_problems else 200


def _both_ends(body):
    """What came of comparing it with us."""
    return {
        "compared": comparisons.newest(db.session, body.id), "is_comparing": comparisons.waiting(db.session, body.id),
        "differing": differences.count_open(db.session, body.id), "balances": balances.listed(db.session, body),
    }  # fmt: skip


@bp.post("/instituciones/<code>/mantenimiento")
@roles(*REMEDIERS)
def announce_window(code):
    form = window_form().read(request.form)
    body = body_or_404(services().directory, code)
    since, until = (read_instant(form[name].value, now()) for name in ("since", "until"))
    try:
        maintenance.announce(db.session, body, since, until, form["reason"].value[:300], g.person.user_id, now())
    except InvalidFiling as error:
        db.session.rollback()
        return _show(code, form.with_problems(error.problems))
    except NeedsReason:
        db.session.rollback()
        return _show(code, form.with_problems((Problem("reason", "REASON_REQUIRED"),)))
    return _done(code)


@bp.post("/instituciones/<code>/mantenimiento/fin")
@roles(*REMEDIERS)
def end_window(code):
    maintenance.end(db.session, body_or_404(services().directory, code), g.person.user_id, now())
    return _done(code)


@bp.post("/instituciones/<code>/pausa")
@roles(*REMEDIERS)
def pause_institution(code):
    form, body = pause_form().read(request.form), body_or_404(services().directory, code)
    try:
        pausing.pause(db.session, body, form["why"].value[:300], g.person.user_id, now())
    except NeedsReason:
        db.session.rollback()
        return _show(code, pause=form.with_problems((Problem("why", "REASON_REQUIRED"),)))
    return _done(code)


@bp.post("/instituciones/<code>/pausa/fin")
@roles(*REMEDIERS)
def resume_institution(code):
    pausing.resume(db.session, body_or_404(services().directory, code), g.person.user_id, now())
    return _done(code)


@bp.post("/instituciones/<code>/probar")
@roles(*REMEDIERS)
def try_institution(code):
    pausing.try_now(db.session, body_or_404(services().directory, code), g.person.user_id, now())
    return _done(code)


def _done(code):
    db.session.commit()
    return redirect(url_for(".show_institution", code=code), 303)
