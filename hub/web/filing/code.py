"""The code by mail: it proves the address. Who gets no mail goes on without it, and the filing waits for nobody."""

from uuid import UUID

from flask import g, redirect, render_template, request, url_for

from hub import drafts, email_codes, throttles
from hub.clock import now
from hub.core.errors import Problem
from hub.extensions import db, services
from hub.guards import public
from hub.throttles import Limit, network_of
from hub.web.filing import forms, steps, words
from hub.web.filing.keeping import bp

PER_EMAIL = 5
"""Codes sent to one address in a quarter of an hour."""
PER_NETWORK = 60
"""Codes asked for, and codes tried, from one place in a quarter of an hour."""


def send_to(email):
    """Send a code to an address, unless too many were asked for; the page that asks for it follows."""
    at = now()
    limits = (
        Limit("codigo-correo", email.lower(), PER_EMAIL),
        Limit("codigo-origen", network_of(request.remote_addr), PER_NETWORK),
    )
    is_allowed = throttles.count_try(db.session, limits, at)
    if is_allowed:
        code_id = email_codes.send(db.session, email, at)
        drafts.write(db.session, g.draft, {"code_id": code_id.hex, "code_email": email}, at)
    db.session.commit()
    return redirect(url_for(".show_code", aviso=None if is_allowed else "muchos"), 303)


@bp.get("/borrador/codigo")
@public("the draft of this browser's cookie")
def show_code():
    if not g.draft.values.get("email"):
        return redirect(url_for(".show_contact"), 303)
    form = forms.code()
    if request.args.get("aviso") == "muchos":
        form = form.with_problems((Problem("code", "TOO_MANY_TRIES"),), words.say)
    return _shown(form)


def _shown(form):
    return render_template("filing/code.html", form=form, email=g.draft.values["email"], place=steps.place("code"))


@bp.post("/borrador/codigo")
@public("the draft of this browser's cookie; five tries a code, counted by network too")
def check_code():
    at, form, values = now(), forms.code().read(request.form), g.draft.values
    limits = (Limit("codigo-intento", network_of(request.remote_addr), PER_NETWORK),)
    is_allowed = throttles.count_try(db.session, limits, at)
    email, code_id = values.get("email", ""), values.get("code_id", "")
    is_right = is_allowed and bool(code_id) and email_codes.is_code(
        db.session, services().tracking_secret, UUID(code_id), email, form["code"].value, at
    )
    if is_right:
        drafts.lock(db.session, g.draft).proved_email = email
    db.session.commit()
    if not is_right:
        problem = Problem("code", "CODE_WRONG" if is_allowed else "TOO_MANY_TRIES")
        return _shown(form.with_problems((problem,), words.say)), 422 if is_allowed else 429
    return redirect(steps.next_url(), 303)


@bp.post("/borrador/codigo/otro")
@public("the draft of this browser's cookie; codes are counted by address and by network")
def send_another():
    email = g.draft.values.get("email", "")
    return send_to(email) if email else redirect(url_for(".show_contact"), 303)


@bp.get("/borrador/sin-comprobar")
@public("the draft of this browser's cookie")
def go_on():
    """Without the code: nobody is kept from presenting by a letter that does not come."""
    return redirect(steps.next_url(), 303)
