"""The inbox keeps the common contract through its pages over HTTP, and a broken one fails each case of it."""

from dataclasses import replace

import pytest

from tests.adapters.broken import BROKEN
from tests.adapters.contract_cases import COMMON, name_of
from tests.adapters.hosted_way import BODY, open_hosted_way
from tests.fixtures.house import make_house
from tests.fixtures.http import serving
from tests.ports import free_port


@pytest.fixture(scope="module")
def way(make_database, migrated_template, tmp_path_factory):
    """A house of its own: nobody else files to its body."""
    port = free_port()
    house = make_house(make_database(migrated_template), tmp_path_factory.mktemp("hosted"), f"http://127.0.0.1:{port}")
    with serving(house.app, port) as url:
        opened = open_hosted_way(house, url)
        yield opened
    opened.tools.live_directory.stop()
    house.services.live_directory.stop()
    house.engine.dispose()


@pytest.mark.parametrize("case", COMMON, ids=name_of)
def test_the_inbox_keeps_the_contract(way, case):
    case(way)


@pytest.mark.parametrize(
    ("case", "broken"),
    [(case, broken) for case in COMMON for broken in BROKEN[case]],
    ids=lambda value: getattr(value, "__name__", "").removeprefix("case_"),
)
def test_a_broken_inbox_fails_its_case(way, case, broken):
    with pytest.raises(AssertionError):
        case(replace(way, adapter=broken(way), patience=0.3))


def test_the_inbox_shows_nothing_before_it_is_delivered(way):
    parcel = way.parcel()
    assert way.held(parcel.cuo) == []
    assert way.partner.adapter == "hosted" and way.partner.code == BODY
