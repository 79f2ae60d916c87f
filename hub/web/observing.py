"""What was observed and its correction, for the filer by their link, and at any counter with number and key."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from hub import again, corrections, observations, tracking, withdrawing
from hub.clock import now
from hub.core.errors import Forbidden, InvalidFiling, NotFound, Problem
from hub.core.messages import DocumentRole
from hub.core.observing import How
from hub.corrections import Correction
from hub.extensions import db, services
from hub.guards import public, roles
from hub.intake import Reception
from hub.web import holders, observing_fields, uploads
from hub.web.holders import TooManyTries
from hub.web.people import AT_COUNTER
from hub.web.reading import received_at

bp = Blueprint("observing", __name__)
PRIVATE = {"X-Robots-Tag": "noindex, nofollow"}


@dataclass(frozen=True)
class Face:
    """One of the two sides of the same page: the filer's own, or the counter's."""

    page: str
    """Template."""
    shows: str
    """Endpoint where it is read."""
    how: How
    is_counter: bool = False


FILER = Face("observing/filer.html", "observing.show", How.OPENED)
COUNTER = Face("observing/counter.html", "observing.show_at_counter", How.IN_PERSON, is_counter=True)


@bp.get("/seguimiento/<code>/observacion")
@public("opens with the code printed in the QR; what is asked is read by a button, so that no robot is notified")
def show(code):
    filing = tracking.by_code(db.session, code)
    if observations.open_of(db.session, filing.id) is None:
        return redirect(url_for("citizen.track_filing", code=code), 303)
    return _page(FILER, filing), PRIVATE


@bp.post("/seguimiento/<code>/observacion/ver")
@public("who holds the link reads what is asked, and is notified by it")
def open_observation(code):
    return _notify(FILER, tracking.by_code(db.session, code), "filer")


@bp.post("/seguimiento/<code>/observacion")
@public("who holds the link may correct; what is sent is kept as it came")
@uploads.takes_files
def correct(code):
    return _correct(FILER, tracking.by_code(db.session, code), "online", None)


@bp.post("/seguimiento/<code>/presentar-de-nuevo")
@public("who holds the link may present again what lapsed, once")
def present_again(code):
    return _present_again(tracking.by_code(db.session, code), None)


@bp.get("/mesa-de-partes/corregir")
@roles(*AT_COUNTER)
def find():
    return render_template("observing/find.html", form=observing_fields.find_at_counter())


@bp.post("/mesa-de-partes/corregir")
@roles(*AT_COUNTER)
def open_at_counter():
    form = observing_fields.find_at_counter().read(request.form)
    typed = form.values()
    try:
        filing = tracking.taken_by_number(db.session, g.person.viewer, typed["filing_number"])
        if filing is None:
            filing = holders.open_with_key(typed["filing_number"], typed["tracking_key"], now())
    except (NotFound, TooManyTries) as error:
        problem = Problem("filing_number", error.code)
        return render_template("observing/find.html", form=form.with_problems((problem,))), 422
    return redirect(url_for(".show_at_counter", code=filing.verification_code), 303)


def _here(code):
    """A filing at this counter: one that it took, or whose key was given here."""
    return holders.at_counter(code, g.person.viewer, now())


@bp.get("/mesa-de-partes/corregir/<code>")
@roles(*AT_COUNTER)
def show_at_counter(code):
    return _page(COUNTER, _here(code))


@bp.post("/mesa-de-partes/corregir/<code>/mostrar")
@roles(*AT_COUNTER)
def notify_at_counter(code):
    return _notify(COUNTER, _here(code), str(g.person.user_id))


@bp.post("/mesa-de-partes/corregir/<code>")
@roles(*AT_COUNTER)
@uploads.takes_files
def correct_at_counter(code):
    return _correct(COUNTER, _here(code), "counter", g.person.user_id)


@bp.post("/mesa-de-partes/corregir/<code>/presentar-de-nuevo")
@roles(*AT_COUNTER)
def present_again_at_counter(code):
    body, code_of_seat = g.person.entity, g.person.counter_code
    seat = body.counter(code_of_seat) if code_of_seat else body.principal_counter
    return _present_again(_here(code), Reception("counter", g.person.entity_code, seat.code, g.person.user_id))


@bp.post("/mesa-de-partes/corregir/<code>/retirar")
@roles(*AT_COUNTER)
def withdraw(code):
    filing, form = _here(code), observing_fields.withdraw().read(request.form)
    if not form["confirmed"].is_on:
        form = form.with_problems((Problem("confirmed", "WITHDRAWAL_UNCONFIRMED"),))
        return _page(COUNTER, filing, withdrawal=form), 422
    try:
        withdrawing.take_back(db.session, filing, str(g.person.user_id), now())
    except Forbidden as error:
        db.session.rollback()
        return _page(COUNTER, filing, withdrawal=form.with_problems((Problem("", error.code),))), 409
    db.session.commit()
    return redirect(url_for(".show_at_counter", code=code, hecho=1), 303)


def _page(face, filing, form=None, withdrawal=None, form_token=None):
    asking = tracking.asking(db.session, services().directory, filing)
    following = again.made_from(db.session, filing)
    return render_template(
        face.page,
        filing=filing,
        code=filing.verification_code,
        asking=asking,
        form=form or observing_fields.correct(asking.items if asking else ()),
        form_token=form_token or uuid4(),
        withdrawal=withdrawal or observing_fields.withdraw(),
        can_be_taken_back=withdrawing.can_be_taken_back(filing, tracking.newest_leg(db.session, filing)),
        again=following.filing_number if following else "",
        is_done="hecho" in request.args,
    )


def _notify(face, filing, said_by):
    observation = observations.open_of(db.session, filing.id)
    if observation is not None:
        observations.notify(db.session, services().directory, observation, now(), face.how, said_by=said_by)
        db.session.commit()
    return redirect(url_for(face.shows, code=filing.verification_code), 303)


def _correct(face, filing, channel, clerk_id):
    at, code = received_at(), filing.verification_code
    token, observation = _token(), observations.newest_of(db.session, filing.id)
    form = observing_fields.correct(tuple(observation.items) if observation else ()).read(request.form)
    files, problems = uploads.read_annexes("documents")
    correction = Correction(
        token,
        observing_fields.answers_of(form),
        tuple(replace(file, role=DocumentRole.CORRECTION) for file in files),
        channel,
        clerk_id,
    )
    try:
        if problems:
            raise InvalidFiling(problems)
        _submit(observation, correction, at)
    except (InvalidFiling, Forbidden) as error:
        db.session.rollback()
        found = error.problems if isinstance(error, InvalidFiling) else (Problem("", error.code),)
        return _page(face, filing, form.with_problems(found), form_token=token), 422
    if face.is_counter:
        return redirect(url_for(face.shows, code=code, hecho=1), 303)
    return redirect(url_for("citizen.track_filing", code=code, corregido=1), 303)


def _submit(observation, correction, at):
    """Commit a subsanación, or find the one that this form made before."""
    if corrections.already_submitted(db.session, correction.form_token):
        return
    if observation is None:
        abort(404)
    try:
        corrections.submit(db.session, services().directory, observation, correction, at)
        uploads.keep(frozenset(file.stored.object_key for file in correction.files))
        db.session.commit()
    except IntegrityError:  # the same form came twice at once; the other one was first
        db.session.rollback()
        uploads.keep_none()
        if corrections.already_submitted(db.session, correction.form_token) is None:
            raise


def _present_again(lapsed, reception):
    house = services()
    made = again.made_from(db.session, lapsed)
    if made is None:
        made = _copy_and_receive(house, lapsed, reception)
    if reception is not None:
        return redirect(url_for("counter.show_constancia", number=made.filing_number, recibido=1), 303)
    return redirect(url_for("citizen.track_filing", code=made.verification_code, presentado=1), 303)


def _copy_and_receive(house, lapsed, reception):
    """The files are copied first, with no lock held; what no filing names is dropped again."""
    files = again.copy_files(house.store, lapsed.documents)
    try:
        made = again.again_from(db.session, house.directory, lapsed, files, now(), reception)
        named = {document.object_key for document in made.documents}
    except Exception:
        db.session.rollback()
        _drop(house, files, named=frozenset())
        raise
    db.session.commit()  # one that fails may have been done: the files stay
    _drop(house, files, named)
    return made


def _drop(house, files, named):
    house.store.discard_all({file.stored.object_key for file in files} - named)


def _token():
    try:
        return UUID(request.form.get("form_token", ""))
    except ValueError:
        abort(400)
