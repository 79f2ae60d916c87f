"""A huge document on its way to an institution's system: from a citizen's browser, and from another body's system.

`python -m tests.bench.giants [megabytes [citizen|institution]]` (3072 and both when nothing is said).
Going in, the line is cut once; coming out, the institution is killed half-way and goes on by Range. The time to its
cargo is compared with two copies and two SHA-256 of the same file on the same disk, before and after; the most
memory is that of each process alone.
"""

import hashlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import yaml

from hub.storage import Store
from tests.bench.giant_ways import DECLARED, PIECE, Citizen, System
from tests.bench.hub import FLAGS, SETTINGS
from tests.s3.server import Objects
from tests.stack import Stack, children_of

MOST_MEMORY = 300
MOST_TIMES = 2
"""How many times the floor a document may take: half its speed."""
CARGO = """
select d.id, doc.sha256, doc.object_key from deliveries d join documents doc on doc.filing_id = d.filing_id
where d.status = 'registered' and doc.sha256 = %s and d.id > %s
"""


def make_file(path, megabytes):
    """A file of random bytes; gives its SHA-256."""
    whole = hashlib.sha256()
    with path.open("wb") as stream:
        for _ in range(megabytes):
            piece = os.urandom(PIECE)
            whole.update(piece)
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())
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


def kept_digest(stack, key):
    """SHA-256 of what the hub keeps."""
    if stack.objects is None:
        return digest_of(stack.folder / "documents" / key)
    return Store(stack.objects.address, stack.objects.account).known(key).sha256


def digest_of(path):
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Watch:
    """The most resident megabytes that each process of a stack held, each alone; also of one that was killed."""

    def __init__(self, stack):
        self.stack, self.most = stack, {}

    def look(self):
        roots = {name: one.pid for name, one in self.stack.processes.items()} | {"postgres": self.stack.server.pid}
        for name, pid in roots.items():
            self.most[name] = max(self.most.get(name, 0), *(_high(one) for one in _family(pid)))
        return self.most


def _family(pid):
    return [pid, *(deeper for child in children_of(pid) for deeper in _family(child))]


def _high(pid):
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it ended while we looked
    return max((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), default=0)


def cut_half_way(stack, watch, size, seconds=600):
    """Kill the institution when half of the document is there, and start it again."""
    ends = time.monotonic() + seconds
    folder = stack.folder / "sandbox" / "igp" / "documentos"
    while not any(part.stat().st_size * 2 >= size for part in folder.glob("*/*.part")):
        assert time.monotonic() < ends, stack.tail("igp")
        time.sleep(0.01)
    stack.processes["igp"].send_signal(signal.SIGSTOP)  # or it would be done while its memory is read
    watch.look()
    left = max(part.stat().st_size for part in folder.glob("*/*.part"))
    stack.kill("igp")
    print(f"  the institution was killed with {left} bytes: it goes on by Range")
    stack.start("igp")


def with_cargo(stack, watch, digest, after=0, seconds=600):
    """Wait for the hub to have the cargo; gives (leg, object key). At the end the memory of all is looked at."""
    ends = time.monotonic() + seconds
    with psycopg2.connect(stack.server.url) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        while time.monotonic() < ends:
            cursor.execute(CARGO, (digest, after))
            if found := cursor.fetchone():
                watch.look()
                return found[0], found[2]
            watch.look()
            time.sleep(0.2)
    raise AssertionError(f"no cargo: {stack.tail('worker-0')}\n{stack.tail('igp')}")


def one_way(stack, watch, file, digest, files, after=0):
    """Gives (seconds until it was left, until its cargo, its leg). Both ends are read again afterwards."""
    began = time.monotonic()
    files()
    left = time.monotonic() - began
    cut_half_way(stack, watch, file.stat().st_size)
    leg, key = with_cargo(stack, watch, digest, after)
    took = time.monotonic() - began
    [there] = (stack.folder / "sandbox" / "igp" / "documentos").glob(f"*/{digest}")
    ends = kept_digest(stack, key), digest_of(there)
    assert ends == (digest, digest), ends
    there.unlink()
    return left, took, leg


def entities_for(path, megabytes):
    """The directory of the demonstration, in which IGP publishes that it takes an annex of this size."""
    [igp] = [one for one in DECLARED["entities"] if one["code"] == "igp"]
    igp["limits"]["annex_bytes"] = f"{megabytes} MB"
    path.write_text(yaml.safe_dump(DECLARED, allow_unicode=True, sort_keys=False))
    return path


def stack_of(folder, megabytes):
    """As `mesa run` starts it: two web processes, a worker, a press with its time-stamps, and IGP; no antivirus."""
    told = {
        **SETTINGS, "MESA_ENTITIES": str(entities_for(folder / "entities.yaml", megabytes + 64)),
        "MESA_ONLINE_BYTES": str((megabytes + 64) * PIECE),
    }  # fmt: skip
    objects = Objects(folder / "objects") if os.environ.get("STORE") == "s3" else None
    return Stack(folder, codes=("igp",), settings=told, papers=1, sandbox_flags=FLAGS, objects=objects)


def say(way, left, took, floor):
    verdict = _verdict(took <= MOST_TIMES * floor)
    print(f"| {way} | {left:.1f} s | {took:.1f} s | {floor:.1f} s | {floor / took:.2f} | {verdict} |")


def _verdict(is_good):
    return "good" if is_good else "NOT GOOD"


def measure(folder, megabytes, wanted):
    """Each way and the floor around it: {way: (left, took, floor)} and {process: megabytes}."""
    file, found, leg = folder / "gigante.bin", {}, 0
    digest = make_file(file, megabytes)
    with stack_of(folder, megabytes) as stack:
        watch, before = Watch(stack), two_copies(file)
        ways = {
            "citizen": lambda: Citizen(stack.url).files(file, folder / "escrito.pdf"),
            "institution": lambda: System(stack).files(file, digest),
        }
        for way in wanted:
            left, took, leg = one_way(stack, watch, file, digest, ways[way], leg)
            after = two_copies(file)
            found[f"{way}, hub, institution"] = left, took, (before + after) / 2
            before = after
        return found, watch.look()


def main(megabytes=3072, *wanted):
    with tempfile.TemporaryDirectory(prefix="mesa-giants-", dir=os.environ.get("MESA_GIANTS")) as folder:
        found, most = measure(Path(folder), megabytes, wanted or ("citizen", "institution"))
    print(f"{megabytes} MB, no antivirus\n\n| way | left at the hub | its cargo | floor | speed to floor | |")
    print("|---|---|---|---|---|---|")
    for way, figures in found.items():
        say(way, *figures)
    print("\n| process | most resident memory |\n|---|---|")
    for name, held in most.items():
        print(f"| {name} | {held} MB{'' if held < MOST_MEMORY else ' NOT GOOD'} |")
    is_good = max(most.values()) < MOST_MEMORY and all(took <= MOST_TIMES * floor for _, took, floor in found.values())
    print(_verdict(is_good))
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:2]), *sys.argv[2:]))
