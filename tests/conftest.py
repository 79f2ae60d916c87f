"""What every test may ask for; the fixtures themselves are in tests/fixtures."""

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.http",
    "tests.fixtures.hub_stub",
    "tests.fixtures.sandbox",
    "tests.fixtures.scripted",
    "tests.fixtures.house",
]
