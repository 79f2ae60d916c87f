"""The operation of the hub: what is wrong now, what it means and what to do; what each machine last tried."""

from datetime import datetime

from flask import Blueprint, abort, g, render_template
from flask_babel import gettext as _

from hub.clock import now
from hub.core.calendar import local_date
from hub.extensions import db, services
from hub.guards import roles
from hub.monitoring.beats import beats
from hub.monitoring.operator_letters import Addresses, in_words
from hub.monitoring.probes import recent
from hub.monitoring.standing import closed_alerts, open_alerts
from hub.papers.operator_words import CODES, PROBES
from hub.readiness import SILENT_AFTER
from hub.sight import is_sector_wide
from hub.web.people import OVER_SECTOR

bp = Blueprint("operation", __name__, url_prefix="/operacion")


@bp.before_request
def keep_to_the_sector():
    """How the deployment fares is not for the auditor of one body: it names the others' machines and troubles."""
    person = g.get("person")
    return None if person is None or is_sector_wide(person.viewer) else abort(404)


@bp.get("")
@roles(*OVER_SECTOR)
def show_operation():
    at, alive = now(), beats(db.session)
    probes = tuple(_tried(one) for one in recent(db.session, at))
    workers = sum(one.beat_at > at - SILENT_AFTER for one in alive)
    return render_template(
        "operation/show.html",
        standing=_shown(open_alerts(db.session)),
        mended=_shown(closed_alerts(db.session)),
        probes=probes,
        workers=workers,
        is_well=bool(workers) and all(one["is_well"] for one in probes),
        silent=tuple(one for one in alive if one.beat_at <= at - SILENT_AFTER),
    )


def _shown(alerts):
    """Each alert with its words; its screen as an address within the hub."""
    addresses = Addresses("", services().settings.guide)
    return tuple((one, in_words(one, services().directory, addresses)) for one in alerts)


def _tried(probe):
    """A try as a row of the page; of a disk and of a certificate also what was measured."""
    what, _colon, which = probe.name.partition(":")
    is_well, why = not probe.code, CODES.get(probe.code, probe.code)
    if what == "disk" and (total := probe.measured.get("total")):
        share = probe.measured["free"] / total
        is_well, why = share >= services().settings.warn_disk_free, _("libre %(percent)s %%", percent=int(100 * share))
    elif what == "certificate" and "until" in probe.measured:
        ends_at = datetime.fromisoformat(probe.measured["until"])
        is_well, why = ends_at > now(), _("hasta el %(day)s", day=f"{local_date(ends_at):%d/%m/%Y}")
    name = f"{PROBES.get(what, what)} {which}".strip()
    return {"host": probe.host, "name": name, "at": probe.tried_at, "is_well": is_well, "why": why}
