"""Who sends a byte now and then holds no thread for ever: a real gunicorn, real sockets, limits of a moment."""

import contextlib
import os
import select
import socket
import sys
import time

import pytest
import requests

from hub.embedded.children import spawn
from tests.api.national import question
from tests.api.test_leaving import BYTES, TUS, announce, ask, send
from tests.ports import free_port
from tests.stack import ROOT

PATIENCE, RATE = 1.5, 2000
SLOW = {"MESA_BODY_PATIENCE": str(PATIENCE), "MESA_BODY_RATE": str(RATE), "MESA_WEB_WORKERS": "1"}
XML = {"Content-Type": "text/xml"}
DOORS = {
    "/api/v1/mensajes": (408, b"MENSAJE_DEMASIADO_LENTO"),
    "/api/v1/sobres": (408, b"MENSAJE_DEMASIADO_LENTO"),
    "/soap/mesadepartes": (500, b"<codigo>MENSAJE_DEMASIADO_LENTO</codigo>"),
    "/services/PcmIMgdTramite": (408, "llegó demasiado despacio".encode()),
    "/wsiotramite/Tramite": (408, "llegó demasiado despacio".encode()),
    "/Rest/Pcm/ConsultarTramite": (408, b"<vcodres>-1</vcodres>"),
    "/seguimiento": (408, "Tu conexión está muy lenta".encode()),
}


@pytest.fixture(scope="module")
def port(hub, tmp_path_factory):
    """Where `mesa web` serves as its unit starts it, over the hub's own database and documents."""
    settings, folder = hub.house.settings, tmp_path_factory.mktemp("slow")
    port = free_port()
    env = {**os.environ, **SLOW, "DATABASE_URL": settings.database_url, "MESA_DATA": settings.data,
           "MESA_KEYS": settings.keys, "MESA_ENTITIES": settings.entities, "MESA_IS_DEMO": "1",
           "MESA_SECRET_KEY": settings.secret_key, "MESA_TRACKING_SECRET": settings.tracking_secret}  # fmt: skip
    argv = [sys.executable, "-m", "gunicorn", "-c", "python:hub.serving", "-b", f"127.0.0.1:{port}", "wsgi:app"]
    process = spawn(argv, log=(folder / "web.log").open("ab"), env=env, cwd=ROOT)
    ends = time.monotonic() + 120
    while not is_up(port):
        assert time.monotonic() < ends and process.poll() is None, (folder / "web.log").read_text()
        time.sleep(0.1)
    yield port
    process.terminate()
    process.wait(20)


def is_up(port):
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/salud/vivo", timeout=5).ok
    return False


@contextlib.contextmanager
def begun(port, path, length, method="POST", **headers):
    """A line on which the head of a call was sent."""
    told = {"Content-Length": length} | XML | headers
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\n" + "".join(f"{name}: {text}\r\n" for name, text in told.items())
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(f"{head}\r\n".encode())
        yield line


def dripping(lines, drops=b"x" * 500, every=0.1, most=60):
    """Let each line drip, a byte of `drops` at a time, until it is answered and closed; gives what came on each."""
    drops = iter(drops)
    came, ends = dict.fromkeys(lines, b""), time.monotonic() + most
    while lines and time.monotonic() < ends:
        for line in select.select(lines, [], [], every)[0]:
            piece = b""
            with contextlib.suppress(ConnectionResetError):
                piece = line.recv(65_536)
            came[line] += piece
            lines = lines if piece else [one for one in lines if one is not line]
        drop = bytes([next(drops)])
        for line in lines:
            with contextlib.suppress(OSError):
                line.sendall(drop)
    assert not lines, "the line is still held"
    return came


def test_every_door_says_that_it_was_too_slow_and_hangs_up(port):
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        forms = {"Content-Type": "application/x-www-form-urlencoded"}
        lines = {
            stack.enter_context(begun(port, path, 500, **(forms if path == "/seguimiento" else {}))): path
            for path in DOORS
        }
        came = {lines[line]: said for line, said in dripping(list(lines)).items()}
    for path, (status, word) in DOORS.items():
        assert came[path].startswith(f"HTTP/1.1 {status} ".encode()), (path, came[path])
        assert word in came[path] and b"connection: close" in came[path].lower(), (path, came[path])
    assert time.monotonic() - began > PATIENCE


def test_a_head_that_drips_is_hung_up_on(port):
    with socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(b"POST /api/v1/mensajes HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert dripping([line]) == {line: b""}


def test_what_came_of_a_piece_is_kept_and_the_rest_follows(hub, port):
    content = os.urandom(60_000)
    place = announce(hub, content).headers["Location"]
    told = TUS | BYTES | {"Authorization": f"Bearer {hub.token()}", "Upload-Offset": "0"}
    with begun(port, place, len(content), "PATCH", **told) as line:
        line.sendall(content[:50_000])
        said = dripping([line], content[50_000:50_500])[line]
    head = dict(one.split(": ", 1) for one in said.decode().partition("\r\n\r\n")[0].split("\r\n")[1:])
    offset = int(ask(hub, "HEAD", place).headers["Upload-Offset"])
    assert said.startswith(b"HTTP/1.1 408 ") and b"MENSAJE_DEMASIADO_LENTO" in said
    assert offset >= 50_000 and head["Upload-Offset"] == str(offset) and head["Retry-After"]
    assert send(hub, place, content[offset:], offset).status_code == 204


def test_a_slow_line_that_keeps_on_is_heard_to_its_end(port):
    message = question("999999999A").encode()
    message += b" " * (8 * RATE - len(message))
    with begun(port, "/services/PcmIMgdTramite", len(message)) as line:
        for number, place in enumerate(range(0, len(message), RATE)):
            time.sleep(PATIENCE / 2 if number == 5 else 0.25)
            line.sendall(message[place : place + RATE])
        assert line.recv(65_536).startswith(b"HTTP/1.1 200 ")
