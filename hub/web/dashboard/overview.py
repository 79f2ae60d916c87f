"""The first screen: what needs a person, where everything flows, how each institution stands, what was promised."""

from flask import current_app, g, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from hub import differences, needing, unnotified
from hub import parked as parking
from hub.clock import now
from hub.core.numbers import whole
from hub.extensions import db, services
from hub.figures import live, promises, reading, standing, turns
from hub.guards import roles
from hub.web.dashboard import words
from hub.web.dashboard.asking import bp, name_of, read_asked, read_door
from hub.web.dashboard.picture import picture
from hub.web.people import OVER_SECTOR

SHOWN = 5
"""Of each kind of need on the first screen."""
PAGE, SILENT = 50, 10
"""Institutions of a page of the list, and of those that need a look told on top."""
REMEDIERS = ("sector_admin", "operator")
CERTIFICATES = "/administracion/certificados"


@bp.get("")
@roles(*OVER_SECTOR)
def show():
    house, at = services(), now()
    directory = house.directory
    asked, narrow = read_asked(directory)
    start = reading.since(at, asked.days)
    flows = live.with_unheld(db.session, reading.flows(db.session, start), start, at)
    waits = reading.waits(db.session, start)
    chosen = [one for one in flows if narrow.holds(one.door, one.destination_id)]
    waiting = live.waiting(db.session)
    found = needing.needs(db.session, narrow, at)
    open_legs = turns.turns(db.session, narrow)
    bodies = standing.standings(db.session, directory, flows, waits, open_legs, at)
    return render_template(
        "dashboard/overview.html",
        asked=asked,
        periods=reading.PERIODS,
        drawn=picture(directory, asked, narrow, flows, waiting, at),
        needs=found,
        needed=len({one.filing_id for some in found.values() for one in some}),
        turns=open_legs.legs,
        shown=SHOWN,
        listed=needing.LISTED,
        **_listed([one for one in bodies if narrow.destination_id in (0, one.entity.id)]),
        promised=promises.promises(chosen, waits, house.settings.trip_saved, narrow.destination_id),
        counted_at=reading.counted_at(db.session),
        differing=differences.count(db.session),
        parked=parking.count(db.session, directory, g.person.viewer),
        unnotified=unnotified.count_by_hand(db.session, directory, g.person.viewer, at),
        may_remedy=g.person.is_any(*REMEDIERS),
        directory=directory,
    )


def _listed(bodies):
    """The page of the list that is asked for, and those that need a look."""
    pages = max(-(-len(bodies) // PAGE), 1)
    page = min(max(request.args.get("pagina", 1, type=whole), 1), pages)
    return {
        "standings": bodies[(page - 1) * PAGE : page * PAGE], "page": page, "pages": pages,
        "silent": [one for one in bodies if not one.is_well], "silent_shown": SILENT,
    }  # fmt: skip


@bp.context_processor
def teach():
    """The words of the dashboard for its templates."""
    directory = services().directory
    return {
        "dash": words, "door_name": name_of, "dash_door": lambda key: name_of(directory, read_door(directory, key)),
        "certificates_at": certificates_at,
    }  # fmt: skip


def certificates_at(code):
    """Where the certificates of an institution are put right: their own screen where there is one."""
    try:
        current_app.url_map.bind("").match(CERTIFICATES, "GET")
    except HTTPException:
        return f"{url_for('dashboard.show_institution', code=code)}#certificados"
    return f"{CERTIFICATES}?institucion={code}"
