"""Accounts of citizens: opened by a letter, entered by password or code, recovered, moved, closed."""

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.clock import now
from hub.models import AccountLink, AuditEntry, Citizen, User
from tests.fixtures.house import CLERK
from tests.fixtures.house import PASSWORD as STAFFS
from tests.web.account import COMPANY, PASSWORD, Holder, new_email
from tests.web.citizen import PERSON
from tests.web.reading import beside, on_top, text_of
from tests.web.test_look import ENGLISH


@pytest.fixture
def holder(house):
    return Holder(house)


def without_email(answer, *emails):
    page = re.sub(r'nonce="[^"]*"|csrf_token" value="[^"]*"|name="csrf-token"[^>]*', "", answer.text)
    for email in emails:
        page = page.replace(email, "X")
    return page


class TestOpening:
    def test_a_person_opens_one_by_the_letter_and_is_in(self, house, holder):
        holder.opens(phone="987654321")
        assert holder.at == "/mis-tramites?aviso=bienvenida"
        page = text_of(holder.get(holder.at).text)
        assert "Tu cuenta está lista" in page and "Todavía no hay trámites" in page
        assert holder.account.roles[0].name == "citizen"
        seen = text_of(holder.get("/cuenta").text)
        for words in (holder.email, "Quispe Ñahui, Ana", "DNI 10117410", "987654321", "Puesta"):
            assert words in seen, words

    def test_a_company_opens_one_by_its_representative(self, house, holder):
        holder.send("/cuenta/crear", {"email": holder.email})
        wrong = holder.send(holder.link(), PERSON | COMPANY | {"ruc": "20131367009"})
        assert wrong.status_code == 422 and "algún dígito" in beside(wrong.text, "ruc")
        assert "RUC tiene 11" in beside(holder.send(holder.link(), PERSON | COMPANY | {"ruc": ""}).text, "ruc")
        assert holder.send(holder.link(), PERSON | COMPANY).status_code == 303
        assert holder.account.name == "Minera de Prueba S.A.C."
        assert "(RUC 20131367008)" in text_of(holder.get("/cuenta").text)

    def test_what_is_wrong_is_said_and_the_link_stays_good(self, holder):
        holder.send("/cuenta/crear", {"email": holder.email})
        typed = PERSON | {"document_number_of_person": "123", "names": "", "new_password": "corta"}
        page = holder.send(holder.link(), typed)
        assert page.status_code == 422
        assert "8 dígitos" in beside(page.text, "document_number_of_person")
        assert "apellidos" in beside(page.text, "names")
        assert "10 caracteres" in beside(page.text, "new_password")
        guessable = holder.send(holder.link(), PERSON | {"new_password": "x-10117410-x"})
        assert "fácil de adivinar" in beside(guessable.text, "new_password")
        assert holder.send(holder.link(), PERSON).status_code == 303

    @pytest.mark.parametrize("spoilt", ["used", "old", "forged", "of another kind"])
    def test_a_link_that_was_spent_opens_nothing(self, house, holder, spoilt):
        holder.send("/cuenta/crear", {"email": holder.email})
        path = holder.link()
        if spoilt == "used":
            holder.send(path, PERSON)
        elif spoilt == "old":
            with house.session() as session:
                link = session.scalars(select(AccountLink).where(AccountLink.email == holder.email)).one()
                link.expires_at = now() - timedelta(seconds=1)
                session.commit()
        elif spoilt == "forged":
            path = path[:-1] + ("0" if path[-1] != "0" else "1")
        else:
            path = path.replace("/crear/", "/clave/")
        assert (holder.get(path).status_code, holder.send(path, PERSON).status_code) == (410, 410)
        assert "ya no vale" in text_of(holder.get(path).text)

    def test_looking_at_the_link_uses_nothing_up(self, house, holder):
        holder.send("/cuenta/crear", {"email": holder.email})
        for _ in range(3):  # a mail scanner
            assert holder.get(holder.link()).status_code == 200
        assert holder.account is None
        assert holder.send(holder.link(), PERSON).status_code == 303

    @pytest.mark.parametrize("known", ["citizen", "staff"])
    def test_an_address_that_is_known_gets_the_same_answer_and_another_letter(self, house, holder, known):
        other = Holder(house, CLERK if known == "staff" else "")
        if known == "citizen":
            other.opens()
        stranger = Holder(house)
        answers = [one.send("/cuenta/crear", {"email": one.email.upper()}) for one in (stranger, other)]
        assert [one.location for one in answers] == ["/cuenta/revisa-tu-correo?para=crear"] * 2
        pages = [without_email(one.get(one.at), one.email) for one in (stranger, other)]
        if known == "staff":
            assert pages[0] == pages[1]
        assert stranger.letters()[-1]["letter"] == "account_open"
        assert other.letters()[-1]["letter"] == "account_known"

    def test_two_links_to_one_address_make_one_account(self, house, holder):
        holder.send("/cuenta/crear", {"email": holder.email})
        first = holder.link()
        holder.send("/cuenta/crear", {"email": holder.email})
        assert holder.send(holder.link(), PERSON).status_code == 303
        assert Holder(house, holder.email).send(first, PERSON).status_code == 410

    def test_the_sixth_letter_to_an_address_is_not_sent(self, holder):
        for _ in range(5):
            holder.send("/cuenta/crear", {"email": holder.email})
        answer = holder.send("/cuenta/crear", {"email": holder.email})
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
        assert len(holder.letters()) == 5


