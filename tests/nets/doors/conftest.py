"""A house of its own, its cast and its estate, made once for the tests of this folder."""

import pytest

from tests.nets.doors.cast import Cast
from tests.nets.doors.estate import Estate
from tests.web.staff import a_house


@pytest.fixture(scope="package")
def house(make_database, migrated_template, tmp_path_factory):
    with a_house(make_database(migrated_template), tmp_path_factory.mktemp("doors"), 1) as built:
        yield built


@pytest.fixture(scope="package")
def cast(house):
    return Cast(house)


@pytest.fixture(scope="package")
def estate(house, cast):
    return Estate(house, cast)
