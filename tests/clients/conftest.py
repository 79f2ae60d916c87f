"""The hub as processes, for clients that are not ours: PHP's, Java's and zeep's.

`town`     OEFA attends at PHP's door by the national contract, SENACE fetches and calls by our SOAP, IGP is a sandbox
`compiled` the Java clients, compiled once: a folder with `nacional` and `propio`, which `java` reads
"""

import json
import socket
import subprocess
import time

import pytest
import yaml

from hub.embedded.children import spawn
from hub.embedded.demokeys import make_keys
from tests.clients import zeep_own
from tests.clients.places import JAVA, PHP, RUCS
from tests.ports import free_port
from tests.stack import ENTITIES, Stack

PACE = ("--register-after=0.1", "--process-after=0.1", "--answer-after=-1", "--retry-first=0.2")


class Town(Stack):
    """The stack, with PHP's door of OEFA beside it."""

    def __init__(self, folder):
        self.door_port, self.data = free_port(), folder / "oefa"
        (folder / "entities.yaml").write_text(directory(), "utf-8")
        make_keys(ENTITIES, folder / "hub" / "keys")
        address = f"{self.door}/wsiotramite/Tramite?wsdl"
        super().__init__(
            folder / "hub", entities=folder / "entities.yaml", codes=("igp",), sandbox_flags=PACE, fast_database=True,
            web_workers=1, settings={"MESA_ADDRESS_OEFA": address, "MESA_SWEEP": "0.2"},
        )  # fmt: skip

    @property
    def door(self):
        return f"http://127.0.0.1:{self.door_port}"

    def told(self, code):
        """What a client of that institution is told by the environment."""
        keys = self.folder / "keys"
        return {
            "LC_ALL": "C.UTF-8", "MESA_URL": self.url, "MI_RUC": RUCS[code], "MI_URL": self.door,
            "MESA_RUC": RUCS["hub"], "MESA_CERT": str(keys / "hub" / "envelope.crt.pem"),
            "MI_CLAVE": str(keys / "sandbox" / f"{code}.key.pem"), "MI_CARPETA": str(self.data),
            "MI_CERT": str(keys / "entities" / f"{code}.crt.pem"),
        }  # fmt: skip

    def kept(self, box, cuo, name):
        """A file that PHP's door keeps, in `enviados` or `recibidos`."""
        return (self.data / box / cuo / name).read_bytes()

    def cargo_of(self, cuo):
        """The cargo that came back for what was sent by the national contract; None while there is none."""
        place = self.data / "enviados" / cuo / "cargo.json"
        return json.loads(place.read_bytes()) if place.exists() else None

    def received(self):
        """The numbers of the documents that came to PHP's door."""
        return {one.parent.name for one in self.data.glob("recibidos/*/documento.json")}

    def tray(self):
        """The kinds of the messages that wait for SENACE."""
        own = zeep_own.Own(self.told("senace"))
        return {one["tipo"] for one in json.loads(own.get(f"{self.url}/api/v1/mensajes"))["mensajes"]}

    def wait_ready(self, seconds=60):
        argv = ["php", "-S", f"127.0.0.1:{self.door_port}", str(PHP / "puerta.php")]
        self.data.mkdir()
        self.processes["door"] = spawn(
            argv, log=(self.folder / "door.log").open("ab"), env={**self.environ, **self.told("oefa")}, cwd=self.data
        )
        super().wait_ready(seconds)
        ends = time.monotonic() + seconds
        while socket.socket().connect_ex(("127.0.0.1", self.door_port)) and time.monotonic() < ends:
            time.sleep(0.05)


def directory():
    """The demonstration's, but SENACE fetches its messages."""
    declared = yaml.safe_load(ENTITIES.read_text("utf-8"))
    row = next(one for one in declared["entities"] if one["code"] == "senace")
    row["adapter"] = {"kind": "pull"}
    row["limits"] = {}
    return yaml.safe_dump(declared, allow_unicode=True, sort_keys=False)


@pytest.fixture(scope="package")
def town(tmp_path_factory):
    with Town(tmp_path_factory.mktemp("clients")) as running:
        yield running


@pytest.fixture(scope="package")
def compiled(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("java")
    subprocess.run([JAVA / "build", town.url, folder], check=True, timeout=120)
    return folder
