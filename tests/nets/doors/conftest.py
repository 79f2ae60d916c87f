"""A house of its own, its cast and its estate, made once for the tests of this folder."""

import pytest

from tests.nets.doors.cast import Cast
from tests.nets.doors.estate import Estate
from tests.web.staff import own_house

house = own_house("doors", "package")


@pytest.fixture(scope="package")
def cast(house):
    return Cast(house)


@pytest.fixture(scope="package")
def estate(house, cast):
    return Estate(house, cast)
