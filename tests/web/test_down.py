"""Without a database every page says so, in Spanish, and when to come back; never a fault."""

from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError

from hub.app import create_app
from hub.extensions import db
from hub.guards import public
from tests.fixtures.house import CLERK, Visitor
from tests.ports import free_port


@pytest.fixture
def cut_off(house):
    """The application, its sector known, its database gone: (a visitor, a clerk who had signed in before)."""
    gone = replace(house.services.settings, database_url=f"postgresql://x:x@127.0.0.1:{free_port()}/x")
    app = create_app(gone)
    app.extensions["mesa"].live_directory._current = house.directory
    clerk = app.test_client()
    clerk.set_cookie("session", house.signed_in(CLERK).client.get_cookie("session").value)
    return Visitor(app.test_client()), Visitor(clerk)


def test_pages_that_need_no_database_stay_open(cut_off):
    visitor, _ = cut_off
    for path in ("/", "/seguimiento", "/ingresar"):
        assert visitor.get(path).status_code == 200


def test_all_others_say_that_it_is_a_pause(cut_off):
    visitor, clerk = cut_off
    answers = [
        visitor.get("/seguimiento/AAAA-BBBB-CCCC-DDDD"),
        visitor.post("/seguimiento", {"filing_number": "2026-0000001-1", "tracking_key": "AAAAAAAA"}),
        visitor.post("/ingresar", {"email": "x@ejemplo.pe", "password": "x"}),
        clerk.get("/mesa-de-partes"),
        clerk.file(),
    ]
    for answer in answers:
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "10"
        assert "Estamos en una pausa" in answer.text


def test_nothing_that_was_sent_meanwhile_is_left_over(house, cut_off):
    objects = house.stored()
    cut_off[1].file()
    assert house.stored() == objects


@pytest.fixture
def demoted(house):
    """(the application's engine, a clerk) where the server has become one that only reads."""
    url = f"{house.services.settings.database_url}?options=-c%20default_transaction_read_only%3Don"
    app = create_app(replace(house.services.settings, database_url=url))
    app.extensions["mesa"].live_directory._current = house.directory
    clerk = app.test_client()
    clerk.set_cookie("session", house.signed_in(CLERK).client.get_cookie("session").value)
    with app.app_context():
        yield db.engine, Visitor(clerk)
        db.engine.dispose()


def test_a_server_that_only_reads_is_a_pause_and_no_fault_and_its_connections_are_dropped(demoted):
    (engine, clerk), dropped = demoted, []
    event.listen(engine, "invalidate", lambda *told: dropped.append(told))
    answer = clerk.file()
    assert answer.status_code == 503 and "no se duplica" in answer.text
    assert dropped


@pytest.mark.parametrize(("is_cut", "status"), [(True, 503), (False, 500)])
def test_a_server_that_dies_in_the_middle_of_an_answer_is_a_pause_whatever_the_kind_of_its_error(house, is_cut, status):
    app = create_app(house.services.settings)
    lost = DatabaseError("select 1", None, Exception("no message from the libpq"), connection_invalidated=is_cut)

    @public("a page that loses its server")
    def lose():
        raise lost

    app.add_url_rule("/sin-base", view_func=lose)
    answer = app.test_client().get("/sin-base")
    assert answer.status_code == status


def test_what_cannot_be_noted_in_the_trail_is_not_shown_and_is_a_pause(demoted, house, clerk):
    number = clerk.filed()
    assert clerk.get(f"/mesa-de-partes/constancias/{number}").status_code == 200
    answer = demoted[1].get(f"/mesa-de-partes/constancias/{number}")
    assert answer.status_code == 503 and number not in answer.text and answer.headers["Retry-After"] == "10"
