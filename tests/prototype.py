"""A PostgreSQL with every migration applied, made once in a process; who wants a server of its own starts from a copy.

initdb and the migrations take three seconds of a processor, a copy a tenth. tests/embedded tries initdb itself.
"""

import atexit
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, make_url

from hub.embedded import place, postgres
from hub.models.schema import migrate


def engine_for(url):
    """An engine for a postgresql:// address, by the driver we use everywhere."""
    return create_engine(make_url(url).set(drivername="postgresql+psycopg2"))


@cache
def _prototype():
    """The folder of the one that is copied, stopped in good order."""
    folder = Path(tempfile.mkdtemp(prefix="mesa-prototype-"))
    atexit.register(pytest_sessionfinish)
    server = postgres.start(folder, fast=True)
    engine = engine_for(server.url)
    migrate(engine)
    engine.dispose()
    server.stop()
    return folder


def pytest_sessionfinish():
    """Nothing of it stays. The processes of xdist are ended before they come to atexit, if they take their time."""
    if _prototype.cache_info().currsize:
        place.remove(_prototype())
        _prototype.cache_clear()


def migrated(data_dir):
    """The same folder, for `postgres.start`: a migrated cluster lies in it, if there was none."""
    here = place.place_of(data_dir)
    if not here.cluster.exists():
        found = place.place_of(_prototype())
        subprocess.run(["cp", "-a", found.cluster, found.home / "password", here.home], check=True)
    return data_dir
