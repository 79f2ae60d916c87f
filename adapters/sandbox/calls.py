"""Calls that an institution makes: messages to the hub, and documents streamed to its disk."""

import hashlib
import http.client
import json
import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from adapters.sandbox.problems import Refused

STALE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)
CHUNK = 256 * 1024
CREDENTIAL = 401
"""Another try brings another credential."""


class Unreachable(Exception):
    """No answer, or one that says to come back later."""


class NotTaken(Unreachable):
    """The hub refuses it for good: the same again would be refused again. `said` is its sentence, for a person."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(f"{code} {said}".strip())
        self.code, self.said = code, said


def no_good(call: str, status: int, body: bytes) -> Unreachable:
    """What to raise for another answer than the good one: NotTaken where it is a problem that says it is permanent."""
    unclear = f"{call}: {status} {body[:500]!r}"
    try:
        problem = json.loads(body)
        is_final = 400 <= status < 500 and problem["temporary"] is False
        code, said = problem["code"], " ".join(filter(None, (problem.get("title"), problem.get("detail"))))
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # of something on the way, not of the hub
        return Unreachable(f"{unclear}, which is no problem of the hub: {error!r}")
    return NotTaken(code, said) if is_final else Unreachable(unclear)


def origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


class Caller:
    """HTTP/1.1 with connections kept between calls. It follows no redirects."""

    def __init__(self, timeout: float = 20) -> None:
        self.timeout = timeout
        self._idle: defaultdict[tuple[str, str], deque[http.client.HTTPConnection]] = defaultdict(deque)

    @contextmanager
    def exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """Send a request and give its response, to be read inside the `with`. Raises Unreachable."""
        place = origin(url)
        path = urlsplit(url)._replace(scheme="", netloc="").geturl() or "/"
        connection = None
        try:
            connection, response = self._send(place, method, path, body, headers)
            yield response
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"{method} {url}: {error!r}") from error
        finally:
            if connection is not None and response.isclosed() and not response.will_close:
                self._idle[place].append(connection)
            elif connection is not None:
                connection.close()

    def _send(
        self, place: tuple[str, str], *request: Any
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """On a kept connection if there is one; on a fresh one where the other side had closed it meanwhile.

        Whatever an institution sends may be sent twice: a message has an id, a GET changes nothing.
        """
        with suppress(IndexError):
            while kept := self._idle[place].pop():
                try:
                    kept.request(*request)
                    return kept, kept.getresponse()
                except STALE:
                    kept.close()
        kind = http.client.HTTPSConnection if place[0] == "https" else http.client.HTTPConnection
        fresh = kind(place[1], timeout=self.timeout)
        fresh.request(*request)
        return fresh, fresh.getresponse()

    def call(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> tuple[int, bytes]:
        """One whole exchange: (status, body)."""
        with self.exchange(method, url, headers, body) as response:
            return response.status, response.read()

    def download(self, url: str, authorise: Callable[[], str], size: int, sha256: str, to: Path) -> None:
        """Bring a document to `to`, going on where an earlier attempt stopped; on disk when it returns.

        Raises Unreachable, or Refused where length or digest are not as announced.
        """
        part = to.with_suffix(".part")
        digest = hashlib.sha256()
        with part.open("a+b") as file:
            have = _digest_so_far(file, digest, size)
            if have < size or size == 0:
                have = self._fetch_rest(url, authorise(), have, size, digest, file)
            file.flush()
            os.fsync(file.fileno())
        if have != size or digest.hexdigest() != sha256:
            part.unlink()
            raise Refused("DOCUMENTO_ALTERADO", f"{to.name}: {have} bytes, sha256 {digest.hexdigest()}")
        part.rename(to)

    def _fetch_rest(self, url: str, token: str, have: int, size: int, digest: Any, file: BinaryIO) -> int:
        headers = {"Authorization": f"Bearer {token}"} | ({"Range": f"bytes={have}-"} if have else {})
        with self.exchange("GET", url, headers) as response:
            if response.status != (206 if have else 200):
                file.truncate(0)  # it does not resume: from the start, next time
                error = no_good(f"GET {url}", response.status, response.read())
                raise Unreachable(str(error)) if response.status == CREDENTIAL else error
            expected = have + int(response.headers.get("Content-Length", size - have))
            while have <= size and (chunk := response.read(CHUNK)):
                have += len(chunk)
                digest.update(chunk)
                file.write(chunk)
        if have < expected:
            raise Unreachable(f"GET {url}: cut after {have} of {expected} bytes")
        return have


def _digest_so_far(file: BinaryIO, digest: Any, size: int) -> int:
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    if file.tell() > size:
        file.truncate(0)
        raise Unreachable("what an earlier attempt left was too long; from the start, next time")
    return file.tell()


def fsync_folder(path: Path) -> None:
    """Make the names in a folder outlive a crash."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
