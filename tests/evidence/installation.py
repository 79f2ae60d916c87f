"""One whole installation: its own keys, database, web over HTTP, worker, a REST institution, a time-stamp authority.

A filing walks in it: filed, sent, observed, corrected, registered, answered; its events sealed and stamped on the way.
"""

import secrets
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from adapters.sandbox.stamping import make_authority
from hub import sealer
from hub.app import create_app
from hub.clock import now
from hub.core.messages import DocumentRole, Filer
from hub.core.statuses import RefusalReason
from hub.corrections import Correction, submit
from hub.embedded.accounts import make_accounts
from hub.embedded.demokeys import make_keys
from hub.entities import check_file, import_declared
from hub.events import tell
from hub.evidence.building import Seals, build
from hub.evidence.gathering import Published, gather
from hub.intake import Reception, Submission, SubmittedFile, receive
from hub.models import Delivery, Event, Filing, Observation, Paper
from hub.rerouting import Person, Why, reroute
from hub.settings import Settings
from hub.wire.keys import load_signer
from hub.wire.timestamps import check_token, request_for, token_in
from hub.worker import Worker
from tests.fixtures.database import engine_for
from tests.fixtures.house import ENTITIES, PASSWORD, a_pdf
from tests.fixtures.http import serving
from tests.fixtures.sandbox import ROOT, Sandbox, wait_until
from tests.ports import free_port
from tests.stages.office import QUICK


class KeysOf:
    """The keys of an installation, as the sandbox asks for them."""

    def __init__(self, folder):
        self.folder = folder

    def of(self, code):
        return self.folder / "sandbox" / f"{code}.key.pem", self.folder / "entities" / f"{code}.crt.pem"


class Stamper:
    """A TimeStamper over the sandbox's authority, without HTTP between."""

    def __init__(self, folder):
        self.authority = make_authority(folder, folder / "published.pem")
        self.trusted = (folder / "published.pem").read_bytes()

    def stamp(self, sha256):
        nonce = secrets.randbits(63)
        token = token_in(self.authority.reply(request_for(sha256, nonce)), nonce)
        return check_token(token, sha256, (self.trusted,))


