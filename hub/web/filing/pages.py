"""The short pages of the form: what for, who, how to be found, which document. What is typed stays, right or wrong."""

from flask import g, redirect, render_template, request, url_for

from hub import drafted, drafts
from hub.clock import now
from hub.extensions import db, services
from hub.guards import public
from hub.web import districts, looking_up
from hub.web.filing import code, forms, steps, words
from hub.web.filing.keeping import bp


def _shown(name, form, status=200, **more):
    page = render_template(
        f"filing/{name}.html", form=form, body=steps.destination(), place=steps.place(name), **more
    )
    return page, status


def _kept(form):
    """Write what was typed into the draft; committed, so that nothing is lost by what comes next."""
    drafts.write(db.session, g.draft, form.values(), now())
    db.session.commit()


def _save(name, **more):
    form = steps.form_of(name).read(request.form)
    _kept(form)
    if found := steps.problems_of(name):
        return _shown(name, form.with_problems(found, words.say), 422, **more)
    return redirect(steps.next_url(), 303)


@bp.get("/borrador/para-que")
@public("the draft of this browser's cookie")
def show_purpose():
    return _purpose() if steps.destination() else redirect(url_for(".choose"), 303)


def _purpose(form=None, status=200):
    body = steps.destination()
    lists = {
        one.tupa_code: forms.under(one.tupa_code, forms.filled(forms.requirements(one), g.draft.values))
        for one in body.procedures
    }
    return _shown("purpose", form or forms.filled(forms.purpose(body), g.draft.values), status, lists=lists)


@bp.post("/borrador/para-que")
@public("the draft of this browser's cookie")
def save_purpose():
    """The choice, and of the chosen procedure the checklist and its proof of payment."""
    body = steps.destination()
    if body is None:
        return redirect(url_for(".choose"), 303)
    form = forms.purpose(body).read(request.form)
    chosen = drafted.procedure_of(services().directory, {**g.draft.values, **form.values()})
    cleared = {name: "" for name in g.draft.values if name.startswith("requirement_") or name == "fee_receipt"}
    ticked = forms.requirements(chosen).read(forms.said_under(form["purpose"].value, request.form)).values()
    drafts.write(db.session, g.draft, cleared | form.values() | ticked, now())
    db.session.commit()
    if found := steps.problems_of("purpose"):
        return _purpose(form.with_problems(found, words.say), 422)
    return redirect(steps.next_url(), 303)


@bp.get("/borrador/quien")
@public("the draft of this browser's cookie")
def show_person():
    return _shown("person", steps.form_of("person"))


@bp.post("/borrador/quien")
@public("the draft of this browser's cookie")
def save_person():
    """Names left blank are filled in from the register of identities, where the operator set one."""
    form = steps.form_of("person").read(request.form)
    typed = form.values()
    filer = drafted.filer_of(typed)
    known = looking_up.complete(filer)
    found = {"names": known.names, "business_name": known.business_name or typed["business_name"]}
    drafts.write(db.session, g.draft, typed | found, now())
    db.session.commit()
    if problems := steps.problems_of("person"):
        return _shown("person", steps.form_of("person").with_problems(looking_up.told(problems), words.say), 422)
    return redirect(steps.next_url(), 303)


@bp.get("/borrador/contacto")
@public("the draft of this browser's cookie")
def show_contact():
    return _shown("contact", steps.form_of("contact"))


@bp.post("/borrador/contacto")
@public("the draft of this browser's cookie")
def save_contact():
    """A new address is sent its code at once: the mail, or a mobile where no mail is given."""
    form, unclear = districts.settle(steps.form_of("contact").read(request.form))
    _kept(form)
    if found := (*steps.problems_of("contact"), *unclear):
        return _shown("contact", form.with_problems(found, words.say), 422)
    return code.send() if code.is_wanted() else redirect(steps.next_url(), 303)


@bp.get("/borrador/documento")
@public("the draft of this browser's cookie")
def show_document():
    return _shown("document", steps.form_of("document"))


@bp.post("/borrador/documento")
@public("the draft of this browser's cookie")
def save_document():
    return _save("document")
