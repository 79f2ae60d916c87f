"""The sector: every leg with its attempts and the partners' raw answers, and the remedies by hand."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from hub import (
    alarms,
    events,
    forwarding,
    inbound,
    quarantine,
    rechecking,
    remedies,
    rerouting,
    routing,
    sendings,
    tracking,
    unnotified,
)
from hub import board as boards
from hub import parked as parking
from hub.board import BoardFilter
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.errors import Forbidden, ForbiddenStep, MesaError, NeedsConfirmation, NeedsReason, Problem
from hub.core.numbers import whole
from hub.core.statuses import DeliveryStatus
from hub.extensions import db, services
from hub.guards import roles
from hub.receiving import read_news
from hub.rerouting import Person
from hub.sight import reads_names
from hub.web import fields
from hub.web.answering import read_why
from hub.web.people import OVER_SECTOR
from hub.web.timeline import of_story

bp = Blueprint("sector", __name__, url_prefix="/envios")
REMEDIERS = ("sector_admin", "operator")


@bp.get("")
@roles(*OVER_SECTOR)
def board():
    directory = services().directory
    form = fields.board_filters(fields.institutions(directory, local_date(now()))).read(request.args)
    wanted = BoardFilter(
        entity_code=_chosen(form["institucion"]),
        status=_chosen(form["estado"]),
        text=form["texto"].value[:100],
        page=request.args.get("pagina", 1, type=whole),
    )
    found = boards.board(db.session, directory, g.person.viewer, wanted)
    figures = tuple(
        (status, found.counts.get(status.value, 0))
        for status in DeliveryStatus
        if found.counts.get(status.value) or status is DeliveryStatus.FAILED
    )
    return render_template(
        "sector/board.html",
        form=form,
        figures=figures,
        parked=parking.count(db.session, directory, g.person.viewer),
        board=found,
        is_filtered=bool(wanted.entity_code or wanted.status or wanted.text),
        has_antivirus=services().scanner is not None,
        standing=quarantine.standing(db.session, now()),
        silent=boards.silent(db.session, directory, now()),
        alarms=alarms.alarms(db.session, directory, g.person.viewer, now()),
        unnotified=unnotified.count_by_hand(db.session, directory, g.person.viewer, now()),
    )


def _chosen(field):
    """What was chosen, if it is one of the choices; an address typed by hand may say anything."""
    return field.value if field.value in {choice.value for choice in field.choices} else ""


@bp.get("/<cuo>")
@roles(*OVER_SECTOR)
def show_delivery(cuo):
    return _show(cuo, fields.send_again())


def _show(cuo, form, moving=None):
    directory = services().directory
    story = boards.route(db.session, directory, g.person.viewer, cuo)
    is_failed = story.row.delivery.status is DeliveryStatus.FAILED
    return render_template(
        "sector/delivery.html",
        story=story,
        lines=of_story(story, directory, events.tellers(db.session, story.events)),
        track=tracking.track(db.session, directory, story.row.filing),
        can_be_sent_again=is_failed and g.person.is_any(*REMEDIERS),
        can_be_rerouted=rerouting.can_be_rerouted(db.session, story.row.delivery) and g.person.is_any(*REMEDIERS),
        needs_confirmation=rerouting.needs_confirmation(db.session, story.row.delivery),
        sending=sendings.of_leg(db.session, story.row.delivery),
        cargo_stopped=g.person.is_any(*REMEDIERS) and forwarding.stopped(db.session, story.row.delivery),
        form=form,
        moving=moving or _blank_reroute(story.row.delivery),
        is_done="hecho" in request.args,
        checked=_checked(story) if "comprobar" in request.args else None,
        notes=remedies.notes(db.session, story.row.filing.id, g.person.viewer),
        shows_people=reads_names(g.person.viewer),
    )


def _checked(story):
    """The signatures of the leg, checked now."""
    house = services()
    own = (house.settings.keys_folder / "hub" / "envelope.crt.pem").read_bytes()
    return rechecking.recheck(db.session(), story, house.directory, own)


@bp.post("/<cuo>/enviar-otra-vez")
@roles(*REMEDIERS)
def send_again(cuo):
    form = fields.send_again().read(request.form)
    typed, by = form.values(), str(g.person.user_id)
    boards.route(db.session, services().directory, g.person.viewer, cuo)
    try:
        routing.send_again(db.session, cuo, typed["reason"][:500], by, now(), is_confirmed=form["confirmed"].is_on)
    except (NeedsReason, NeedsConfirmation, Forbidden) as error:
        db.session.rollback()
        return _show(cuo, form.with_problems((_problem(error),))), 422
    db.session.commit()
    return redirect(url_for(".show_delivery", cuo=cuo, hecho=1), 303)


@bp.post("/<cuo>/dar-el-cargo")
@roles(*REMEDIERS)
def give_cargo_again(cuo):
    form = fields.send_again().read(request.form)
    boards.route(db.session, services().directory, g.person.viewer, cuo)
    try:
        forwarding.give_again(db.session, cuo, form.values()["reason"][:500], str(g.person.user_id), now())
    except (NeedsReason, Forbidden) as error:
        db.session.rollback()
        return _show(cuo, form.with_problems((_problem(error),))), 422
    db.session.commit()
    return redirect(url_for(".show_delivery", cuo=cuo, hecho=1), 303)


def _blank_reroute(leg):
    """The form of another destination, with the body that the refusal names, if it is one of ours."""
    directory = services().directory
    named = directory.by_ruc(leg.right_body_ruc).code if directory.knows(leg.right_body_ruc) else ""
    may_have_gone = leg.status is DeliveryStatus.REFUSED and rerouting.needs_confirmation(db.session, leg)
    return fields.reroute(fields.institutions(directory, local_date(now())), named, may_have_gone=may_have_gone)


@bp.post("/<cuo>/otro-destino")
@roles(*REMEDIERS)
def reroute(cuo):
    directory = services().directory
    leg = boards.route(db.session, directory, g.person.viewer, cuo).row.delivery
    moving = _blank_reroute(leg).read(request.form)
    why, problems = read_why(moving)
    if why is None:
        return _show(cuo, fields.send_again(), moving.with_problems(problems)), 422
    try:
        following = rerouting.reroute(
            db.session, directory, cuo, moving["to"].value, why, Person(str(g.person.user_id)), now(),
            is_confirmed=moving["sure"].is_on,
        )  # fmt: skip
    except (NeedsConfirmation, Forbidden) as error:
        db.session.rollback()
        problem = Problem("sure" if isinstance(error, NeedsConfirmation) else "to", error.code)
        return _show(cuo, fields.send_again(), moving.with_problems((problem,))), 422
    db.session.commit()
    if following is None:
        return _show(cuo, fields.send_again(), moving.with_problems((Problem("sure", "LOOP_STOPPED"),))), 422
    return redirect(url_for(".show_delivery", cuo=following.cuo, hecho=1), 303)


_FIELDS = {NeedsReason: "reason", NeedsConfirmation: "confirmed", ForbiddenStep: "resolution"}


def _problem(error: MesaError) -> Problem:
    return Problem(_FIELDS.get(type(error), ""), error.code)


@bp.get("/apartadas")
@roles(*OVER_SECTOR)
def parked():
    return _list_parked()


def _list_parked(refused=None, form=None):
    """The list; `form` is the one that was refused, of the message `refused`."""
    directory = services().directory
    rows = tuple(
        {
            "message": one.message,
            "body": one.body,
            "sender": directory.by_ruc(one.message.sender_ruc),
            "delivery": one.delivery,
            "form": form if one.message.id == refused else fields.resolve_parked(one.message.id, ANSWERS),
        }
        for one in parking.oldest(db.session, directory, g.person.viewer)
    )
    return render_template("sector/parked.html", rows=rows, may_resolve=g.person.is_any(*REMEDIERS))


ANSWERS = ("apply", "set_aside")


@bp.post("/apartadas/<int:message_id>")
@roles(*REMEDIERS)
def resolve_parked(message_id):
    form = fields.resolve_parked(message_id, ANSWERS).read(request.form)
    typed, by = form.values(), str(g.person.user_id)
    if typed["resolution"] not in ANSWERS:
        return _list_parked(message_id, form.with_problems((Problem("resolution", "CHOICE_REQUIRED"),))), 422
    try:
        if typed["resolution"] == "apply":
            directory = services().directory
            parking.apply_again(db.session, directory, message_id, read_news, typed["reason"][:500], by, now())
        else:
            inbound.set_aside(db.session, message_id, typed["reason"][:500], by, now())
    except (NeedsReason, ForbiddenStep, Forbidden) as error:
        db.session.rollback()
        return _list_parked(message_id, form.with_problems((_problem(error),))), 422
    db.session.commit()
    return redirect(url_for(".parked"), 303)
