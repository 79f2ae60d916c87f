"""Signing in and out, and the guard that stands before every door for people."""

from functools import partial

from flask import Blueprint, Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from sqlalchemy import select

from hub import throttles
from hub.clock import now
from hub.core.errors import Problem
from hub.extensions import db, services
from hub.guards import public, roles_of
from hub.models import User
from hub.passwords import is_password
from hub.sight import CITIZEN
from hub.throttles import Limit, network_of
from hub.web import fields
from hub.web.entering import asks_second_step, go_half_way, let_in
from hub.web.people import (
    AT_COUNTER,
    BOOK_READERS,
    IN_BODY,
    OVER_SECTOR,
    PEOPLE,
    SESSION_ID,
    WORKING_DAY,
    end_session,
    load_person,
    login,
)

bp = Blueprint("auth", __name__)

PER_ACCOUNT = 10
PER_ADDRESS = 60
"""Failed tries in a quarter of an hour; behind one address a whole institution may sit."""

LANDINGS = (
    (frozenset(AT_COUNTER), "counter.home"),
    (frozenset(IN_BODY), "inbox.list_filings"),
    (frozenset(OVER_SECTOR), "dashboard.show"),
)
"""Where each role lands after signing in; the first that fits."""


def keep_doors():
    """Before a body is read: who comes to a door for people must have its role. `g.person` is who came in."""
    if request.blueprint in PEOPLE:
        g.sector_name = _("Sector %(name)s", name=services().directory.sector.name)
    wanted = roles_of(current_app.view_functions.get(request.endpoint or ""))
    if wanted is None:
        return None
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else ""
        door = "account.show_sign_in" if wanted == {CITIZEN} else "auth.sign_in"
        return redirect(url_for(door, next=back or None), 303)
    g.person = current_user._get_current_object()
    if not wanted & g.person.roles:
        abort(403)
    return None


def install(app: Flask) -> None:
    """Call before the check against forged forms is installed: that one reads the body."""
    app.config["PERMANENT_SESSION_LIFETIME"] = WORKING_DAY
    login.init_app(app, add_context_processor=False)  # a public page does not ask who is there
    app.before_request(keep_doors)
    app.context_processor(_who)


def _who():
    """What the frame of a page shows of who is signed in; public pages show nobody, and ask nothing for it."""
    person = g.get("person")
    navigation = _navigation(person) if person else ()
    return {"person": person, "navigation": navigation, "sector_name": g.get("sector_name", "")}


def _navigation(person):
    links = (
        ((CITIZEN,), "tray.list_filings", _("Mis trámites")),
        ((CITIZEN,), "tray.list_notices", _("Casilla")),
        ((CITIZEN,), "filing.choose", _("Presentar")),
        ((CITIZEN,), "account.show", _("Mi cuenta")),
        (AT_COUNTER, "counter.home", _("Mi mesa de partes")),
        ((*IN_BODY, *AT_COUNTER, "auditor"), "inbox.list_filings", _("Bandeja")),
        (OVER_SECTOR, "dashboard.show", _("Tablero")),
        (OVER_SECTOR, "sector.board", _("Envíos")),
        (OVER_SECTOR, "sector.parked", _("Noticias apartadas")),
        ((*IN_BODY, *AT_COUNTER, *OVER_SECTOR), "unnotified.list_notices", _("Por notificar")),
        (OVER_SECTOR, "calendar.list_days", _("Calendario")),
        (OVER_SECTOR, "operation.show_operation", _("Operación")),
        (("sector_admin", "entity_coordinator"), "administration.show", _("Administración")),
        (("sector_admin",), "incidents.list_incidents", _("Incidentes")),
        ((*AT_COUNTER, *BOOK_READERS), "registers.show_register", _("Registro")),
        (BOOK_READERS, "reports.show_report", _("Informes")),
        (("entity_coordinator", "seat_coordinator", "sector_admin"), "staff.list_people", _("Personas")),
        (("entity_coordinator",), "publishing.show", _("Mi formulario")),
        (("sector_admin",), "joining.list_requests", _("Solicitudes")),
        (("sector_admin", "auditor"), "trail.search", _("Auditoría")),
    )
    return tuple(
        {"text": text, "href": url_for(endpoint), "is_current": request.endpoint == endpoint}
        for names, endpoint, text in links
        if person.is_any(*names)
        and (endpoint != "inbox.list_filings" or person.has_inbox)
    )


@bp.get("/ingresar")
@public("the way in")
def show_sign_in():
    return render_template("auth/sign_in.html", form=fields.sign_in(), next=request.args.get("next", ""))


@bp.post("/ingresar")
@public("the way in; failed tries are counted by account and by address")
def sign_in():
    form = fields.sign_in().read(request.form)
    email, at = form["email"].value.lower(), now()
    limits = (
        Limit("ingreso-cuenta", email, PER_ACCOUNT),
        Limit("ingreso-origen", network_of(request.remote_addr), PER_ADDRESS),
    )
    say = partial(_refuse, form)
    is_allowed = throttles.count_try(db.session, limits, at)
    wanted = select(User.fs_uniquifier, User.password).where(User.email == email, User.active)
    account = db.session.execute(wanted).first()
    db.session.commit()
    if not is_allowed:
        return say("TOO_MANY_TRIES", 429)
    if not is_password(account.password if account else None, request.form.get("password", "")):
        return say("SIGN_IN_WRONG", 422)
    throttles.forgive(db.session, limits, at)
    db.session.commit()
    person = load_person(account.fs_uniquifier)
    if person is None or person.is_citizen:  # citizens have a door of their own
        return say("SIGN_IN_WRONG", 422)
    if asks_second_step(person):
        return go_half_way(person, inside(request.form.get("next", "")))
    let_in(person)
    return redirect(onward(person, request.form.get("next", "")), 303)


def onward(person, back):
    """Where who signed in goes: what they asked for, or the page of their role."""
    return inside(back) or url_for(_landing(person))


def _refuse(form, code, status):
    form = form.with_problems((Problem("", code),))
    page = render_template("auth/sign_in.html", form=form, next=request.form.get("next", ""))
    return page, status, {"Retry-After": str(int(throttles.WINDOW.total_seconds()))} if status == 429 else {}


def inside(path):
    """A path of ours, or nothing: nobody is sent elsewhere after signing in."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else ""


def _landing(person):
    return next(endpoint for names, endpoint in LANDINGS if names & person.roles)


@bp.post("/salir")
@public("whoever is signed in leaves")
def sign_out():
    """Leave: a copy of the cookie opens nothing any more."""
    door = "auth.show_sign_in"
    if current_user.is_authenticated:
        door = "citizen.home" if current_user.is_citizen else door
        end_session(session.get(SESSION_ID, ""))
    logout_user()
    session.clear()
    return redirect(url_for(door), 303)
