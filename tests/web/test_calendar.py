"""The pages of the calendar: days by decree, outages, and what everybody may read of them."""

import hashlib
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pikepdf
import pytest

from hub import decrees, outages
from hub.clock import now
from hub.core.calendar import LIMA
from hub.models import DecreeDay, Outage
from hub.settling import settle_days
from hub.watch import lapse_observations
from hub.web import dates
from hub.wire.pdf_signatures import signatures_in
from tests.fixtures.house import ADMIN, AUDITOR
from tests.web.reading import beside, text_of

DAYS, LOG = "/dias-no-laborables", "/indisponibilidades"
RIGHT = {"day": "2027-05-28", "norm": "DS 090-2026-PCM", "scope": ""}


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


@pytest.fixture(autouse=True)
def nothing_left(house):
    """Other tests of this house count with its calendar: what was recorded here is taken back."""
    yield
    with house.session() as session:
        for row in session.query(DecreeDay).filter(DecreeDay.ended_at.is_(None)):
            decrees.end_day(session, house.directory, row.id, "DS 999-2026-PCM", "prueba", now())
        for row in session.query(Outage).filter(Outage.ended_at.is_(None)):
            row.ended_at = now()
        session.commit()
    house.services.live_directory.reload()


def typed_instant(**ago):
    return f"{(now() - timedelta(**ago)).astimezone(LIMA):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"norm": ""}, "norm", "Escribe la norma con su número"),
        ({"norm": "porque sí"}, "norm", "Escribe la norma con su número"),
        ({"day": "mañana"}, "day", "Escribe la fecha completa"),
        ({"scope": "Lima"}, "scope", "dígitos de un ubigeo"),
    ],
)
def test_a_day_that_cannot_be_is_said_beside_its_field(house, admin, wrong, field, sentence):
    before = house.count(DecreeDay)
    answer = admin.post(DAYS, RIGHT | wrong)
    assert answer.status_code == 422 and sentence in beside(answer.text, field)
    assert house.count(DecreeDay) == before


def test_a_day_is_recorded_listed_with_its_place_and_ended_by_another_norm(house, admin):
    assert admin.post(DAYS, RIGHT | {"scope": "15, 0701"}).status_code == 303
    page = text_of(admin.get(DAYS).text)
    assert "viernes 28 de mayo de 2027" in page and "ubigeo 0701" not in page
    assert "Callao (provincia), Lima" in page and "DS 090-2026-PCM" in page
    with house.session() as session:
        row = session.query(DecreeDay).filter_by(norm="DS 090-2026-PCM", ended_at=None).one()
    refused = admin.post(f"{DAYS}/{row.id}/fin", {"norm": "ya no"})
    assert refused.status_code == 422 and "Escribe la norma" in beside(refused.text, f"dia-{row.id}-norm")
    assert admin.post(f"{DAYS}/{row.id}/fin", {"norm": "DS 091-2026-PCM"}).status_code == 303
    assert "DS 091-2026-PCM" in text_of(admin.get(DAYS).text)


def test_the_running_directory_counts_with_a_day_soon_after(house, admin):
    """Recorded on a page, read by the process through its channel."""
    admin.post(DAYS, RIGHT | {"day": "2027-05-27"})
    house.services.live_directory.reload()
    assert not house.directory.calendar("igp").is_business_day(house.directory.decree_days[-1].day)


def test_a_day_moves_the_open_terms_at_the_workers_next_round_and_the_citizen_reads_why(house, admin, clerk):
    number = clerk.filed(destination="sernanp", procedure="general")
    filing, _, (leg,) = house.filing(number)
    calendar, before = house.directory.calendar("sernanp"), leg.due_on
    day = calendar.next_business_day(leg.clock_start)
    assert admin.post(DAYS, {"day": day.isoformat(), "norm": "DS 090-2026-PCM", "scope": ""}).status_code == 303
    tools = SimpleNamespace(sessions=house.session, directory=house.directory, clock=now)
    assert settle_days(tools) >= 1 and settle_days(tools) == 0
    assert house.leg(number).due_on == calendar.next_business_day(before)
    page = text_of(house.visitor().get(f"/seguimiento/{filing.verification_code}").text)
    assert "Cambió el plazo de SERNANP para responder" in page and "DS 090-2026-PCM" in page
    assert lapse_observations(tools) == 0


