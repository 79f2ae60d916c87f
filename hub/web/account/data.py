"""Changing the data of one's own account: names, telephone, address."""

from flask import redirect, render_template, request, url_for

from hub import accounts
from hub.clock import now
from hub.core.districts import with_district
from hub.core.messages import Filer
from hub.extensions import db
from hub.guards import roles
from hub.sight import CITIZEN
from hub.web import districts
from hub.web.account import door, forms
from hub.web.account.door import bp
from hub.web.account.own import own


@bp.get("/datos")
@roles(CITIZEN)
def show_data():
    _, citizen = own()
    return door.ask_again() or _data_page(forms.own_data(citizen), citizen)


def _data_page(form, citizen, status=200):
    return render_template("account/data.html", form=form, citizen=citizen), status


@bp.post("/datos")
@roles(CITIZEN)
def change_data():
    """Names, phone and address; what was presented keeps what it was presented with."""
    if again := door.ask_again():
        return again
    account, citizen = own()
    form, problems = districts.settle(forms.own_data(citizen).read(request.form))
    typed = form.values()
    filer = Filer("", "", typed["names"], phone=typed["phone"], ubigeo=typed["ubigeo"],
                  address=typed["address"] if typed["ubigeo"] else with_district(typed["address"], typed["district"]),
                  business_name=typed.get("business_name", ""))
    try:
        accounts.change(db.session, account, citizen, filer, now())
    except accounts.InvalidAccount as error:
        problems = (*problems, *error.problems)
    if problems:
        db.session.rollback()
        return _data_page(form.with_problems(problems), citizen, 422)
    db.session.commit()
    return redirect(url_for(".show", aviso="datos"), 303)
