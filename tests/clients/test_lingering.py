"""A client that leaves a finished connection open, as PHP does with a stream, makes nobody wait."""

import socket
import time

ASKED = b"GET /api/v1/mensajes HTTP/1.1\r\nHost: mesa\r\nConnection: close\r\n\r\n"


def test_connections_that_their_clients_do_not_close_hold_nobody_up(town):
    began, kept = time.monotonic(), []
    for _ in range(8):
        one = socket.create_connection(("127.0.0.1", town.ports["web"]))
        one.sendall(ASKED)
        assert one.recv(100).startswith(b"HTTP/1.1 401")
        kept.append(one)  # open still, and read to its end by nobody
    assert time.monotonic() - began < 4  # it was two seconds for each
    for one in kept:
        one.close()
