"""People of a body: its coordinator makes accounts and units, changes them, and reads what everybody did to them."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from hub import staff, units
from hub.clock import now
from hub.core.errors import InvalidFiling, NotFound
from hub.core.numbers import whole_or
from hub.extensions import db, services
from hub.guards import roles
from hub.staff import Manager, Member
from hub.web import staff_fields
from hub.web.staff_words import ROLES

bp = Blueprint("staff", __name__, url_prefix="/personal")
MANAGERS = ("entity_coordinator", "seat_coordinator", "sector_admin")
OF_UNITS = ("entity_coordinator", "sector_admin")


def _body():
    """The body that is managed: their own; for who runs the sector the one that the address names."""
    named = request.values.get("entidad", "")
    if "sector_admin" in g.person.roles and named:
        try:
            return services().directory.entity(named)
        except NotFound:
            abort(404)
    return g.person.entity if g.person.entity_code else services().directory.operator


def _manager():
    return Manager(g.person.viewer, _body())


def _named():
    """What addresses keep for who runs the sector."""
    return {"entidad": request.values["entidad"]} if request.values.get("entidad") else {}


@bp.get("")
@roles(*MANAGERS)
def list_people():
    return _list(staff_fields.new_unit())


def _list(unit_form):
    manager, directory = _manager(), services().directory
    may_see_every = "sector_admin" in g.person.roles
    return render_template(
        "staff/list.html",
        body=manager.body,
        bodies=sorted(directory.entities, key=lambda one: one.acronym) if may_see_every else (),
        rows=[(user, unit, manager.may_manage(user)) for user, unit in staff.people(db.session, manager)],
        role_names=ROLES,
        units=units.of_body(db.session, manager.body.id),
        unit_form=unit_form,
        may_change_units=g.person.is_any(*OF_UNITS),
        named=_named(),
        done=request.args.get("hecho", ""),
    )


@bp.get("/nueva")
@roles(*MANAGERS)
def new_person():
    return _ask(_manager(), _form(_manager()))


def _form(manager, is_known=False):
    return staff_fields.member(
        manager.body, manager.grants, units.of_body(db.session, manager.body.id), is_known=is_known
    )


def _ask(manager, form, user=None):
    return render_template("staff/person.html", form=form, body=manager.body, user=user, named=_named())


def _read(form):
    typed = form.values()
    return Member(
        typed["name"], typed.get("email", ""), typed["role"], typed["counter_code"],
        whole_or(typed["unit_id"], None),
    )  # fmt: skip


@bp.post("/nueva")
@roles(*MANAGERS)
def invite():
    manager = _manager()
    form = _form(manager).read(request.form)
    try:
        staff.invite(db.session, manager, _read(form), now())
    except InvalidFiling as error:
        db.session.rollback()
        return _ask(manager, form.with_problems(error.problems)), 422
    db.session.commit()
    return redirect(url_for(".list_people", hecho="invitada", **_named()), 303)


@bp.get("/<int:user_id>")
@roles(*MANAGERS)
def show_person(user_id):
    manager = _manager()
    user = staff.member(db.session, manager, user_id)
    form = _form(manager, is_known=True).read({
        "name": user.name, "role": next((role.name for role in user.roles), ""),
        "counter_code": user.counter_code, "unit_id": str(staff.unit_of(db.session, user.id) or ""),
    })  # fmt: skip
    return _ask(manager, form, user)


@bp.post("/<int:user_id>")
@roles(*MANAGERS)
def change(user_id):
    manager = _manager()
    user = staff.member(db.session, manager, user_id)
    form = _form(manager, is_known=True).read(request.form)
    try:
        staff.change(db.session, manager, user_id, _read(form), now())
    except InvalidFiling as error:
        db.session.rollback()
        return _ask(manager, form.with_problems(error.problems), user), 422
    db.session.commit()
    return redirect(url_for(".list_people", hecho="cambiada", **_named()), 303)


@bp.post("/<int:user_id>/desactivar")
@roles(*MANAGERS)
def switch_off(user_id):
    return _switch(user_id, is_on=False)


@bp.post("/<int:user_id>/activar")
@roles(*MANAGERS)
def switch_on(user_id):
    return _switch(user_id, is_on=True)


def _switch(user_id, is_on):
    staff.switch(db.session, _manager(), user_id, now(), is_on=is_on)
    db.session.commit()
    return redirect(url_for(".list_people", hecho="cambiada", **_named()), 303)


@bp.post("/<int:user_id>/contrasena")
@roles(*MANAGERS)
def reset(user_id):
    staff.reset(db.session, _manager(), user_id, now())
    db.session.commit()
    return redirect(url_for(".list_people", hecho="invitada", **_named()), 303)


@bp.post("/oficinas")
@roles(*OF_UNITS)
def add_unit():
    form = staff_fields.new_unit().read(request.form)
    try:
        units.add(db.session, _body(), form["unit_name"].value, g.person.user_id, now())
    except InvalidFiling as error:
        db.session.rollback()
        return _list(form.with_problems(error.problems)), 422
    db.session.commit()
    return redirect(url_for(".list_people", hecho="oficina", **_named()), 303)


@bp.post("/oficinas/<int:unit_id>/cerrar")
@roles(*OF_UNITS)
def close_unit(unit_id):
    units.close(db.session, _body(), unit_id, g.person.user_id, now())
    db.session.commit()
    return redirect(url_for(".list_people", hecho="oficina", **_named()), 303)
