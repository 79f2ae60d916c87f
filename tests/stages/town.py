"""A town whose legs are compared with an institution that lives in memory."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import comparing, comparisons, differences
from hub.clock import now
from hub.core.ports import News, NewsKind
from hub.core.statuses import DeliveryStatus
from hub.differences import Order
from hub.models import Comparison, Delivery, Difference, InstitutionState
from hub.reconciling import compare
from tests.stages.office import open_office
from tests.stages.sector import make_clerk

D = DeliveryStatus


class Town:
    """An office with one person who mends, and a worker whose comparisons are quick."""

    def __init__(self, office):
        self.office, self.at = office, now()
        settings = replace(office.settings, reconcile_grace=0.0, reconcile_pace=1e6, reconcile_at="")
        self.tools = replace(office.tools, settings=settings, clock=lambda: self.at)
        with Session(office.engine) as session:
            self.by = make_clerk(session).id
            session.commit()

    def sent(self, body="igp"):
        cuo = self.office.file(body)
        self.office.work_until_is(cuo, D.SENT)
        return cuo

    def compares(self, body="igp"):
        """Ask for a comparison and carry it out; gives its row."""
        entity = self.office.tools.directory.entity(body)
        self.at = now()
        with self.tools.sessions() as session:
            row = comparisons.ask(session, entity.id, body, str(self.by), self.at)
            (run,) = comparisons.claim(session, self.tools.name, self.at, self.tools.lease, 1, [row.id])
            session.commit()
        compare(self.tools, [run])
        with Session(self.office.engine) as session:
            return session.get_one(Comparison, run.id)

    def lists(self, lines):
        """From now on the institution has a list of its own."""
        ways = dict(self.tools.adapters) | {"rest": Listing(self.office.institution, lines)}
        self.tools = replace(self.tools, adapters=ways)

    def differ(self):
        """{CUO: (kind, ours, theirs)} of what is open."""
        with Session(self.office.engine) as session:
            return {one.cuo: (one.kind, one.ours, one.theirs) for one in comparing.open_ones(session)}

    def mends(self, cuo, mend, reason="Llamé a sistemas"):
        with Session(self.office.engine) as session:
            row = session.scalars(select(Difference).where(Difference.cuo == cuo).order_by(Difference.id)).all()[-1]
            order = Order(mend, (row.id,), reason)
            differences.mend(session, self.office.tools.directory, row, order, self.by, now())
            session.commit()


@pytest.fixture(scope="module")
def office(make_database, migrated_template, tmp_path_factory):
    with open_office(make_database(migrated_template), tmp_path_factory.mktemp("office")) as built:
        yield built


@pytest.fixture
def town(office):
    """Nothing of the test before is compared, and the institution knows nothing of it."""
    with Session(office.engine) as session:
        session.execute(update(Delivery).values(status=D.CANCELLED))
        session.execute(update(InstitutionState).values(maintenance_from=None, maintenance_until=None))
        session.execute(update(Difference).values(closed_at=now()))
        session.execute(update(Comparison).values(until=None, finished_at=now()))
        session.commit()
    institution = office.institution
    for one in (institution.says, institution.says_when_asked, institution.handed, institution.asked):
        one.clear()
    return Town(office)


def registered(cuo, number="000077", **values):
    return News(NewsKind.REGISTERED, cuo, now() - timedelta(hours=1), "20131367008", uuid4(),
                registry_number=number, registry_year="2026", raw=b"<Cargo/>", **values)  # fmt: skip


class Listing:
    """The institution of the office, with a list of its own."""

    def __init__(self, institution, lines):
        self.institution, self.lines = institution, lines
        self.deliver, self.status_of = institution.deliver, institution.status_of

    def list_since(self, partner, since, between):
        return tuple(one for one in self.lines if one.held_since >= since)
