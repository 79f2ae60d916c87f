"""The doors for people: citizen, counter, inbox, sector."""

from flask import Flask

from hub.web.look import dress


def install(app: Flask) -> None:
    """Dress the application and open its doors for people."""
    dress(app)
