"""A small sector for the tests of the stages: written to the tables as an import would, read back as a Directory."""

from dataclasses import replace
from datetime import date, datetime, timezone
from uuid import uuid4

from sqlalchemy import select

from hub.core.bodies import (
    AdapterKind,
    AdapterRecord,
    AgreementRecord,
    BodyKind,
    CounterRecord,
    EntityRecord,
    SectorRecord,
)
from hub.core.calendar import Policy
from hub.core.directory import Directory
from hub.core.identifiers import Ruc
from hub.core.messages import DocumentRole, Filer
from hub.core.statuses import Mode
from hub.intake import Reception, Submission, SubmittedFile, receive
from hub.models import EntityRow, User
from hub.storage import Stored

NOW = datetime(2026, 11, 20, 21, 20, tzinfo=timezone.utc)
BODIES = {
    "minam": ("20492966658", AdapterKind.HOSTED),
    "sernanp": ("20478053178", AdapterKind.HOSTED),
    "igp": ("20131367008", AdapterKind.REST),
    "senace": ("20556097055", AdapterKind.SOAP),
    "oefa": ("20521286769", AdapterKind.IOTRAMITE),
}


def make_sector(session, **changes):
    """The directory of five bodies; `changes` replace fields of a body by its code."""
    rows = [EntityRow(code=code, ruc=ruc) for code, (ruc, _) in BODIES.items()]
    session.add_all(rows)
    session.flush()
    entities = tuple(replace(_entity(row), **changes.get(row.code, {})) for row in rows)
    agreement = AgreementRecord("sernanp", "senace", Mode.DELEGATED, "Convenio de prueba", date(2026, 1, 1))
    return Directory(SectorRecord("Ambiente", "minam"), entities, (agreement,))


def sector_again(session):
    """The directory of bodies that another session has written."""
    rows = session.scalars(select(EntityRow).order_by(EntityRow.id)).all()
    return Directory(SectorRecord("Ambiente", "minam"), tuple(_entity(row) for row in rows), ())


def _entity(row):
    kind = BODIES[row.code][1]
    return EntityRecord(
        code=row.code,
        ruc=Ruc(row.ruc),
        acronym=row.code.upper(),
        name=f"Institución {row.code.upper()}",
        kind=BodyKind.OTHER,
        adapter=AdapterRecord(kind, "http://127.0.0.1:1/"),
        policy=Policy.NEXT_BUSINESS_DAY,
        counters=(CounterRecord("central", "Sede central", "Lima", "150101", is_principal=True),),
        id=row.id,
    )


def make_clerk(session, entity_code="sernanp"):
    clerk = User(
        email=f"{uuid4().hex}@ejemplo.pe",
        fs_uniquifier=uuid4().hex,
        entity_code=entity_code,
        counter_code="central",
        active=True,
        created_at=NOW,
    )
    session.add(clerk)
    session.flush()
    return clerk


def a_submission(**changes):
    """A filing for IGP that is right in everything."""
    main = SubmittedFile(
        DocumentRole.MAIN, "solicitud.pdf", "application/pdf", Stored(uuid4().hex, "ab" * 32, 1200), pages=2
    )
    right = Submission(
        form_token=uuid4(),
        destination_code="igp",
        filer=Filer("dni", "10117410", "Ana Quispe Ñahui", email="ana@ejemplo.pe"),
        document_type="solicitud",
        document_number="",
        subject="Pide información sísmica",
        folios=2,
        files=(main,),
    )
    return replace(right, **changes)


def at_counter(entity_code="sernanp", clerk_id=None):
    return Reception("counter", entity_code, "central", clerk_id)


def take(session, directory, submission=None, now=NOW, reception=None):
    """Receive a filing and give it back with its only leg."""
    filing = receive(session, directory, submission or a_submission(), reception or at_counter(), now)
    session.flush()
    return filing, filing.deliveries[0]
