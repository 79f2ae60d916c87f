"""The clerk's desk besides filing: search, what is observed, and the slip of the 80 mm roll."""

from flask import Blueprint, g, render_template, request

from hub import constancias, custody, desk
from hub.extensions import db, services
from hub.guards import roles
from hub.papers.slip import SlipFacts, draw_slip
from hub.web.forms import Field, Form
from hub.web.people import AT_COUNTER
from hub.web.registers import handed
from hub.web.sentences import say

bp = Blueprint("desk", __name__, url_prefix="/mesa-de-partes")


def search_form():
    return Form((
        Field("q", say("Número, documento de identidad o nombre"),
              say("Un número de trámite o de registro, un DNI o RUC completo, o el comienzo de un nombre"),
              type="search", max_length=100, autocomplete="off", width="two-thirds"),
    ))


@bp.get("/buscar")
@roles(*AT_COUNTER)
def search():
    form = search_form().read(request.args)
    directory, person = services().directory, g.person
    found = desk.find(db.session, person.viewer, form["q"].value)
    rows = [(filing, directory.by_id(filing.destination_id), is_taken_here(filing)) for filing in found.filings]
    return render_template("desk/search.html", form=form, rows=rows, is_more=found.is_more)


def is_taken_here(filing):
    """The seat of who is signed in took it: they may hand its constancia out again."""
    viewer = g.person.viewer
    return filing.received_by_id == viewer.entity_id and (not viewer.seats or filing.counter_code in viewer.seats)


@bp.get("/observados")
@roles(*AT_COUNTER)
def list_observed():
    directory = services().directory
    found = desk.observed(db.session, g.person.viewer)
    rows = [(filing, one, directory.by_id(filing.destination_id)) for filing, one in found]
    return render_template("desk/observed.html", rows=rows)


@bp.get("/constancias/<number>/tira.pdf")
@roles(*AT_COUNTER)
def give_slip(number):
    house = services()
    one = constancias.constancia_of(
        db.session, house.directory, g.person.viewer, number,
        secret=house.tracking_secret, public_url=house.settings.public_url,
    )
    filing, kept = one.filing, custody.items_of(db.session, one.filing.id)
    facts = SlipFacts(
        sector=say("Sector %(name)s", name=one.sector),
        counter=say("Mesa de Partes de %(body)s, %(counter)s", body=one.origin.acronym, counter=one.counter),
        filing_number=filing.filing_number,
        tracking_key=one.tracking_key,
        presented_at=filing.presented_at,
        destination=one.destination.name,
        subject=filing.subject,
        folios=filing.folios,
        files=len(one.documents),
        entry_number=one.entry_number,
        track_url=one.track_url,
        verification_code=filing.verification_code,
        observed=tuple(one.observation.items) if one.observation else (),
        things=tuple(item.description for item in kept),
    )
    return handed(draw_slip(facts), "application/pdf", f"tira-{number}.pdf", is_shown=True)
