"""The bundle of a filing that walked, opened into a folder; the programs of the distribution."""

import os
import shutil
import subprocess
import zipfile

import pytest

from tests.evidence.conftest import installation, walked  # noqa: F401  fixtures

IS_ASKED = os.environ.get("MESA_VERIFY_EXTERNAL") == "1"


@pytest.fixture(scope="session")
def program():
    """program("pdfsig", ...) -> what it said, both streams, with `code`. Without the program the test is left out,
    unless `make verify-external` asked for it."""

    def run(name, *arguments):
        if shutil.which(name) is None:
            if IS_ASKED:
                pytest.fail(f"{name} is not installed")
            pytest.skip(f"{name} is not installed: make verify-external installs it")
        done = subprocess.run([name, *map(str, arguments)], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture(scope="session")
def opened(walked, tmp_path_factory):  # noqa: F811
    """The folder into which the bundle was unpacked."""
    folder = tmp_path_factory.mktemp("expediente")
    with zipfile.ZipFile(walked.path) as bundle:
        bundle.extractall(folder)
    return folder
