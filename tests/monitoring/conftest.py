"""A deployment that is watched over: one for each file of tests, for making one costs more than most of them."""

from dataclasses import replace

import pytest

from hub.app import create_app
from tests.monitoring.overseer import Overseer
from tests.stages.office import open_office


@pytest.fixture(scope="module")
def office(make_database, migrated_template, tmp_path_factory):
    with open_office(make_database(migrated_template), tmp_path_factory.mktemp("office")) as built:
        yield built


@pytest.fixture(scope="module")
def web(office):
    """web(**settings) -> the web over the office's database, made once for the same settings."""
    made = {}

    def build(**settings):
        key = tuple(sorted(settings.items()))
        if key not in made:
            made[key] = create_app(replace(office.settings, secret_key="x", **settings))
        return made[key]

    yield build
    for app in made.values():
        app.extensions["mesa"].live_directory.stop()


@pytest.fixture
def overseer(office):
    """Who knows nothing of what was told before."""
    office.institution.says.clear()
    return Overseer(office)
