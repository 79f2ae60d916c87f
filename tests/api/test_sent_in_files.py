"""What becomes of the bytes that an institution names in its Sobre or its Respuesta."""

from dataclasses import replace

import pytest

from adapters.antivirus import Clamd
from hub.models import FileScan
from tests.api.test_leaving import leave
from tests.api.test_messages import said
from tests.api.test_sent_in import a_respuesta, a_sobre, post
from tests.fixtures.house import a_pdf


@pytest.fixture
def guarded(hub, clamd):
    """The hub, with an antivirus."""
    before = hub.app.extensions["mesa"]
    hub.app.extensions["mesa"] = replace(before, scanner=Clamd(clamd.address, 5.0, 5.0))
    yield hub
    hub.app.extensions["mesa"] = before


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
