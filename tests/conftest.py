"""What every test may ask for; the fixtures themselves are in tests/fixtures.

`make test` runs two processes. A file stays whole in one of them, and so do the journeys and the nets.
"""

import pytest

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.http",
    "tests.fixtures.hub_stub",
    "tests.fixtures.sandbox",
    "tests.fixtures.scripted",
    "tests.fixtures.house",
    "tests.fixtures.stamping",
    "tests.fixtures.connected",
    "tests.fixtures.clamd",
]


WHOLE = ("tests/journeys", "tests/nets")
"""Folders whose files share what is slow to make."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        folder, _, file = item.nodeid.partition("::")[0].rpartition("/")
        group = folder if folder in WHOLE else f"{folder}/{file}"
        item.add_marker(pytest.mark.xdist_group(group))
