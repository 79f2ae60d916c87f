"""500 MB of annexes over a line that is cut three times, the second half through another web process.

`python -m tests.bench.uploads [megabytes]` prints the SHA-256 on both sides and the most memory each process held.
"""

import hashlib
import random
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import requests

from hub.embedded.children import spawn
from hub.storage import CHUNK
from tests.ports import free_port
from tests.stack import ROOT, Stack, children_of
from tests.web.test_filing_pieces import Sender

PIECE = 4 * CHUNK
CUTS = 3
MOST_MEMORY = 150
"""Megabytes, resident, at the worst moment of each web process."""


def content(number):
    """The bytes of one piece, the same at every call and unlike those of any other."""
    return random.Random(number).randbytes(PIECE)


def digest_of(pieces):
    whole = hashlib.sha256()
    for number in range(pieces):
        whole.update(content(number))
    return whole.hexdigest()


def memory_of(process):
    """Most resident megabytes of each worker below a gunicorn."""
    found = []
    for pid in children_of(process.pid):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found += [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")]
    return found


def memory(stack):
    return {name: max(memory_of(stack.processes[name])) for name in ("web", "web-2")}


def said(most):
    return ", ".join(f"{name} {megabytes} MB" for name, megabytes in most.items())


def send(sender, path, pieces, cut_at, doors, say=print):
    """Every piece by the door of its half; before some of them the line is cut in the middle of a piece."""
    size = pieces * PIECE
    offset = 0
    while offset < size:
        url, number = doors[offset * 2 >= size], offset // PIECE
        if number in cut_at:
            cut_at.remove(number)
            sender.url = url
            sender.cut(path, offset, PIECE - offset % PIECE, content(number)[offset % PIECE :][: CHUNK * 3 // 2])
            offset = reached(sender, path, url, offset)
            say(f"  cut at piece {number}: goes on from byte {offset}")
            continue
        answer = sender.piece(path, offset, content(number)[offset % PIECE :], url)
        assert answer.status_code == 204, (answer.status_code, answer.text)
        offset = int(answer.headers["Upload-Offset"])


def reached(sender, path, url, before):
    """How far the file is once the process has seen the cut; what came in before it counts."""
    for _ in range(100):
        offset = sender.offset(path, url)
        if offset > before:
            return offset
        time.sleep(0.05)
    return before


@contextmanager
def another_web(stack):
    """A second web process of the same hub, as `web-2` among its processes: its address."""
    url = f"http://127.0.0.1:{free_port()}"
    bind = url.removeprefix("http://")
    command = [sys.executable, "-m", "gunicorn", "-c", "python:hub.serving", "-b", bind, "wsgi:app"]
    with (stack.folder / "web-2.log").open("ab") as log:
        stack.processes["web-2"] = spawn(command, log=log, env=stack.environ, cwd=ROOT)
    try:
        ends = time.monotonic() + 60
        while not _answers(url):
            assert time.monotonic() < ends, stack.tail("web-2")
            time.sleep(0.1)
        yield url
    finally:
        stack.kill("web-2")
        del stack.processes["web-2"]


def _answers(url):
    try:
        return requests.get(f"{url}/salud", timeout=5).ok
    except requests.RequestException:
        return False


def main(megabytes=500):
    pieces = megabytes * 1024 * 1024 // PIECE
    with (
        tempfile.TemporaryDirectory(prefix="mesa-uploads-") as folder,
        Stack(Path(folder), codes=(), workers=0, web_workers=1, fast_database=True) as stack,
        another_web(stack) as second,
    ):
        sender, began = Sender(stack.url, "minam"), time.monotonic()
        print("before: " + said(memory(stack)))
        path = sender.begin("anexos.bin", pieces * PIECE).headers["Location"]
        cut_at = set(random.Random(1).sample(range(1, pieces), CUTS))
        send(sender, path, pieces, cut_at, (stack.url, second))
        seconds = time.monotonic() - began
        return report(stack, pieces, seconds)


def report(stack, pieces, seconds):
    stored = [path for path in (stack.folder / "documents").rglob("*") if path.is_file()]
    with stored[0].open("rb") as file:
        kept = hashlib.file_digest(file, "sha256").hexdigest()
    most = memory(stack)
    sent = digest_of(pieces)
    print(f"{pieces * PIECE / 1024**2:.0f} MB in {seconds:.0f} s; objects in the store: {len(stored)}")
    print(f"sent {sent}\nkept {kept}")
    print("most resident memory: " + said(most))
    is_good = kept == sent and len(stored) == 1 and max(most.values()) < MOST_MEMORY
    print("good" if is_good else "NOT GOOD")
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:2])))
