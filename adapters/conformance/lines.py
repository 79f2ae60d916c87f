"""A bad line to an institution: half of a call, and then nothing."""

import socket
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

PAUSE: Final = 0.05
"""Seconds for the other end to begin to read."""


def half_sent(url: str, headers: Mapping[str, str], body: bytes, timeout: float) -> socket.socket:
    """A connection on which half of a POST was sent, and some time ago."""
    parts = urlsplit(url)
    lines = [f"POST {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    port = parts.port or (443 if parts.scheme == "https" else 80)
    line = socket.create_connection((parts.hostname or "", port), timeout=timeout)
    line.sendall("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
    time.sleep(PAUSE)
    return line
