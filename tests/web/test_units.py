"""Inside the inbox: pass to a unit, put away, read a PDF in the browser; a unit sees what was passed to it."""

import pytest

from hub import units
from hub.clock import now
from hub.models import Membership, RoleRow, User
from tests.fixtures.house import OFFICER, a_pdf
from tests.web.reading import beside, on_top, text_of
from tests.web.staff import make_user


@pytest.fixture(scope="module")
def officer(house):
    return house.signed_in(OFFICER)


@pytest.fixture(scope="module")
def botany(house):
    """The unit of IIAP that attends plants: its id."""
    with house.session() as session:
        made = units.add(session, house.directory.entity("iiap"), "Botánica", _officer_id(session), now())
        session.commit()
        return made.id


def _officer_id(session):
    return session.query(User).filter_by(email=OFFICER).one().id


@pytest.fixture
def registered(house, clerk, officer):
    """A filing that IIAP has registered: (its number, its CUO)."""
    number = clerk.filed(destination="iiap", main=("pedido.pdf", a_pdf()), annexes=[("a.html", b"<b>x</b>")])
    cuo = house.leg(number).cuo
    house.say(cuo)
    assert officer.post(f"/bandeja/{cuo}", {"answer": "register", "open_expediente": "si"}).status_code == 303
    return number, cuo


def track(house, number):
    return text_of(house.visitor().get(f"/seguimiento/{house.filing(number)[0].verification_code}").text)


def test_a_file_is_opened_with_the_next_number_of_the_year(house, registered):
    assert house.leg(registered[0]).expediente_number.endswith(f"-{now().year}")


def test_a_leg_is_passed_to_a_unit_and_its_filer_reads_where_it_is(house, officer, registered, botany):
    number, cuo = registered
    answer = officer.post(f"/bandeja/{cuo}/pasar", {"to_unit": str(botany), "pass_note": "urge, es de la selva"})
    assert answer.status_code == 303
    page = text_of(officer.get(answer.location).text)
    assert "Botánica" in page
    assert "urge, es de la selva" in page
    told = track(house, number)
    assert "Botánica" in told
    assert "urge" not in told
    assert number in officer.get(f"/bandeja?unidad={botany}").text


@pytest.mark.parametrize("unit", ["", "0", "999999", "botánica"])
def test_a_unit_that_is_not_the_bodys_is_not_passed_to(house, officer, registered, unit):
    answer = officer.post(f"/bandeja/{registered[1]}/pasar", {"to_unit": unit})
    assert answer.status_code == 422
    assert "Elige una opción" in beside(answer.text, "to_unit") + " ".join(on_top(answer.text))


def test_another_bodys_unit_is_not_passed_to(house, officer, registered):
    with house.session() as session:
        other = units.add(session, house.directory.entity("minam"), "Ajena", _officer_id(session), now())
        session.commit()
    assert officer.post(f"/bandeja/{registered[1]}/pasar", {"to_unit": str(other.id)}).status_code == 422


def test_who_is_of_a_unit_sees_what_was_passed_to_it_and_nothing_else(house, officer, clerk, registered, botany):
    email = make_user(house, "iiap", ["collaborator"], unit_id=botany)
    with house.session() as session:
        assert session.query(Membership).filter_by(unit_id=botany).count() >= 1
        assert session.query(RoleRow).filter_by(name="collaborator").count() == 1
    number, cuo = registered
    member = house.signed_in(email)
    assert member.get(f"/bandeja/{cuo}").status_code == 404
    assert number not in member.get("/bandeja").text
    officer.post(f"/bandeja/{cuo}/pasar", {"to_unit": str(botany)})
    assert member.get(f"/bandeja/{cuo}").status_code == 200
    move = {"movement": "answered", "movement_unit": "Botánica"}
    assert member.post(f"/bandeja/{cuo}/movimiento", move).status_code == 303


def test_what_is_done_is_put_away_and_taken_up_again(house, officer, registered):
    number, cuo = registered
    early = officer.post(f"/bandeja/{cuo}/archivar", {})
    assert early.status_code == 409
    assert "Todavía no se puede archivar" in on_top(early.text)[0]
    officer.post(f"/bandeja/{cuo}/movimiento", {"movement": "closed"})
    assert officer.post(f"/bandeja/{cuo}/archivar", {}).status_code == 303
    assert number in officer.get("/bandeja?estado=archived").text
    assert number not in officer.get("/bandeja?estado=closed").text
    assert "Se archivó" not in track(house, number)
    assert officer.post(f"/bandeja/{cuo}/desarchivar", {}).status_code == 303
    assert number in officer.get("/bandeja?estado=closed").text
    assert "Se sacó del archivo" in text_of(officer.get(f"/bandeja/{cuo}").text)


def test_what_is_over_is_passed_to_nobody(officer, registered, botany):
    officer.post(f"/bandeja/{registered[1]}/movimiento", {"movement": "closed"})
    assert officer.post(f"/bandeja/{registered[1]}/pasar", {"to_unit": str(botany)}).status_code == 409


def test_a_pdf_is_read_in_the_browser_and_anything_else_is_a_file(house, officer, registered):
    number, cuo = registered
    for document in house.filing(number)[1]:
        answer = officer.get(f"/bandeja/{cuo}/documentos/{document.id}/ver")
        is_pdf = document.media_type == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("inline" if is_pdf else "attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert policy.startswith("sandbox") is not is_pdf


def test_another_bodys_people_neither_read_nor_pass_nor_put_away(house, registered, botany):
    number, cuo = registered
    stranger = house.signed_in("bandeja@minam.example")
    document = house.filing(number)[1][0]
    assert stranger.get(f"/bandeja/{cuo}/documentos/{document.id}/ver").status_code == 404
    assert stranger.post(f"/bandeja/{cuo}/pasar", {"to_unit": str(botany)}).status_code == 404
    assert stranger.post(f"/bandeja/{cuo}/archivar", {}).status_code == 404
    assert stranger.post(f"/bandeja/{cuo}/desarchivar", {}).status_code == 404


def test_a_leg_that_left_is_read_no_more(house, clerk, officer):
    number = clerk.filed(destination="iiap")
    cuo = house.leg(number).cuo
    house.say(cuo)
    document = house.filing(number)[1][0]
    form = {"answer": "refuse", "reason": "NO_COMPETE", "refuse_text": "Le toca a OEFA", "right_body": "oefa"}
    officer.post(f"/bandeja/{cuo}", form)
    for path in ("", f"/documentos/{document.id}", f"/documentos/{document.id}/ver"):
        assert officer.get(f"/bandeja/{cuo}{path}").status_code == 404


def test_an_auditor_of_the_body_reads_and_changes_nothing(house, registered, botany):
    auditor = house.signed_in(make_user(house, "iiap", ["auditor"]))
    cuo = registered[1]
    assert auditor.get(f"/bandeja/{cuo}").status_code == 200
    for path in (f"/bandeja/{cuo}", f"/bandeja/{cuo}/pasar", f"/bandeja/{cuo}/archivar", "/documentos-propios/nuevo"):
        assert auditor.post(path, {"to_unit": str(botany)}).status_code == 403, path
