"""The list of an institution over REST: page by page, and whole or not at all."""

from datetime import UTC, datetime

import pytest

from adapters import rest
from adapters.sandbox.words import page
from adapters.sealed import Seat
from hub.core.errors import TemporaryFailure
from hub.core.ports import LIST_TOO_LONG
from tests.adapters.parcels import partner
from tests.fixtures.sandbox import HUB_RUC

NOW = datetime(2026, 11, 20, 21, tzinfo=UTC)
LINE = {"cuo": "0000000001", "desde": "2026-11-20T12:00:00Z", "estado": "registrado", "numero": "000077"}


@pytest.fixture
def way(signer):
    return rest.Rest(Seat(lambda ruc: (), signer, lambda: HUB_RUC, lambda: NOW), timeout=2.0)


def test_a_list_without_end_is_refused_and_not_cut(scripted, way):
    scripted.say(200, page([LINE], "otra"))
    with pytest.raises(TemporaryFailure) as refused:
        way.list_since(partner("igp", "rest", scripted.url), NOW)
    assert (refused.value.code, len(scripted.requests)) == (LIST_TOO_LONG, rest.MOST_PAGES)


def test_between_two_pages_it_can_be_stopped(scripted, way):
    def stops():
        raise InterruptedError

    scripted.say(200, page([LINE], "otra"))
    with pytest.raises(InterruptedError):
        way.list_since(partner("igp", "rest", scripted.url), NOW, stops)
    assert len(scripted.requests) == 1
    scripted.say(200, page([LINE], ""))
    (line,) = way.list_since(partner("igp", "rest", scripted.url), NOW, stops)
    assert line.cuo == LINE["cuo"]
