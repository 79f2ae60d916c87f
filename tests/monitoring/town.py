"""An office and a real institution: a process that it reaches over HTTP, and that may be stopped and started again."""

from dataclasses import dataclass, replace

import pytest
import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import comparing, comparisons, differences
from hub.app import create_app
from hub.clock import now
from hub.core.statuses import DeliveryStatus
from hub.differences import Order
from hub.embedded.accounts import make_accounts
from hub.entities import check_file, import_declared
from hub.models import Difference, User
from hub.reconciling import compare
from hub.worker import Worker
from tests.fixtures.database import engine_for
from tests.fixtures.house import PASSWORD
from tests.fixtures.http import serving
from tests.fixtures.sandbox import Keys, Sandbox
from tests.ports import free_port
from tests.stages.office import ENTITIES, Office


@dataclass
class Town:
    """The office, its institution as a process, and a worker that reaches it over HTTP."""

    office: Office
    igp: Sandbox
    by: int

    def sent(self):
        cuo = self.office.file()
        self.office.work_until_is(cuo, DeliveryStatus.SENT, 60)
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
    office = Office(engine, url, tmp_path, public_url=f"http://127.0.0.1:{port}", call_timeout=10.0, lease=20.0)
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
        by = session.scalars(select(User.id).order_by(User.id)).first()
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
