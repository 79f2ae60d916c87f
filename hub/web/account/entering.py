"""Coming in: with the password, or with a code by mail. What is wrong is never told apart from who is not there."""

from functools import partial
from uuid import UUID

from flask import redirect, render_template, request, session, url_for

from hub import accounts, email_codes, throttles
from hub.clock import now
from hub.core.errors import Problem
from hub.extensions import db, services
from hub.guards import public
from hub.intake import is_email
from hub.passwords import is_password
from hub.throttles import Limit, network_of
from hub.web.account import door, forms
from hub.web.account.door import bp
from hub.web.auth import PER_ACCOUNT, PER_ADDRESS, inside
from hub.web.people import citizen_here

_CODE = "codigo"


@bp.get("/ingresar")
@public("the citizens' way in")
def show_sign_in():
    reason = request.args.get("motivo", "")
    if not reason and citizen_here():
        return redirect(inside(request.args.get("next", "")) or url_for("tray.list_filings"), 303)
    return _asked(forms.sign_in(), request.args.get("next", ""), reason)


def _asked(form, back, reason=""):
    return render_template("account/sign_in.html", form=form, next=back, reason=reason, provider=services().sign_in)


@bp.post("/ingresar")
@public("the citizens' way in; failed tries are counted by account and by network")
def sign_in():
    form, back = forms.sign_in().read(request.form), request.form.get("next", "")
    email = accounts.folded(form["email"].value)
    if request.form.get("con") == "codigo":
        return _send_code(form, email, back)
    limits, at = _limits("cuenta-ingreso", email), now()
    is_allowed = throttles.count_try(db.session, limits, at)
    account = accounts.find(db.session, email)
    kept = account.password if account else None
    db.session.commit()
    if not is_allowed:
        return _often(form, back)
    if not is_password(kept, request.form.get("password", "")):
        return _wrong(form, back)
    return _come_in(account, limits, at, back) or _wrong(form, back)


def _limits(kind, email):
    return (
        Limit(f"{kind}-correo", email, PER_ACCOUNT),
        Limit(f"{kind}-origen", network_of(request.remote_addr), PER_ADDRESS),
    )


def _come_in(account, limits, at, back):
    throttles.forgive(db.session, limits, at)
    db.session.commit()
    person = door.enter(account.fs_uniquifier)
    return redirect(inside(back) or url_for("tray.list_filings"), 303) if person else None


def _wrong(form, back):
    form = form.with_problems((Problem("", "SIGN_IN_WRONG"),))
    return _asked(form, back), 422


def _often(form, back):
    return door.too_many("account/sign_in.html", form, "", next=back, reason="", provider=services().sign_in)


def _send_code(form, email, back):
    if not is_email(email):
        form = form.with_problems((Problem("email", "EMAIL_INVALID"),))
        return _asked(form, back), 422
    if not door.may_mail(email, "cuenta-codigo"):
        return _often(form, back)
    code_id = accounts.send_code(db.session, email, now())
    db.session.commit()
    session[_CODE] = [code_id.hex, email, inside(back)]
    return redirect(url_for(".show_code"), 303)


@bp.get("/ingresar/codigo")
@public("asks for the code that was mailed")
def show_code():
    if _CODE not in session:
        return redirect(url_for(".show_sign_in"), 303)
    return render_template("account/code.html", form=forms.code(), email=session[_CODE][1])


@bp.post("/ingresar/codigo")
@public("opens with the code that was mailed; five tries a code, counted by account and by network")
def check_code():
    if _CODE not in session:
        return redirect(url_for(".show_sign_in"), 303)
    code_id, email, back = session[_CODE]
    form, at = forms.code().read(request.form), now()
    say = partial(door.too_many, "account/code.html", form, "code", email=email)
    limits = _limits("cuenta-prueba", email)
    is_allowed = throttles.count_try(db.session, limits, at)
    is_right = is_allowed and email_codes.is_code(
        db.session, services().tracking_secret, UUID(code_id), email, form["code"].value, at
    )
    account = accounts.find(db.session, email) if is_right else None
    db.session.commit()
    if not is_allowed:
        return say()
    if account is not None and (answer := _come_in(account, limits, at, back)):
        return answer
    form = form.with_problems((Problem("code", "CODE_WRONG"),))
    return render_template("account/code.html", form=form, email=email), 422
