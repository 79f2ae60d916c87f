"""What is lost on the way costs nobody a document: a commit whose answer does not come, an object that is gone."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from hub.extensions import db
from hub.models import Filing, Sending
from tests.api.national import document, recepcion, say
from tests.fixtures.parcels import PDF


@pytest.fixture
def losing(hub):
    """losing(cuo): the connection dies once, right after PostgreSQL committed what was sent in under that number."""
    with hub.app.app_context():
        engine = db.engine

    @contextmanager
    def made(cuo):
        found = []

        def lose(connection):
            rows = connection.exec_driver_sql("select 1 from sendings where cuo = %s", (cuo,)).all()
            if rows and not found:
                found.append(cuo)
                connection.connection.dbapi_connection.commit()
                raise OperationalError("commit", {}, ConnectionError("the server closed the connection"))

        event.listen(engine, "commit", lose)
        try:
            yield found
        finally:
            event.remove(engine, "commit", lose)

    return made


def kept(hub, cuo):
    """(its document's object key, its bytes) of what was sent in under that number."""
    (sending,) = hub.rows(Sending, cuo=cuo)
    with hub.session() as session:
        (one,) = session.get(Filing, sending.filing_id).documents
    with hub.house.store.open(one.object_key) as stream:
        return one.object_key, stream.read()


def test_a_commit_whose_answer_is_lost_costs_no_document(hub, losing):
    values = document()
    with losing(values["vcuo"]) as lost:
        assert say(hub, recepcion(**values))["vcodres"] == "-1" and lost
    assert kept(hub, values["vcuo"])[1] == PDF
    stored = sum(1 for _ in hub.documents())
    assert say(hub, recepcion(**values))["vcodres"] == "0000"
    assert kept(hub, values["vcuo"])[1] == PDF and sum(1 for _ in hub.documents()) == stored


def test_what_comes_again_takes_the_place_of_a_document_that_is_gone(hub):
    values = document()
    assert say(hub, recepcion(**values))["vcodres"] == "0000"
    gone, _ = kept(hub, values["vcuo"])
    hub.house.store.discard(gone)
    assert say(hub, recepcion(**values))["vcodres"] == "0000"
    assert kept(hub, values["vcuo"])[0] != gone and kept(hub, values["vcuo"])[1] == PDF
