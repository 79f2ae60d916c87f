"""An S3 server as a process of a test: started, killed with -9, started again on the same data.

with Objects(folder) as objects:
    Store(objects.address, objects.account)
"""

import sys
import time
from pathlib import Path

from hub.embedded.children import spawn
from hub.embedded.objects import BUCKET, KEY, settings_of
from hub.storage import Account
from tests.ports import free_port
from tests.stack import ROOT

SECRET = "secreto-de-pruebas"
STARTS_WITHIN = 60.0


class Objects:
    """`module` is what runs: the server, or the server watched by somebody."""

    address = f"s3://{BUCKET}/mesa"

    def __init__(self, folder, module="hub.embedded.objects", patience=5.0):
        self.folder, self.module = Path(folder), module
        self.port, self.process = free_port(), None
        self.account = Account(f"http://127.0.0.1:{self.port}", "", KEY, SECRET, patience)

    @property
    def settings(self):
        """What the hub is told of it."""
        return settings_of(self.port, SECRET) | {"MESA_S3_PATIENCE": str(self.account.patience)}

    @property
    def command(self):
        return [sys.executable, "-m", self.module, "--port", str(self.port), "--data", str(self.folder)]

    def start(self, env):
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "server.log"
        with log.open("ab") as out:
            before = log.stat().st_size
            self.process = spawn(self.command, log=out, env={**env, **self.settings}, cwd=ROOT)
        ends = time.monotonic() + STARTS_WITHIN
        while b"listo" not in log.read_bytes()[before:]:
            assert self.process.poll() is None and time.monotonic() < ends, log.read_text()[-3000:]
            time.sleep(0.05)

    def kill(self):
        """kill -9, as nothing but the kernel can do."""
        self.process.kill()
        self.process.wait()
