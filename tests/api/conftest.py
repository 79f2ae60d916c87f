"""The hub over real HTTP, with the demo sector, its keys and a database of its own."""

import base64
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.orm import Session

from hub import delivery, intake
from hub.app import create_app
from hub.clock import now
from hub.core.messages import Acuse, Cargo, CargoOutcome, DocumentRole, Estado, Filer, Header
from hub.core.statuses import Movement
from hub.embedded.demokeys import make_keys
from hub.entities import check_file, import_declared
from hub.models import Delivery
from hub.parcels import sobre_of
from hub.settings import Settings
from hub.wire import seal, service, sobre
from hub.wire.authority import issue, make_authority
from hub.wire.keys import FileSigner, load_signer
from hub.wire.tokens import make_token
from tests.directory import ENTITIES
from tests.fixtures.database import engine_for
from tests.fixtures.http import serving

XML = {"Content-Type": "application/xml"}


@dataclass(frozen=True)
class Leg:
    """What a test knows of a filing that it made."""

    cuo: str
    filing_number: str
    document_ids: tuple
    contents: tuple
    link: str
    sobre_id: object
    sobre_digest: str


class Hub:
    """The running hub, and everything that an institution of the sector can do to it."""

    def __init__(self, app, url, engine, keys):
        self.app, self.url, self.engine, self.keys = app, url, engine, keys
        self.house = app.extensions["mesa"]
        self.directory = self.house.directory
        self.ruc = self.directory.operator.ruc
        self.http = requests.Session()

    @contextmanager
    def session(self):
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def ruc_of(self, code):
        return self.directory.entity(code).ruc

    def signer(self, code):
        return load_signer(self.keys / "sandbox" / f"{code}.key.pem", self.keys / "entities" / f"{code}.crt.pem")

    def own_signer(self):
        return load_signer(self.keys / "hub" / "envelope.key.pem", self.keys / "hub" / "envelope.crt.pem")

    def present(self, to, contents=(b"%PDF-1.4 principal",)):
        """Take a filing to `to` and leave its Sobre in the outbox; gives the CUO."""
        submission = self._submission(to, contents, ())
        taken = intake.Reception("counter", "sernanp", "principal")
        with self.session() as session:
            filing = intake.receive(session, self.directory, submission, taken, now())
            session.commit()
            return filing.deliveries[0].cuo

    def file(self, to="igp", contents=(b"%PDF-1.4 principal",), names=("Solicitud Ñaña.pdf",)):
        """Take a filing to `to`, and sign its Sobre as the worker does before it leaves."""
        submission = self._submission(to, contents, names)
        with self.session() as session:
            filing = intake.receive(
                session, self.directory, submission, intake.Reception("counter", "sernanp", "principal"), now()
            )
            session.commit()
            leg = filing.deliveries[0]
            number, cuo = filing.filing_number, leg.cuo
            ids = tuple(document.id for document in filing.documents)
            message_id, digest, link = self._sign(session, self.directory.entity(to).id, cuo)
        return Leg(cuo, number, ids, tuple(contents), link, message_id, digest)

    def _submission(self, to, contents, names):
        files = tuple(
            intake.SubmittedFile(
                DocumentRole.MAIN if place == 0 else DocumentRole.ANNEX,
                names[place] if place < len(names) else f"anexo {place}.bin",
                "application/pdf" if place == 0 else "application/octet-stream",
                self.house.store.put(content),
            )
            for place, content in enumerate(contents)
        )
        return intake.Submission(
            uuid4(), to, Filer("dni", "10117410", "Rosa Ñahui"), "solicitud", "s/n", "Registros", 1, files
        )

    def _sign(self, session, entity_id, cuo):
        claims = delivery.claim(session, entity_id, "test", now(), lease=timedelta(minutes=5), cap=10_000, batch=10_000)
        mine = next(claim for claim in claims if claim.delivery.cuo == cuo)
        documents = mine.delivery.filing.documents
        values = sobre_of(mine.message, mine.delivery, documents, self.directory, self.house.addresses, now())
        sealed = seal.seal(sobre.build(values), self.own_signer())
        digest = seal.digest_of(sealed)
        delivery.hand_out(session, [(mine, sealed, digest)], now())
        session.commit()
        return mine.message.id, digest, mine.link_token

    def leg(self, cuo):
        with self.session() as session:
            return session.query(Delivery).filter_by(cuo=cuo).one()

    def status(self, cuo):
        return self.leg(cuo).status.value

    def rows(self, model, **values):
        with self.session() as session:
            return session.query(model).filter_by(**values).all()

    def documents(self):
        """Every object of the document store."""
        return (path for path in (Path(self.house.settings.data) / "documents").rglob("*") if path.is_file())

    def header(self, leg, code="igp", **changes):
        values = {
            "message_id": uuid4(),
            "sender_ruc": self.ruc_of(code),
            "receiver_ruc": self.ruc,
            "filing_number": leg.filing_number,
            "cuo": leg.cuo,
            "issued_at": now(),
        }
        return Header(**values | changes)

    def cargo(self, leg, code="igp", number="004512", at=None, **changes):
        return Cargo(
            self.header(leg, code, **changes), CargoOutcome.REGISTERED, at or now(), number, "2026", unit="Dirección"
        )

    def estado(self, leg, movement=Movement.IN_PROCESS, code="igp", **changes):
        return Estado(self.header(leg, code, **changes), movement, now(), "Redes")

    def acuse(self, leg, code="igp", digest=None, **changes):
        header = self.header(leg, code, **{"answers": leg.sobre_id} | changes)
        return Acuse(header, digest or leg.sobre_digest, now())

    def sealed(self, message, code="igp"):
        return seal.seal(sobre.build(message), self.signer(code))

    def post(self, raw, headers=XML):
        return self.http.post(f"{self.url}/api/v1/mensajes", raw, headers=headers, timeout=20)

    def post_soap(self, raw):
        return self.call_soap(f"<mensaje>{base64.b64encode(raw).decode()}</mensaje>")

    def call_soap(self, content, operation="recibirMensaje", headers=None):
        body = (
            f'<s:Envelope xmlns:s="{service.SOAP}"><s:Body><{operation} xmlns="{service.NS}">{content}</{operation}>'
            "</s:Body></s:Envelope>"
        )
        headers = headers or {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        return self.http.post(f"{self.url}/soap/mesadepartes", body.encode(), headers=headers, timeout=20)

    def token(self, code="igp", at=None, to=None, jti=None):
        signer, caller = self.signer(code), self.ruc_of(code)
        return make_token(signer, caller_ruc=caller, called_ruc=to or self.ruc, jti=jti or uuid4(), now=at or now())

    def fetch(self, leg, place=0, token=None, document_id=None, **headers):
        url = f"{self.url}/api/v1/envios/{leg.cuo}/documentos/{document_id or leg.document_ids[place]}"
        token = self.token() if token is None else token
        sent = {"Authorization": f"Bearer {token}"} | {name.replace("_", "-"): text for name, text in headers.items()}
        return self.http.get(url, headers={name: text for name, text in sent.items() if text}, timeout=20)


@contextmanager
def running_hub(database_url, data, entities=ENTITIES, **changes):
    """A hub of its own over HTTP, with the sector of that file."""
    values = {
        "database_url": database_url, "data": str(data), "keys": str(data / "keys"), "entities": str(entities),
        "secret_key": "de prueba", "tracking_secret": "de prueba", "public_url": "http://mesa.prueba", "is_demo": True,
    }  # fmt: skip
    settings = Settings(**values | changes)
    make_keys(entities, settings.keys_folder)
    engine = engine_for(database_url)
    with Session(engine) as session:
        checked = check_file(entities, keys=settings.keys_folder, environ={}, now=now())
        import_declared(session, checked, now() - timedelta(minutes=1))
        session.commit()
    app = create_app(settings)
    live_directory = app.extensions["mesa"].live_directory
    with serving(app) as url:
        yield Hub(app, url, engine, settings.keys_folder)
    live_directory.stop()
    engine.dispose()


@pytest.fixture(scope="session")
def hub(make_database, migrated_template, tmp_path_factory):
    with running_hub(make_database(migrated_template), tmp_path_factory.mktemp("hub")) as running:
        yield running


OUTSIDE = """
  - code: pcm
    ruc: "20168999926"
    acronym: PCM
    name: Presidencia del Consejo de Ministros
    kind: ministry
    counters: [{code: principal, name: Sede central, place: Lima, ubigeo: "150100", principal: true}]
    adapter: {kind: pide, address: "http://127.0.0.1:9", options: {enabled: "yes"}}
    addressee: {unit: Trámite, name: ANA RUIZ, job_title: Jefa}
  - code: regulador
    ruc: "20131372184"
    acronym: OTRA
    name: Entidad de otro sector
    kind: other
    counters: [{code: principal, name: Sede central, place: Lima, ubigeo: "150100", principal: true}]
    adapter: {kind: pide}
    addressee: {unit: Trámite, name: ANA RUIZ, job_title: Jefa}
"""


def with_gateway(folder):
    """The demo sector and a body outside of it, in a file of that folder."""
    declared = folder / "entities.yaml"
    head, agreements, rest = ENTITIES.read_text("utf-8").partition("\nagreements:")
    declared.write_text(head.rstrip() + "\n" + OUTSIDE + agreements + rest, "utf-8")
    return declared


@pytest.fixture(scope="session")
def open_hub(make_database, migrated_template, tmp_path_factory):
    """A hub whose gateway is on: one body outside the sector is declared, reached by the national platform."""
    data = tmp_path_factory.mktemp("gateway")
    with running_hub(make_database(migrated_template), data, with_gateway(data)) as running:
        yield running


@pytest.fixture
def leg(hub):
    """A filing on its way to IGP."""
    return hub.file()


@pytest.fixture
def stranger(hub):
    """stranger(message) -> the message, signed by a key whose certificate the directory does not hold."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = make_authority(ec.generate_private_key(ec.SECP256R1()), now())
    certificate = issue(authority, key.public_key(), hub.ruc_of("igp"), "Nadie", now())
    signer = FileSigner(key, certificate.public_bytes(Encoding.PEM))
    return lambda message: seal.seal(sobre.build(message), signer)
