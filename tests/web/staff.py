"""People of the bodies, made for a test, and a house of its own for bodies that join: no other test counts them."""

import secrets
from contextlib import contextmanager

import pytest

from hub import units
from hub.clock import now
from hub.models import RoleRow, User
from tests.fixtures.house import OFFICER, make_house


@contextmanager
def a_house(database_url, data, port=1):
    built = make_house(database_url, data, f"http://127.0.0.1:{port}")
    yield built
    built.services.live_directory.stop()
    built.engine.dispose()


def own_house(name, scope="module"):
    """A fixture: a house that the tests of one file or folder have for themselves."""

    @pytest.fixture(scope=scope)
    def house(make_database, migrated_template, tmp_path_factory):
        with a_house(make_database(migrated_template), tmp_path_factory.mktemp(name)) as built:
            yield built

    return house


def make_user(house, entity_code, role_names, unit_id=None, counter_code=""):
    """An account with the password of all test accounts. Gives its e-mail."""
    email = f"persona-{secrets.token_hex(4)}@{entity_code}.example"
    with house.session() as session:
        kept = session.query(User).filter_by(email=OFFICER).one().password
        user = User(
            email=email, password=kept, active=True, fs_uniquifier=secrets.token_hex(16), name="Persona de prueba",
            entity_code=entity_code, counter_code=counter_code, created_at=now(),
            roles=[_role(session, name) for name in role_names],
        )  # fmt: skip
        session.add(user)
        session.flush()
        if unit_id is not None:
            units.set_member(session, user.id, unit_id)
        session.commit()
    return email


def _role(session, name):
    return session.query(RoleRow).filter_by(name=name).one_or_none() or RoleRow(name=name)
