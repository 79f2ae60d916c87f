"""A body's own documents: an officer writes to another institution and follows it as any filer does."""

from io import BytesIO
from uuid import uuid4

import pytest

from hub.core.ports import NewsKind
from hub.models import OwnDocument
from tests.fixtures.house import ADMIN, OFFICER, a_pdf
from tests.web.reading import beside, text_of


@pytest.fixture(scope="module")
def officer(house):
    return house.signed_in(OFFICER)


def typed(**changes):
    return {
        "form_token": str(uuid4()), "por": "", "destination": "igp", "addressee": "", "document_type": "oficio",
        "document_number": "12-2026-IIAP", "subject": "Pide los mapas de peligro", "folios": "3",
        "related_expediente": "", "document_kind": "dni", "document_number_of_person": "10117410",
        "email": "bandeja@iiap.example",
    } | changes  # fmt: skip


def send(visitor, main=("oficio.pdf", None), **changes):
    form = typed(**changes)
    if main:
        form["main_document"] = (BytesIO(main[1] or a_pdf()), main[0])
    return visitor.post("/documentos-propios/nuevo", form, content_type="multipart/form-data")


def sent(visitor, **changes):
    answer = send(visitor, **changes)
    assert answer.status_code == 303, text_of(answer.text)
    return answer.location.rpartition("/")[2].partition("?")[0]


def test_an_oficio_has_a_number_a_key_and_a_way_of_its_own(house, officer):
    number = sent(officer)
    filing, documents, legs = house.filing(number)
    iiap, igp = house.directory.entity("iiap"), house.directory.entity("igp")
    assert (filing.channel, filing.document_type) == ("entity", "oficio")
    assert (filing.filer.ruc, filing.filer.business_name) == (iiap.ruc, iiap.name)
    assert filing.filer.document_number == "10117410"
    assert (filing.destination_id, filing.received_by_id, legs[0].destination_id) == (igp.id, igp.id, igp.id)
    assert len(documents) == 1
    page = text_of(officer.get(f"/documentos-propios/{number}").text)
    assert number in page
    assert "Clave de seguimiento" in page
    assert number in officer.get("/documentos-propios").text
    track = house.visitor().get(f"/seguimiento/{filing.verification_code}")
    assert track.status_code == 200


def test_the_other_institution_receives_it_as_any_filing_and_its_sender_reads_it(house, officer):
    number = sent(officer)
    cuo = house.leg(number).cuo
    house.say(cuo)
    house.say(cuo, NewsKind.REGISTERED, registry_number="E-9", registry_year="2026")
    assert "Registrado" in text_of(officer.get(f"/documentos-propios/{number}").text)


def test_an_answer_to_another_institution_is_tied_to_what_it_is_about(house, clerk, officer):
    number = clerk.filed(destination="iiap")
    cuo = house.leg(number).cuo
    house.say(cuo)
    officer.post(f"/bandeja/{cuo}", {"answer": "register"})
    assert number in text_of(officer.get(f"/documentos-propios/nuevo?por={cuo}").text)
    answer = sent(officer, por=cuo, destination="minam")
    with house.session() as session:
        row = session.get(OwnDocument, house.filing(answer)[0].id)
    assert row.because_of_id == house.leg(number).id
    assert house.filing(answer)[0].follows_as == "answer"
    assert answer in officer.get(f"/bandeja/{cuo}").text
    public = house.visitor().get(f"/seguimiento/{house.filing(number)[0].verification_code}").text
    assert answer not in public


def test_the_same_form_twice_is_one_document(house, officer):
    token = str(uuid4())
    assert sent(officer, form_token=token) == sent(officer, form_token=token)


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"destination": ""}, "destination", "Elige a qué institución va"),
        ({"subject": " "}, "subject", "Escribe el asunto"),
        ({"document_number_of_person": "123"}, "document_number_of_person", "8 dígitos"),
        ({"main": None}, "main_document", "Elige el archivo PDF"),
        ({"folios": "0"}, "folios", "cuántos folios"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(officer, change, field, sentence):
    answer = send(officer, **change)
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field)


def test_a_body_does_not_write_to_itself(officer):
    answer = send(officer, destination="iiap")
    assert answer.status_code == 422
    assert "Es tu propia institución" in beside(answer.text, "destination")


def test_nobody_else_reads_what_a_body_sent(house, officer):
    number = sent(officer)
    for who, status in (("bandeja@minam.example", 404), (ADMIN, 403)):
        visitor = house.signed_in(who)
        assert visitor.get(f"/documentos-propios/{number}").status_code == status
        assert visitor.get(f"/documentos-propios/{number}/constancia.pdf").status_code == status
    assert number not in house.signed_in("bandeja@minam.example").get("/documentos-propios").text
    assert house.visitor().get(f"/documentos-propios/{number}").status_code == 303


def test_another_bodys_leg_is_no_reason_to_write(house, clerk):
    number = clerk.filed(destination="iiap")
    house.say(house.leg(number).cuo)
    minam = house.signed_in("bandeja@minam.example")
    assert minam.get(f"/documentos-propios/nuevo?por={house.leg(number).cuo}").status_code == 404
    assert send(minam, por=house.leg(number).cuo).status_code == 404
