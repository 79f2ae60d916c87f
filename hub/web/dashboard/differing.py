"""What differs between us and an institution: each with its remedies, many at once; and comparing now."""

from flask import abort, g, redirect, render_template, request, url_for

from hub import comparisons, differences
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.errors import MesaError, Problem
from hub.core.numbers import whole_or
from hub.differences import Mend, Order, Step
from hub.extensions import db, services
from hub.guards import roles
from hub.web.dashboard.asking import body_or_404, bp
from hub.web.dashboard.overview import REMEDIERS
from hub.web.dashboard.remedying import DONE
from hub.web.forms import Field, Form
from hub.web.people import OVER_SECTOR
from hub.web.sentences import say

SHOWN = 100
"""Institutions whose last comparison is told."""


def mend_form():
    """What every remedy of a difference asks."""
    return Form((Field("reason", say("Por qué"), say("Queda anotado con tu nombre"), max_length=500),))


@bp.get("/diferencias")
@roles(*OVER_SECTOR)
def list_differences():
    directory = services().directory
    body = body_or_404(directory, request.args["institucion"]) if request.args.get("institucion") else None
    row_id = body.id if body else 0
    shown = differences.listed(db.session, row_id)
    acts = differences.acts(db.session, [one.id for one in shown])
    return render_template(
        "dashboard/differences.html", body=body, directory=directory, acts=acts,
        total=differences.count_open(db.session, row_id),
        waiting=[one for one in shown if one.explained_at is None],
        explained=[one for one in shown if one.explained_at is not None],
        **_compared(directory, body), may_remedy=g.person.is_any(*REMEDIERS),
    )  # fmt: skip


def _compared(directory, body):
    """(institution, its last comparison, whether one is under way) of the one asked for, or of all.

    First those of which one is under way, then those with which it did not come to an end or differs.
    """
    if body:
        last, is_under_way = comparisons.newest(db.session, body.id), comparisons.waiting(db.session, body.id)
        return {"compared": [(body, last, is_under_way)], "others": 0}
    last, running = comparisons.newest_of_each(db.session), comparisons.under_way(db.session)
    bodies = (one for one in directory.active(local_date(now())) if one.id in last or one.id in running)
    found = sorted(((one, last.get(one.id), one.id in running) for one in bodies), key=_what_needs_a_look)
    return {"compared": found[:SHOWN], "others": len(found[SHOWN:])}


def _what_needs_a_look(compared):
    _, last, is_under_way = compared
    return not is_under_way, last is None or not (last.code or last.differing)


@bp.post("/instituciones/<code>/comparar")
@roles(*REMEDIERS)
def compare_now(code):
    body = body_or_404(services().directory, code)
    comparisons.ask(db.session, body.id, body.code, str(g.person.user_id), now())
    db.session.commit()
    return redirect(url_for(".list_differences", institucion=code), 303)


@bp.post("/diferencias/remedio")
@roles(*REMEDIERS)
def mend():
    """First what would happen to each difference; with `paso=hacer`, it happens."""
    form = mend_form().read(request.form)
    order = _order(form)
    if not order.ids:
        return _preview(order, form.with_problems((Problem("", "NOTHING_CHOSEN"),)))
    if request.form.get("paso") != DONE:
        return _preview(order, form.with_problems(()))
    if not order.reason.strip():
        return _preview(order, form.with_problems((Problem("reason", "REASON_REQUIRED"),)))
    steps = [_mend_one(row, order) for row in differences.rows(db.session, order.ids)]
    return render_template("dashboard/mended.html", order=order, steps=steps, directory=services().directory)


def _mend_one(row, order):
    """Each by itself: one that does not allow it stops no other."""
    try:
        differences.mend(db.session, services().directory, row, order, g.person.user_id, now())
    except MesaError as error:
        db.session.rollback()
        return Step(row, error.code)
    db.session.commit()
    return Step(row)


def _order(form):
    asked = request.form.get("remedio", "")
    if asked not in set(Mend):
        abort(404)
    typed = (whole_or(one, 0) for one in request.form.getlist("diferencia"))
    ids = tuple(dict.fromkeys(one for one in typed if one))
    return Order(Mend(asked), ids[: differences.MOST], form["reason"].value[:500])


def _preview(order, form):
    page = render_template(
        "dashboard/mending.html", order=order, steps=differences.preview(db.session, order), form=form,
        directory=services().directory,
    )
    return page, 422 if form.has_problems else 200
