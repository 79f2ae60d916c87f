"""What becomes of the bytes that an institution names in its Sobre or its Respuesta."""

import hashlib
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

import pytest
from sqlalchemy import text

from adapters.antivirus import Clamd
from hub import leaving
from hub.core.errors import StorageFailure
from hub.models import FileScan, LeftDocument
from hub.storage import Store
from tests.api.test_leaving import announce, leave, send
from tests.api.test_messages import refused, said
from tests.api.test_sent_in import a_respuesta, a_sobre, post
from tests.fixtures.house import a_pdf

HELD = """
select count(*) from pg_stat_activity
where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()
"""


class Failing(Store):
    """A store on a disk that has no room for more, or that gives nothing back."""

    def join(self, object_key, at, more):
        raise StorageFailure(object_key)

    def open(self, object_key):
        raise StorageFailure(object_key)


@contextmanager
def with_another(hub, **services):
    before = hub.app.extensions["mesa"]
    hub.app.extensions["mesa"] = replace(before, **services)
    yield hub
    hub.app.extensions["mesa"] = before


@pytest.fixture
def guarded(hub, clamd):
    """The hub, with an antivirus."""
    with with_another(hub, scanner=Clamd(clamd.address, 5.0, 5.0)) as guarded:
        yield guarded


@pytest.fixture
def failing(hub):
    """The hub, whose store fails."""
    with with_another(hub, store=Failing(hub.house.settings.documents_url)) as failing:
        yield failing


class Far(Store):
    """A store far away: while it copies, it notes what this database holds meanwhile."""

    held: ClassVar[list] = []
    engine = None

    def copy(self, object_key):
        looking = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")  # each look is a new one
        with looking as connection:  # a thread of the hub that reads its directory holds one for an instant
            self.held.append(min(connection.scalar(text(HELD)) for _ in range(200)))
        return super().copy(object_key)


def noted(hub, digest):
    return [(one.why, one.scanned_at) for one in hub.rows(FileScan, sha256=digest)]


def test_the_documents_of_a_sobre_are_looked_through_by_the_worker(guarded):
    contents = [a_pdf(), a_pdf()]
    digests = [leave(guarded, one) for one in contents]
    assert post(guarded, a_sobre(guarded, contents)).status_code == 202
    assert [noted(guarded, one) for one in digests] == [[("later", None)]] * 2


def test_those_of_an_answer_are_too(guarded, leg):
    letter = a_pdf()
    digest = leave(guarded, letter)
    guarded.post(guarded.sealed(guarded.cargo(leg)))
    assert said(guarded.post(guarded.sealed(a_respuesta(guarded, leg, letter, "igp"))))[1] == "aplicado"
    assert noted(guarded, digest) == [("later", None)]


def test_without_an_antivirus_nothing_waits_for_it(hub):
    content = a_pdf()
    digest = leave(hub, content)
    assert post(hub, a_sobre(hub, [content])).status_code == 202
    assert noted(hub, digest) == []


@pytest.mark.parametrize("of", ["sobre", "respuesta"])
def test_nothing_is_open_while_the_store_copies(hub, leg, of):
    content = a_pdf()
    leave(hub, content)
    far = Far(hub.house.settings.documents_url)
    with hub.session() as session:
        far.held, far.engine = [], session.get_bind()
    with with_another(hub, store=far):
        if of == "respuesta":
            hub.post(hub.sealed(hub.cargo(leg)))
            assert said(hub.post(hub.sealed(a_respuesta(hub, leg, content, "igp"))))[1] == "aplicado"
        else:
            assert post(hub, a_sobre(hub, [content])).status_code == 202
    assert far.held == [0]


def stored(hub):
    return set(hub.documents())


def test_a_piece_that_cannot_be_written_leaves_nothing_behind(failing):
    content = a_pdf()
    place = announce(failing, content).headers["Location"]
    assert send(failing, place, content[:100]).status_code == 204
    before = stored(failing)
    assert refused(send(failing, place, content[100:], 100), 503, "NO_DISPONIBLE")["temporary"]
    assert stored(failing) == before


def test_a_copy_that_cannot_be_made_takes_the_others_with_it(hub):
    contents = [a_pdf(), a_pdf()]
    wanted = [(leave(hub, one), len(one)) for one in contents]
    [lost] = hub.rows(LeftDocument, sha256=hashlib.sha256(contents[1]).hexdigest())
    hub.house.store.discard(lost.object_key)
    before = stored(hub)
    with hub.session() as session:
        left = leaving.named(session, hub.directory.entity("igp").id, wanted)
    with pytest.raises(StorageFailure), leaving.copied(hub.house.store, left):
        pass
    assert stored(hub) == before


def test_a_sobre_that_cannot_be_filed_now_leaves_nothing_behind(hub, failing):
    content = a_pdf()
    place = announce(hub, content).headers["Location"]
    assert send(hub, place, content).status_code == 204
    before = stored(hub)
    refused(post(failing, a_sobre(failing, [content])), 503, "NO_DISPONIBLE")
    assert stored(hub) == before
