"""What every test may ask for; the fixtures themselves are in tests/fixtures.

`make test` runs two processes; how the files are dealt between them is in tests/dealing.py.
"""

import gc

from argon2 import PasswordHasher

from hub import passwords

# The suite signs in a thousand times, and a third of its time was argon2; tests/web/test_auth.py tries the real cost.
passwords.cost(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))

pytest_plugins = [
    "tests.prototype",
    "tests.fixtures.environment",
    "tests.fixtures.templates",
    "tests.fixtures.database",
    "tests.fixtures.shuffled",
    "tests.fixtures.http",
    "tests.fixtures.hub_stub",
    "tests.fixtures.sandbox",
    "tests.fixtures.scripted",
    "tests.fixtures.house",
    "tests.fixtures.stamping",
    "tests.fixtures.connected",
    "tests.fixtures.clamd",
    "tests.dealing",
]


def pytest_collection_finish():
    """Half a million things that live to the end need not be looked through, again and again, for what does not."""
    gc.collect()
    gc.freeze()
