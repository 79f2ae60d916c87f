"""The database's address: one server or several, and connections that notice a machine that vanished."""

import pytest
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from hub.app import create_app
from hub.database_address import sqlalchemy_address
from hub.extensions import db
from hub.settings import Settings


def arguments(address):
    """What psycopg2 is given."""
    url = make_url(sqlalchemy_address(address))
    return create_engine(url).dialect.create_connect_args(url)[1]


def test_of_several_servers_the_one_that_may_write_is_taken():
    given = arguments("postgresql://mesa:cla%40ve@uno:5432,dos:5433/mesa")
    assert (given["host"], given["port"]) == ("uno,dos", "5432,5433")
    assert (given["password"], given["dbname"]) == ("cla@ve", "mesa")
    assert given["target_session_attrs"] == "read-write"


def test_what_the_address_says_holds():
    given = arguments("postgresql://mesa@uno,dos/mesa?target_session_attrs=any&connect_timeout=2&sslmode=require")
    assert (given["target_session_attrs"], given["connect_timeout"], given["sslmode"]) == ("any", "2", "require")


@pytest.mark.parametrize(("options", "said"), [
    ("?connect_timeout=2&tcp_user_timeout=60000", ("2", "60000")), ("", ("5", "20000")),
])  # fmt: skip
def test_the_application_connects_as_the_address_says(tmp_path, options, said):
    given = {}
    app = create_app(Settings(database_url=f"postgresql://nadie@127.0.0.1:9/nada{options}", data=str(tmp_path)))
    with app.app_context():
        event.listen(db.engine, "do_connect", lambda *them: given.update(them[-1]))
        with pytest.raises(OperationalError):
            db.engine.connect()
    app.extensions["mesa"].live_directory.stop()
    assert tuple(str(given[one]) for one in ("connect_timeout", "tcp_user_timeout")) == said


def test_one_server_is_waited_for_seconds_and_not_a_quarter_of_an_hour():
    given = arguments("postgres://mesa:x@127.0.0.1:5432/mesa")
    assert given["connect_timeout"] == "5" and int(given["tcp_user_timeout"]) <= 30_000
    assert "target_session_attrs" not in given


def test_a_socket_and_what_is_no_address_stay_as_they_are():
    assert arguments("postgresql:///mesa?host=/run/postgresql")["host"] == "/run/postgresql"
    assert sqlalchemy_address("") == ""
