"""A time-stamp authority over HTTP (RFC 3161, section 3.4): asked with a digest, believed only after checking."""

import secrets
from pathlib import Path
from typing import Final

from adapters.calls import Calls
from hub.core.errors import ContractError, TemporaryFailure
from hub.core.services import TimeStamp
from hub.wire.timestamps import REPLY_TYPE, REQUEST_TYPE, check_token, request_for, token_in

MAX_REPLY: Final = 128 * 1024


class HttpTimeStamper:
    """`url` of the authority; `certificate` the file (PEM) of its certificate, read at each stamp so that a new one
    counts at once; `timeout` seconds for the whole answer."""

    def __init__(self, url: str, certificate: Path, timeout: float) -> None:
        self._url = url
        self._certificate = certificate
        self._calls = Calls(timeout, MAX_REPLY)

    def stamp(self, sha256: bytes) -> TimeStamp:
        """A stamp over the 32 bytes of `sha256`, checked.

        Raises TemporaryFailure whatever goes wrong: an authority that answers badly today may be put right tomorrow,
        and nothing waits for it; PermanentFailure only for an address that cannot be.
        """
        try:
            trusted = self._certificate.read_bytes()
        except OSError as error:
            raise TemporaryFailure("TSA_CERTIFICATE_MISSING", error.strerror or "") from error
        nonce = secrets.randbits(63)
        headers = {"Content-Type": REQUEST_TYPE, "Accept": REPLY_TYPE}
        reply = self._calls.call("POST", self._url, headers, request_for(sha256, nonce))
        if reply.status != 200:
            raise TemporaryFailure("TSA_REFUSED", f"HTTP {reply.status}")
        try:
            return check_token(token_in(reply.body, nonce), sha256, (trusted,))
        except ContractError as error:
            raise TemporaryFailure(error.code, error.detail, raw=reply.body) from error
