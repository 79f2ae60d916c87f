"""Every adapter that crosses the network passes the common contract, and a broken one fails each case of it."""

from dataclasses import replace

import pytest

from tests.adapters.broken import BROKEN
from tests.adapters.contract_cases import COMMON, OVER_THE_NETWORK, name_of
from tests.adapters.ways import ADAPTERS, open_way

CALM = {"delay": 0, "fail": 0, "garbage": 0, "lose_answer": 0, "hang": 0}
CASES = COMMON + OVER_THE_NETWORK


@pytest.fixture(scope="module", params=ADAPTERS)
def way(request, keys, tmp_path_factory):
    with open_way(request.param, keys, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture(scope="module")
def good_way(keys, tmp_path_factory):
    with open_way("rest", keys, tmp_path_factory.mktemp("good")) as found:
        yield found


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_an_adapter_keeps_the_contract(way, case):
    way.control(**CALM)
    case(way)


@pytest.mark.parametrize(
    ("case", "broken"),
    [(case, broken) for case, adapters in BROKEN.items() for broken in adapters],
    ids=lambda value: getattr(value, "__name__", "").removeprefix("case_"),
)
def test_a_broken_adapter_fails_its_case(good_way, case, broken):
    good_way.control(**CALM)
    with pytest.raises(AssertionError):
        case(replace(good_way, adapter=broken(good_way), patience=1.5))


def test_every_case_has_an_adapter_that_fails_it():
    assert set(BROKEN) == set(CASES)
