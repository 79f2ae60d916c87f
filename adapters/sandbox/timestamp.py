"""A time-stamp authority (RFC 3161) for the demonstration and the tests: `python -m adapters.sandbox.timestamp --help`.

It knows nothing of the hub. At its first run it makes a root, which is what others trust, and a certificate for
stamping alone (extended key usage timeStamping, critical).
"""

import argparse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from adapters.sandbox.serving import serve_until_told
from adapters.sandbox.stamping import Authority, Refused, make_authority

MOST_BYTES = 64 * 1024


class Door(BaseHTTPRequestHandler):
    """POST with a TimeStampReq gives a TimeStampResp; GET says that it lives."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    server: "Server"

    def do_GET(self) -> None:
        self._answer(200, b"Autoridad de sellado de tiempo de prueba\n", "text/plain; charset=utf-8")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= MOST_BYTES:
            self.close_connection = True
            return self._answer(413, b"", "text/plain")
        body = self.rfile.read(length)
        if self.headers.get_content_type() != "application/timestamp-query":
            return self._answer(415, b"", "text/plain")
        try:
            reply = self.server.authority.reply(body)
        except Refused as refused:
            reply = refused.reply()
        return self._answer(200, reply, "application/timestamp-reply")

    def _answer(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """One line a stamp would be noise."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, authority: Authority) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.authority = authority


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free port, printed on the first line")
    parser.add_argument("--data", type=Path, required=True, help="folder of its keys")
    parser.add_argument("--publish", type=Path, help="where to write the root that others trust, PEM")
    given = parser.parse_args()
    server = Server(given.port, make_authority(given.data, given.publish))
    serve_until_told(server, f"http://127.0.0.1:{server.server_address[1]}/")


if __name__ == "__main__":
    main()