class TestEntering:
    def test_by_password_and_then_where_one_wanted_to_go(self, house, holder):
        holder.opens()
        holder.send("/salir", {})
        assert not holder.is_in()
        asked = holder.get("/mis-tramites?estado=observed")
        assert asked.location == "/cuenta/ingresar?next=/mis-tramites?estado%3Dobserved"
        answer = holder.comes_in(next="/mis-tramites?estado=observed")
        assert answer.location == "/mis-tramites?estado=observed"
        assert holder.comes_in(next="//mala.example").location == "/mis-tramites"

    def test_by_a_code_without_any_password(self, holder):
        holder.opens(password="")
        holder.send("/salir", {})
        assert holder.comes_in(password="").status_code == 422
        assert holder.comes_in(con="codigo").location == "/cuenta/ingresar/codigo"
        assert "no es" in beside(holder.send("/cuenta/ingresar/codigo", {"code": "1"}).text, "code")
        answer = holder.send("/cuenta/ingresar/codigo", {"code": holder.code(holder.email)})
        assert answer.location == "/mis-tramites" and holder.is_in()

    def test_nobody_learns_whether_an_address_is_known(self, house, holder):
        known, unknown = holder.opens(), Holder(house)
        known.send("/salir", {})
        for step in ({"password": "otra cosa más"}, {"con": "codigo"}):
            answers = [one.send("/cuenta/ingresar", {"email": one.email} | step) for one in (known, unknown)]
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].location == answers[1].location
        shown = [without_email(one.get("/cuenta/ingresar/codigo"), one.email) for one in (known, unknown)]
        assert shown[0] == shown[1]
        wrong = [one.send("/cuenta/ingresar/codigo", {"code": "000000"}) for one in (known, unknown)]
        assert without_email(wrong[0], known.email) == without_email(wrong[1], unknown.email)
        assert unknown.letters()[-1]["letter"] == "account_unknown"
        for one in (known, unknown):
            assert one.send("/cuenta/recuperar", {"email": one.email}).location == "/cuenta/revisa-tu-correo?para=clave"
        pages = [without_email(one.get(one.at), one.email) for one in (known, unknown)]
        assert pages[0] == pages[1]

    def test_citizens_and_staff_each_have_a_door_of_their_own(self, house, holder):
        holder.opens()
        holder.send("/salir", {})
        refused = holder.send("/ingresar", {"email": holder.email, "password": PASSWORD})
        assert (refused.status_code, on_top(refused.text)) == (422, ["El correo o la contraseña no coinciden"])
        clerk = Holder(house, CLERK)
        assert clerk.comes_in(STAFFS).status_code == 422
        clerk.comes_in(con="codigo")
        assert clerk.letters()[-1]["letter"] == "account_unknown"

    def test_guessing_ends_after_ten_tries_with_the_right_password_too(self, house, holder):
        holder.opens()
        for _ in range(10):
            assert Holder(house, holder.email).comes_in("adivino adivino").status_code == 422
        assert Holder(house, holder.email).comes_in().status_code == 429

    def test_no_page_of_staff_opens_for_a_citizen_and_none_of_citizens_for_staff(self, house, holder, clerk):
        holder.opens()
        for path in ("/mesa-de-partes", "/bandeja", "/envios", "/registro", "/notificaciones", "/informes"):
            assert holder.get(path).status_code in (403, 404), path
        for path in ("/mis-tramites", "/mis-tramites/casilla", "/mis-tramites/tramites.csv", "/cuenta"):
            assert clerk.get(path).status_code == 403, path


