"""The counter: a clerk receives a filing and hands back its constancia."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import segno
from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from hub import alarms, board, cautions, constancias, custody, intake, notices, signatures
from hub.clock import now
from hub.core.calendar import LIMA, is_late_today, local_date
from hub.core.errors import InvalidFiling
from hub.extensions import db, services
from hub.guards import roles
from hub.web import custody_fields, districts, fields, holders, looking_up, observing_fields, papers, uploads
from hub.web.forms import Form
from hub.web.people import AT_COUNTER
from hub.web.reading import read_submission, received_at
from hub.web.sentences import say_problem

bp = Blueprint("counter", __name__, url_prefix="/mesa-de-partes")


def _counter():
    """Where the clerk sits; the principal counter of their institution where the account names none."""
    entity = g.person.entity
    return entity.counter(g.person.counter_code) if g.person.counter_code else entity.principal_counter


def _blank_form():
    directory, today = services().directory, local_date(now())
    asked = fields.new_filing(fields.institutions(directory, today), fields.procedures(directory, today))
    asked = asked.choosing("document_type", fields.document_types(g.person.entity.document_types))
    return Form((*asked.fields, *observing_fields.observe(), *custody_fields.keep()))


@bp.get("")
@roles(*AT_COUNTER)
def home():
    today, directory = local_date(now()), services().directory
    taken = board.taken_by(db.session, g.person.viewer, datetime.combine(today, time(), LIMA))
    statuses = board.leg_statuses(db.session, taken)
    rows = tuple((filing, directory.by_id(filing.destination_id), statuses.get(filing.id)) for filing in taken)
    return render_template(
        "counter/home.html",
        counter=_name(),
        day=today,
        rows=rows,
        alarms=alarms.alarms(db.session, directory, g.person.viewer, now()),
        undelivered=notices.undelivered(db.session, [filing.id for filing in taken]),
        undelivered_count=notices.count_undelivered(db.session, g.person.viewer),
    )


@bp.get("/correos-no-entregados")
@roles(*AT_COUNTER)
def list_undelivered():
    directory, found = services().directory, notices.undelivered_at(db.session, g.person.viewer)
    rows = [(filing, directory.by_id(filing.destination_id)) for filing in found]
    return render_template("counter/undelivered.html", rows=rows, counter=_name())


@bp.get("/recepcion")
@roles(*AT_COUNTER)
def new_filing():
    is_late = is_late_today(now(), services().directory.calendar(g.person.entity_code))
    form, about = _blank_form(), _withdrawn(request.args.get("desiste", ""))
    if about is not None:
        form = form.read(observing_fields.withdrawal_of(about, services().directory))
    return render_template(
        "counter/new_filing.html", form=looking_up.hinted(form), form_token=uuid4(), counter=_name(), is_late=is_late,
        about=about, began=now().isoformat(),
    )


def _withdrawn(code):
    """The filing that a desistimiento is about; None where the document is about none."""
    return holders.at_counter(code, g.person.viewer, now()) if code else None


@bp.post("/recepcion")
@roles(*AT_COUNTER)
@uploads.takes_files
def receive_filing():
    at = received_at()
    form, unclear = districts.settle(_blank_form().read(request.form))
    try:
        submission, problems = read_submission(form, _form_token(), at)
        filer = looking_up.complete(submission.filer, is_staff=True)
        submission = replace(submission, filer=filer, began_at=_began(at))
        observed, wrong = observing_fields.read_observed(form, is_wanted=request.form.get("accion") == "observar")
        things, untold = custody_fields.read_kept(form)
        found = (*problems, *unclear, *wrong, *untold, *intake.check(submission, services().directory, at))
        if found:
            raise InvalidFiling(found)
        doubts = _doubts(submission, form["confirmed"].value, at)
        if doubts:
            db.session.rollback()
            return _ask_again(form, doubts), 422
        number = _receive(submission, observed, things, at)
    except InvalidFiling as error:
        db.session.rollback()
        return _ask_again(form.with_problems(looking_up.told(error.problems))), 422
    return redirect(url_for(".show_constancia", number=number, recibido=1), 303)


def _began(at):
    """When the form was opened, as the form says it; None where it says nothing that can be."""
    try:
        began = datetime.fromisoformat(request.form.get("began", ""))
    except ValueError:
        return None
    return began if began.tzinfo and at - intake.OLDEST_TICKET <= began <= at else None


def _doubts(submission, confirmed, at):
    """What the clerk should look at before receiving, and has not confirmed; nothing for a form sent before."""
    found = cautions.cautions(
        db.session,
        services().directory,
        submission.filer,
        submission.destination_code,
        submission.files,
        at,
        within=timedelta(seconds=services().settings.same_content_within),
        declares_representation=submission.declares_representation,
    )
    doubts = cautions.unconfirmed(found, confirmed)
    return () if doubts and intake.already_received(db.session, submission.form_token) else doubts


def _ask_again(form, doubts=()):
    return render_template(
        "counter/new_filing.html",
        form=looking_up.hinted(form),
        form_token=request.form["form_token"],
        began=request.form.get("began", ""),
        counter=_name(),
        about=_withdrawn(request.form.get("desiste", "")),
        doubts=[say_problem(one) for one in doubts],
        marks=" ".join((*form["confirmed"].value.split(), *(cautions.mark_of(one) for one in doubts))),
    )


def _receive(submission, observed, things, at):
    """Commit the filing of a form, or find the one it made before. Gives its number."""
    about = _withdrawn(request.form.get("desiste", ""))
    follows = intake.Follows(about.id, "withdrawal") if about is not None else None
    reception = intake.Reception("counter", g.person.entity_code, _counter().code, g.person.user_id)
    try:
        filing = intake.receive(
            db.session, services().directory, submission, reception, at, observed=observed, follows=follows
        )
        number = filing.filing_number
        if filing.presented_at == at:  # else this form made it before, with what was left then
            custody.take(db.session, filing, things, g.person.user_id, at)
        named = frozenset(document.object_key for document in filing.documents)
        uploads.keep(named)  # before the commit: a file may be left over, but never lost
        db.session.commit()
    except IntegrityError:  # the same form came twice at once; the other one was first
        db.session.rollback()
        uploads.keep_none()
        known = intake.already_received(db.session, submission.form_token)
        if known is None:
            raise
        number = known.filing_number
    return number


def _form_token():
    try:
        return UUID(request.form.get("form_token", ""))
    except ValueError:
        abort(400)


def _name():
    return _("Mesa de Partes de %(body)s, %(counter)s", body=g.person.body, counter=_counter().name)


def _constancia(number):
    house = services()
    return constancias.constancia_of(
        db.session,
        house.directory,
        g.person.viewer,
        number,
        secret=house.tracking_secret,
        public_url=house.settings.public_url,
    )


@bp.get("/constancias/<number>")
@roles(*AT_COUNTER)
def show_constancia(number):
    constancia = _constancia(number)
    return render_template(
        "counter/constancia.html",
        **vars(constancia),
        signed=signatures.signed_documents(db.session, constancia.filing.id),
        lacks_signature=signatures.lacks_a_signature(db.session, services().directory, constancia.filing),
        qr=segno.make(constancia.track_url, error="m", micro=False).svg_data_uri(scale=4, border=2),
        pdf_url=url_for(".give_constancia", number=number),
        is_new="recibido" in request.args,
        custody_items=custody.items_of(db.session, constancia.filing.id),
        kind_words=custody_fields.kind_words,
        state_words=custody_fields.state_words,
        pages_unlike=intake.is_count_unlike(constancia.filing.folios, constancia.filing.pages_detected),
    )


@bp.get("/constancias/<number>.pdf")
@roles(*AT_COUNTER)
def give_constancia(number):
    paper = papers.constancia_paper(_constancia(number).filing)
    return papers.give(paper, f"constancia-{number}.pdf")
