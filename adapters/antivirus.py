"""ClamAV: a file goes to clamd in pieces (INSTREAM), and clamd says what it found.

Each piece is its length (4 bytes, the highest first) and its bytes; a length of nothing ends the file. The answer is
one line that ends with a zero byte: "stream: OK", "stream: <name> FOUND", or "... ERROR".
"""

import select
import socket
import time
from typing import BinaryIO, Final

from hub.core.errors import TemporaryFailure
from hub.core.services import Scanned

PIECE: Final = 256 * 1024
MOST_ANSWER: Final = 4096
_TOO_LARGE: Final = "size limit exceeded"


class Clamd:
    """`address`: host:port, or the path of a socket; `timeout`: seconds between two pieces; `within`: for all of it."""

    def __init__(self, address: str, timeout: float, within: float) -> None:
        self._address, self._timeout, self._within = address, timeout, within

    def scan(self, stream: BinaryIO) -> Scanned:
        """Look through a file from where its stream stands. Raises TemporaryFailure ANTIVIRUS_DOWN."""
        ends = time.monotonic() + self._within
        try:
            with self._connect() as line:
                return _said(_sent(line, stream, ends) or _answer(line, ends))
        except OSError as error:
            raise TemporaryFailure("ANTIVIRUS_DOWN", type(error).__name__) from error

    def _connect(self) -> socket.socket:
        if "/" in self._address:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(self._timeout)
            line.connect(self._address)
            return line
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), self._timeout)


def _sent(line: socket.socket, stream: BinaryIO, ends: float) -> str:
    """Send it all; gives what clamd says before the end, because the file is larger than it takes."""
    line.sendall(b"zINSTREAM\0")
    while piece := stream.read(PIECE):
        _in_time(ends)
        if select.select([line], [], [], 0)[0]:
            return _answer(line, ends)
        try:
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        except (BrokenPipeError, ConnectionResetError):  # it hung up; what it said before is still to be read
            return _answer(line, ends)
    line.sendall(bytes(4))
    return ""


def _answer(line: socket.socket, ends: float) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < MOST_ANSWER:
        line.settimeout(max(0.01, ends - time.monotonic()))  # a large file is looked through after its last byte
        piece = line.recv(MOST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", errors="replace")


def _in_time(ends: float) -> None:
    if time.monotonic() > ends:
        raise TimeoutError


def _said(answer: str) -> Scanned:
    name, _, verdict = answer.removeprefix("stream: ").rpartition(" ")
    if verdict == "FOUND":
        return Scanned(found=name[:120] or "?")
    if verdict == "OK" or answer == "stream: OK":
        return Scanned()
    if _TOO_LARGE in answer:
        return Scanned(is_whole=False)
    raise TemporaryFailure("ANTIVIRUS_DOWN", answer[:200])
