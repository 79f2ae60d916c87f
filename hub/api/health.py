"""Says whether this process lives and can work; for whoever watches over it. No names, no addresses, no secrets."""

import json

from flask import Blueprint, Response, current_app
from sqlalchemy import text

from hub.api.errors import problem
from hub.clock import now
from hub.extensions import db, services
from hub.guards import public
from hub.readiness import GOOD, Readiness

bp = Blueprint("health", __name__)
bp.register_error_handler(Exception, problem)
NEEDED = ("base_de_datos", "tablas", "almacen")
"""Without these no filing can be taken. Without a worker it can, and waits: the counter must not close for that."""


@bp.get("/salud")
@public("says nothing but that it lives")
def show_health():
    db.session.execute(text("select 1"))
    return Response('{"estado": "en servicio"}', content_type="application/json")


@bp.get("/salud/vivo")
@public("says nothing but that this process answers, whatever its neighbours do")
def show_alive():
    return Response('{"estado": "vivo"}', content_type="application/json")


@bp.get("/salud/listo")
@public("whether this process can take a filing, in a word for each thing that was tried")
def show_ready():
    return _said(NEEDED)


@bp.get("/salud/todo")
@public("the same, and whether a worker lives: for whoever watches from outside")
def show_whole():
    return _said((*NEEDED, "repartidor"))


def _said(needed):
    checks = _readiness().checks(db.session)
    is_ready = all(checks[name] == GOOD for name in needed)
    body = json.dumps({"estado": "listo" if is_ready else "no listo", "pruebas": checks}, ensure_ascii=False)
    headers = {"Cache-Control": "no-store", **({} if is_ready else {"Retry-After": "10"})}
    return Response(body, 200 if is_ready else 503, headers, content_type="application/json")


def _readiness():
    return current_app.extensions.setdefault("mesa.readiness", Readiness(services().settings, now))
