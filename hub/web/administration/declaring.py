"""The pages that change what the file declares: institutions, their counters and procedures, agreements, the sector."""

from flask import g, render_template, url_for

from hub import proposals
from hub.clock import now
from hub.core.calendar import local_date
from hub.extensions import db
from hub.guards import roles
from hub.web.administration import things
from hub.web.administration.asking import ADMIN, PROPOSERS, bp, declared_file, edit, keep_to_own

_OF = "/instituciones/<code>"


@bp.get("")
@roles(*PROPOSERS)
def show():
    own = g.person.entity_code
    return render_template(
        "administration/show.html", own=own, is_admin="sector_admin" in g.person.roles,
        waiting=proposals.count_open(db.session, g.person.viewer, own),
    )


@bp.get("/instituciones")
@roles(*ADMIN)
def list_institutions():
    values = declared_file().values()
    return render_template("administration/institutions.html", entities=values["entities"])


@bp.get("/institucion-nueva")
@bp.post("/institucion-nueva")
@roles(*ADMIN)
def add_institution():
    file = declared_file()
    return edit(file, things.new_institution(file.values()), url_for(".list_institutions"))


@bp.get(_OF)
@bp.post(_OF)
@roles(*PROPOSERS)
def change_institution(code):
    keep_to_own(code)
    file = declared_file()
    return edit(file, things.institution(file.values(), code), url_for(".show"))


@bp.get(f"{_OF}/mesa-nueva")
@bp.post(f"{_OF}/mesa-nueva")
@roles(*PROPOSERS)
def add_counter(code):
    keep_to_own(code)
    file = declared_file()
    return edit(file, things.counter(file.values(), code), url_for(".change_institution", code=code))


@bp.get(f"{_OF}/mesas/<counter>")
@bp.post(f"{_OF}/mesas/<counter>")
@roles(*PROPOSERS)
def change_counter(code, counter):
    keep_to_own(code)
    file = declared_file()
    return edit(file, things.counter(file.values(), code, counter), url_for(".change_institution", code=code))


@bp.get(f"{_OF}/procedimiento-nuevo")
@bp.post(f"{_OF}/procedimiento-nuevo")
@roles(*PROPOSERS)
def add_procedure(code):
    keep_to_own(code)
    file = declared_file()
    return edit(file, things.procedure(file.values(), code), url_for(".change_institution", code=code))


@bp.get(f"{_OF}/procedimientos/<procedure>")
@bp.post(f"{_OF}/procedimientos/<procedure>")
@roles(*PROPOSERS)
def change_procedure(code, procedure):
    keep_to_own(code)
    file = declared_file()
    return edit(file, things.procedure(file.values(), code, procedure), url_for(".change_institution", code=code))


@bp.get("/sector")
@bp.post("/sector")
@roles(*ADMIN)
def change_sector():
    file = declared_file()
    return edit(file, things.sector(file.values()), url_for(".show"))


@bp.get("/sector/procedimiento-nuevo")
@bp.post("/sector/procedimiento-nuevo")
@roles(*ADMIN)
def add_common():
    file = declared_file()
    return edit(file, things.procedure(file.values(), ""), url_for(".change_sector"))


@bp.get("/sector/procedimientos/<procedure>")
@bp.post("/sector/procedimientos/<procedure>")
@roles(*ADMIN)
def change_common(procedure):
    file = declared_file()
    return edit(file, things.procedure(file.values(), "", procedure), url_for(".change_sector"))


@bp.get("/convenios")
@roles(*ADMIN)
def list_agreements():
    values = declared_file().values()
    names = {one["code"]: one["acronym"] for one in values["entities"]}
    return render_template(
        "administration/agreements.html", agreements=values.get("agreements") or (), names=names,
        today=local_date(now()).isoformat(),
    )


@bp.get("/convenio-nuevo")
@bp.post("/convenio-nuevo")
@roles(*ADMIN)
def add_agreement():
    file = declared_file()
    return edit(file, things.agreement(file.values()), url_for(".list_agreements"))


@bp.get("/convenios/<int:number>")
@bp.post("/convenios/<int:number>")
@roles(*ADMIN)
def change_agreement(number):
    file = declared_file()
    return edit(file, things.agreement(file.values(), number), url_for(".list_agreements"))
