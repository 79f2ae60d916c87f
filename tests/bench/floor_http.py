"""HTTP of the bare floor, read by hand from sockets: calls over kept connections, and a server of threads."""

import socket
import socketserver
import threading


def read_request(file):
    """One HTTP request or answer, by hand: its first line and its body."""
    first = file.readline()
    if not first:
        return None, b"", {}
    headers = {}
    while (line := file.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        headers[name.strip().lower()] = value.strip()
    return first, file.read(int(headers.get(b"content-length", 0))), headers


class Caller(threading.local):
    """One kept connection per thread and port."""

    def __init__(self):
        self.open = {}

    def call(self, port, method, path, body=b"", token=""):
        if port not in self.open:
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.open[port] = (connection, connection.makefile("rb"))
        connection, file = self.open[port]
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        return read_request(file)[1]


class Door(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while True:
            first, body, headers = read_request(self.rfile)
            if first is None:
                return
            method, path, _ = first.split(b" ", 2)
            token = headers.get(b"authorization", b"").decode()
            answer = self.server.answer(method.decode(), path.decode(), body, token)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = allow_reuse_port = daemon_threads = True
    request_queue_size = 128


def serve(port, thing):
    server = Server(("127.0.0.1", port), Door)
    server.answer = thing.answer
    print("ready", flush=True)
    server.serve_forever()
