"""Says whether this process and its database answer; for whoever watches over them."""

from flask import Blueprint, Response
from sqlalchemy import text

from hub.api.errors import problem
from hub.extensions import db
from hub.guards import public

bp = Blueprint("health", __name__)
bp.register_error_handler(Exception, problem)


@bp.get("/salud")
@public("says nothing but that it lives")
def show_health():
    db.session.execute(text("select 1"))
    return Response('{"estado": "en servicio"}', content_type="application/json")
