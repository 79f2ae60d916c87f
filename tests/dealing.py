"""How `make test` deals the files between its processes (`--dist loadfile`): what is slow first, what shares together.

xdist deals the files with the most tests first, so that the journeys, few and long, came last and one process waited
for the other; and whoever got two of them at different times started the browser and the hub's processes twice.
"""

import pytest

WHOLE = {
    "journeys over processes": (
        "tests/journeys/test_walk.py",
        "tests/journeys/test_online_walk.py",
        "tests/journeys/test_national.py",
        "tests/journeys/test_uploads.py",
    ),
    "journeys over the application": ("tests/journeys/",),
    "clients": ("tests/clients/",),
    "nets": ("tests/nets/",),
}
"""Units that stay in one process: the start of their paths. The first that fits holds; any other file is its own."""

SLOW = (
    *WHOLE,
    "tests/chaos/test_chaos.py",
    "tests/s3/test_journey.py",
    "tests/keeping/test_restore.py",
    "tests/api/test_fuzz.py",
    "tests/api/test_national_fuzz.py",
    "tests/web/test_tray_size.py",
    "tests/rules/test_properties.py",
    "tests/conformance/test_command.py",
    "tests/embedded/test_supervisor.py",
    "tests/keeping/test_gaps.py",
    "tests/rules/test_mutate.py",
    "tests/s3/test_server.py",
    "tests/stages/test_migrating.py",
    "tests/keeping/test_told.py",
    "tests/keeping/test_stopping.py",
    "tests/months/test_migration.py",
    "tests/cli/test_incidents.py",
    "tests/wire/test_schemas_together.py",
)
"""Few tests that take long: dealt first, in this order; the rest follows by its number of tests."""


def unit_of(nodeid):
    """The unit of a test, by its path."""
    path = nodeid.partition("::")[0]
    return next((name for name, starts in WHOLE.items() if path.startswith(starts)), path)


def dealt(nodeids):
    """The same names, unit after unit, in the order of dealing."""
    units = {}
    for nodeid in nodeids:
        units.setdefault(unit_of(nodeid), []).append(nodeid)
    place = {name: number for number, name in enumerate(SLOW)}
    order = sorted(units, key=lambda name: (place.get(name, len(place)), -len(units[name])))
    return [nodeid for name in order for nodeid in units[name]]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        place = {nodeid: number for number, nodeid in enumerate(dealt(item.nodeid for item in items))}
        items.sort(key=lambda item: place[item.nodeid])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Dealer(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return unit_of(nodeid)

    config.option.loadscopereorder = False  # the order of the collection is the order of dealing
    return Dealer(config, log)
