"""Every route by every role: the table is the application's, and what it says is what happens."""

import re
import secrets
from functools import cache

import pytest
from sqlalchemy import select

from hub.clock import now
from hub.models import RoleRow, User
from hub.passwords import hash_password
from hub.sight import CITIZEN
from tests.fixtures.house import PASSWORD
from tests.nets.routes import ROLES, TABLE, rows_of, written
from tests.web.account import Holder

ARGUMENTS = {
    "int": "1", "uuid": "00000000-0000-0000-0000-000000000001", "any": "ca", "default": "AAAA-AAAA-AAAA-AAAA",
    "path": "mark.svg",
}  # fmt: skip


def an_address(rule):
    """An address of a route, its arguments filled with what exists nowhere."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: ARGUMENTS[found[1] or "default"], rule)


@pytest.fixture(scope="module")
def people(house):
    """role -> a browser signed in with that role alone; "public": nobody."""
    with house.session() as session:
        password = hash_password(PASSWORD)
        for role in ROLES:
            row = session.scalar(select(RoleRow).where(RoleRow.name == role)) or RoleRow(name=role)
            session.add(User(
                email=f"{role}@roles.example", name=role, active=True, fs_uniquifier=secrets.token_hex(16),
                password=password, entity_code="minam", counter_code="principal", created_at=now(), roles=[row],
            ))  # fmt: skip
        session.commit()

    def person(role):
        if role == "public":
            return house.visitor()
        return Holder(house).opens().visitor if role == CITIZEN else house.signed_in(f"{role}@roles.example")

    return cache(person)


def test_the_table_is_the_applications(house):
    """Where a route is new: `python -m tests.nets.routes`, and look at what it opens to."""
    assert TABLE.read_text("utf-8") == written(house.app)


def is_let_in(visitor, method, path):
    """False where the door sends away who knocks: to sign in, or with a 403. What is behind it does not count."""
    answer = visitor.client.open(path, method=method)
    answer.close()  # a stream holds one of few places while it is open
    sent_to_sign_in = answer.status_code == 303 and answer.location.startswith(("/ingresar", "/cuenta/ingresar"))
    return answer.status_code != 403 and not sent_to_sign_in


@pytest.mark.parametrize("role", ["public", *ROLES])
def test_each_role_opens_its_doors_and_no_other(house, people, role):
    wrong = []
    for rule, methods, kind, opens in rows_of(house.app):
        if kind != "role":
            continue
        for method in methods:
            is_open = is_let_in(people(role), method, an_address(rule))
            if is_open != (role in opens):
                wrong.append((method, rule, "open" if is_open else "shut"))
    assert wrong == []


def test_public_pages_open_to_nobody_in_particular(house, people):
    for rule, methods, kind, _ in rows_of(house.app):
        if kind == "public" and "GET" in methods and not rule.startswith(("/presentar/borrador", "/ingresar")):
            answer = people("public").get(an_address(rule))
            assert answer.status_code not in (401, 403), rule
            assert not (answer.location or "").startswith("/ingresar"), rule


def test_every_address_of_the_table_is_one_that_routes(house):
    adapter = house.app.url_map.bind("localhost")
    for rule, methods, _, _ in rows_of(house.app):
        for method in methods:
            assert adapter.match(an_address(rule), method)
