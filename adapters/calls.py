"""One HTTP call to an institution: bounded in time and size, never redirected, its failures told apart."""

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from hub.core.errors import MesaError, PermanentFailure, TemporaryFailure

MAX_ANSWER: Final = 4 * 1024 * 1024
_AN_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
_UNCONNECTED: Final = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.NameResolutionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.SSLError,
)


@dataclass(frozen=True)
class Reply:
    """What came back, whatever it is."""

    status: int
    body: bytes


class Calls:
    """Sessions pooled by host and port. `timeout`: seconds to connect, between two pieces, and for the whole answer.

    `max_answer`: most bytes of an answer.
    """

    def __init__(self, timeout: float, max_answer: int = MAX_ANSWER) -> None:
        self.timeout = timeout
        self.max_answer = max_answer
        self._sessions: dict[str, requests.Session] = {}
        self._lock = threading.Lock()

    def call(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, query: str = ""
    ) -> Reply:
        """Make one call. Raises TemporaryFailure, or PermanentFailure for an address that cannot be.

        An address holds no question of its own: what is asked stands in `query`, encoded.
        """
        session = self._session(_origin(url))
        ends = time.monotonic() + self.timeout
        content = bytearray()
        try:
            with session.request(
                method,
                f"{url}?{query}" if query else url,
                data=body,
                headers={"Accept-Encoding": "identity", **headers},
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                _read(response, content, ends, self.max_answer)
                return Reply(response.status_code, bytes(content))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _failure(error, bytes(content)) from error

    def _session(self, origin: str) -> requests.Session:
        with self._lock:
            if origin not in self._sessions:
                self._sessions[origin] = _new_session()
            return self._sessions[origin]


def _origin(url: str) -> str:
    """Scheme, host and port of an address that can be one; else PermanentFailure."""
    try:
        parts = urlsplit(url)
        if _AN_ADDRESS.fullmatch(url) and parts.hostname and parts.port != 0:
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError as error:
        raise PermanentFailure("ADDRESS_INVALID", str(error), may_have_arrived=False) from error
    raise PermanentFailure("ADDRESS_INVALID", url, may_have_arrived=False)


def _new_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=16, max_retries=0))
    return session


def _read(response: requests.Response, content: bytearray, ends: float, max_answer: int) -> None:
    """Read as it arrives, so that an answer given drop by drop ends with the time of the call."""
    while piece := response.raw.read1(65_536, decode_content=False):
        content += piece
        if len(content) > max_answer:
            raise TemporaryFailure("ANSWER_TOO_LARGE", raw=bytes(content[:65_536]))
        if time.monotonic() > ends:
            raise TemporaryFailure("TIMEOUT", "the answer takes too long", raw=bytes(content))


def _failure(error: Exception, raw: bytes) -> MesaError:
    """Told apart by one question: can the message have arrived? Without a connection it cannot."""
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema | UnicodeError):
        return PermanentFailure("ADDRESS_INVALID", str(error), may_have_arrived=False)
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or isinstance(reason, _UNCONNECTED):
        return TemporaryFailure("UNREACHABLE", str(error), may_have_arrived=False)
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return TemporaryFailure("TIMEOUT", str(error), raw=raw)
    return TemporaryFailure("CONNECTION_LOST", str(error), raw=raw)
