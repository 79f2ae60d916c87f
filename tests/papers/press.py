"""What tests of papers are made with: the facts of a filing as a stage gathers them, a sealer with keys of its own."""

from datetime import date, datetime, timezone
from typing import Any

from hub.core.bodies import AdapterKind, AdapterRecord, BodyKind, CounterRecord, EntityRecord
from hub.core.calendar import Policy
from hub.core.identifiers import Ruc
from hub.core.statuses import Mode
from hub.models import Delivery, Document, FilerRow, Filing, Observation
from hub.papers.facts import Cargo, Constancia, NotPresented
from hub.wire.keys import load_signer, make_demo_keys
from hub.wire.pdf import Sealer

AT = datetime(2026, 11, 20, 21, 20, 5, tzinfo=timezone.utc)
YEAR = "Año de la Esperanza y el Fortalecimiento de la Democracia"


def sealer_in(folder, timestamper=None):
    """A sealer and the file of the authority that issued its certificate."""
    minam = {"minam": ("20492966658", "Ministerio del Ambiente")}
    make_demo_keys(folder, minam, operator="minam", now=datetime.now(timezone.utc))
    signer = load_signer(folder / "hub" / "seal.key.pem", folder / "hub" / "seal.crt.pem")
    ca = folder / "ca" / "crt.pem"
    return Sealer(signer, (ca.read_bytes(),), timestamper), ca


def body(code, name, row_id):
    return EntityRecord(
        code=code, ruc=Ruc("20131366028"), acronym=code.upper(), name=name, kind=BodyKind.OTHER,
        adapter=AdapterRecord(AdapterKind.REST, "http://127.0.0.1:1/"), policy=Policy.NEXT_BUSINESS_DAY,
        counters=(CounterRecord("central", "Sede central", "Lima", "150101", is_principal=True),), id=row_id,
    )  # fmt: skip


def a_constancia(files=1, observed=False, **changes):
    filer = FilerRow(
        document_kind="dni", document_number="10117410", names="Quispe Ñahui, Ana", ruc="", address="Jr. Lima 1"
    )
    values: dict[str, Any] = {
        "filing_number": "2026-0001234-6", "verification_code": "K7QM-4RD2-9XWB-3HTA", "presented_at": AT,
        "considered_on": date(2026, 11, 20), "rule_applied": "B", "ticket_at": None, "filer": filer,
        "document_type": "solicitud", "document_number": "s/n", "subject": "Pide los registros del sismo de Lomas",
        "folios": 2, "related_expediente": "", "addressee": {"unit": "Redes Geofísicas"}, "procedure": {},
    }  # fmt: skip
    leg = Delivery(id=1, cuo="0000012345", mode=Mode.REMITTANCE, clock_start=None)
    documents = tuple(
        Document(role="principal" if n == 0 else "anexo", file_name=f"archivo-{n + 1}.pdf", size=1234567 + n,
                 sha256=f"{n:064x}", pages=n + 1, position=n)
        for n in range(files)
    )  # fmt: skip
    return Constancia(
        filing=Filing(**values | changes), leg=None if observed else leg, documents=documents,
        origin=body("sernanp", "Servicio Nacional de Áreas Naturales Protegidas", 1), counter="Sede central",
        destination=body("igp", "Instituto Geofísico del Perú", 2), clerk="Rosa Huamán Quispe",
        entry_number="00123-2026", tracking_key="K7QM4RD2",
        track_url="https://mesa.example.pe/seguimiento/K7QM-4RD2-9XWB-3HTA",
        observation=an_observation() if observed else None,
        verify_url="https://mesa.example.pe/verificar/K7QM-4RD2-9XWB-3HTA", sector="Ambiente",
    )  # fmt: skip


def an_observation(**changes):
    return Observation(**{
        "items": ["Falta la firma del representante", "El anexo 2 no se puede leer"], "text": "", "source": "counter",
        "allegations": "El representante está de viaje", "observed_at": AT, "notified_at": AT,
        "correct_by": datetime(2026, 11, 25, 4, 59, 59, tzinfo=timezone.utc),
    } | changes)  # fmt: skip


def a_cargo(files=1):
    presented = a_constancia(files)
    presented.leg.__dict__.update(
        registered_at=AT, destination_registry_number="004512", destination_registry_year="2026",
        expediente_number="EXP-77-2026", unit="Trámite Documentario", official="Luis Ramos",
    )  # fmt: skip
    return Cargo(presented, presented.leg, presented.destination, None)


def a_lapse():
    presented = a_constancia(observed=True)
    lapsed = an_observation(closed_at=datetime(2026, 11, 25, 5, tzinfo=timezone.utc), closed_as="lapsed")
    return NotPresented(presented, lapsed, presented.origin, lapsed.closed_at)
