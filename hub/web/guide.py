"""What anybody may read before filing: the institutions and what they take, the counters, help."""

from dataclasses import replace

from flask import Blueprint, render_template, url_for

from hub.clock import now
from hub.core.calendar import local_date
from hub.core.errors import NotFound
from hub.extensions import services
from hub.guards import public
from hub.papers.gob_pe import Section, ServicePage, service_page
from hub.web.filing import words

bp = Blueprint("guide", __name__)
BLANK = "[por completar"
"""What the directory does not know: a person who prepares the page fills it in; nobody else reads it."""


def _bodies():
    """The bodies one can file to today, by acronym."""
    return sorted(services().directory.active(local_date(now())), key=lambda body: body.acronym)


@bp.get("/instituciones")
@public("what each institution takes is for everybody who files")
def list_institutions():
    own = services().settings.online_bytes
    rows = [(body, words.limit_lines(body.limits, own)) for body in _bodies()]
    return render_template("guide/institutions.html", rows=rows)


@bp.get("/instituciones/<code>")
@public("the page that an institution links from its own site")
def show_institution(code):
    body = services().directory.entity(code)
    if body.has_left(local_date(now())):
        raise NotFound(code, code="ENTITY_UNKNOWN")
    return render_template(
        "guide/institution.html", body=body, page=_known(service_page(_here(body))), hours=words.hours
    )


def _here(body):
    """The body with the address at which one files to it here."""
    address = services().settings.public_url.rstrip("/") + url_for("filing.show_institution", code=body.code)
    return replace(body, service=replace(body.service, url=address))


def _known(page):
    """The page without the lines that somebody has still to fill in."""
    parts = [(one, tuple(line for line in one.lines if BLANK not in line)) for one in page.sections]
    kept = tuple(Section(one.heading, lines, one.is_list) for one, lines in parts if lines)
    return ServicePage(page.title, page.description, kept)


@bp.get("/mesas-de-partes")
@public("where one can go in person")
def list_counters():
    return render_template("guide/counters.html", bodies=_bodies(), hours=words.hours)


@bp.get("/ayuda")
@public("how it works, in short answers")
def show_help():
    return render_template("guide/help.html")
