"""How every process of the sandbox serves: until it is told to end."""

import signal
import threading
from http.server import ThreadingHTTPServer


def serve_until_told(server: ThreadingHTTPServer, said: str) -> None:
    """Serve until SIGTERM or Ctrl-C; prints one line once it answers."""

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(said, flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
