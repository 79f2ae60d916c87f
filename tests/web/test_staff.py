"""Staff: a coordinator makes the people of their body and of no other, and everything is in the trail."""

import re
import secrets
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub import invitations, second_factor
from hub.clock import now
from hub.models import AuditEntry, Invitation, OutboundMessage, SecondFactor, User
from tests.fixtures.house import ADMIN, CLERK, OFFICER
from tests.web.reading import beside, on_top, text_of
from tests.web.staff import make_user

CHOSEN = "una frase muy larga de prueba"


@pytest.fixture(scope="module")
def coordinator(house):
    return house.signed_in(make_user(house, "iiap", ["entity_coordinator"]))


def invite(visitor, **changes):
    """Gives (the answer, the e-mail)."""
    email = f"nueva-{secrets.token_hex(4)}@iiap.example"
    form = {"name": "Rosa Flores Inga", "email": email, "role": "officer", "counter_code": "", "unit_id": ""}
    return visitor.post("/personal/nueva", form | changes), email


def account(house, email):
    with house.session() as session:
        return session.query(User).filter_by(email=email).one()


def link(house, email):
    """The link that was mailed last."""
    with house.session() as session:
        row = session.query(Invitation).filter_by(user_id=account(house, email).id)
        newest = row.order_by(Invitation.created_at.desc()).first()
    return f"/invitacion/{invitations.token_of(house.services.tracking_secret, newest.id)}"


def opened(house, coordinator, **changes):
    """An account that was invited and has its password. Gives its e-mail."""
    answer, email = invite(coordinator, **changes)
    assert answer.status_code == 303, text_of(answer.text)
    accepted = house.visitor().post(link(house, email), {"password": CHOSEN, "again": CHOSEN})
    assert accepted.status_code == 303
    return email


def with_password(house, email):
    """Who gave the right password, and stands before the second step."""
    visitor = house.visitor()
    answer = visitor.post("/ingresar", {"email": email, "password": CHOSEN, "next": ""})
    assert (answer.status_code, answer.location) == (303, "/ingresar/segundo-paso")
    return visitor


def code_of(house, email, at=None):
    with house.session() as session:
        row = session.get(SecondFactor, account(house, email).id)
    secret = second_factor.secret_of(house.services.tracking_secret, row)
    return pyotp.TOTP(secret).at(at or now())


def used_code(house, email):
    """The code that opened last."""
    with house.session() as session:
        row = session.get(SecondFactor, account(house, email).id)
    return pyotp.TOTP(second_factor.secret_of(house.services.tracking_secret, row)).generate_otp(row.last_step)


def confirmed(house, email):
    """Signed in for the first time: (the visitor, the codes to keep on paper)."""
    visitor = with_password(house, email)
    assert "data:image/svg" in visitor.get("/ingresar/segundo-paso").text
    answer = visitor.post("/ingresar/segundo-paso", {"code": code_of(house, email)})
    assert answer.status_code == 200
    return visitor, re.findall(r"[A-Z0-9]{5}-[A-Z0-9]{5}", answer.text)


def test_a_coordinator_makes_a_user_who_does_the_work(house, clerk, coordinator):
    email = opened(house, coordinator)
    visitor, codes = confirmed(house, email)
    assert len(codes) == second_factor.RECOVERY_CODES
    number = clerk.filed(destination="iiap")
    cuo = house.leg(number).cuo
    house.say(cuo)
    assert visitor.post(f"/bandeja/{cuo}", {"answer": "register"}).status_code == 303
    assert house.leg(number).status == "registered"


def test_the_invitation_is_mailed_and_no_secret_stands_in_the_outbox(house, coordinator):
    _, email = invite(coordinator)
    with house.session() as session:
        content = session.query(OutboundMessage).filter(OutboundMessage.content["to"].astext == email).one().content
    assert content["letter"] == "invitation"
    assert link(house, email).rpartition("/")[2] not in str(content)


