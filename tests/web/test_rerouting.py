"""Another destination on screen: by the officer who refuses it, by the sector's administration; what is late in red."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from hub.core.ports import NewsKind
from hub.core.statuses import DeliveryStatus, FilingStatus, RefusalReason
from tests.fixtures.house import ADMIN, AUDITOR, OFFICER
from tests.web.reading import beside, text_of

WHY = {"why": "NO_COMPETE", "why_text": "Es un asunto de certificación ambiental"}


@pytest.fixture(scope="module")
def admin(house):
    return house.signed_in(ADMIN)


@pytest.fixture
def refused(house, clerk):
    """Refused by IGP: (number, CUO)."""
    number = clerk.filed()
    cuo = house.leg(number).cuo
    house.say(cuo)
    house.say(cuo, NewsKind.REFUSED, reason=RefusalReason.NOT_COMPETENT, text="No es de aquí")
    return number, cuo


def test_the_officer_who_refuses_and_names_the_right_body_sends_it_there_at_once(house, clerk):
    number = clerk.filed(destination="iiap")
    cuo = house.leg(number).cuo
    house.say(cuo)
    form = {"answer": "refuse", "reason": "NO_COMPETE", "refuse_text": "Le toca al SENACE", "right_body": "senace"}
    officer = house.signed_in(OFFICER)
    answer = officer.post(f"/bandeja/{cuo}", form)
    assert answer.status_code == 303
    assert "Salió hacia la institución que elegiste" in officer.get(answer.location).text
    filing, _, (first, second) = house.filing(number)
    assert (first.status, second.purpose, second.opened_because) == ("rerouted", "rerouted", "Le toca al SENACE")
    assert filing.status is FilingStatus.ON_ITS_WAY
    told = text_of(house.visitor().get(f"/seguimiento/{filing.verification_code}").text)
    assert "Por qué cambió de institución Le toca al SENACE" in told
    house.say(second.cuo)
    told = text_of(house.visitor().get(f"/seguimiento/{filing.verification_code}").text)
    assert "Recibido por la entidad competente" in told
    assert told.index("Presentado") < told.index("Recibido por la entidad competente")


def test_an_officer_names_no_right_body_and_it_waits_for_a_person(house, clerk):
    number = clerk.filed(destination="iiap")
    cuo = house.leg(number).cuo
    house.say(cuo)
    page = f"/seguimiento/{house.filing(number)[0].verification_code}"
    assert "Recibido por la entidad competente" in house.visitor().get(page).text
    form = {"answer": "refuse", "reason": "ILEGIBLE", "refuse_text": "No se lee", "right_body": ""}
    assert house.signed_in(OFFICER).post(f"/bandeja/{cuo}", form).status_code == 303
    assert [leg.status for leg in house.filing(number)[2]] == [DeliveryStatus.REFUSED]
    assert "Recibido por la entidad competente" not in house.visitor().get(page).text


def test_the_administration_sends_what_was_refused_to_who_is_competent(house, admin, refused):
    number, cuo = refused
    assert "Enviar a otra institución" in admin.get(f"/envios/{cuo}").text
    for form, field in (({}, "to"), ({"to": "senace"}, "why"), ({"to": "senace", "why": "OTRO"}, "why_text")):
        answer = admin.post(f"/envios/{cuo}/otro-destino", form)
        assert (answer.status_code, bool(beside(answer.text, field))) == (422, True)
    answer = admin.post(f"/envios/{cuo}/otro-destino", {"to": "senace"} | WHY)
    assert answer.status_code == 303, text_of(answer.text)
    assert [leg.status.value for leg in house.filing(number)[2]] == ["rerouted", "queued"]
    assert admin.post(f"/envios/{cuo}/otro-destino", {"to": "oefa"} | WHY).status_code == 422


def test_who_audits_reads_and_sends_nothing_on(house, refused):
    auditor = house.signed_in(AUDITOR)
    assert "Enviar a otra institución" not in auditor.get(f"/envios/{refused[1]}").text
    assert auditor.post(f"/envios/{refused[1]}/otro-destino", {"to": "senace"} | WHY).status_code == 403


def test_what_is_late_by_law_is_red_on_the_board_and_at_its_counter(house, clerk, admin):
    number = clerk.filed()
    leg = house.leg(number)
    with house.session() as session:
        long_ago = {"at": leg.created_at - timedelta(hours=30), "id": leg.id}
        session.execute(text("update deliveries set created_at = :at where id = :id"), long_ago)
        session.commit()
    for page in (admin.get("/envios").text, clerk.get("/mesa-de-partes").text):
        assert "sin entregar después de 24 horas" in page
        assert number in page
