"""One institution does not fill the store: what it leaves and announces has its room."""

import base64

import pytest

from hub import leaving
from hub.clock import now
from hub.core.errors import ContractError
from tests.api.test_leaving import ask
from tests.api.test_messages import refused


@pytest.fixture
def announced(hub):
    """announced(size, room): another document of SENAMHI's, in a transaction that is never committed."""
    entity_id = hub.directory.entity("senamhi").id
    digests = iter(f"{number:064x}" for number in range(1, 100))
    with hub.session() as session:
        yield lambda size, room=1000: leaving.begin(session, entity_id, next(digests), size, now(), room=room)
        session.rollback()


def code_of(raised):
    return raised.value.code, raised.value.is_temporary


def test_what_is_announced_counts_until_it_is_gone(announced):
    announced(600), announced(400)
    with pytest.raises(ContractError) as raised:
        announced(1)
    assert code_of(raised) == ("DEMASIADAS_LLAMADAS", True)


def test_what_never_has_room_is_refused_for_good(announced):
    with pytest.raises(ContractError) as raised:
        announced(1001)
    assert code_of(raised) == ("DOCUMENTO_DEMASIADO_GRANDE", False)


def test_the_door_says_so_too(hub):
    named = f"sha256 {base64.b64encode(b'd' * 64).decode()}"
    told = {"Upload-Length": str(leaving.ROOM + 1), "Upload-Metadata": named}
    too_large = ask(hub, "POST", "/api/v1/documentos", **told)
    refused(too_large, 413, "DOCUMENTO_DEMASIADO_GRANDE")


def test_the_same_document_again_needs_no_more_room(hub):
    with hub.session() as session:
        entity_id = hub.directory.entity("senamhi").id
        one, again = (leaving.begin(session, entity_id, "e" * 64, 1000, now(), room=1000) for _ in range(2))
        assert one.id == again.id
        session.rollback()
