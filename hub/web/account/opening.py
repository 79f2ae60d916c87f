"""Opening an account: the address first, by a letter; then, behind its link, whose the account is."""

from flask import redirect, render_template, request, url_for

from hub import account_links, accounts
from hub.account_links import Purpose
from hub.clock import now
from hub.core.errors import Forbidden, InvalidIdentifier, Problem
from hub.core.identifiers import check_person_document
from hub.core.messages import Filer
from hub.extensions import db
from hub.guards import public
from hub.intake import is_email
from hub.web import looking_up
from hub.web.account import door, forms
from hub.web.account.door import bp


@bp.get("/crear")
@public("whoever wants an account begins here")
def show_open():
    return render_template("account/open.html", form=forms.ask_email())


@bp.post("/crear")
@public("answers alike for every address; letters are counted by address and by network")
def ask_open():
    form = forms.ask_email().read(request.form)
    email = accounts.folded(form["email"].value)
    if not is_email(email):
        return render_template("account/open.html", form=form.with_problems((Problem("email", "EMAIL_INVALID"),))), 422
    if not door.may_mail(email, "cuenta-nueva"):
        return door.too_many("account/open.html", form, "email")
    accounts.ask_to_open(db.session, email, now())
    db.session.commit()
    return door.mailed(email, "crear")


@bp.get("/revisa-tu-correo")
@public("says that a letter went out, whoever asked")
def show_mailed():
    return render_template(
        "account/mailed.html", email=door.mailed_to(), what=request.args.get("para", ""),
        hours=int(account_links.LIFE.total_seconds() // 3600),
    )


@bp.get("/crear/<token>")
@public("opens with the link that was mailed: 128 bits; looking uses nothing up")
def show_who(token):
    link = door.link(token, Purpose.OPEN)
    return _who(forms.who(), link.email) if link else door.spent()


def _who(form, email, status=200):
    return render_template("account/who.html", form=looking_up.hinted(form), email=email), status, door.PRIVATE


@bp.post("/crear/<token>")
@public("opens with the link that was mailed: 128 bits, once")
def open_account(token):
    form = forms.who().read(request.form)
    filer = looking_up.complete(_typed(form))
    link = door.link(token, Purpose.OPEN)
    if link is None:
        return door.spent()
    if form["person_type"].value == "legal" and not filer.ruc:  # without one it would be taken for a person
        return _who(form.with_problems((Problem("ruc", "RUC_LENGTH"),)), link.email, 422)
    try:
        account = accounts.create(db.session, link, filer, request.form.get("new_password", ""), now())
    except accounts.InvalidAccount as error:
        return _who(form.with_problems(looking_up.told(error.problems)), link.email, 422)
    except Forbidden:
        return door.spent()
    db.session.commit()
    door.enter(account.fs_uniquifier)
    return redirect(url_for("tray.list_filings", aviso="bienvenida"), 303)


def _typed(form):
    values, is_legal = form.values(), form["person_type"].value == "legal"
    try:
        number = check_person_document(values["document_kind"], values["document_number_of_person"])
    except InvalidIdentifier:
        number = values["document_number_of_person"]  # said by the stage
    return Filer(
        document_kind=values["document_kind"],
        document_number=number,
        names=values["names"],
        phone=values["phone"],
        ruc=values["ruc"] if is_legal else "",
        business_name=values["business_name"] if is_legal else "",
    )
