"""A real institution that loses a filing from its disk, holds one that we do not know, keeps its cargo to itself."""

from dataclasses import dataclass, replace

import pytest
import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import comparing, comparisons, differences
from hub.app import create_app
from hub.clock import now
from hub.core.errors import Forbidden
from hub.core.statuses import DeliveryStatus
from hub.differences import Mend, Order
from hub.embedded.accounts import make_accounts
from hub.entities import check_file, import_declared
from hub.models import Difference, User
from hub.monitoring.figures import figures
from hub.reconciling import compare
from hub.worker import Worker
from tests.fixtures.database import engine_for
from tests.fixtures.house import PASSWORD
from tests.fixtures.http import serving
from tests.fixtures.sandbox import Keys, Sandbox, free_port
from tests.monitoring.overseer import Overseer
from tests.stages.office import ENTITIES, Office

D = DeliveryStatus
STRANGER = "9876543210"


@dataclass
class Town:
    """The office, its institution as a process, and a worker that reaches it over HTTP."""

    office: Office
    igp: Sandbox
    by: int

    def sent(self):
        cuo = self.office.file()
        self.office.work_until_is(cuo, D.SENT)
        return cuo

    def loses(self, cuo, **instead):
        answer = requests.post(f"{self.igp.url}/control/forget", json={"cuo": cuo, **instead}, timeout=5)
        assert answer.json() == {"done": True}

    def compares(self):
        tools = self.office.tools
        quick = replace(tools.settings, reconcile_grace=0.0, reconcile_pace=1e6)
        with tools.sessions() as session:
            body = tools.directory.entity("igp")
            row = comparisons.ask(session, body.id, "igp", "", now())
            runs = comparisons.claim(session, tools.name, now(), tools.lease, 1, [row.id])
            session.commit()
        assert compare(replace(tools, settings=quick), runs) == 1
        with Session(self.office.engine) as session:
            return {one.cuo: (one.kind, one.theirs) for one in comparing.open_ones(session)}

    def mends(self, mend, *cuos):
        with Session(self.office.engine) as session:
            open_now = select(Difference).where(Difference.cuo.in_(cuos), Difference.closed_at.is_(None))
            for row in session.scalars(open_now).all():
                order = Order(mend, (row.id,), "Restauraron su copia")
                differences.mend(session, self.office.tools.directory, row, order, self.by, now())
            session.commit()


@pytest.fixture(scope="module")
def town(make_database, migrated_template, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("town")
    url = make_database(migrated_template)
    engine, port = engine_for(url), free_port()
    office = Office(engine, url, tmp_path, public_url=f"http://127.0.0.1:{port}", call_timeout=10.0)
    keys = object.__new__(Keys)
    keys.folder, keys.hub_certificate = office.settings.keys_folder, None
    pace = {"register_after": 0.0, "process_after": -1, "retry_first": 0.1}
    igp = Sandbox("rest", "igp", tmp_path / "igp", keys, office.settings.public_url, options=pace).start()
    igp.control(hold_registration=True)
    with Session(engine) as session:
        environ = {"MESA_ADDRESS_IGP": igp.url}
        checked = check_file(ENTITIES, keys=office.settings.keys_folder, environ=environ, now=now())
        import_declared(session, checked, now())
        make_accounts(session, PASSWORD)
        by = session.scalars(select(User.id)).first()
        session.commit()
    office.worker = Worker(office.settings)
    office.workers.append(office.worker)
    office.tools = office.worker.tools
    app = create_app(replace(office.settings, secret_key="x"))
    with serving(app, port):
        yield Town(office, igp, by)
    igp.stop()
    app.extensions["mesa"].live_directory.stop()
    office.close()
    engine.dispose()


def test_what_it_lost_and_what_nobody_sent_it_is_told_and_closed_when_mended(town):
    overseer = Overseer(town.office)
    lost, moved, kept = town.sent(), town.sent(), town.sent()
    assert town.compares() == {}
    town.loses(lost)
    town.loses(moved, **{"as": STRANGER})
    assert town.compares() == {lost: ("lacking", ""), moved: ("lacking", ""), STRANGER: ("unknown", "held")}
    overseer.look(2)
    assert overseer.stands("reconciliation_difference") == ["igp"]
    assert overseer.alerts("reconciliation_difference")[0].details["count"] == 3
    assert measured(town)["mesa_reconciliation_differences"] == [({"institution": "igp"}, 3)]
    town.loses(STRANGER)
    with pytest.raises(Forbidden, match=r"\d+"):
        town.mends(Mend.AGAIN, STRANGER)
    town.mends(Mend.AGAIN, lost, moved)
    town.office.work_until(lambda: {town.office.leg(one).status for one in (lost, moved)} == {D.SENT})
    assert sorted(one["cuo"] for one in town.igp.held()) == sorted((lost, moved, kept))
    assert town.compares() == {}
    overseer.look()
    assert overseer.told("reconciliation_difference") == ["opened", "closed"]
    assert measured(town)["mesa_reconciliation_differences"] == [({"institution": "igp"}, 0)]


def test_a_cargo_that_never_arrived_is_taken_from_its_report_with_its_signature(town):
    cuo = town.sent()
    town.igp.control(hold_cargo=True, hold_registration=False)
    found = {}
    town.office.work_until(lambda: found.update(town.compares()) or cuo in found)
    assert found[cuo] == ("differs", "registered")
    assert town.office.leg(cuo).status is D.SENT
    town.mends(Mend.TAKE, cuo)
    leg = town.office.leg(cuo)
    assert (leg.status, leg.destination_registry_number) == (D.REGISTERED, town.igp.held(cuo)[0]["registry_number"])
    assert cuo not in town.compares()


def measured(town):
    with Session(town.office.engine) as session:
        return {one.name: one.samples for one in figures(session, town.office.tools.directory, now())}
