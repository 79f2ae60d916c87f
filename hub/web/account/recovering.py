"""Recovering an account: a link by mail, and behind it a new password. Every other sign-in ends."""

from flask import redirect, render_template, request, url_for

from hub import accounts
from hub.account_links import Purpose
from hub.clock import now
from hub.core.errors import NotFound, Problem
from hub.extensions import db
from hub.guards import public
from hub.intake import is_email
from hub.web.account import door, forms
from hub.web.account.door import bp


@bp.get("/recuperar")
@public("whoever forgot the password")
def show_recover():
    return render_template("account/recover.html", form=forms.ask_email())


@bp.post("/recuperar")
@public("answers alike for every address; letters are counted by address and by network")
def ask_recover():
    form = forms.ask_email().read(request.form)
    email = accounts.folded(form["email"].value)
    if not is_email(email):
        form = form.with_problems((Problem("email", "EMAIL_INVALID"),))
        return render_template("account/recover.html", form=form), 422
    if not door.may_mail(email, "cuenta-recuperar"):
        return door.too_many("account/recover.html", form, "email")
    accounts.ask_to_recover(db.session, email, now())
    db.session.commit()
    return door.mailed(email, "clave")


@bp.get("/clave/<token>")
@public("opens with the link that was mailed: 128 bits; looking uses nothing up")
def show_new_password(token):
    return _page(forms.new_password()) if door.link(token, Purpose.RECOVER) else door.spent()


def _page(form, status=200):
    return render_template("account/password.html", form=form, is_recovering=True), status, door.PRIVATE


@bp.post("/clave/<token>")
@public("opens with the link that was mailed: 128 bits, once")
def recover(token):
    link = door.link(token, Purpose.RECOVER)
    if link is None:
        return door.spent()
    form = forms.new_password().read(request.form)
    try:
        account, citizen = accounts.citizen_of(db.session, link.user_id or 0)
    except NotFound:
        return door.spent()
    if problems := chosen(account, citizen):
        return _page(form.with_problems(problems), 422)
    link.used_at = now()
    db.session.commit()
    door.enter(account.fs_uniquifier)
    return redirect(url_for("tray.list_filings", aviso="clave"), 303)


def chosen(account, citizen):
    """Set the password that was typed twice; gives what is wrong with it."""
    typed = request.form.get("new_password", "")
    if typed != request.form.get("repeated", ""):
        return (Problem("repeated", "PASSWORDS_DIFFER"),)
    try:
        accounts.set_password(account, citizen, typed)
    except accounts.InvalidAccount as error:
        return error.problems
    return ()
