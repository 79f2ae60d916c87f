"""R-PD-1, 2, 3, 5: who answers for the data and within what time, what is told, what a stranger sees, who saw what."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from hub import fetching, incidents
from hub.clock import now
from hub.core.calendar import local_date
from hub.core.identifiers import tracking_key
from hub.core.statuses import Author
from hub.models import DocumentLink, Event, Notice, OutboundMessage
from tests.fixtures.house import ADMIN, CLERK, IGP_CLERK, OFFICER, a_pdf
from tests.stages.observed import lima
from tests.stages.sector import make_sector, take
from tests.web.reading import beside, on_top, text_of

SECRETS = {
    "names": "Quispe Secreta, Ana", "document_number_of_person": "45678912", "email": "ana.secreta@ejemplo.pe",
    "subject": "Asunto reservado", "phone": "987654321", "address": "Jirón Oculto 12",
    "accepts_notification": "si",
}  # fmt: skip
HIDDEN = ("Secreta", "45678912", "912<", "ejemplo.pe", "reservado", "987654321", "Oculto", "secreto.pdf",
          "Carta secreta", "carta-secreta.pdf")  # fmt: skip


@pytest.fixture(scope="session")
def officer(house):
    return house.signed_in(OFFICER)


@pytest.fixture
def notified(house, clerk, officer):
    """A filing with an act in its casilla: (number, verification code, CUO, its notice's id)."""
    number = clerk.filed(destination="iiap", main=("secreto.pdf", a_pdf()), **SECRETS)
    cuo = house.leg(number).cuo
    house.say(cuo)
    officer.post(f"/bandeja/{cuo}", {"answer": "register"})
    form = {"act_subject": "Carta secreta", "issued_on": local_date(now()).isoformat(),
            "act_document": (BytesIO(a_pdf()), "carta-secreta.pdf")}  # fmt: skip
    assert officer.post(f"/bandeja/{cuo}/notificar", form, content_type="multipart/form-data").status_code == 303
    with house.session() as session:
        notice_id = session.scalar(select(Notice.id).where(Notice.delivery_id == house.leg(number).id))
    return number, house.filing(number)[0].verification_code, cuo, notice_id


# R-PD-1


@pytest.mark.rule("R-PD-1")
def test_the_authority_is_told_within_forty_eight_hours_of_the_clock(session):
    friday = lima("2026-11-20", 16, 20)
    one = incidents.record(session, make_sector(session), "igp", friday, "Se perdió una memoria", "1", friday)
    assert incidents.due_at(one.known_at) == lima("2026-11-22", 16, 20)  # a weekend does not stop it
    assert not incidents.is_overdue(one, lima("2026-11-22", 16, 19))
    assert incidents.is_overdue(one, lima("2026-11-22", 16, 21))
    incidents.told(session, one.id, "Cargo 991", lima("2026-11-23"))
    assert incidents.is_overdue(one, lima("2027-01-01"))  # told late stays late


@pytest.mark.rule("R-PD-1")
def test_the_page_counts_the_hours_and_keeps_what_was_told(house):
    admin = house.signed_in(ADMIN)
    known = (now() - timedelta(hours=5)).astimezone(lima("2026-11-20").tzinfo)
    form = {"incident_body": "igp", "known_at": known.strftime("%Y-%m-%dT%H:%M"), "what": "Se perdió una memoria USB"}
    assert admin.post("/incidentes", form).status_code == 303
    page = admin.get("/incidentes").text
    assert "Quedan 42 horas" in text_of(page) or "Quedan 1 día" in text_of(page)
    action = re.findall(r'action="(/incidentes/\d+/comunicado)"', page)[-1]
    assert "Escribe por qué" in on_top(admin.post(action, {"told_as": " "}).text)[0]
    assert admin.post(action, {"told_as": "Cargo ANPD 991"}).status_code == 303
    assert "Cargo ANPD 991" in admin.get("/incidentes").text
    wrong = admin.post("/incidentes", {"known_at": "", "what": "x"})
    assert "fecha y la hora" in beside(wrong.text, "known_at")
    assert house.signed_in(CLERK).get("/incidentes").status_code == 403


@pytest.mark.rule("R-PD-1")
def test_each_body_names_its_data_officer_or_where_to_ask(house):
    directory, visitor = house.directory, house.visitor()
    listed = visitor.get("/privacidad").text
    for body in directory.active(local_date(now())):
        page = visitor.get(f"/privacidad/{body.code}")
        assert f"/privacidad/{body.code}" in listed
        assert page.status_code == 200
        assert str(body.ruc) in page.text
        if body.data_officer:
            assert body.data_officer.email in page.text
        else:
            assert "oficial de datos personales" in page.text
    assert visitor.get("/privacidad/luna").status_code == 404


# R-PD-2


@pytest.mark.rule("R-PD-2")
def test_the_notice_informs_and_asks_no_consent(house):
    told = text_of(house.visitor().get("/privacidad/igp").text)
    for words in ("Quién trata tus datos", "Para qué", "Quién más los ve", "Cuánto tiempo", "Tus derechos",
                  "no te pedimos consentimiento", "artículos 14 y 18"):  # fmt: skip
        assert words in told, words


@pytest.mark.rule("R-PD-2")
def test_no_page_bundles_a_consent_with_its_use(house, clerk):
    visitor = house.visitor()
    pages = [visitor.get(path).text for path in ("/", "/seguimiento", "/privacidad", "/privacidad/igp", "/ingresar")]
    pages.append(clerk.get("/mesa-de-partes/recepcion").text)
    for page in pages:
        assert 'href="/privacidad"' in page
        text = re.sub(r"\s+", " ", text_of(page)).lower()
        assert not re.search(r"(al usar|al continuar|al enviar|usando est)[^.]*(acepta|consient|autoriza)", text)
        assert not re.search(r"(otorg|presta|doy|das)[a-z]* (mi|tu|su) consentimiento", text)


# R-PD-3


@pytest.mark.rule("R-PD-3")
def test_without_the_key_neither_tracking_nor_casilla_show_content_address_or_identity(house, notified):
    _, code, _, notice_id = notified
    visitor = house.visitor()
    tracking = visitor.get(f"/seguimiento/{code}").text
    assert "IIAP" in tracking
    assert "Tienes 1 notificación sin abrir" in text_of(tracking)
    pages = [tracking, visitor.get(f"/casilla/{code}").text]
    for path in (f"/casilla/{code}/{notice_id}", f"/casilla/{code}/{notice_id}/documento"):
        answer = visitor.get(path)
        assert answer.status_code == 303
        pages.append(answer.text)
    for page in pages:
        assert [secret for secret in HIDDEN if secret in page] == []


@pytest.mark.rule("R-PD-3")
def test_guessing_at_a_casilla_is_counted_with_guessing_at_tracking(house, notified):
    number, code, _, _ = notified
    visitor = house.visitor()
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    for _ in range(10):
        assert visitor.post(f"/casilla/{code}", {"tracking_key": "ZZZZZZZZ"}).status_code == 422
    key = tracking_key(house.services.tracking_secret, number, 1)
    answer = visitor.post(f"/casilla/{code}", {"tracking_key": key})
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)