def test_a_link_opens_once_and_only_whole(house, coordinator):
    _, email = invite(coordinator)
    path = link(house, email)
    assert house.visitor().get(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 404
    assert "Rosa Flores Inga" in house.visitor().get(path).text
    short = house.visitor().post(path, {"password": "corta", "again": "corta"})
    assert short.status_code == 422
    assert "12 caracteres" in beside(short.text, "password")
    different = house.visitor().post(path, {"password": CHOSEN, "again": CHOSEN + "x"})
    assert "no son iguales" in beside(different.text, "again")
    assert house.visitor().post(path, {"password": CHOSEN, "again": CHOSEN}).status_code == 303
    assert house.visitor().get(path).status_code == 404


def test_a_code_opens_once_and_a_wrong_one_never(house, coordinator):
    email = opened(house, coordinator)
    confirmed(house, email)
    again = with_password(house, email)
    assert again.get("/bandeja").status_code == 303
    wrong = again.post("/ingresar/segundo-paso", {"code": "000000"})
    assert wrong.status_code == 422
    assert "Ese código no es" in beside(wrong.text, "code")
    assert again.post("/ingresar/segundo-paso", {"code": used_code(house, email)}).status_code == 422
    later = code_of(house, email, now() + timedelta(seconds=30))
    assert again.post("/ingresar/segundo-paso", {"code": later}).status_code == 303
    assert again.get("/bandeja").status_code == 200


def test_a_code_kept_on_paper_opens_once(house, coordinator):
    email = opened(house, coordinator)
    _, codes = confirmed(house, email)
    form = {"code": codes[0].lower()}
    assert with_password(house, email).post("/ingresar/segundo-paso", form).status_code == 303
    assert with_password(house, email).post("/ingresar/segundo-paso", form).status_code == 422


def test_wrong_codes_are_counted(house, coordinator):
    email = opened(house, coordinator)
    visitor = with_password(house, email)
    answers = [visitor.post("/ingresar/segundo-paso", {"code": "1"}).status_code for _ in range(11)]
    assert answers[-1] == 429


def test_the_second_step_is_for_who_gave_a_password(house):
    assert house.visitor().get("/ingresar/segundo-paso").location == "/ingresar"
    assert house.visitor().post("/ingresar/segundo-paso", {"code": "1"}).location == "/ingresar"


def test_who_is_switched_off_is_out_at_once_and_may_come_back(house, coordinator):
    email = opened(house, coordinator)
    visitor, _ = confirmed(house, email)
    user_id = account(house, email).id
    assert coordinator.post(f"/personal/{user_id}/desactivar", {}).status_code == 303
    assert visitor.get("/bandeja").status_code == 303
    refused = house.visitor().post("/ingresar", {"email": email, "password": CHOSEN, "next": ""})
    assert refused.status_code == 422
    assert coordinator.post(f"/personal/{user_id}/activar", {}).status_code == 303
    with_password(house, email)


def test_a_reset_closes_password_and_second_step(house, coordinator):
    email = opened(house, coordinator)
    visitor, _ = confirmed(house, email)
    assert coordinator.post(f"/personal/{account(house, email).id}/contrasena", {}).status_code == 303
    assert visitor.get("/bandeja").status_code == 303
    assert house.visitor().post("/ingresar", {"email": email, "password": CHOSEN, "next": ""}).status_code == 422
    assert house.visitor().post(link(house, email), {"password": CHOSEN, "again": CHOSEN}).status_code == 303
    confirmed(house, email)


def test_a_role_seat_and_unit_are_changed(house, coordinator):
    email = opened(house, coordinator)
    user_id = account(house, email).id
    assert coordinator.post("/personal/oficinas", {"unit_name": f"Oficina {user_id}"}).status_code == 303
    page = coordinator.get(f"/personal/{user_id}").text
    unit = re.search(rf'value="(\d+)"[^>]*>Oficina {user_id}<', page)[1]
    form = {"name": "Rosa Flores", "role": "collaborator", "counter_code": "", "unit_id": unit}
    assert coordinator.post(f"/personal/{user_id}", form).status_code == 303
    changed = account(house, email)
    assert (changed.name, [role.name for role in changed.roles]) == ("Rosa Flores", ["collaborator"])
    assert f"Oficina {user_id}" in coordinator.get("/personal").text
    assert coordinator.post(f"/personal/oficinas/{unit}/cerrar", {}).status_code == 303
    assert coordinator.post("/personal/oficinas", {"unit_name": " "}).status_code == 422


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"role": "sector_admin"}, "role", "un rol que tú puedas dar"),
        ({"role": "operator"}, "role", "un rol que tú puedas dar"),
        ({"role": "clerk"}, "counter_code", "Elige en qué sede"),
        ({"email": OFFICER}, "email", "Ya hay una cuenta"),
        ({"email": OFFICER.upper()}, "email", "Ya hay una cuenta"),
        ({"email": "nada"}, "email", "Escribe el correo completo"),
        ({"name": " "}, "name", "Escribe el nombre"),
        ({"unit_id": "999999"}, "unit_id", "Elige una opción"),
    ],
)
def test_what_is_wrong_with_a_person_is_said(coordinator, change, field, sentence):
    answer, _ = invite(coordinator, **change)
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field) + " ".join(on_top(answer.text))


