"""R-CARGO-1 to 3: what the receipts say, and what the page that verifies them does not."""

import hashlib
import re
from datetime import timedelta
from importlib.metadata import version

import pytest
import zxingcpp
from PIL import Image

from hub import authenticity, paperwork
from hub.cargos import apply
from hub.core.messages import Filer
from hub.models import Paper
from hub.paper_orders import CONSTANCIA, NOT_PRESENTED
from hub.papers.qr import qr_rows, runs
from hub.paperwork import Want
from tests.papers.press import YEAR, a_constancia, an_observation
from tests.papers.reading import words
from tests.rules.papers import Desk
from tests.stages.legs import news
from tests.stages.observed import a_file, correct, observe
from tests.stages.sector import NOW, a_submission, at_counter, make_clerk, make_sector, take

FILER = Filer("dni", "10117410", "Ana Quispe Ñahui", email="ana@ejemplo.pe", address="Jr. Los Pinos 123, Lima")


@pytest.fixture
def sector(session):
    return make_sector(session)


@pytest.fixture
def desk(session, sector, tmp_path):
    return Desk(session, sector, tmp_path)


def filed(session, sector, **changes):
    clerk = make_clerk(session)
    clerk.name = "Rosa Huamán"
    session.flush()
    return take(session, sector, a_submission(filer=FILER, **changes), reception=at_counter(clerk_id=clerk.id))[1]


def registered(session, sector, leg):
    said = news(
        leg, "registered", NOW + timedelta(hours=1), registry_number="4512", registry_year="2026",
        expediente_number="EXP-77-2026", unit="Trámite Documentario",
    )  # fmt: skip
    apply(session, sector, said, NOW + timedelta(hours=1))
    session.flush()


@pytest.mark.rule("R-CARGO-1")
@pytest.mark.parametrize("which", ["constancia", "cargo"])
def test_both_receipts_say_everything_that_was_received(session, sector, desk, which):
    leg = filed(session, sector)
    registered(session, sector, leg)
    text, filing = getattr(desk, which)(leg), leg.filing
    for said in (
        filing.filing_number,
        "Institución SERNANP", "Sede central", "Institución IGP",
        "viernes 20 de noviembre de 2026, 16:20:00, hora oficial del Perú (UTC-5)",
        "Viernes 20 de noviembre de 2026. Se presentó en un día hábil: cuenta ese mismo día",
        "Ana Quispe Ñahui (DNI *****410)",
        "Solicitud s/n", "Pide información sísmica",
        "solicitud.pdf", "SHA-256 " + "ab" * 32, "1 200", "Folios declarados 2",
        "sin observaciones", "Rosa Huamán", "TUO de la Ley 27444",
        f"Código de verificación {filing.verification_code}",
        f"https://mesa.example.pe/verificar/{filing.verification_code}",
        YEAR, f"Mesa Integrada {version('mesa-integrada')}",
    ):  # fmt: skip
        assert said in text, said
    assert "10117410" not in text and "Los Pinos" not in text and "ana@ejemplo.pe" not in text


@pytest.mark.rule("R-CARGO-1")
def test_without_a_clerk_the_reception_is_automatic(session, sector, desk):
    assert "Lo recibió Recepción automática" in desk.constancia(take(session, sector)[1])


@pytest.mark.rule("R-CARGO-1")
def test_a_weekend_and_a_ticket_say_their_own_rule(session, sector, desk):
    saturday = take(session, sector, now=NOW + timedelta(days=1))[1]
    assert "Lunes 23 de noviembre de 2026. Se presentó en un día no hábil" in desk.constancia(saturday)
    late = a_submission(ticket_at=NOW - timedelta(minutes=30))
    text = desk.constancia(take(session, sector, late)[1])
    assert "Turno tomado viernes 20 de noviembre de 2026, 15:50:00" in text
    assert "tomó turno dentro del horario de atención" in text