def key_letters(house, number):
    with house.session() as session:
        query = select(OutboundMessage).where(OutboundMessage.filing_id == house.filing(number)[0].id)
        return [row for row in session.scalars(query) if row.content.get("letter") == "key"]


@pytest.mark.rule("R-PD-3")
def test_the_key_is_sent_to_the_address_on_file_alone_and_the_answer_is_always_the_same(house, clerk):
    number = clerk.filed(email="ana@ejemplo.pe")
    visitor = house.visitor()
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.78"
    wrong = [("2026-0000001-1", "ana@ejemplo.pe"), (number, "otra@ejemplo.pe"), ("hola", "")]
    asked = [*wrong, (number, " ANA@ejemplo.pe")]
    said = set()
    for typed, email in asked:
        assert key_letters(house, number) == []
        answer = visitor.post("/seguimiento/clave", {"filing_number": typed, "email": email})
        said.add((answer.status_code, text_of(answer.text)))
    assert len(said) == 1
    assert len(key_letters(house, number)) == 1
    visitor.post("/seguimiento/clave", {"filing_number": number, "email": "ana@ejemplo.pe"})
    assert len(key_letters(house, number)) == 1  # once in a quarter of an hour
    for _ in range(5):
        answer = visitor.post("/seguimiento/clave", {"filing_number": number, "email": "ana@ejemplo.pe"})
    assert answer.status_code == 429


# R-PD-5


def told_of(house, number, kind):
    with house.session() as session:
        query = select(Event).where(Event.filing_id == house.filing(number)[0].id, Event.kind == kind)
        return session.scalars(query.order_by(Event.id)).all()


@pytest.mark.rule("R-PD-5")
def test_each_door_that_shows_a_document_writes_down_who_and_when(house, officer, notified):
    number, code, cuo, notice_id = notified
    main = house.filing(number)[1][0]
    assert officer.get(f"/bandeja/{cuo}/documentos/{main.id}").status_code == 200
    with house.session() as session:
        token = session.scalar(select(DocumentLink.token).where(DocumentLink.delivery_id == house.leg(number).id))
    assert house.visitor().get(f"/d/{token}/{main.id}").status_code == 200
    holder = house.visitor()
    key = tracking_key(house.services.tracking_secret, number, 1)
    holder.post(f"/casilla/{code}", {"tracking_key": key})
    assert holder.get(f"/casilla/{code}/{notice_id}/documento").status_code == 200
    by_officer, by_filer = told_of(house, number, "opened")
    assert (by_officer.author, by_officer.data) == (Author.OFFICER, {"document": str(main.id)})
    assert by_officer.said_by.isdecimal()
    assert by_filer.author is Author.FILER
    (by_link,) = told_of(house, number, "link_opened")
    assert by_link.data == {"document": str(main.id)}
    assert all(now() - one.at < timedelta(minutes=5) for one in (by_officer, by_filer, by_link))


@pytest.mark.rule("R-PD-5")
def test_what_an_institution_takes_away_is_written_down_once_an_hour(session):
    sector = make_sector(session)
    at = lima("2026-11-20", 16, 20)
    filing, leg = take(session, sector, now=at)
    document = filing.documents[0].id
    for minutes in (1, 2, 30, 62):
        fetching.note_fetch(session, sector, leg.cuo, document, at + timedelta(minutes=minutes))
    query = select(Event).where(Event.filing_id == filing.id, Event.kind == "fetched").order_by(Event.at)
    found = session.scalars(query).all()
    assert [(one.said_by, one.data["document"]) for one in found] == [("igp", str(document))] * 2


@pytest.mark.rule("R-PD-5")
def test_nobody_of_another_body_opens_a_document(house, notified):
    number, _, cuo, _ = notified
    main = house.filing(number)[1][0]
    before = len(told_of(house, number, "opened"))
    strangers = {IGP_CLERK: {403, 404}, "bandeja@inaigem.example": {404}, ADMIN: {403, 404}}
    for email, statuses in strangers.items():
        visitor = house.signed_in(email)
        assert visitor.get(f"/bandeja/{cuo}/documentos/{main.id}").status_code in statuses
        assert visitor.get(f"/bandeja/{cuo}/notificar").status_code in statuses
    assert len(told_of(house, number, "opened")) == before
