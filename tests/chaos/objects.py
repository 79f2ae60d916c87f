"""The real S3 server, watched by the points: it is killed with a document half in, or on disk and not answered for."""

import os

from hub.embedded import objects
from tests.chaos.points import strike

FOLDER = os.environ["CHAOS_FOLDER"]


class Half:
    """What a document comes from: once something of it was read, the point is reached."""

    def __init__(self, stream):
        self.stream = stream

    def read(self, *size):
        data = self.stream.read(*size)
        if data:
            strike(FOLDER, "while a document comes in")
        return data

    def __getattr__(self, name):
        return getattr(self.stream, name)


def around(name, app):
    return watched(app) if name == "object" else app


def watched(app):
    def answer(environ, start_response):
        if environ["REQUEST_METHOD"] == "PUT":
            environ["wsgi.input"] = Half(environ["wsgi.input"])
            answered = app(environ, start_response)
            strike(FOLDER, "once a document is on disk")
            return answered
        answered = app(environ, start_response)
        return read(answered) if environ["REQUEST_METHOD"] == "GET" else answered

    return answer


def read(answered):
    try:
        for piece in answered:
            yield piece
            strike(FOLDER, "while a document is read")
    finally:
        getattr(answered, "close", lambda: None)()


if __name__ == "__main__":
    objects.main(around)