class Installation:
    """`number` and `filing_id` are of the filing that walked; `make(...)` gives its bundle as a file."""

    def __init__(self, database_url, folder):
        self.folder, self.keys = folder, folder / "keys"
        self.port, self.igp_port, self.oefa_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = Settings(
            database_url=database_url, data=str(folder), keys=str(self.keys), entities=str(ENTITIES),
            secret_key="de prueba", tracking_secret="de prueba", public_url=self.url, is_demo=True,
            **QUICK | {"lease": 20.0, "call_timeout": 10.0},
        )  # fmt: skip
        make_keys(ENTITIES, self.keys)
        self.stamper = Stamper(folder / "tsa")
        (self.keys / "tsa").mkdir(exist_ok=True)
        (self.keys / "tsa" / "crt.pem").write_bytes(self.stamper.trusted)
        self.engine = engine_for(database_url)
        self._declare()
        self.app = create_app(self.settings)
        self.worker = Worker(self.settings)
        self.tools = replace(self.worker.tools, stamper=self.stamper)

    def _declare(self):
        environ = {
            "MESA_ADDRESS_IGP": f"http://127.0.0.1:{self.igp_port}",
            "MESA_ADDRESS_OEFA": f"http://127.0.0.1:{self.oefa_port}/wsiotramite/Tramite",
        }
        with Session(self.engine) as session:
            checked = check_file(ENTITIES, keys=self.keys, environ=environ, now=now())
            import_declared(session, checked, now() - timedelta(minutes=1))
            make_accounts(session, PASSWORD)
            session.commit()

    @property
    def directory(self):
        return self.tools.directory

    def signer(self, purpose):
        return load_signer(self.keys / "hub" / f"{purpose}.key.pem", self.keys / "hub" / f"{purpose}.crt.pem")

    def seals(self, stamper="own"):
        chosen = self.stamper if stamper == "own" else stamper
        return Seals(self.signer("seal"), ((self.keys / "ca" / "crt.pem").read_bytes(),), chosen)

    def seal(self):
        """What the worker does every second: seal what waits, stamp the newest root."""
        sealer.seal_events(self.tools)
        sealer.stamp_roots(self.tools)

    def file(self, destination="igp", *, has_paper=True, **changes):
        """A filing of two documents, taken at SERNANP's counter, and its constancia; gives its row id and number."""
        files = tuple(
            SubmittedFile(role, name, "application/pdf", self.tools.store.put(a_pdf()), pages=2)
            for role, name in ((DocumentRole.MAIN, "Solicitud Ñaña.pdf"), (DocumentRole.ANNEX, "Mapa de la zona.pdf"))
        )
        values = {
            "form_token": uuid4(), "destination_code": destination, "document_type": "solicitud",
            "document_number": "s/n", "subject": "Pide los registros del sismo de Lomas", "folios": 3, "files": files,
            "filer": Filer("dni", "10117410", "Quispe Ñahui, Ana", email="ana@ejemplo.pe"),
        } | changes  # fmt: skip
        with Session(self.engine) as session:
            reception = Reception("counter", "sernanp", "principal")
            filing = receive(session, self.directory, Submission(**values), reception, now())
            session.flush()
            if has_paper:
                self.add_paper(session, filing, "constancia")
            session.commit()
            return filing.id, filing.filing_number

    def add_paper(self, session, filing, kind, leg=None):
        """A paper as the process that makes them writes it down."""
        stored = self.tools.store.put(a_pdf())
        session.add(
            Paper(
                filing_id=filing.id, delivery_id=leg.id if leg else None, kind=kind, version=1, sha256=stored.sha256,
                size=stored.size, object_key=stored.object_key, made_at=now(),
            )
        )  # fmt: skip
        tell(session, filing, "paper_made", now(), delivery=leg, paper=kind, version=1, sha256=stored.sha256)

    def work_until(self, claim, seconds=40):
        def worked():
            self.worker.dispatcher.dispatch()
            return claim()

        try:
            wait_until(worked, seconds)
        except AssertionError as error:
            with Session(self.engine) as session:
                told = session.execute(text("select filing_id, kind, data from events order by id")).all()
            raise AssertionError(f"not within {seconds} s: {told}") from error

    def kinds(self, filing_id):
        with Session(self.engine) as session:
            query = select(Event.kind).where(Event.filing_id == filing_id).order_by(Event.position)
            return session.scalars(query).all()

    def correct(self, filing_id):
        """The filer answers what was observed, with one more document."""
        file = SubmittedFile(
            DocumentRole.ANNEX, "Poder.pdf", "application/pdf", self.tools.store.put(a_pdf()), pages=2
        )
        with Session(self.engine) as session:
            observation = session.scalars(select(Observation).where(Observation.filing_id == filing_id)).one()
            submit(session, self.directory, observation, Correction(uuid4(), ("Va el poder",), (file,)), now())
            session.commit()

    def institution(self, way, code, folder, port):
        pace = {"register_after": 0.1, "process_after": 0.1, "answer_after": 0.1, "retry_first": 0.2}
        return Sandbox(way, code, folder / code, KeysOf(self.keys), self.url, port=port, options=pace)

    def walk(self, folder):
        """Three filings to IGP, by (row id, number): one is observed, corrected, registered and answered, sealed in
        four batches; another goes straight; the third is refused and goes on to OEFA by the national contract.
        """
        igp = self.institution("rest", "igp", folder, self.igp_port)
        oefa = self.institution("iotramite", "oefa", folder, self.oefa_port)
        with ExitStack() as undo:
            undo.enter_context(serving(self.app, self.port))
            for one in (igp, oefa):
                one.start()
                undo.callback(one.stop)
            walked, plain = self._walk(igp)
            return walked, plain, self._walk_on(igp)

    def _walk(self, igp):
        igp.control(observe_next=["Falta el poder"])
        filing_id, number = self.file()
        self.file("iiap")  # another's events stand beside its own in the tree
        self.seal()
        self.work_until(lambda: "observed" in self.kinds(filing_id))
        self.seal()
        other = self.file()
        self.correct(filing_id)
        sealer.seal_events(self.tools)  # a batch without a stamp of its own: the next one's covers it
        self.work_until(lambda: all(self.kinds(one).count("movement") >= 2 for one in (filing_id, other[0])))
        with Session(self.engine) as session:
            legs = session.scalars(select(Delivery).where(Delivery.filing_id == filing_id).order_by(Delivery.id)).all()
            self.add_paper(session, session.get_one(Filing, filing_id), "cargo", legs[-1])
            session.commit()
        self.seal()
        return (filing_id, number), other

    def _walk_on(self, igp):
        igp.control(refuse_next={"reason": "NO_COMPETE", "text": "Es del OEFA"})
        filing_id, number = self.file()
        self.work_until(lambda: "refused" in self.kinds(filing_id))
        with Session(self.engine) as session:
            leg = session.scalars(select(Delivery).where(Delivery.filing_id == filing_id)).one()
            why = Why(RefusalReason.NOT_COMPETENT, "Es del OEFA")
            reroute(session, self.directory, leg.cuo, "oefa", why, Person("1"), now(), is_confirmed=True)
            session.commit()
        self.work_until(lambda: "registered" in self.kinds(filing_id))
        self.seal()
        return filing_id, number

    def published(self):
        own = tuple(path.read_bytes() for path in sorted((self.keys / "hub").glob("*.crt.pem")))
        return Published((self.keys / "ca" / "crt.pem").read_bytes(), own, self.stamper.trusted, self.url)

    def case(self, filing_id):
        with Session(self.engine) as session:
            return gather(session, self.directory, self.tools.store, filing_id, self.published(), now())

    def make(self, filing_id, path, stamper="own"):
        with path.open("w+b") as out:
            built = build(self.case(filing_id), out, self.seals(stamper), now())
        return built

    def roots(self):
        with Session(self.engine) as session:
            return session.scalars(text("select jws from ledger_batches order by id")).all()

    def close(self):
        for lane in self.worker.dispatcher.lanes.values():
            lane.pool.shutdown(wait=True)
        self.worker.tools.live_directory.stop()
        self.app.extensions["mesa"].live_directory.stop()
        self.worker.engine.dispose()
        self.engine.dispose()


def mesa(*arguments, empty):
    """`mesa ...` as a process of another installation, that shares nothing: an empty data folder, no database."""
    environ = {"PATH": "/usr/bin:/bin", "MESA_DATA": str(empty), "HOME": str(empty), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "hub.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
