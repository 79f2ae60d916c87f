"""The operation of the hub: what is wrong now, what it means and what to do; what each machine last tried."""

from flask import Blueprint, render_template

from hub.clock import now
from hub.extensions import db, services
from hub.guards import roles
from hub.monitoring.beats import beats
from hub.monitoring.operator_letters import Addresses, in_words
from hub.monitoring.probes import recent
from hub.monitoring.standing import closed_alerts, open_alerts
from hub.papers.operator_words import CODES, PROBES
from hub.readiness import SILENT_AFTER
from hub.web.people import OVER_SECTOR

bp = Blueprint("operation", __name__, url_prefix="/operacion")


@bp.get("")
@roles(*OVER_SECTOR)
def show_operation():
    at, alive = now(), beats(db.session)
    return render_template(
        "operation/show.html",
        standing=_shown(open_alerts(db.session)),
        mended=_shown(closed_alerts(db.session)),
        probes=tuple(_tried(one) for one in recent(db.session, at)),
        workers=sum(one.beat_at > at - SILENT_AFTER for one in alive),
        silent=tuple(one for one in alive if one.beat_at <= at - SILENT_AFTER),
    )


def _shown(alerts):
    """Each alert with its words; its screen as an address within the hub."""
    addresses = Addresses("", services().settings.guide)
    return tuple((one, in_words(one, services().directory, addresses)) for one in alerts)


def _tried(probe):
    what, _colon, which = probe.name.partition(":")
    name = f"{PROBES.get(what, what)} {which}".strip()
    return {"host": probe.host, "name": name, "at": probe.tried_at, "is_well": not probe.code,
            "why": CODES.get(probe.code, probe.code)}  # fmt: skip