@pytest.mark.rule("R-CARGO-1")
def test_an_observation_stands_on_the_receipt_with_allegations_and_warning(tmp_path):
    from hub.papers.constancia import draw

    text = words(draw(a_constancia(observed=True), YEAR, NOW))
    for said in (
        "Recibido con observaciones", "1. Falta la firma del representante", "El representante está de viaje",
        "Tienes hasta el martes 24 de noviembre de 2026, 23:59:59", "se tiene por no presentado", "te reembolsa",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.rule("R-CARGO-1")
def test_the_qr_opens_the_verification_page():
    address = a_constancia().verify_url
    rows = qr_rows(address)
    picture = Image.new("L", (len(rows) * 4 + 32,) * 2, 255)
    for x, y, length in runs(rows):
        picture.paste(0, (16 + x * 4, 16 + y * 4, 16 + (x + length) * 4, 20 + y * 4))
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [address]


@pytest.mark.rule("R-CARGO-2")
def test_the_cargo_bears_the_destinations_own_numbers(session, sector, desk):
    leg = filed(session, sector)
    registered(session, sector, leg)
    text = desk.cargo(leg)
    for said in (
        "Cargo de recepción", "Lo registró Institución IGP", "Número de registro 4512-2026",
        "Expediente EXP-77-2026", "Unidad Trámite Documentario",
        "Registrado viernes 20 de noviembre de 2026, 17:20:00", f"CUO del envío {leg.cuo}",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.rule("R-CARGO-3")
def test_the_code_tells_the_way_and_the_papers_and_nobodys_data(session, sector, desk):
    leg = filed(session, sector)
    content = desk.paper(Want(CONSTANCIA, leg.filing_id))
    told = authenticity.of_code(session, sector, leg.filing.verification_code)
    assert (told.filing_number, told.received_by, told.destination) == (
        leg.filing.filing_number, "Institución SERNANP", "Institución IGP",
    )  # fmt: skip
    assert [one.sha256 for one in told.papers] == [hashlib.sha256(content).hexdigest()]
    for hidden in ("10117410", "Quispe", "Los Pinos", "ejemplo.pe", "sísmica", "Rosa"):
        assert hidden not in repr(told), hidden


@pytest.mark.rule("R-CARGO-3")
def test_a_documents_digest_tells_only_that_it_stands_in_the_register(session, sector):
    filed(session, sector)
    (told,) = authenticity.of_document(session, sector, "ab" * 32)
    assert vars(told) == {
        "presented_at": NOW, "received_by": "Institución SERNANP", "destination": "Institución IGP",
        "is_correction": False,
    }  # fmt: skip
    assert authenticity.of_document(session, sector, "cd" * 32) == ()


@pytest.mark.rule("R-CARGO-3")
def test_a_document_of_a_subsanacion_is_told_with_the_subsanacions_own_instant(session, sector):
    leg = filed(session, sector)
    observation = observe(session, sector, leg, NOW + timedelta(hours=1), notified=NOW + timedelta(hours=2))
    corrected_at = NOW + timedelta(hours=3)
    correct(session, sector, observation, corrected_at, files=(a_file(),))
    (told,) = authenticity.of_document(session, sector, "ef" * 32)
    assert (told.presented_at, told.is_correction) == (corrected_at, True)


def test_the_paper_of_a_lapse_says_what_is_given_back(session, sector, desk):
    leg = filed(session, sector)
    lapsed = an_observation(filing_id=leg.filing_id, closed_at=NOW, closed_as="lapsed", is_late=False)
    session.add(lapsed)
    session.flush()
    text = words(desk.paper(Want(NOT_PRESENTED, leg.filing_id)))
    assert "Constancia de documento no presentado" in text
    assert re.search("te reembolsen lo que pagaste", text) and "Falta la firma del representante" in text
    assert session.query(Paper).filter_by(kind=NOT_PRESENTED).count() == 1
    assert [paper.kind for paper in paperwork.papers_of(session, leg.filing_id)] == [NOT_PRESENTED]
