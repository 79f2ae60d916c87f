"""The distribution's clamd, with a database of our own: one signature, the test file of all antivirus."""

import hashlib
import os
import shutil
import socket
import subprocess
import time

import pytest

from tests.adapters.antivirus_cases import AntivirusCases
from tests.external.conftest import IS_ASKED
from tests.fixtures.clamd import EICAR, LIMIT, NAME
from tests.ports import free_port

CLAMD = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    if CLAMD is None:
        if IS_ASKED:
            pytest.fail("clamd is not installed")
        pytest.skip("clamd is not installed: make verify-external installs it")
    folder, port = tmp_path_factory.mktemp("clamd"), free_port()
    (folder / "own.hdb").write_text(f"{hashlib.md5(EICAR, usedforsecurity=False).hexdigest()}:{len(EICAR)}:{NAME}\n")
    (folder / "own.ndb").write_text(f"{NAME}:0:*:{EICAR.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {folder}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\nStreamMaxLength {LIMIT}\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([CLAMD, "-c", settings], stdout=log, stderr=log)
    try:
        _wait(port, process, folder / "log")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port, process, log, seconds=30):
    ends = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < ends, log.read_text(errors="replace")
            time.sleep(0.1)


class TestClamd(AntivirusCases):
    pass