def test_a_day_that_counts_and_is_lost_later_stays_and_is_explained_only_where_it_is_tracked(house, admin, clerk):
    number = clerk.filed()
    filing = house.filing(number)[0]
    page, told = f"/seguimiento/{filing.verification_code}", "Una norma posterior declaró no laborable ese día"
    assert told not in house.visitor().get(page).text
    day = {"day": filing.considered_on.isoformat(), "norm": "DS 095-2026-PCM", "scope": ""}
    assert admin.post(DAYS, day).status_code == 303
    house.services.live_directory.reload()
    after = text_of(house.visitor().get(page).text)
    assert f"Se considera presentado {dates.day(filing.considered_on)} {told}" in after
    assert house.filing(number)[0].considered_on == filing.considered_on


def test_who_only_looks_sees_no_form_and_cannot_write(house, clerk):
    auditor = house.signed_in(AUDITOR)
    assert "Anotar un día" not in auditor.get(DAYS).text
    assert auditor.post(DAYS, RIGHT).status_code == 403
    assert clerk.get(DAYS).status_code == 403
    assert auditor.post(LOG, {"started_at": typed_instant(hours=1), "reason": "x"}).status_code == 403


def test_an_outage_is_opened_published_closed_and_certified(house, admin):
    refused = admin.post(LOG, {"started_at": typed_instant(hours=-1), "reason": "Corte"})
    assert "todavía no llega" in beside(refused.text, "started_at")
    silent = admin.post(LOG, {"started_at": typed_instant(hours=1), "reason": ""})
    assert "Escribe por qué" in beside(silent.text, "reason")
    assert admin.post(LOG, {"started_at": typed_instant(hours=1), "reason": "Se cortó la energía"}).status_code == 303
    visitor = house.visitor()
    assert "Ahora no se puede presentar" in visitor.get("/estado-del-servicio").text
    for page in (visitor.get("/").text, visitor.get("/presentar").text):
        assert "El servicio tiene una interrupción" in page and 'href="/estado-del-servicio"' in page
    with house.session() as session:
        code = outages.running(session).verification_code
    assert visitor.get(f"/estado-del-servicio/{code}.pdf").status_code == 403
    assert admin.post(f"{LOG}/{code}/fin", {"ended_at": typed_instant(hours=2)}).status_code == 422
    assert admin.post(f"{LOG}/{code}/fin", {"ended_at": typed_instant(minutes=1)}).status_code == 303
    assert not any("interrupción" in visitor.get(path).text for path in ("/", "/presentar"))
    for typed in (code, code.replace("-", "").lower()):
        answer = visitor.get(f"/verificar/{typed}")
        assert (answer.status_code, answer.location) == (303, f"/estado-del-servicio/{code}")
    assert visitor.post("/verificar", {"typed": code}).location == f"/verificar/{code}"
    page = text_of(visitor.get("/estado-del-servicio").text)
    assert "El servicio funciona" in page and "Se cortó la energía" in page
    assert "UTC-5" in text_of(visitor.get(f"/estado-del-servicio/{code}").text)
    paper = visitor.get(f"/estado-del-servicio/{code}.pdf")
    with pikepdf.open(BytesIO(paper.data)) as pdf:
        assert code in str(pdf.docinfo["/Title"])
    (mark,) = signatures_in(paper.data)
    assert mark.is_intact and mark.covers_all, "sealed, and nothing added afterwards"
    assert visitor.get(f"/estado-del-servicio/{code}.pdf").data == paper.data
    checked = visitor.post("/verificar", {"typed": hashlib.sha256(paper.data).hexdigest()})
    assert "Es una constancia de indisponibilidad" in text_of(visitor.get(checked.location).text)


def test_an_outage_nobody_wrote_down_is_not_found(house):
    assert house.visitor().get("/estado-del-servicio/AAAA-BBBB-CCCC-DDDD").status_code == 404
    assert house.visitor().get("/estado-del-servicio/AAAA-BBBB-CCCC-DDDD.pdf").status_code == 404
