"""One's own account: what it knows, another mail, another password, the end of it. Its data: hub.web.account.data."""

from flask import redirect, render_template, request, session, url_for
from flask_login import logout_user

from hub import accounts, linking
from hub.account_links import Purpose
from hub.clock import now
from hub.core.districts import district
from hub.core.errors import Forbidden, NotFound, Problem
from hub.extensions import db, services
from hub.guards import public, roles
from hub.intake import is_email
from hub.sight import CITIZEN
from hub.web.account import door, forms
from hub.web.account.door import bp
from hub.web.account.recovering import chosen


def own():
    return accounts.citizen_of(db.session, door.person().user_id)


@bp.get("")
@roles(CITIZEN)
def show():
    account, citizen = own()
    notice = request.args.get("aviso", "")
    provider = services().sign_in.name if services().sign_in else ""
    return render_template(
        "account/show.html", account=account, citizen=citizen, notice=notice, place=district(citizen.ubigeo),
        provider=provider, is_linked=bool(provider) and linking.is_linked(db.session, account),
    )


@bp.get("/contrasena")
@roles(CITIZEN)
def show_password():
    form = forms.new_password()
    return door.ask_again() or render_template("account/password.html", form=form, is_recovering=False)


@bp.post("/contrasena")
@roles(CITIZEN)
def change_password():
    if again := door.ask_again():
        return again
    account, citizen = own()
    if problems := chosen(account, citizen):
        form = forms.new_password().with_problems(problems)
        return render_template("account/password.html", form=form, is_recovering=False), 422
    db.session.commit()
    door.enter(account.fs_uniquifier)
    return redirect(url_for(".show", aviso="clave"), 303)


@bp.get("/correo")
@roles(CITIZEN)
def show_move():
    return door.ask_again() or render_template("account/move.html", form=forms.ask_email(), email=own()[0].email)


@bp.post("/correo")
@roles(CITIZEN)
def ask_move():
    """A letter to the new address, whether it is free or not; the old one is told once it is proved."""
    if again := door.ask_again():
        return again
    form, (account, _) = forms.ask_email().read(request.form), own()
    email = accounts.folded(form["email"].value)
    if not is_email(email):
        form = form.with_problems((Problem("email", "EMAIL_INVALID"),))
        return render_template("account/move.html", form=form, email=account.email), 422
    if not door.may_mail(email, "cuenta-correo"):
        return door.too_many("account/move.html", form, "email", email=account.email)
    accounts.ask_to_move(db.session, account, email, now())
    db.session.commit()
    return door.mailed(email, "correo")


@bp.get("/correo/<token>")
@public("opens with the link that was mailed to the new address; looking changes nothing")
def show_moving(token):
    link = door.link(token, Purpose.MOVE)
    return (render_template("account/moving.html", email=link.email), 200, door.PRIVATE) if link else door.spent()


@bp.post("/correo/<token>")
@public("opens with the link that was mailed to the new address: 128 bits, once")
def move(token):
    """The address is the account's from now on; every sign-in ends, this browser's too."""
    link = door.link(token, Purpose.MOVE)
    if link is None:
        return door.spent()
    try:
        accounts.move(db.session, link, now())
    except (NotFound, Forbidden):
        return door.spent()
    db.session.commit()
    logout_user()  # whoever confirmed an address has not shown that the account is theirs
    session.clear()
    return redirect(url_for(".show_sign_in", motivo="correo"), 303)


@bp.get("/cerrar")
@roles(CITIZEN)
def show_close():
    return door.ask_again() or render_template("account/close.html", form=forms.close())


@bp.post("/cerrar")
@roles(CITIZEN)
def close():
    if again := door.ask_again():
        return again
    form = forms.close().read(request.form)
    if not form["confirmed"].is_on:
        form = form.with_problems((Problem("confirmed", "CLOSING_UNCONFIRMED"),))
        return render_template("account/close.html", form=form), 422
    accounts.close(db.session, *own(), now())
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for(".show_closed"), 303)


@bp.get("/cerrada")
@public("says that an account was closed")
def show_closed():
    return render_template("account/closed.html")
