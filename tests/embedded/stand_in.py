"""A supervised demonstration in small: python -m tests.embedded.stand_in <folder> <port> <port>."""

import os
import sys
from pathlib import Path

from hub.embedded.child import Part
from hub.embedded.run import only_one
from hub.embedded.supervisor import Bell, Stopped, Supervisor

WEB = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(__import__('os').getpid()).encode())
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Page).serve_forever()
"""


def main():
    data = Path(sys.argv[1])
    (data / "log").mkdir(parents=True, exist_ok=True)
    parts = [
        Part(f"web{port}", f"la web {port}", (sys.executable, "-c", WEB, port), f"http://127.0.0.1:{port}/")
        for port in sys.argv[2:]
    ]
    with only_one(data, "make run"):
        supervisor = Supervisor(data, data, dict(os.environ), lambda line: print(line, flush=True), Bell())
        try:
            supervisor.start_database()
            supervisor.start_all(parts)
            print("listo", supervisor.server.port, flush=True)
            supervisor.watch()
        except Stopped:
            print("deteniendo", flush=True)
        finally:
            supervisor.stop()


if __name__ == "__main__":
    main()
