"""A body's own form: its coordinator adapts it, looks at the page as people will see it, and publishes it."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from hub import publishing
from hub.clock import now
from hub.core.bodies import DOCUMENT_TYPES
from hub.core.errors import InvalidFiling
from hub.extensions import db, services
from hub.guards import roles
from hub.web import joining_fields
from hub.web.filing import words

bp = Blueprint("publishing", __name__, url_prefix="/mi-formulario")


@bp.get("")
@roles("entity_coordinator")
def show():
    return _page(joining_fields.adapt(g.person.entity))


def _page(form, preview=None):
    body, house = g.person.entity, services()
    return render_template(
        "joining/adapt.html",
        body=body,
        form=form,
        preview=preview,
        limits=words.limit_lines(preview.limits, house.settings.online_bytes) if preview else (),
        hours=words.hours,
        document_types=DOCUMENT_TYPES,
        address=f"{house.settings.public_url}{url_for('filing.show_institution', code=body.code)}",
        is_done="publicado" in request.args,
        is_closed="cerrada" in request.args,
    )


@bp.post("")
@roles("entity_coordinator")
def adapt():
    body = g.person.entity
    form = joining_fields.adapt(body).read(request.form)
    try:
        changed = publishing.adapted(body, joining_fields.read_adapted(form, body))
    except InvalidFiling as error:
        return _page(form.with_problems(error.problems)), 422
    if request.form.get("accion") != "publicar":
        return _page(form, preview=changed)
    publishing.publish_form(db.session, changed, g.person.user_id, now())
    db.session.commit()
    return redirect(url_for(".show", publicado=1), 303)
