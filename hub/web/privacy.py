"""What each body does with personal data: information, not consent (Ley 29733 arts. 14 and 18)."""

from flask import Blueprint, render_template

from hub.clock import now
from hub.core.calendar import local_date
from hub.extensions import services
from hub.guards import public
from hub.web.privacy_words import notice_of

bp = Blueprint("privacy", __name__, url_prefix="/privacidad")


@bp.get("")
@public("information that the law wants clear and permanent")
def list_bodies():
    directory = services().directory
    bodies = sorted(directory.active(local_date(now())), key=lambda body: body.acronym)
    return render_template("privacy/list.html", bodies=bodies, operator=directory.operator)


@bp.get("/<code>")
@public("information that the law wants clear and permanent")
def show_body(code):
    directory = services().directory
    body = directory.entity(code)
    return render_template("privacy/body.html", body=body, sections=notice_of(body, directory.operator))
