"""The ways in: choosing an institution, its own page, going on with a draft, and the task list."""

from flask import g, redirect, render_template, request, url_for

from hub import drafts, outages, presenting, throttles
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.destinations import find_destinations, meaning_now
from hub.core.errors import NotFound
from hub.extensions import db, services
from hub.guards import public
from hub.throttles import Limit, network_of
from hub.web.filing import forms, keeping, steps, words
from hub.web.filing.keeping import bp

PER_ADDRESS = 60
"""Drafts begun in a quarter of an hour; behind one address a whole village may sit."""
LINKS = 3


@bp.get("")
@public("whoever wants to present a document begins here")
def choose():
    form = forms.find_institution().read(request.args)
    found = find_destinations(services().directory, form["q"].value, local_date(now()))
    return render_template(
        "filing/choose.html", form=form, found=found, draft=_open_draft(), notice=request.args.get("aviso", ""),
        chosen=steps.destination() if _open_draft() else None, running=outages.running(db.session),
    )


def _open_draft():
    return g.draft if g.draft is not None and g.draft.filing_id is None else None


@bp.get("/<code>")
@public("each institution's own page, to be linked from its site")
def show_institution(code):
    house = services()
    body = house.directory.entity(code)
    if body.has_left(local_date(now())):
        raise NotFound(code, code="ENTITY_UNKNOWN")
    return render_template(
        "filing/institution.html", body=body, draft=_open_draft(), hours=words.hours,
        limits=words.limit_lines(body.limits, house.settings.online_bytes),
        said=words.meaning(meaning_now(house.directory, body, now()), body),
    )


@bp.post("/<code>")
@public("begins a draft, which nobody else sees")
def begin(code):
    """Begin a draft for an institution, or take the one at hand there."""
    body, at = services().directory.entity(code), now()
    draft = _open_draft()
    if draft is None:
        limits = (Limit("borrador-origen", network_of(request.remote_addr), PER_ADDRESS),)
        is_allowed = throttles.count_try(db.session, limits, at)
        if not is_allowed:
            db.session.commit()
            return render_template("errors/429.html"), 429
        g.draft = draft = keeping.start(at)
    drafts.write(db.session, draft, {"destination": body.code}, at)
    db.session.commit()
    return keeping.remember(redirect(steps.next_url(), 303), draft)


@bp.get("/continuar/<token>")
@public("opens with the link that was mailed to the proved address: 128 bits")
def resume(token):
    try:
        draft = drafts.find(db.session, services().tracking_secret, token, now())
    except NotFound:
        return redirect(url_for(".choose", aviso="enlace-vencido"), 303)
    return keeping.remember(redirect(url_for(".show_tasks"), 303), draft)


@bp.get("/borrador")
@public("the draft of this browser's cookie")
def show_tasks():
    return render_template(
        "filing/tasks.html", tasks=steps.tasks(), body=steps.destination(), draft=g.draft,
        notice=request.args.get("aviso", ""),
    )


@bp.post("/borrador/enlace")
@public("mails the link of this browser's draft to the address that was proved")
def send_link():
    at = now()
    limits = (Limit("enlace-borrador", g.draft.proved_email, LINKS),)
    if throttles.count_try(db.session, limits, at):
        presenting.send_link(db.session, g.draft, at)
    db.session.commit()
    return redirect(url_for(".show_tasks", aviso="enlace-enviado"), 303)


@bp.post("/borrador/borrar")
@public("forgets the draft of this browser's cookie")
def throw_away():
    keys = drafts.drop(db.session, g.draft)
    db.session.commit()
    keeping.discard(keys)
    return keeping.forget(redirect(url_for(".choose", aviso="borrado"), 303))
