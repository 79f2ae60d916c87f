"""Review and send: everything once more, what sending now means, the declaration, and the authorisation apart."""

from datetime import timedelta

from flask import g, redirect, render_template, request, url_for

from hub import drafted, presenting
from hub.clock import now
from hub.core.destinations import meaning_now
from hub.core.errors import Forbidden, InvalidFiling, Problem
from hub.extensions import db, services
from hub.guards import public
from hub.web.filing import forms, keeping, steps, words
from hub.web.filing.keeping import bp
from hub.web.reading import received_at


@bp.get("/borrador/revisar")
@public("the draft of this browser's cookie")
def show_review():
    return _page(forms.review())


def _page(form, status=200):
    body, tasks, at = steps.destination(), steps.tasks(), now()
    if body is None:
        return redirect(url_for(".choose"), 303)
    sending = meaning_now(services().directory, body, at)
    procedure = drafted.procedure_of(services().directory, g.draft.values)
    page = render_template(
        "filing/review.html", form=form, body=body, place=steps.place("review"), values=g.draft.values,
        files=keeping.files(), extent=words.extent, sending=sending, said=words.meaning(sending, body),
        waiting=[task for task in tasks if task.state != steps.DONE], say_problem=words.say,
        procedure=procedure, unticked=_unticked(procedure), draft=g.draft,
        may_authorise=drafted.may_authorise(g.draft), doubts=_doubts(at),
    )
    return page, status


def _doubts(at):
    """What to look at once more; it is said, and sending all the same is enough."""
    house = services()
    within = timedelta(seconds=house.settings.same_content_within)
    return [words.say(one) for one in presenting.doubts(
        db.session, house.directory, g.draft, keeping.files(), at, within
    )]


def _unticked(procedure):
    """What the procedure asks for and was not ticked: said, never held against the filing."""
    needed = procedure.requirements if procedure else ()
    return [one.text for number, one in enumerate(needed) if not g.draft.values.get(f"requirement_{number}")]


@bp.post("/borrador/revisar")
@public("the draft of this browser's cookie; the database takes it once")
def send():
    """Present it. The instant that counts is this one: every file is stored already (R-TIME-3)."""
    at, form = received_at(), forms.review().read(request.form)
    if not form["declaration"].is_on:
        return _page(form.with_problems((Problem("declaration", "DECLARATION_MISSING"),), words.say), 422)
    house = services()
    try:
        presenting.send(
            db.session, house.directory, g.draft, house.settings.online_bytes, at,
            accepts_notification=form["accepts_notification"].is_on,
        )
    except InvalidFiling as error:
        db.session.rollback()
        return _page(form.with_problems(error.problems, words.say), 422)
    except Forbidden:  # a double click: the first one made the filing
        db.session.rollback()
    else:
        db.session.commit()
    return redirect(url_for(".show_sent"), 303)
