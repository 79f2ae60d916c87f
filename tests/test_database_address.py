"""The database's address: one server or several, and connections that notice a machine that vanished."""

from sqlalchemy import create_engine, make_url

from hub.database_address import sqlalchemy_address


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


def test_one_server_is_waited_for_seconds_and_not_a_quarter_of_an_hour():
    given = arguments("postgres://mesa:x@127.0.0.1:5432/mesa")
    assert given["connect_timeout"] == "5" and int(given["tcp_user_timeout"]) <= 30_000
    assert "target_session_attrs" not in given


def test_a_socket_and_what_is_no_address_stay_as_they_are():
    assert arguments("postgresql:///mesa?host=/run/postgresql")["host"] == "/run/postgresql"
    assert sqlalchemy_address("") == ""
