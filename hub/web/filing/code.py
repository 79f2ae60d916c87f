"""The code by mail, or by SMS where only a mobile is given: it proves the address.

Who gets none goes on without it, and the filing waits for nobody.
"""

from uuid import UUID

from flask import g, redirect, render_template, request, url_for

from hub import drafts, email_codes, throttles
from hub.clock import now
from hub.core.errors import Problem
from hub.core.phones import for_gateway, is_mobile
from hub.extensions import db, services
from hub.guards import public
from hub.throttles import Limit, network_of
from hub.web.filing import forms, steps, words
from hub.web.filing.keeping import bp

PER_ADDRESS = 5
"""Codes sent to one address, or to one mobile, in a quarter of an hour."""
PER_NETWORK = 60
"""Codes asked for, and codes tried, from one place in a quarter of an hour."""
MAIL, SMS = "correo", "celular"


def _to_prove():
    """What the code goes to, and how: the mail, else a mobile; ("", "") for a draft with neither."""
    email, phone = g.draft.values.get("email", ""), g.draft.values.get("phone", "")
    if email:
        return email, MAIL
    return (phone, SMS) if is_mobile(phone) else ("", "")


def is_wanted():
    """True where the address of this draft is not proved yet."""
    to, way = _to_prove()
    if way == SMS:
        return for_gateway(to) != for_gateway(g.draft.proved_phone)
    return bool(to) and to != g.draft.proved_email


def has_sms():
    return bool(services().settings.sms_url)


def send():
    """Send a code, unless too many were asked for; the page that asks for it, or says that none goes out, follows."""
    (to, way), at = _to_prove(), now()
    if way == SMS and not has_sms():
        return redirect(url_for(".show_code"), 303)
    limits = (
        Limit(f"codigo-{way}", to.lower() if way == MAIL else for_gateway(to), PER_ADDRESS),
        Limit("codigo-origen", network_of(request.remote_addr), PER_NETWORK),
    )
    is_allowed = throttles.count_try(db.session, limits, at)
    if is_allowed:
        give = email_codes.send if way == MAIL else email_codes.send_text
        drafts.write(db.session, g.draft, {"code_id": give(db.session, to, at).hex, "code_email": to}, at)
    db.session.commit()
    return redirect(url_for(".show_code", aviso=None if is_allowed else "muchos"), 303)


@bp.get("/borrador/codigo")
@public("the draft of this browser's cookie")
def show_code():
    if not _to_prove()[0]:
        return redirect(url_for(".show_contact"), 303)
    form = forms.code()
    if request.args.get("aviso") == "muchos":
        form = form.with_problems((Problem("code", "TOO_MANY_TRIES"),), words.say)
    return _shown(form)


def _shown(form):
    to, way = _to_prove()
    name = "filing/no_sms.html" if way == SMS and not has_sms() else "filing/code.html"
    return render_template(name, form=form, to=to, is_mail=way == MAIL, place=steps.place("code"))


@bp.post("/borrador/codigo")
@public("the draft of this browser's cookie; five tries a code, counted by network too")
def check_code():
    at, form, values = now(), forms.code().read(request.form), g.draft.values
    to, way = _to_prove()
    if not to:
        return redirect(url_for(".show_contact"), 303)
    limits = (Limit("codigo-intento", network_of(request.remote_addr), PER_NETWORK),)
    is_allowed = throttles.count_try(db.session, limits, at)
    code_id, sent_to = values.get("code_id", ""), to if way == MAIL else for_gateway(to)
    is_right = is_allowed and bool(code_id) and email_codes.is_code(
        db.session, services().tracking_secret, UUID(code_id), sent_to, form["code"].value, at
    )
    if is_right:
        setattr(drafts.lock(db.session, g.draft), "proved_email" if way == MAIL else "proved_phone", to)
    db.session.commit()
    if not is_right:
        wrong = "CODE_WRONG" if way == MAIL else "SMS_CODE_WRONG"
        problem = Problem("code", wrong if is_allowed else "TOO_MANY_TRIES")
        return _shown(form.with_problems((problem,), words.say)), 422 if is_allowed else 429
    return redirect(steps.next_url(), 303)


@bp.post("/borrador/codigo/otro")
@public("the draft of this browser's cookie; codes are counted by address and by network")
def send_another():
    return send() if _to_prove()[0] else redirect(url_for(".show_contact"), 303)


@bp.get("/borrador/sin-comprobar")
@public("the draft of this browser's cookie")
def go_on():
    """Without the code: nobody is kept from presenting by a letter that does not come."""
    return redirect(steps.next_url(), 303)
