"""Sent: number, key and constancia at once, on the screen and as PDF, for the browser that sent it."""

import segno
from flask import g, redirect, render_template, url_for

from hub import constancias
from hub.extensions import db, services
from hub.guards import public
from hub.web import papers
from hub.web.filing import keeping, words
from hub.web.filing.keeping import bp


def _constancia():
    house = services()
    return constancias.constancia_for_paper(
        db.session, house.directory, g.draft.filing_id,
        secret=house.tracking_secret, public_url=house.settings.public_url,
    )


@bp.get("/listo")
@public("the filing made from the draft of this browser's cookie")
def show_sent():
    constancia = _constancia()
    return render_template(
        "filing/sent.html", **vars(constancia), extent=words.extent,
        qr=segno.make(constancia.track_url, error="m", micro=False).svg_data_uri(scale=4, border=2),
    )


@bp.get("/listo/constancia.pdf")
@public("the filing made from the draft of this browser's cookie")
def give_sent():
    filing = _constancia().filing
    return papers.give(papers.constancia_paper(filing), f"constancia-{filing.filing_number}.pdf")


@bp.post("/otro")
@public("takes the sent filing out of this browser")
def begin_another():
    return keeping.forget(redirect(url_for(".choose"), 303))
