"""Taking needs off the list of what needs a person: seen first, then done, with a reason."""

from flask import g, render_template, request

from hub import attending
from hub.attending import Chosen
from hub.clock import now
from hub.core.errors import Forbidden, NeedsReason, Problem
from hub.extensions import db, services
from hub.guards import roles
from hub.web.dashboard.asking import bp
from hub.web.dashboard.overview import REMEDIERS
from hub.web.dashboard.remedying import DONE, kind_or_404
from hub.web.forms import Field, Form
from hub.web.sentences import say


def attending_form():
    """What is asked of who took care of something."""
    return Form((
        Field("reason", say("Qué se hizo"), say("Queda anotado con tu nombre en cada trámite"), max_length=500),
    ))


@bp.post("/pendientes/<kind>/atendido")
@roles(*REMEDIERS)
def attend_needs(kind):
    """First what would be taken off; with `paso=hacer`, it is."""
    chosen, form = _chosen(kind_or_404(kind)), attending_form().read(request.form)
    if request.form.get("paso") != DONE:
        return _page(chosen, attending_form())
    try:
        done = attending.attend(db.session, chosen, form["reason"].value, g.person.user_id, now())
    except NeedsReason:
        db.session.rollback()
        return _page(chosen, form.with_problems((Problem("reason", "REASON_REQUIRED"),)))
    except Forbidden as error:
        db.session.rollback()
        return _page(chosen, form.with_problems((Problem("", error.code),)))
    db.session.commit()
    return render_template("dashboard/attended.html", kind=chosen.kind, made=done, directory=services().directory)


def _chosen(kind):
    asked = {name: tuple(dict.fromkeys(request.form.getlist(name))) for name in ("cuo", "tramite", "visto")}
    return Chosen(kind, asked["cuo"], asked["tramite"], frozenset(asked["visto"]))


def _page(chosen, form):
    page = render_template(
        "dashboard/attend.html", kind=chosen.kind, form=form, directory=services().directory,
        needs=attending.chosen_needs(db.session, chosen, now()),
    )
    return page, 422 if form.has_problems else 200
