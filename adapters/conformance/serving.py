"""A server that plays somebody for the length of a run, in a thread of its own."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Generic, TypeVar

T = TypeVar("T")


class Server(ThreadingHTTPServer, Generic[T]):
    """What the threads of one stand-in share is its `standin`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], door: type[BaseHTTPRequestHandler], standin: T) -> None:
        super().__init__(address, door)
        self.standin = standin


class Serving:
    """Serves at `address` (host, port; port 0: any free one) until `close`."""

    def __init__(self, address: tuple[str, int], door: type[BaseHTTPRequestHandler], standin: object) -> None:
        self._server = Server(address, door, standin)
        self.url = f"http://{address[0]}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
