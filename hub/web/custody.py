"""Custody at a counter: what stays there, the hoja de remisión it leaves with, and what comes from other counters."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from hub import custody
from hub.clock import now
from hub.extensions import db, services
from hub.guards import roles
from hub.papers.remittance import RemittanceFacts, draw_remittance
from hub.web import custody_fields
from hub.web.people import AT_COUNTER
from hub.web.registers import handed

bp = Blueprint("custody", __name__, url_prefix="/mesa-de-partes/custodia")


@bp.get("")
@roles(*AT_COUNTER)
def list_kept():
    kept = custody.kept_at(db.session, services().directory, g.person.viewer)
    by_filing = {}
    for item, filing in kept.held:
        by_filing.setdefault(filing.id, (filing, services().directory.by_id(filing.destination_id), []))[2].append(item)
    return render_template(
        "custody/list.html", held=tuple(by_filing.values()), kept=kept, kind_words=custody_fields.kind_words,
        own_id=g.person.viewer.entity_id, done_with=request.args.get("hecho", ""),
    )


@bp.post("/<number>/remitir")
@roles(*AT_COUNTER)
def send_on(number):
    slip = custody.send_on(db.session, services().directory, g.person.viewer, number, now())
    db.session.commit()
    return redirect(url_for(".show_slip", slip_id=slip.id), 303)


@bp.post("/<number>/devolver")
@roles(*AT_COUNTER)
def give_back(number):
    custody.give_back(db.session, g.person.viewer, number, now())
    db.session.commit()
    return redirect(url_for(".list_kept", hecho="devuelto"), 303)


@bp.get("/remisiones/<int:slip_id>")
@roles(*AT_COUNTER)
def show_slip(slip_id):
    slip = _slip(slip_id)
    can_receive = slip.row.to_id == g.person.viewer.entity_id and slip.row.received_at is None
    return render_template(
        "custody/slip.html", slip=slip, can_receive=can_receive, kind_words=custody_fields.kind_words
    )


@bp.post("/remisiones/<int:slip_id>/recibir")
@roles(*AT_COUNTER)
def take_over(slip_id):
    custody.take_over(db.session, g.person.viewer, slip_id, now())
    db.session.commit()
    return redirect(url_for(".show_slip", slip_id=slip_id), 303)


@bp.get("/remisiones/<int:slip_id>.pdf")
@roles(*AT_COUNTER)
def print_slip(slip_id):
    slip, settings = _slip(slip_id), services().settings
    facts = RemittanceFacts(
        number=slip.number,
        filing_number=slip.filing.filing_number,
        origin=slip.origin.name,
        destination=slip.destination.name,
        made_at=slip.row.made_at,
        made_by=slip.made_by,
        presented_at=slip.filing.presented_at,
        subject=slip.filing.subject,
        destination_registry_number=slip.registry_number,
        things=tuple((item.kind, item.description) for item in slip.items),
        track_url=f"{settings.public_url}/seguimiento/{slip.filing.verification_code}",
        received_at=slip.row.received_at,
    )
    content = draw_remittance(facts, settings.year_name)
    return handed(content, "application/pdf", f"hoja-de-remision-{slip.number}.pdf", is_shown=True)


def _slip(slip_id):
    return custody.slip_of(db.session, services().directory, g.person.viewer, slip_id)
