"""Signing in and out, and the guard that stands before every door for people."""

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import func, select

from hub import throttles
from hub.clock import now
from hub.core.bodies import AdapterKind, EntityRecord
from hub.core.errors import Forbidden, NotFound, Problem
from hub.extensions import db, services
from hub.guards import public, roles_of
from hub.models import RoleRow, User
from hub.models.users import roles_users
from hub.passwords import is_password
from hub.sight import Viewer
from hub.throttles import Limit, network_of
from hub.web import fields

bp = Blueprint("auth", __name__)
login = LoginManager()
login.session_protection = None  # an address changes on a mobile network; the cookie is signed and lives 12 hours

PER_ACCOUNT = 10
PER_ADDRESS = 60
"""Failed tries in a quarter of an hour; behind one address a whole institution may sit."""

AT_COUNTER = ("clerk", "seat_coordinator")
IN_BODY = ("officer", "entity_coordinator", "collaborator")
OVER_SECTOR = ("sector_admin", "operator", "auditor")
EVERYBODY = (*AT_COUNTER, *IN_BODY, *OVER_SECTOR)

PEOPLE = frozenset({"auth", "citizen", "counter", "inbox", "sector"})
"""The doors for people; the others are for machines."""

LANDINGS = (
    (frozenset(AT_COUNTER), "counter.home"),
    (frozenset(IN_BODY), "inbox.list_filings"),
    (frozenset(OVER_SECTOR), "sector.board"),
)
"""Where each role lands after signing in; the first that fits."""


@dataclass(frozen=True)
class Person(UserMixin):
    """Who is signed in, as one query gives it. `body` is the short name of their institution."""

    user_id: int
    uniquifier: str
    name: str
    entity_code: str
    counter_code: str
    roles: frozenset[str]

    def get_id(self) -> str:
        return self.uniquifier

    @property
    def entity(self) -> EntityRecord:
        """Their institution. Raises Forbidden for an account that belongs to none."""
        try:
            return services().directory.entity(self.entity_code)
        except NotFound as error:
            raise Forbidden(self.entity_code, code="NO_BODY") from error

    @property
    def body(self) -> str:
        return self.entity.acronym if self.entity_code else _("Sector")

    @property
    def has_inbox(self) -> bool:
        """Their institution has no system of its own: the inbox is its system."""
        return bool(self.entity_code) and self.entity.adapter.kind is AdapterKind.HOSTED

    @property
    def viewer(self) -> Viewer:
        """As sight knows them."""
        return Viewer(self.user_id, self.roles, self.entity.id if self.entity_code else 0, self.counter_code)

    def is_any(self, *names: str) -> bool:
        return bool(self.roles & set(names))


_COLUMNS = (User.id, User.fs_uniquifier, User.name, User.entity_code, User.counter_code)


@login.user_loader
def load_person(uniquifier: str) -> Person | None:
    """The active account of a session, in one query."""
    row = db.session.execute(
        select(*_COLUMNS, func.array_agg(RoleRow.name))
        .join(roles_users, roles_users.c.user_id == User.id)
        .join(RoleRow, RoleRow.id == roles_users.c.role_id)
        .where(User.fs_uniquifier == uniquifier, User.active)
        .group_by(User.id)
    ).first()
    return Person(*row[:5], frozenset(row[5])) if row else None


def keep_doors():
    """Before a body is read: who comes to a door for people must have its role. `g.person` is who came in."""
    if request.blueprint in PEOPLE:
        g.sector_name = _("Sector %(name)s", name=services().directory.sector.name)
    wanted = roles_of(current_app.view_functions.get(request.endpoint or ""))
    if wanted is None:
        return None
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else ""
        return redirect(url_for("auth.sign_in", next=back or None), 303)
    g.person = current_user._get_current_object()
    if not wanted & g.person.roles:
        abort(403)
    return None


def install(app: Flask) -> None:
    """Call before the check against forged forms is installed: that one reads the body."""
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
        (AT_COUNTER, "counter.home", _("Mi mesa de partes")),
        ((*IN_BODY, *AT_COUNTER, "auditor"), "inbox.list_filings", _("Bandeja")),
        (OVER_SECTOR, "sector.board", _("Envíos")),
        (OVER_SECTOR, "sector.parked", _("Noticias apartadas")),
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
    if person is None:
        return say("SIGN_IN_WRONG", 422)
    session.clear()
    login_user(person)
    return redirect(_inside(request.form.get("next", "")) or url_for(_landing(person)), 303)


def _refuse(form, code, status):
    form = form.with_problems((Problem("", code),))
    page = render_template("auth/sign_in.html", form=form, next=request.form.get("next", ""))
    return page, status, {"Retry-After": str(int(throttles.WINDOW.total_seconds()))} if status == 429 else {}


def _inside(path):
    """A path of ours, or nothing: nobody is sent elsewhere after signing in."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else ""


def _landing(person):
    return next(endpoint for names, endpoint in LANDINGS if names & person.roles)


@bp.post("/salir")
@public("whoever is signed in leaves")
def sign_out():
    logout_user()
    session.clear()
    return redirect(url_for("auth.show_sign_in"), 303)
