"""Signing in: by role, with bounded guessing that no restart forgets."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from argon2 import PasswordHasher, extract_parameters, profiles
from sqlalchemy import select

from hub import passwords
from hub.app import create_app
from hub.models import User
from tests.fixtures.house import ADMIN, AUDITOR, CLERK, OFFICER, PASSWORD, Visitor
from tests.web.reading import on_top


@pytest.mark.parametrize(
    ("email", "landing"),
    [(CLERK, "/mesa-de-partes"), (OFFICER, "/bandeja"), (ADMIN, "/tablero"), (AUDITOR, "/tablero")],
)
def test_each_role_lands_on_its_own_page(house, email, landing):
    visitor = house.visitor()
    answer = visitor.post("/ingresar", {"email": email, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, landing)
    assert visitor.get(landing).status_code == 200


def test_who_came_for_a_page_is_taken_there_after_signing_in(house):
    visitor = house.visitor()
    asked = visitor.get("/envios?estado=failed")
    assert asked.location == "/ingresar?next=/envios?estado%3Dfailed"
    answer = visitor.post("/ingresar", {"email": ADMIN, "password": PASSWORD, "next": "/envios?estado=failed"})
    assert answer.location == "/envios?estado=failed"


@pytest.mark.parametrize("elsewhere", ["//mala.example", "https://mala.example", "/\\mala.example", "javascript:x"])
def test_nobody_is_sent_elsewhere_after_signing_in(house, elsewhere):
    answer = house.visitor().post("/ingresar", {"email": ADMIN, "password": PASSWORD, "next": elsewhere})
    assert answer.location == "/tablero"


def test_who_leaves_is_out(house):
    visitor = house.signed_in(CLERK)
    assert visitor.post("/salir", {}).location == "/ingresar"
    assert visitor.get("/mesa-de-partes").status_code == 303


def test_a_copy_of_the_cookie_opens_nothing_after_its_owner_left_and_other_sign_ins_stay(house):
    visitor, elsewhere = house.signed_in(CLERK), house.signed_in(CLERK)
    cookie = visitor.client.get_cookie("session").value
    visitor.post("/salir", {})
    visitor.client.set_cookie("session", cookie)
    assert visitor.get("/mesa-de-partes").status_code == 303
    assert elsewhere.get("/mesa-de-partes").status_code == 200


@pytest.mark.parametrize("path", ["/mesa-de-partes/constancias/%00", "/mesa-de-partes/constancias/%00.pdf"])
def test_a_nul_in_an_address_is_a_page_that_does_not_exist(house, path):
    assert house.signed_in(CLERK).get(path).status_code == 404


def test_a_nul_in_a_form_is_refused_with_a_page(house):
    answer = house.visitor().post("/ingresar", {"email": f"{CLERK}\0", "password": PASSWORD})
    assert answer.status_code == 400 and "No entendimos lo que llegó" in answer.text


def test_a_wrong_password_and_an_unknown_account_are_told_apart_by_nobody(house):
    wrong = house.visitor().post("/ingresar", {"email": OFFICER, "password": "otra"})
    unknown = house.visitor().post("/ingresar", {"email": "nadie@ejemplo.pe", "password": "otra"})
    assert wrong.status_code == unknown.status_code == 422
    assert on_top(wrong.text) == on_top(unknown.text) == ["El correo o la contraseña no coinciden"]


def a_colleague(house, email):
    """An account of this test's own, with the password of the others: it will be locked."""
    with house.session() as session:
        other = session.scalars(select(User).where(User.email == OFFICER)).unique().one()
        same = {"password": other.password, "active": True, "entity_code": other.entity_code, "roles": other.roles}
        session.add(User(email=email, fs_uniquifier=uuid4().hex, created_at=other.created_at, **same))
        session.commit()


def test_guessing_ends_after_ten_tries_also_with_the_right_password_and_in_another_process(house):
    email = "bandeja@oficina.example"
    a_colleague(house, email)
    for _ in range(10):
        assert house.visitor().post("/ingresar", {"email": email, "password": "adivino"}).status_code == 422
    other = create_app(house.services.settings)
    answer = Visitor(other.test_client()).post("/ingresar", {"email": email, "password": PASSWORD})
    other.extensions["mesa"].live_directory.stop()
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "Probaste muchas veces" in on_top(answer.text)[0]


def test_a_good_sign_in_does_not_count(house):
    for _ in range(12):
        house.signed_in(CLERK)


def test_an_account_that_was_closed_is_out_at_its_next_page(house):
    from hub.models import User

    visitor = house.signed_in("bandeja@sernanp.example")
    with house.session() as session:
        session.query(User).filter_by(email="bandeja@sernanp.example").one().active = False
        session.commit()
    assert visitor.get("/bandeja").status_code == 303


def test_few_passwords_are_checked_at_once():
    kept, counted = PasswordHasher().hash("x"), []  # as dear as in production: cheap ones would not meet
    done = threading.Event()

    def watch():
        while not done.is_set():
            counted.append(passwords.AT_ONCE - passwords._turns._value)
            time.sleep(0.002)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(lambda _: passwords.is_password(kept, "y"), range(passwords.AT_ONCE + 2)))
    done.set()
    watcher.join()
    assert max(counted) == passwords.AT_ONCE


def test_a_password_costs_what_the_library_advises_unless_told_otherwise():
    script = "from hub.passwords import hash_password; print(hash_password('x'))"
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert extract_parameters(made.strip()) == profiles.RFC_9106_LOW_MEMORY


def test_a_password_has_its_own_salt_and_opens_only_its_own(house):
    one, two = passwords.hash_password("clave"), passwords.hash_password("clave")
    assert one != two
    assert one.startswith("$argon2id$")
    assert passwords.is_password(one, "clave")
    assert not passwords.is_password(one, "Clave")
    assert not passwords.is_password(None, "clave")
    assert not passwords.is_password("no es un hash", "clave")


def test_a_sign_in_lasts_a_working_day_whatever_the_browser_keeps(house):
    visitor = house.signed_in(CLERK)
    kept = visitor.client.get_cookie("session").value
    serializer = house.app.session_interface.get_signing_serializer(house.app)
    told = serializer.loads(kept)
    old = _signed_hours_ago(serializer, told, 13)
    visitor.client.set_cookie("session", old)
    assert visitor.get("/mesa-de-partes").status_code == 303
    visitor.client.set_cookie("session", _signed_hours_ago(serializer, told, 11))
    assert visitor.get("/mesa-de-partes").status_code == 200


def _signed_hours_ago(serializer, told, hours):
    class Earlier(serializer.signer):
        def get_timestamp(self):
            return int(time.time()) - hours * 3600

    serializer.signer = Earlier
    return serializer.dumps(told)
