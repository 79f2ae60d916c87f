"""The inbox of a body without a system: its officer reads what came, and registers, observes or refuses it."""

from dataclasses import replace

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from hub import assigning, events, inbox, own_documents, quarantine, signatures, tracking, units
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.errors import ForbiddenStep, Problem
from hub.core.numbers import whole, whole_or
from hub.core.ports import NewsKind
from hub.core.statuses import DeliveryStatus
from hub.downloads import send
from hub.extensions import db, services
from hub.guards import roles
from hub.receiving import read_news
from hub.web import fields, inbox_fields
from hub.web.answering import read_answer, read_movement
from hub.web.people import AT_COUNTER, IN_BODY
from hub.web.timeline import of_events

bp = Blueprint("inbox", __name__, url_prefix="/bandeja")
ANSWERERS = (*IN_BODY, *AT_COUNTER)
READERS = (*ANSWERERS, "auditor")
MOST_PAGES = 10_000


@bp.before_request
def _only_where_the_inbox_is_the_system():
    person = g.get("person")
    if person is not None and not person.has_inbox:
        abort(404)


@bp.get("")
@roles(*READERS)
def list_filings():
    viewer, directory = g.person.viewer, services().directory
    form = inbox_fields.filters(units.of_body(db.session, viewer.entity_id)).read(request.args)
    wanted, today = _wanted(form), local_date(now())
    page = min(max(request.args.get("pagina", 1, type=whole), 1), MOST_PAGES)
    rows, (legs, last) = [], inbox.legs_and_last(db.session, viewer, wanted, page)
    for leg in legs:
        until = inbox.observe_by(services().directory, leg)
        is_overdue = until is not None and until < today
        rows.append((leg, directory.by_id(leg.filing.received_by_id), until, is_overdue))
    return render_template(
        "inbox/list.html",
        body=g.person.body,
        rows=rows,
        waiting=inbox.waiting(db.session, viewer),
        form=form,
        page=page,
        last=last,
        has_left="salio" in request.args,
        is_archived="archivado" in request.args,
        may_answer=g.person.is_any(*ANSWERERS),
    )


def _wanted(form):
    """What the list is narrowed to; what is not on offer narrows nothing."""
    state, unit = form["estado"].value, form["unidad"].value
    offered = {choice.value for choice in form["estado"].choices}
    is_archived = state == inbox_fields.ARCHIVED
    status = DeliveryStatus(state) if state in offered and not is_archived else None
    return inbox.Wanted(status, whole_or(unit, 0), is_archived)


@bp.get("/<cuo>")
@roles(*READERS)
def show_filing(cuo):
    return _show(inbox.leg(db.session, g.person.viewer, cuo))


def show_passing(cuo, problems):
    """The page of a leg with what is wrong with passing it on, or with putting it away."""
    leg = inbox.leg(db.session, g.person.viewer, cuo)
    passing = inbox_fields.pass_on(units.of_body(db.session, g.person.viewer.entity_id)).read(request.form)
    return _show(leg, passing=passing.with_problems(problems))


def _passing(leg, passing):
    """What the page needs to pass a leg on and to put it away, and what its body wrote on account of it."""
    found = units.of_body(db.session, leg.destination_id)
    return {
        "passing": passing or inbox_fields.pass_on(found),
        "has_units": bool(found),
        "passed": units.passed(db.session, leg.id),
        "may_archive": assigning.may_archive(leg),
        "is_archived": assigning.archived(db.session, leg),
        "own_documents": own_documents.about(db.session, leg),
        "is_passed": "pasado" in request.args,
    }


def _show(leg, form=None, moving=None, passing=None):
    directory, filing = services().directory, leg.filing
    origin = directory.by_id(filing.received_by_id)
    counter = next((one.name for one in origin.counters if one.code == filing.counter_code), filing.counter_code)
    until, may_answer = inbox.observe_by(services().directory, leg), g.person.is_any(*ANSWERERS)
    return render_template(
        "inbox/filing.html",
        delivery=leg,
        origin=origin,
        counter=counter,
        observe_by=until,
        is_overdue=until is not None and until < local_date(now()),
        may_answer=may_answer and leg.status in inbox.ANSWERABLE,
        may_move=may_answer and leg.status is DeliveryStatus.REGISTERED,
        form=form or fields.answer_filing(fields.institutions(directory, local_date(now()))),
        moving=moving or fields.move_filing(),
        is_done="hecho" in request.args,
        is_reader=not may_answer,
        **_passing(leg, passing),
        signed=signatures.signed_documents(db.session, leg.filing_id),
        track=tracking.of_leg(db.session, directory, leg),
        file_states=quarantine.states_of(db.session, filing.documents),
        lines=_lines(leg, directory, origin),
    )


def _lines(leg, directory, origin):
    found = inbox.events(db.session, leg)
    return of_events(found, directory, (origin.acronym, g.person.body), events.tellers(db.session, found))


@bp.post("/<cuo>")
@roles(*ANSWERERS)
def answer(cuo):
    directory, at, entity = services().directory, now(), g.person.entity
    leg = inbox.leg(db.session, g.person.viewer, cuo)
    form = fields.answer_filing(fields.institutions(directory, local_date(at))).read(request.form)
    news, problems = read_answer(form, directory, entity, cuo, at)
    if news is None:
        return _show(leg, form=form.with_problems(problems)), 422
    if news.kind is NewsKind.REGISTERED and not news.registry_number:
        number, year = inbox.next_registry_number(db.session, entity, at)
        news = replace(news, registry_number=number, registry_year=year)
    if news.kind is NewsKind.REGISTERED and form["open_expediente"].is_on and not news.expediente_number:
        news = replace(news, expediente_number=inbox.next_expediente_number(db.session, entity, at))
    return _apply(news, at) or _too_late(cuo, form=form)


@bp.post("/<cuo>/movimiento")
@roles(*ANSWERERS)
def move(cuo):
    at = now()
    leg = inbox.leg(db.session, g.person.viewer, cuo)
    moving = fields.move_filing().read(request.form)
    news, problems = read_movement(moving, g.person.entity, cuo, at)
    if news is None:
        return _show(leg, moving=moving.with_problems(problems)), 422
    return _apply(news, at) or _too_late(cuo, moving=moving)


def _apply(news, at):
    """Apply and show it; nothing where the leg has moved in the meantime."""
    try:
        is_here = inbox.answer(db.session, services().directory, news, read_news, at, g.person.user_id)
    except ForbiddenStep:
        db.session.rollback()
        return None
    db.session.commit()
    shown = url_for(".show_filing", cuo=news.cuo, hecho=1) if is_here else url_for(".list_filings", salio=1)
    return redirect(shown, 303)


def _too_late(cuo, form=None, moving=None):
    problem = (Problem("", "STEP_FORBIDDEN"),)
    leg = inbox.leg(db.session, g.person.viewer, cuo)
    form = form and form.with_problems(problem)
    return _show(leg, form=form, moving=moving and moving.with_problems(problem)), 409


@bp.get("/<cuo>/documentos/<uuid:document_id>")
@roles(*READERS)
def document(cuo, document_id):
    found = inbox.open_document(db.session, services().directory, g.person.viewer, cuo, document_id, now())
    answer = send(found)
    db.session.commit()
    return answer
