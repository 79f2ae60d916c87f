"""The casilla on screen: it opens with the key alone, what is opened is notified, and nothing opens by itself."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from hub import casilla
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.identifiers import receipt_token, tracking_key
from hub.models import Event, Notice
from tests.fixtures.house import ADMIN, IGP_CLERK, OFFICER, a_pdf
from tests.web.reading import beside, on_top, text_of

ANA = {"email": "ana@ejemplo.pe", "phone": "987654321", "accepts_notification": "si"}
SUBJECT = "Carta 123-2026: entrega lo pedido"


@pytest.fixture(scope="session")
def officer(house):
    return house.signed_in(OFFICER)


@pytest.fixture
def answered(house, clerk, officer):
    """A filing to which IIAP answered with a document: (number, verification code, notice, bytes)."""
    return make_answered(house, clerk, officer, **ANA)


def make_answered(house, clerk, officer, **filer):
    number = clerk.filed(destination="iiap", **filer)
    cuo, content = house.leg(number).cuo, a_pdf()
    house.say(cuo)
    officer.post(f"/bandeja/{cuo}", {"answer": "register"})
    answer = notify(officer, cuo, content)
    assert answer.status_code == 303, text_of(answer.text)
    with house.session() as session:
        notice = session.scalars(select(Notice).where(Notice.delivery_id == house.leg(number).id)).one()
    return number, house.filing(number)[0].verification_code, notice, content


def notify(officer, cuo, content=None, **changes):
    form = {"act_subject": SUBJECT, "issued_on": local_date(now()).isoformat()} | changes
    if content is not None:
        form["act_document"] = (BytesIO(content), "carta.pdf")
    return officer.post(f"/bandeja/{cuo}/notificar", form, content_type="multipart/form-data")


def notice_of(house, notice):
    with house.session() as session:
        return session.get(Notice, notice.id)


def holder(house, number, code):
    visitor = house.visitor()
    key = tracking_key(house.services.tracking_secret, number, 1)
    assert visitor.post(f"/casilla/{code}", {"tracking_key": key}).status_code == 303
    return visitor


def test_without_the_key_it_says_how_many_and_nothing_else(house, answered):
    _, code, notice, _ = answered
    visitor = house.visitor()
    page = visitor.get(f"/casilla/{code}")
    assert "Hay 1 notificación" in text_of(page.text)
    assert SUBJECT not in page.text
    for path in (f"/casilla/{code}/{notice.id}", f"/casilla/{code}/{notice.id}/documento"):
        assert visitor.get(path).location == f"/casilla/{code}"
    assert notice_of(house, notice).notified_on is None
    wrong = visitor.post(f"/casilla/{code}", {"tracking_key": "ZZZZZZZZ"})
    assert (wrong.status_code, "no es la clave" in beside(wrong.text, "tracking_key")) == (422, True)


def test_who_holds_the_key_opens_it_and_is_notified_that_day(house, answered):
    number, code, notice, content = answered
    visitor = holder(house, number, code)
    assert "Al abrirla quedas notificado hoy" in text_of(visitor.get(f"/casilla/{code}").text)
    assert notice_of(house, notice).notified_on is None  # a list opens nothing
    page = visitor.get(f"/casilla/{code}/{notice.id}")
    assert SUBJECT in page.text
    found = notice_of(house, notice)
    assert (found.notified_on, found.notified_how) == (local_date(now()), "opened")
    answer = visitor.get(f"/casilla/{code}/{notice.id}/documento")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with house.session() as session:
        kinds = session.scalars(select(Event.kind).where(Event.filing_id == found.filing_id).order_by(Event.id)).all()
    assert kinds[-2:] == ["notified", "opened"]


def test_number_and_key_on_the_tracking_page_open_it_too_for_an_hour(house, answered):
    number, code, notice, _ = answered
    visitor = house.visitor()
    key = tracking_key(house.services.tracking_secret, number, 1)
    visitor.post("/seguimiento", {"filing_number": number, "tracking_key": key})
    assert "Tienes 1 notificación sin abrir" in text_of(visitor.get(f"/seguimiento/{code}").text)
    assert visitor.get(f"/casilla/{code}/{notice.id}").status_code == 200
    with visitor.client.session_transaction() as held:
        held["tramites"] = {code: [1, int((now() - timedelta(minutes=61)).timestamp())]}
    assert visitor.get(f"/casilla/{code}/{notice.id}").location == f"/casilla/{code}"


def test_a_browser_that_looks_ahead_opens_nothing(house, answered):
    number, code, notice, _ = answered
    visitor = holder(house, number, code)
    ahead = visitor.get(f"/casilla/{code}/{notice.id}", headers={"Sec-Purpose": "prefetch;prerender"})
    assert ahead.status_code == 503
    assert notice_of(house, notice).notified_on is None


def test_the_mails_link_confirms_by_its_button_and_never_by_being_fetched(house, answered):
    _, code, notice, _ = answered
    path = f"/acuse/{notice.id}/{receipt_token(house.services.tracking_secret, notice.id)}"
    scanner = house.visitor()
    for _ in range(3):
        assert scanner.get(path).status_code == 200
    assert notice_of(house, notice).notified_on is None
    assert scanner.get(f"/acuse/{notice.id}/AAAAAAAAAAAAAAAAAAAA").status_code == 404
    assert scanner.post(f"/acuse/{notice.id}/AAAAAAAAAAAAAAAAAAAA", {}).status_code == 404
    answer = scanner.post(path, {})
    assert "Quedaste notificado" in text_of(scanner.get(answer.location).text)
    assert notice_of(house, notice).notified_how == "acknowledged"
    assert scanner.get(f"/casilla/{code}/{notice.id}").location == f"/casilla/{code}"  # it opens no content
    scanner.post(path, {})
    with house.session() as session:
        told = session.query(Event).filter_by(filing_id=notice.filing_id, kind="notified").all()
    assert len(told) == 1


def test_a_key_of_one_filing_opens_no_other_casilla(house, clerk, officer, answered):
    number, code, _, _ = answered
    _, other_code, other, _ = make_answered(house, clerk, officer, **ANA)
    visitor = holder(house, number, code)
    assert visitor.get(f"/casilla/{other_code}/{other.id}").location == f"/casilla/{other_code}"
    assert visitor.get(f"/casilla/{code}/{other.id}").status_code == 404


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"act_subject": ""}, "act_subject", "Escribe de qué trata"),
        ({"issued_on": "ayer"}, "issued_on", "Escribe la fecha completa"),
        ({"issued_on": "2099-01-01"}, "issued_on", "todavía no llega"),
        ({"content": None}, "act_document", "Elige el archivo PDF"),
        ({"content": b"hola"}, "act_document", "no es un PDF"),
    ],
)
def test_what_is_wrong_with_an_act_is_said_and_nothing_is_kept(house, clerk, officer, changed, field, sentence):
    number = clerk.filed(destination="iiap", **ANA)
    cuo = house.leg(number).cuo
    house.say(cuo)
    early = notify(officer, cuo, a_pdf())
    assert early.status_code == 409
    officer.post(f"/bandeja/{cuo}", {"answer": "register"})
    stored, notices = house.stored(), house.count(Notice)
    answer = notify(officer, cuo, **{"content": a_pdf()} | changed)
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field)
    assert (house.stored(), house.count(Notice)) == (stored, notices)


def test_an_act_sent_twice_is_notified_once(house, clerk, officer, answered):
    number, _, _, content = answered
    notices = house.count(Notice)
    assert notify(officer, house.leg(number).cuo, content).status_code == 303
    assert house.count(Notice) == notices


def test_another_bodys_people_notify_nothing(house, answered):
    number = answered[0]
    cuo = house.leg(number).cuo
    assert notify(house.signed_in(IGP_CLERK), cuo, a_pdf()).status_code == 404
    assert notify(house.signed_in("bandeja@minam.example"), cuo, a_pdf()).status_code == 404


def test_who_authorised_nothing_is_on_the_list_until_a_person_notifies(house, clerk, officer):
    number, _, notice, _ = make_answered(house, clerk, officer, email="ana@ejemplo.pe")
    listed = officer.get("/notificaciones").text
    assert number in listed
    assert "No autorizó" in text_of(listed)
    admin = house.signed_in(ADMIN)
    assert "Por notificar" in admin.get("/envios").text
    assert "Quispe Ñahui" not in admin.get("/notificaciones").text
    path = f"/notificaciones/{notice.id}/en-persona"
    today = local_date(now()).isoformat()
    for form, sentence in (
        ({"on": "", "note": "x"}, "Escribe la fecha completa"),
        ({"on": today, "note": " "}, "Escribe por qué"),
        ({"on": "2020-01-01", "note": "x"}, "entre el depósito"),
    ):
        refused = officer.post(path, form)
        assert (refused.status_code, sentence in on_top(refused.text)[0]) == (422, True)
    assert house.signed_in(IGP_CLERK).post(path, {"on": today, "note": "x"}).status_code == 404
    assert officer.post(path, {"on": today, "note": "Cédula 45-2026"}).status_code == 303
    assert notice_of(house, notice).notified_how == "in_person"
    assert number not in officer.get("/notificaciones").text


def test_a_consent_without_mail_or_phone_is_answered_with_a_sentence(clerk):
    answer = clerk.file(accepts_notification="si")
    assert answer.status_code == 422
    assert "hace falta su correo o su celular" in beside(answer.text, "accepts_notification")
    assert casilla.WINDOW == 5
