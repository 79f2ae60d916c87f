"""A body's own documents: its officer sends one to another institution, and follows it as any filer does."""

from dataclasses import replace
from uuid import UUID, uuid4

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub import inbox, intake, own_documents, tracking
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.errors import InvalidFiling
from hub.core.identifiers import tracking_key
from hub.core.numbers import whole
from hub.extensions import db, services
from hub.guards import roles
from hub.models import User
from hub.own_documents import Officer
from hub.web import fields, inbox_fields, papers, uploads
from hub.web.forms import Field
from hub.web.inbox import ANSWERERS, READERS
from hub.web.reading import read_submission, received_at

bp = Blueprint("own", __name__, url_prefix="/documentos-propios")
_UNASKED = {
    "person_type": "legal", "ruc": "", "business_name": "", "names": "", "phone": "", "address": "",
    "additional_information": "", "procedure": "", "ticket_time": "", "declares_representation": "si",
}  # fmt: skip
"""What the counter's form asks and this one knows."""


@bp.before_request
def _only_where_the_inbox_is_the_system():
    person = g.get("person")
    if person is not None and not person.has_inbox:
        abort(404)


def _blank():
    today, directory = local_date(now()), services().directory
    others = (one for one in fields.institutions(directory, today) if one.value != g.person.entity_code)
    return inbox_fields.own_document(tuple(others))


def _cause(cuo):
    """The leg in the body's own inbox that the document is about; None where it is about none."""
    return inbox.leg(db.session, g.person.viewer, cuo) if cuo else None


@bp.get("")
@roles(*READERS)
def list_documents():
    viewer = g.person.viewer
    last = own_documents.pages(db.session, viewer)
    page = min(max(request.args.get("pagina", 1, type=whole), 1), last)
    found = own_documents.of_body(db.session, viewer, page)
    rows = [(one, services().directory.by_id(one.destination_id)) for one in found]
    may_write = g.person.is_any(*ANSWERERS)
    return render_template(
        "own/list.html", rows=rows, page=page, last=last, body=g.person.body, may_write=may_write
    )


@bp.get("/nuevo")
@roles(*ANSWERERS)
def new_document():
    kind, number = own_documents.last_identity(db.session, g.person.user_id)
    email = db.session.scalar(select(User.email).where(User.id == g.person.user_id))
    blank = _blank().read({
        "document_kind": kind, "document_number_of_person": number, "email": email, "document_type": "oficio",
        "folios": "1",
    })  # fmt: skip
    return _ask(blank, _cause(request.args.get("por", "")), uuid4())


def _ask(form, cause, token):
    return render_template("own/new.html", form=form, cause=cause, form_token=token, body=g.person.body)


@bp.post("/nuevo")
@roles(*ANSWERERS)
@uploads.takes_files
def send_document():
    at = received_at()
    form, cause = _blank().read(request.form), _cause(request.form.get("por", ""))
    try:
        token = UUID(request.form.get("form_token", ""))
    except ValueError:
        abort(400)
    submission, problems = _read(form, token, at)
    try:
        found = own_documents.check(submission, services().directory, g.person.entity, at)
        if problems or found:
            raise InvalidFiling((*problems, *found))
        number = _send(submission, cause, at)
    except InvalidFiling as error:
        db.session.rollback()
        return _ask(form.with_problems(error.problems), cause, token), 422
    return redirect(url_for(".show_document", number=number, enviado=1), 303)


def _read(form, token, at):
    """The submission of the form, with the body as who files; what only its reader can know is a problem."""
    asked = replace(form, fields=(*form.fields, *_hidden()))
    submission, problems = read_submission(asked, token, at)
    typed = form.values()
    officer = Officer(
        g.person.user_id, g.person.name, typed["email"], typed["document_kind"],
        submission.filer.document_number,
    )  # fmt: skip
    wrong = tuple(one for one in problems if one.field != "ruc")
    return own_documents.as_body(submission, g.person.entity, officer), wrong


def _hidden():
    return (Field(name, "", value=value) for name, value in _UNASKED.items())


def _send(submission, cause, at):
    """Commit the filing of a form, or find the one it made before. Gives its number."""
    house = services()
    try:
        filing = own_documents.send(
            db.session, house.directory, g.person.entity, submission, g.person.user_id, at, cause
        )
        number = filing.filing_number
        uploads.keep(frozenset(document.object_key for document in filing.documents))
        db.session.commit()
    except IntegrityError:  # the same form came twice at once; the other one was first
        db.session.rollback()
        uploads.keep_none()
        known = intake.already_received(db.session, submission.form_token)
        if known is None:
            raise
        number = known.filing_number
    return number


@bp.get("/<number>")
@roles(*READERS)
def show_document(number):
    filing, house = own_documents.of_number(db.session, g.person.viewer, number), services()
    return render_template(
        "own/show.html",
        filing=filing,
        destination=house.directory.by_id(filing.destination_id),
        tracking_key=tracking_key(house.tracking_secret, filing.filing_number, filing.key_version),
        is_new="enviado" in request.args,
        track=tracking.track(db.session, house.directory, filing),
    )


@bp.get("/<number>/constancia.pdf")
@roles(*READERS)
def give_constancia(number):
    filing = own_documents.of_number(db.session, g.person.viewer, number)
    return papers.give(papers.constancia_paper(filing), f"constancia-{number}.pdf")
