"""The account of somebody new whom a provider of identities signed in, once their mail is proved."""

from functools import partial

from flask import redirect, render_template, request, url_for

from hub import accounts, linking
from hub.clock import now
from hub.core.errors import Forbidden
from hub.core.messages import Filer
from hub.extensions import db, services
from hub.guards import public
from hub.web import looking_up
from hub.web.account import door, forms, pending
from hub.web.account.door import bp


def open_account():
    """Open the account at once where the provider, or a register, said whose it is; else ask for what is not known."""
    who = pending.who()
    filer = looking_up.complete(Filer(who.document_kind, who.document_number, who.names, phone=who.phone))
    if not (filer.document_number and filer.names):
        return _again()
    return _made(filer, lambda _: _again())


def _made(filer, answer):
    """The account of `filer` at the proved address, come into; else what `answer` gives for its problems."""
    kept = pending.kept()
    try:
        account = linking.make(db.session, pending.who(), kept["email"], filer, now())
    except accounts.InvalidAccount as error:
        db.session.rollback()
        return answer(error.problems)
    except Forbidden:  # the address has got an account meanwhile: it is proved once more, and linked
        db.session.rollback()
        pending.write(proved=False)
        return redirect(url_for(".show_identity_mail"), 303)
    return pending.come_in(account, kept["back"])


def _again():
    return redirect(url_for(".show_identity_data"), 303)


def _data_form():
    who = pending.who()
    return forms.whose(who.names, who.phone, needs_document=not who.document_number)


def _data_page(form, status=200):
    page = render_template(
        "account/identity_data.html", form=looking_up.hinted(form), who=pending.who(), name=services().sign_in.name
    )
    return page, status, door.PRIVATE


@bp.get("/identidad/datos")
@public("whom the provider signed in and whose mail was proved, by this browser's session")
def show_identity_data():
    if pending.kept() is None or not pending.kept()["proved"]:
        return redirect(url_for(".show_sign_in"), 303)
    return _data_page(_data_form())


@bp.post("/identidad/datos")
@public("whom the provider signed in and whose mail was proved, by this browser's session")
def take_identity_data():
    """What the provider said of the document is never typed over."""
    if pending.kept() is None or not pending.kept()["proved"]:
        return redirect(url_for(".show_sign_in"), 303)
    form, who = _data_form().read(request.form), pending.who()
    typed = form.values()
    filer = Filer(
        document_kind=who.document_kind or typed.get("document_kind", ""),
        document_number=who.document_number or typed.get("document_number_of_person", ""),
        names=typed["names"],
        phone=typed["phone"],
    )
    return _made(looking_up.complete(filer), partial(_wrong, form))


def _wrong(form, problems):
    return _data_page(form.with_problems(looking_up.told(problems)), 422)