class TestChanging:
    def test_a_forgotten_password_is_replaced_and_every_other_sign_in_ends(self, house, holder):
        holder.opens()
        other = Holder(house, holder.email)
        other.send("/cuenta/recuperar", {"email": holder.email})
        differ = other.send(other.link(), {"new_password": "quebrada honda", "repeated": "otra quebrada"})
        assert "no son iguales" in beside(differ.text, "repeated")
        typed = {"new_password": "quebrada honda", "repeated": "quebrada honda"}
        assert other.send(other.link(), typed).status_code == 303
        assert other.is_in() and not holder.is_in()
        assert Holder(house, holder.email).comes_in().status_code == 422
        assert Holder(house, holder.email).comes_in("quebrada honda").status_code == 303

    def test_another_address_is_proved_there_and_told_to_the_old_one(self, house, holder):
        holder.opens()
        old, new = holder.email, new_email()
        assert holder.send("/cuenta/correo", {"email": new}).status_code == 303
        path = holder.link(new)
        assert "Confirmar tu correo nuevo" in holder.get(path).text and holder.account is not None
        assert holder.send(path, {}).location == "/cuenta/ingresar?motivo=correo"
        assert not holder.is_in()
        assert holder.letters(old)[-1]["letter"] == "account_moved"
        assert holder.comes_in().status_code == 422
        holder.email = new
        assert holder.comes_in().status_code == 303

    def test_an_address_that_is_taken_is_told_so_by_mail_alone(self, house, holder):
        taken, free = Holder(house).opens(), new_email()
        holder.opens()
        answers = [holder.send("/cuenta/correo", {"email": one}).location for one in (taken.email, free)]
        assert answers[0] == answers[1]
        assert taken.letters()[-1]["letter"] == "account_known"

    def test_whoever_came_in_long_ago_signs_in_again_before_a_change(self, house, holder):
        holder.opens()
        with holder.visitor.client.session_transaction() as session:
            session["ingreso"] = int(time.time()) - 16 * 60
        for path in ("/cuenta/correo", "/cuenta/contrasena", "/cuenta/cerrar"):
            assert holder.get(path).location == f"/cuenta/ingresar?next={path}&motivo=confirmar"
            assert holder.send(path, {"confirmed": "si"}).location.startswith("/cuenta/ingresar?")
        assert holder.is_in()

    def test_a_closed_account_is_forgotten_and_its_address_is_free_again(self, house, holder):
        holder.opens(phone="987654321")
        user_id = holder.account.id
        assert holder.send("/cuenta/cerrar", {}).status_code == 422
        assert holder.send("/cuenta/cerrar", {"confirmed": "si"}).location == "/cuenta/cerrada"
        assert not holder.is_in() and holder.comes_in().status_code == 422
        assert holder.letters()[-1]["letter"] == "account_closed"
        with house.session() as session:
            user, citizen = session.get_one(User, user_id), session.get_one(Citizen, user_id)
            assert (user.active, user.name, user.password, "@" in user.email) == (False, "", None, False)
            assert (citizen.names, citizen.document_number, citizen.phone) == ("", "", "")
        assert Holder(house, holder.email).opens().is_in()


def test_every_page_of_an_account_is_in_spanish(holder):
    holder.opens()
    way_in = "/ingresar?motivo=confirmar"
    for path in ("", "/correo", "/contrasena", "/cerrar", "/cerrada", "/crear", way_in, "/recuperar"):
        answer = holder.get(f"/cuenta{path}")
        assert answer.status_code == 200, path
        assert not ENGLISH.search(answer.text), path


def test_who_is_inside_is_led_past_the_sign_in(house):
    citizen = Holder(house).opens()
    there = citizen.get("/cuenta/ingresar?next=/mis-tramites")
    assert (there.status_code, there.location) == (303, "/mis-tramites")
    assert house.visitor().get("/cuenta/ingresar?next=/mis-tramites").status_code == 200


class TestOwnData:
    def test_names_phone_and_address_change_and_the_trail_says_which(self, house, holder):
        holder.opens()
        typed = {"names": "Quispe Ñahui, Ana María", "phone": "987654321", "address": "Jirón Ancash 12",
                 "district": "San Isidro, Lima", "document_number_of_person": "45678912"}
        assert holder.send("/cuenta/datos", typed).location == "/cuenta?aviso=datos"
        seen = text_of(holder.get("/cuenta?aviso=datos").text)
        for words in ("Tus datos quedaron guardados", "Ana María", "987654321", "Jirón Ancash 12, San Isidro, Lima"):
            assert words in seen, words
        assert "DNI 10117410" in seen  # it is not changed by hand
        with house.session() as session:
            about = select(AuditEntry).where(AuditEntry.actor_id == holder.account.id).order_by(AuditEntry.id)
            lines = [(one.kind, one.data) for one in session.scalars(about)]
        changed = {"fields": ["names", "phone", "address", "ubigeo"]}
        assert lines == [("account_opened", {}), ("account_changed", changed)]
        page = holder.begins().get("/presentar/borrador/contacto").text
        assert 'value="San Isidro, Lima, Lima"' in page and 'value="987654321"' in page

    def test_what_is_wrong_is_said_and_nothing_changes(self, house, holder):
        holder.opens()
        answer = holder.send("/cuenta/datos", {"names": "", "phone": "12", "district": "San Isidro"})
        assert answer.status_code == 422 and "apellidos" in beside(answer.text, "names")
        assert "número completo" in beside(answer.text, "phone") and "elige cuál" in beside(answer.text, "ubigeo")
        assert "Quispe Ñahui, Ana" in text_of(holder.get("/cuenta").text)

    def test_the_demonstration_has_a_citizen(self, house):
        visitor = Holder(house, "ana@ciudadana.example")
        assert visitor.comes_in(STAFFS).status_code == 303 and "DNI 10117410" in text_of(visitor.get("/cuenta").text)
