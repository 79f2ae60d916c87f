"""The inbox: an officer of a body without a system registers, observes, refuses, and tells how it goes on."""

import pytest

from hub.core.ports import NewsKind
from hub.core.statuses import Author
from hub.models import Event, Observation
from tests.fixtures.house import ADMIN, IGP_CLERK, OFFICER, a_pdf
from tests.web.reading import beside, on_top, text_of


@pytest.fixture(scope="session")
def officer(house):
    """IIAP's, signed in once."""
    return house.signed_in(OFFICER)


@pytest.fixture
def arrived(house, clerk):
    """A filing that is in IIAP's inbox: (its number, its CUO)."""
    annexes = [("a.html", b"<script>alert(1)</script>")]
    number = clerk.filed(destination="iiap", main=("pedido.pdf", a_pdf()), annexes=annexes)
    cuo = house.leg(number).cuo
    house.say(cuo)
    return number, cuo


def test_what_arrived_is_listed_with_who_where_and_until_when(officer, arrived):
    page = officer.get("/bandeja").text
    assert arrived[0] in page
    assert "en SERNANP" in page


def test_the_list_is_narrowed_by_state_and_a_state_made_up_narrows_nothing(officer, arrived):
    assert arrived[0] not in officer.get("/bandeja?estado=refused").text
    assert arrived[0] in officer.get("/bandeja?estado=inventado").text


def test_a_leg_that_has_not_arrived_yet_is_not_shown(house, clerk, officer):
    cuo = house.leg(clerk.filed(destination="iiap")).cuo
    assert officer.get(f"/bandeja/{cuo}").status_code == 404


def test_an_officer_registers_with_their_own_number(house, officer, arrived):
    number, cuo = arrived
    answer = officer.post(f"/bandeja/{cuo}", {"answer": "register", "registry_number": "E-778", "unit": "Archivo"})
    assert answer.status_code == 303
    leg = house.leg(number)
    assert (leg.status, leg.destination_registry_number, leg.unit) == ("registered", "E-778", "Archivo")
    assert "E-778" in officer.get(answer.location).text
    with house.session() as session:
        told = session.query(Event).filter_by(delivery_id=leg.id, kind="registered").one()
    assert (told.author, told.said_by) == (Author.OFFICER, "iiap")


def test_a_number_left_blank_is_the_next_of_the_bodys_register_and_a_refused_form_uses_none(house, clerk, officer):
    given = []
    for _ in range(2):
        number = clerk.filed(destination="iiap")
        cuo = house.leg(number).cuo
        house.say(cuo)
        assert officer.post(f"/bandeja/{cuo}", {"answer": "register", "unit": "x" * 251}).status_code == 422
        assert officer.post(f"/bandeja/{cuo}", {"answer": "register"}).status_code == 303
        given.append(int(house.leg(number).destination_registry_number))
    assert given[1] == given[0] + 1


def test_an_officer_observes_item_by_item(house, officer, arrived):
    number, cuo = arrived
    form = {"answer": "observe", "items": "Falta la firma\r\n\r\nFalta el plano\r\n", "observe_note": "Gracias"}
    assert officer.post(f"/bandeja/{cuo}", form).status_code == 303
    assert house.leg(number).status == "observed"
    with house.session() as session:
        found = session.query(Observation).filter_by(delivery_id=house.leg(number).id).one()
    assert found.items == ["Falta la firma", "Falta el plano"]
    page, filer = f"/seguimiento/{house.filing(number)[0].verification_code}", house.visitor()
    assert "Falta la firma" not in filer.get(page).text
    filer.post(f"{page}/observacion/ver", {})
    told = text_of(filer.get(page).text)
    for words in ("Esto te pide IIAP", "Falta la firma", "Falta el plano", "Gracias"):
        assert words in told, words