def test_nobody_makes_a_role_above_their_own(house, coordinator):
    seat = house.signed_in(make_user(house, "sernanp", ["seat_coordinator"], counter_code="principal"))
    for role in ("entity_coordinator", "seat_coordinator", "officer", "auditor", "sector_admin"):
        assert invite(seat, role=role, counter_code="principal")[0].status_code == 422, role
    assert invite(seat, role="clerk", counter_code="principal")[0].status_code == 303
    for who in (OFFICER, CLERK):
        assert house.signed_in(who).get("/personal").status_code == 403


def test_a_body_never_reads_nor_changes_anothers_people(house, coordinator):
    other = account(house, "bandeja@minam.example").id
    assert "bandeja@minam.example" not in coordinator.get("/personal").text
    assert "bandeja@minam.example" not in coordinator.get("/personal?entidad=minam").text
    form = {"name": "X", "role": "officer", "counter_code": "", "unit_id": ""}
    assert coordinator.get(f"/personal/{other}").status_code == 404
    for path in ("", "/desactivar", "/activar", "/contrasena"):
        assert coordinator.post(f"/personal/{other}{path}?entidad=minam", form).status_code == 404, path
    assert account(house, "bandeja@minam.example").active


def test_nobody_changes_their_own_account(house):
    email = make_user(house, "iiap", ["entity_coordinator"])
    own = house.signed_in(email)
    assert own.post(f"/personal/{account(house, email).id}/desactivar", {}).status_code == 404


def test_who_runs_the_sector_makes_a_bodys_first_coordinator(house):
    admin = house.signed_in(ADMIN)
    answer = admin.post("/personal/nueva?entidad=oefa", {
        "name": "Julia", "email": f"julia-{secrets.token_hex(3)}@oefa.example", "role": "entity_coordinator",
        "counter_code": "", "unit_id": "",
    })  # fmt: skip
    assert answer.status_code == 303, text_of(answer.text)
    assert "Julia" in admin.get("/personal?entidad=oefa").text


def test_everything_is_in_the_trail_for_the_bodys_own_and_for_the_sector(house, coordinator):
    email = opened(house, coordinator)
    told = text_of(coordinator.get("/auditoria").text)
    assert "Creó la cuenta y envió la invitación" in told
    assert "Eligió su contraseña" in told
    assert "Rosa Flores Inga" in text_of(house.signed_in(ADMIN).get("/auditoria").text)
    other = house.signed_in(make_user(house, "minam", ["entity_coordinator"]))
    with house.session() as session:
        rows = session.query(AuditEntry).filter_by(about_user_id=account(house, email).id).all()
    assert {row.kind for row in rows} == {"user_invited", "password_chosen"}
    assert "Rosa Flores Inga" not in other.get("/auditoria").text


@pytest.mark.parametrize("statement", ["update audit_entries set kind = 'x'", "delete from audit_entries"])
def test_the_trail_is_only_added_to(house, coordinator, statement):
    invite(coordinator)
    with house.session() as session, pytest.raises(DBAPIError, match="never changed"):
        session.execute(text(statement))
