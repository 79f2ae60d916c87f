"""One huge document from an institution's system to the hub, and from there to another's, over REST.

`python -m tests.bench.giants [megabytes]` (3072 when nothing is said) cuts the line once and prints the speed beside
that of two copies and two SHA-256 on the same disk, and the most memory that each process held.
"""

import base64
import hashlib
import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import requests
import yaml

from hub.clock import now
from hub.core.messages import Addressee, DocumentRef, DocumentRole, Filer, Header, Sobre
from hub.core.statuses import Mode
from hub.wire import seal, sobre
from hub.wire.keys import load_signer
from hub.wire.tokens import make_token
from tests.stack import ROOT, Stack, children_of

MOST_MEMORY = 300
PIECE = 1024 * 1024
DECLARED = yaml.safe_load((ROOT / "config" / "entities.yaml").read_text())
BODIES = {one["code"]: str(one["ruc"]) for one in DECLARED["entities"]}


class Rest:
    """The bytes of a file from `offset` on; where `end` comes before its own, the line is cut there."""

    def __init__(self, file, offset, end):
        self.stream, self.size, self.end = file.open("rb"), file.stat().st_size - offset, end
        self.stream.seek(offset)

    def __len__(self):
        return self.size

    def read(self, count=-1):
        if self.stream.tell() >= self.end and self.end:
            raise ConnectionAbortedError
        return self.stream.read(PIECE if count < 0 else min(count, PIECE))


class Sender:
    """SENACE's system: it leaves the document in two calls, the first of which is cut, and sends its Sobre."""

    def __init__(self, stack, file):
        self.stack, self.file, self.size = stack, file, file.stat().st_size
        keys = stack.folder / "keys"
        self.signer = load_signer(keys / "sandbox" / "senace.key.pem", keys / "entities" / "senace.crt.pem")

    def headers(self, **more):
        token = make_token(
            self.signer, caller_ruc=BODIES["senace"], called_ruc=BODIES["minam"], jti=uuid4(), now=now()
        )
        return {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0", **more}

    def leave(self, digest):
        named = base64.b64encode(digest.encode()).decode()
        told = {"Upload-Length": str(self.size), "Upload-Metadata": f"sha256 {named}"}
        begun = requests.post(f"{self.stack.url}/api/v1/documentos", headers=self.headers(**told), timeout=30)
        url = self.stack.url + begun.headers["Location"]
        try:
            self.patch(url, 0, self.size // 3)
        except (requests.RequestException, ConnectionAbortedError):
            print("  the line was cut a third of the way in")
        time.sleep(1)
        offset = int(requests.head(url, headers=self.headers(), timeout=30).headers["Upload-Offset"])
        self.patch(url, offset, 0).raise_for_status()

    def patch(self, url, offset, end):
        told = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        return requests.patch(url, data=Rest(self.file, offset, end), headers=self.headers(**told), timeout=1800)

    def file_it(self, digest):
        header = Header(uuid4(), BODIES["senace"], BODIES["minam"], "", f"{os.getpid():010d}", now())
        ref = DocumentRef(DocumentRole.MAIN, "gigante.bin", "application/octet-stream", self.size, digest)
        filer = Filer("dni", "10117410", "Ana Rojas", ruc=BODIES["senace"], business_name="SENACE")
        values = Sobre(
            header, filer, Addressee(), "oficio", "s/n", "Un documento enorme", 1, now(), date.today(), Mode.OWN,
            "senace/principal", (ref,),
        )  # fmt: skip
        raw = seal.seal(sobre.build(replace(values, destination_ruc=BODIES["igp"])), self.signer)
        xml = {"Content-Type": "application/xml"}
        requests.post(f"{self.stack.url}/api/v1/sobres", raw, headers=xml, timeout=60).raise_for_status()


def make_file(path, megabytes):
    """A file of random bytes; gives its SHA-256."""
    whole = hashlib.sha256()
    with path.open("wb") as stream:
        for _ in range(megabytes):
            piece = os.urandom(PIECE)
            whole.update(piece)
            stream.write(piece)
    return whole.hexdigest()


def two_copies(path):
    """Seconds of copying a file twice, to disk, with a SHA-256 each time: what no way can do without."""
    began = time.monotonic()
    for _ in range(2):
        whole, copy = hashlib.sha256(), path.with_suffix(".copy")
        with path.open("rb") as stream, copy.open("wb") as out:
            while piece := stream.read(PIECE):
                whole.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        copy.unlink()
    return time.monotonic() - began


def arrived(stack, digest, seconds=1800):
    """Wait until IGP holds the document; gives what it says of it."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        held = requests.get(f"http://127.0.0.1:{stack.ports['igp']}/control/held", timeout=30).json()
        if any(digest in one["sha256s"] for one in held):
            return True
        time.sleep(0.5)
    return False


def memory(stack):
    """Most resident megabytes of each process and of those below it."""
    return {name: max(_high(pid) for pid in (one.pid, *children_of(one.pid))) for name, one in stack.processes.items()}


def _high(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return max((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), default=0)


def main(megabytes=3072):
    with (
        tempfile.TemporaryDirectory(prefix="mesa-giants-") as folder,
        Stack(Path(folder), codes=("igp", "senace"), workers=1, web_workers=1, fast_database=True,
              settings={"MESA_LEASE": "60", "MESA_CALL_TIMEOUT": "30"}) as stack,
    ):  # fmt: skip
        file = Path(folder) / "gigante.bin"
        digest = make_file(file, megabytes)
        floor, sender = two_copies(file), Sender(stack, file)
        began = time.monotonic()
        sender.leave(digest)
        left = time.monotonic() - began
        sender.file_it(digest)
        is_there = arrived(stack, digest)
        took, most = time.monotonic() - began, memory(stack)
    print(f"{megabytes} MB: left in {left:.0f} s, there in {took:.0f} s; two copies and two SHA-256: {floor:.0f} s")
    print("most resident memory: " + ", ".join(f"{name} {held} MB" for name, held in most.items()))
    is_good = is_there and max(most.values()) < MOST_MEMORY and took <= 2 * floor
    print("good" if is_good else "NOT GOOD")
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:2])))