def test_an_officer_refuses_with_a_reason_of_the_list_and_a_text(house, officer, arrived):
    number, cuo = arrived
    form = {"answer": "refuse", "reason": "NO_COMPETE", "refuse_text": "Le toca a OEFA", "right_body": "oefa"}
    assert officer.post(f"/bandeja/{cuo}", form).status_code == 303
    leg = house.filing(number)[2][0]
    assert (leg.status, leg.refusal_reason, leg.refusal_text) == ("rerouted", "NO_COMPETE", "Le toca a OEFA")
    told = text_of(house.visitor().get(f"/seguimiento/{house.filing(number)[0].verification_code}").text)
    assert "Por qué cambió de institución Le toca a OEFA" in told


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({}, "answer", "Elige una opción"),
        ({"answer": "bailar"}, "answer", "Elige una opción"),
        ({"answer": "register", "registry_number": "1" * 15}, "registry_number", "como máximo 14"),
        ({"answer": "observe", "items": " \n "}, "items", "Escribe al menos una cosa"),
        ({"answer": "refuse", "refuse_text": "x"}, "reason", "Elige el motivo"),
        ({"answer": "refuse", "reason": "PORQUE_SI", "refuse_text": "x"}, "reason", "Elige el motivo"),
        ({"answer": "refuse", "reason": "OTRO"}, "refuse_text", "Explica el motivo"),
        ({"answer": "refuse", "reason": "OTRO", "refuse_text": "x", "right_body": "luna"}, "right_body", "de la lista"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(house, officer, arrived, form, field, sentence):
    number, cuo = arrived
    answer = officer.post(f"/bandeja/{cuo}", form)
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field)
    assert house.leg(number).status == "sent"


def test_after_it_is_registered_its_movements_are_told(house, officer, arrived):
    number, cuo = arrived
    move = {"movement": "in_process", "movement_unit": "Botánica", "movement_text": "solo para nosotros"}
    early = officer.post(f"/bandeja/{cuo}/movimiento", move)
    assert early.status_code == 409
    assert "Eso ya no se puede hacer" in on_top(early.text)[0]
    officer.post(f"/bandeja/{cuo}", {"answer": "register"})
    assert officer.post(f"/bandeja/{cuo}/movimiento", move).status_code == 303
    filing = house.filing(number)[0]
    page = house.visitor().get(f"/seguimiento/{filing.verification_code}").text
    assert "Botánica" in page
    assert "solo para nosotros" not in page
    for word in ("answered", "closed"):
        assert officer.post(f"/bandeja/{cuo}/movimiento", {"movement": word}).status_code == 303
    assert house.filing(number)[0].status == "closed"
    assert officer.post(f"/bandeja/{cuo}/movimiento", {"movement": "withdrawn"}).status_code == 422


def test_an_answer_that_comes_too_late_is_told_and_changes_nothing(house, officer, arrived):
    number, cuo = arrived
    house.say(cuo, NewsKind.REGISTERED, registry_number="9", registry_year="2026")
    late = officer.post(f"/bandeja/{cuo}", {"answer": "register", "registry_number": "10"})
    assert house.leg(number).destination_registry_number == "9"
    assert late.status_code in (303, 409)


def test_a_document_opens_for_its_officer_and_cannot_run_anything(house, officer, arrived):
    number, cuo = arrived
    for document in house.filing(number)[1]:
        answer = officer.get(f"/bandeja/{cuo}/documentos/{document.id}")
        assert answer.status_code == 200
        assert len(answer.data) == document.size
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with house.session() as session:
        opened = session.query(Event).filter_by(delivery_id=house.leg(number).id, kind="opened").all()
    assert len(opened) == 2
    assert "Se abrió un documento" in text_of(officer.get(f"/bandeja/{cuo}").text)


def test_nobody_else_opens_it(house, clerk, arrived):
    number, cuo = arrived
    document = house.filing(number)[1][0]
    for who, status in ((ADMIN, 403), (IGP_CLERK, 404), ("bandeja@minam.example", 404)):
        visitor = house.signed_in(who)
        assert visitor.get(f"/bandeja/{cuo}").status_code == status
        assert visitor.get(f"/bandeja/{cuo}/documentos/{document.id}").status_code == status
    assert clerk.get(f"/bandeja/{cuo}/documentos/{document.id}").status_code == 404
    assert house.visitor().get(f"/bandeja/{cuo}/documentos/{document.id}").status_code == 303


def test_a_document_of_another_filing_does_not_open_through_mine(house, clerk, officer, arrived):
    other = house.filing(clerk.filed(destination="igp"))[1][0]
    assert officer.get(f"/bandeja/{arrived[1]}/documentos/{other.id}").status_code == 404


def test_who_opened_a_document_is_told_by_name(house, clerk, officer):
    number = clerk.filed(destination="iiap")
    house.say(house.leg(number).cuo)
    leg = house.leg(number)
    [document] = house.filing(number)[1]
    assert officer.get(f"/bandeja/{leg.cuo}/documentos/{document.id}").status_code == 200
    assert "Lo anotó: Nelly Tuesta Ruiz" in text_of(officer.get(f"/bandeja/{leg.cuo}").text)
