"""A real worker over a database of its own and the declared sector, with an institution that lives in memory."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import now
from hub.core.messages import DocumentRole, Filer
from hub.core.ports import Ack, HasNot
from hub.dispatch import Dispatcher
from hub.embedded.demokeys import make_keys
from hub.entities import check_file, import_declared
from hub.intake import Reception, Submission, SubmittedFile, receive
from hub.models import Attempt, Delivery, OutboundMessage
from hub.settings import Settings
from hub.worker import Worker
from tests.directory import ENTITIES
from tests.fixtures.database import engine_for

QUICK = {
    "lease": 1.0,
    "sweep": 0.2,
    "call_timeout": 2.0,
    "retry_first": 0.02,
    "retry_factor": 1.0,
    "retry_cap": 0.05,
    "breaker_open": 0.05,
    "breaker_open_at_most": 0.1,
    "ask_after": 0.2,
}


class Institution:
    """An Adapter that keeps what it is handed in memory. `says[code]` are its next answers, an error being raised."""

    def __init__(self):
        self.says, self.says_when_asked = {}, {}
        self.handed, self.asked = [], []
        self.lock = threading.Lock()

    def deliver(self, parcel):
        with self.lock:
            self.handed.append(parcel)
        return self._next(self.says, parcel.partner.code) or Ack(now(), b"<Acuse/>")

    def status_of(self, partner, cuo):
        with self.lock:
            self.asked.append(cuo)
        return self._next(self.says_when_asked, partner.code) or HasNot()

    def _next(self, script, code):
        with self.lock:
            answers = script.get(code) or [None]
            answer = answers.pop(0) if script.get(code) else answers[0]
        if callable(answer):
            answer = answer()
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Office:
    """`worker` is the real one; its ways all lead to `institution`."""

    def __init__(self, engine, url, folder, **settings):
        keys = folder / "keys"
        self.engine = engine
        self.settings = Settings(
            database_url=url, data=str(folder), keys=str(keys), tracking_secret="de prueba", **QUICK | settings
        )
        make_keys(ENTITIES, keys)
        narrow = folder / "entities.yaml"  # few calls at once, so that a few filings fill them
        narrow.write_text(ENTITIES.read_text().replace("in_flight: 16", "in_flight: 4"))
        self.declare(narrow)
        self.institution, self.workers = Institution(), []
        self.worker = self.another_worker()
        self.tools = self.worker.tools

    def declare(self, file):
        with Session(self.engine) as session:
            checked = check_file(file, keys=self.settings.keys_folder, environ={}, now=now())
            import_declared(session, checked, now() - timedelta(minutes=1))
            session.commit()

    def another_worker(self):
        worker = Worker(self.settings)
        ways = dict.fromkeys(("rest", "soap", "iotramite", "hosted"), self.institution)
        worker.tools = replace(worker.tools, adapters=ways)
        worker.dispatcher = Dispatcher(worker.tools, worker.wake)
        self.workers.append(worker)
        return worker

    def file(self, destination="igp", email="", subject="Pide información sísmica", observed=None):
        """Take a filing at SERNANP's counter; gives the CUO of its leg, empty where the counter observed it."""
        stored = self.tools.store.put(b"%PDF-1.7 " + uuid4().bytes)
        submission = Submission(
            form_token=uuid4(),
            destination_code=destination,
            filer=Filer("dni", "10117410", "Ana Quispe Ñahui", email=email),
            document_type="solicitud",
            document_number="",
            subject=subject,
            folios=2,
            files=(SubmittedFile(DocumentRole.MAIN, "solicitud.pdf", "application/pdf", stored, pages=2),),
        )
        with Session(self.engine) as session:
            filing = receive(
                session, self.tools.directory, submission, Reception("counter", "sernanp", "principal"), now(),
                observed=observed,
            )  # fmt: skip
            session.flush()
            cuo = filing.deliveries[0].cuo if filing.deliveries else ""
            session.commit()
        return cuo

    def leg(self, cuo):
        with Session(self.engine) as session:
            return session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one()

    def message(self, cuo):
        with Session(self.engine) as session:
            return session.scalars(select(OutboundMessage).where(OutboundMessage.once == f"sobre:{cuo}")).one()

    def letters(self):
        with Session(self.engine) as session:
            query = select(OutboundMessage).where(OutboundMessage.delivery_id.is_(None))
            return session.scalars(query.order_by(OutboundMessage.created_at)).all()

    def outcomes(self, cuo):
        with Session(self.engine) as session:
            query = select(Attempt.outcome).join(OutboundMessage).where(OutboundMessage.once == f"sobre:{cuo}")
            return session.scalars(query.order_by(Attempt.id)).all()

    def work_until(self, claim, seconds=15):
        """Let the worker go round until `claim()` is true."""
        ends = time.monotonic() + seconds
        while not claim():
            assert time.monotonic() < ends, f"not true within {seconds} s"
            self.worker.dispatcher.dispatch()
            self.worker.free_stuck()
            time.sleep(0.02)

    def work_until_is(self, cuo, status, seconds=15):
        self.work_until(lambda: self.leg(cuo).status is status, seconds)

    def close(self):
        for worker in self.workers:
            for lane in worker.dispatcher.lanes.values():
                lane.pool.shutdown(wait=True)
            worker.tools.live_directory.stop()
            worker.engine.dispose()


@pytest.fixture
def office(fresh_engine, fresh_database_url, tmp_path):
    built = Office(fresh_engine, fresh_database_url, tmp_path)
    yield built
    built.close()


@contextmanager
def open_office(url, folder):
    """An office over an empty database, for a fixture that lasts longer than a test."""
    engine = engine_for(url)
    built = Office(engine, url, folder)
    yield built
    built.close()
    engine.dispose()
