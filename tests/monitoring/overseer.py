"""A worker that watches over a deployment by a clock of ours; neighbours and disks are real."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hub import overseeing
from hub.clock import now
from hub.core.statuses import MessageKind
from hub.models import Heartbeat, OperatorAlert, OutboundMessage, Probe
from hub.monitoring.standing import open_alerts, settle

ROUND = timedelta(seconds=61)
WATCHER = "guardia@mesa.example"


def oversee(tools):
    """A worker's two rounds, one after the other."""
    overseeing.try_neighbours(tools)
    return overseeing.compare(tools)


class Overseer:
    """`look()` is one round of the worker, a minute after the last; `at` is what its clock says."""

    def __init__(self, office):
        self.office, self.at = office, now()
        self.tools = replace(office.tools, clock=lambda: self.at)
        self.set(warn_mail=WATCHER, stamp_probe_every=60.0)
        self.first = self._begin_anew()

    def _begin_anew(self):
        """What was wrong before this test is no business of its; gives the number of the newest alert so far."""
        with Session(self.office.engine) as session:
            settle(session, (), self.at, ROUND)
            session.execute(update(OperatorAlert).values(closed_at=self.at - timedelta(hours=2)))
            for table in (Probe, Heartbeat):
                session.execute(delete(table))
            session.commit()
            return session.scalar(select(func.max(OperatorAlert.id))) or 0

    def set(self, **settings):
        self.tools = replace(self.tools, settings=replace(self.tools.settings, **settings))

    def look(self, times=1):
        for _ in range(times):
            self.at += ROUND
            oversee(self.tools)

    def stands(self, kind):
        """Subjects of what is open of a kind."""
        with Session(self.office.engine) as session:
            return [one.subject for one in open_alerts(session) if one.kind == kind]

    def alerts(self, kind):
        with Session(self.office.engine) as session:
            query = select(OperatorAlert).where(OperatorAlert.kind == kind, OperatorAlert.id > self.first)
            return session.scalars(query.order_by(OperatorAlert.id)).all()

    def told(self, kind, by=MessageKind.MAIL):
        """What was queued of a kind of alert, oldest first: opened, again, closed."""
        ids = {str(one.id) for one in self.alerts(kind)}
        with Session(self.office.engine) as session:
            query = select(OutboundMessage).where(OutboundMessage.kind == by).order_by(OutboundMessage.created_at)
            letters = session.scalars(query).all()
        return [one.content["what"] for one in letters if one.content.get("alert_id") in ids]
