"""Somebody new whom a provider of identities signed in: their mail is proved, then an account is linked or opened."""

from uuid import UUID

from flask import redirect, render_template, request, url_for

from hub import accounts, email_codes, linking, throttles
from hub.clock import now
from hub.core.errors import Forbidden, Problem
from hub.extensions import db, services
from hub.guards import public
from hub.intake import is_email
from hub.throttles import Limit, network_of
from hub.web.account import completing, door, forms, pending
from hub.web.account.door import bp

PER_EMAIL = 10
"""Codes tried for one address in a quarter of an hour."""


def begin(who, back):
    """Keep who it is in the browser's session, and go on with what is still to be known."""
    pending.keep(who, back)
    if linking.may_make(db.session, who):
        pending.write(email=accounts.folded(who.email), proved=True)
        return completing.open_account()
    return _send(who.email) if is_email(who.email) else redirect(url_for(".show_identity_mail"), 303)


def _send(email):
    """A code to an address, to be typed back; an account that it has is linked, else one is opened."""
    email = accounts.folded(email)
    if not door.may_mail(email, "cuenta-identidad"):
        return door.too_many("account/identity_mail.html", _mail_form(email), "email", name=services().sign_in.name)
    code_id = linking.prove(db.session, email, now())
    db.session.commit()
    pending.write(email=email, code=code_id.hex, proved=False)
    return redirect(url_for(".show_identity_code"), 303)


def _mail_form(email=""):
    return forms.ask_email().read({"email": email})


@bp.get("/identidad/correo")
@public("whom the provider of identities signed in, by this browser's session")
def show_identity_mail(problem=""):
    if pending.kept() is None:
        return redirect(url_for(".show_sign_in"), 303)
    form = _mail_form(pending.kept()["email"])
    form = form.with_problems((Problem("email", problem),)) if problem else form
    page = render_template("account/identity_mail.html", form=form, name=services().sign_in.name)
    return page, 422 if problem else 200, door.PRIVATE


@bp.post("/identidad/correo")
@public("whom the provider signed in; letters are counted by address and by network")
def take_identity_mail():
    if pending.kept() is None:
        return redirect(url_for(".show_sign_in"), 303)
    email = forms.ask_email().read(request.form)["email"].value
    return _send(email) if is_email(email) else show_identity_mail("EMAIL_INVALID")


@bp.get("/identidad/codigo")
@public("whom the provider of identities signed in, by this browser's session")
def show_identity_code():
    if pending.kept() is None or not pending.kept()["code"]:
        return redirect(url_for(".show_sign_in"), 303)
    return render_template("account/identity_code.html", form=forms.code(), email=pending.kept()["email"])


@bp.post("/identidad/codigo")
@public("opens with the code that was mailed; five tries a code, counted by address and by network")
def check_identity_code():
    kept = pending.kept()
    if kept is None or not kept["code"]:
        return redirect(url_for(".show_sign_in"), 303)
    form, at, email = forms.code().read(request.form), now(), kept["email"]
    limits = (
        Limit("cuenta-identidad-prueba", email, PER_EMAIL),
        Limit("cuenta-identidad-prueba-origen", network_of(request.remote_addr), door.PER_NETWORK),
    )
    is_allowed = throttles.count_try(db.session, limits, at)
    code_id, secret = UUID(kept["code"]), services().tracking_secret
    is_right = is_allowed and email_codes.is_code(db.session, secret, code_id, email, form["code"].value, at)
    db.session.commit()
    if not is_allowed:
        return door.too_many("account/identity_code.html", form, "code", email=email)
    if not is_right:
        form = form.with_problems((Problem("code", "CODE_WRONG"),))
        return render_template("account/identity_code.html", form=form, email=email), 422
    pending.write(proved=True, code="")
    return _link(email)


def _link(email):
    """The account of an address that was proved, if it has one; else a new one."""
    account = accounts.find(db.session, email)
    if account is None:
        return completing.open_account()
    try:
        linking.link(db.session, pending.who(), account, now())
    except Forbidden as error:
        db.session.rollback()
        pending.write(proved=False)
        return show_identity_mail(error.code)
    return pending.come_in(account, pending.kept()["back"])
