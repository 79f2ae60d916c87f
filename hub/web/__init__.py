"""The doors for people: citizen, counter, inbox, sector."""

from flask import Flask

from hub.extensions import csrf
from hub.web import (
    account,
    acts,
    administration,
    assigning,
    auth,
    calendar,
    casilla,
    citizen,
    closing,
    counter,
    custody,
    dashboard,
    desk,
    evidence,
    evidence_checking,
    filing,
    guide,
    inbox,
    incidents,
    invited,
    joining,
    ledger,
    observing,
    operation,
    outages,
    own,
    papers,
    privacy,
    publishing,
    recovery,
    registers,
    reports,
    second_step,
    sector,
    seen,
    staff,
    trail,
    tray,
    unnotified,
    uploads,
    verifying,
)
from hub.web.look import dress

DOORS = (
    account.bp, tray.bp,
    auth.bp, citizen.bp, filing.bp, casilla.bp, recovery.bp, privacy.bp, counter.bp, inbox.bp, acts.bp, unnotified.bp,
    registers.bp, reports.bp, sector.bp, incidents.bp, calendar.bp, outages.bp,
    assigning.bp, own.bp, staff.bp, invited.bp, second_step.bp,
    joining.bp, publishing.bp, closing.bp,
    papers.bp, verifying.bp, observing.bp, evidence.bp, evidence_checking.bp, ledger.bp,
    desk.bp, custody.bp, guide.bp, operation.bp, dashboard.bp, trail.bp,
    administration.bp,
)


def install(app: Flask) -> None:
    """Dress the application and open its doors for people.

    The order is the rule: who may come in is asked before a form's body is read, and forged forms are looked for
    after it.
    """
    dress(app)
    auth.install(app)
    seen.install(app)
    uploads.install(app)
    csrf.init_app(app)
    for door in DOORS:
        app.register_blueprint(door)
