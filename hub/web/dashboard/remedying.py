"""What needs a person, all of one kind; and the remedies for many at once: seen first, then done, with a reason."""

from dataclasses import replace

from flask import g, render_template, request

from hub import needing, remedies
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.errors import Forbidden, NeedsReason, NotFound, Problem
from hub.core.needs import Kind
from hub.extensions import db, services
from hub.guards import roles
from hub.remedies import Order, Remedy
from hub.web import fields
from hub.web.dashboard import words
from hub.web.dashboard.asking import bp, read_asked
from hub.web.dashboard.overview import REMEDIERS
from hub.web.forms import Field, Form
from hub.web.people import OVER_SECTOR
from hub.web.sentences import say

DONE = "hacer"


def remedy_form(bodies):
    """What one remedy asks, whatever the number of legs."""
    return Form((
        Field("reason", say("Por qué"), say("Queda anotado con tu nombre en cada trámite"), max_length=500),
        Field("to", say("A qué institución le toca"), choices=bodies),
        Field("confirmed", say("Lo confirmo también para los que la institución podría tener ya")),
        Field("confirmed_loop", say("Lo decido yo también para los que ya cambiaron cuatro veces de institución")),
    ))


@bp.get("/pendientes/<kind>")
@roles(*OVER_SECTOR)
def list_needs(kind):
    asked, narrow = read_asked(services().directory)
    wanted = kind_or_404(kind)
    found = needing.needs(db.session, narrow, now(), (wanted,)).get(wanted, [])
    return render_template(
        "dashboard/needs.html", asked=asked, kind=wanted, found=found, listed=needing.LISTED,
        directory=services().directory, may_remedy=g.person.is_any(*REMEDIERS),
    )


def kind_or_404(name):
    """The kind of need of an address."""
    if name not in set(Kind):
        raise NotFound(name, code="KIND_UNKNOWN")
    return Kind(name)


@bp.post("/remedio")
@roles(*REMEDIERS)
def give_remedy():
    """First what would happen to each leg; with `paso=hacer`, it happens."""
    form = remedy_form(fields.institutions(services().directory, local_date(now()))).read(request.form)
    order = _order(form)
    problems = _problems(order)
    if problems or request.form.get("paso") != DONE:
        return _preview(order, form.with_problems(problems if request.form.get("paso") else ()))
    try:
        steps = remedies.carry_out(db.session, services().directory, order, g.person.user_id, now())
    except (NeedsReason, Forbidden) as error:
        db.session.rollback()
        return _preview(order, form.with_problems((Problem("reason", error.code),)))
    db.session.commit()
    return render_template("dashboard/done.html", order=order, steps=steps, directory=services().directory)


def _order(form):
    asked = request.form.get("remedio", "")
    remedy = Remedy(asked) if asked in set(Remedy) else Remedy.NOTE
    offered = {choice.value for choice in form["to"].choices}
    to = form["to"].value if remedy is Remedy.ELSEWHERE and form["to"].value in offered else ""
    cuos = tuple(dict.fromkeys(request.form.getlist("cuo")))[: remedies.MOST]
    seen = (one.partition(" ") for one in request.form.getlist("visto"))
    return Order(
        remedy, cuos, form["reason"].value[:500], to, form["confirmed"].is_on, form["confirmed_loop"].is_on,
        {cuo: state for cuo, _, state in seen},
    )  # fmt: skip


def _problems(order):
    if not order.cuos:
        return (Problem("", "NOTHING_CHOSEN"),)
    found = [] if order.reason else [Problem("reason", "REASON_REQUIRED")]
    if order.remedy is Remedy.ELSEWHERE and not order.to:
        found.append(Problem("to", "CHOICE_REQUIRED"))
    return tuple(found)


def _preview(order, form):
    directory = services().directory
    steps = remedies.preview(db.session, directory, order)
    if any(step.state != order.shown.get(step.leg.cuo) for step in steps if not step.code):
        form = _unticked(form)
    page = render_template(
        "dashboard/preview.html", order=order, steps=steps, form=form, directory=directory,
        words=words,
    )
    return page, 422 if form.has_problems else 200


def _unticked(form):
    """A tick was given for the legs as they were shown, and for no other."""
    is_tick = {"confirmed", "confirmed_loop"}
    return replace(form, fields=tuple(replace(one, value="") if one.name in is_tick else one for one in form.fields))
