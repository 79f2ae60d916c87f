"""The sender's own system, to which the worker gives cargos: it answers what it is told and remembers what came."""

from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.orm import sessionmaker

from hub import forwarder
from hub.core.directory import Directory
from hub.core.statuses import MessageKind
from hub.dispatch import Tools
from hub.models import OutboundMessage
from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.worker import make_tools


class Sender:
    """`says` is (code, text) of the next answers; `cargos` what was sent, by element."""

    def __init__(self):
        self.says, self.cargos, self.paths = [("0000", "RECEPCION DE CARGO EXITOSO")], [], []

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))
        self.paths.append(environ["PATH_INFO"])
        self.cargos.append((read_envelope(body).operation, values_of(read_envelope(body).element)))
        code, text = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a><return>'
            f"<vcodres>{code}</vcodres><vdesres>{text}</vdesres></return></a></s:Body></s:Envelope>".encode()
        ]


class Fixed:
    """A directory that stands still."""

    def __init__(self, directory):
        self.directory = directory

    def current(self):
        return self.directory


def with_address(directory: Directory, code: str, address: str, **options) -> Directory:
    """The same directory with one body's way at another address, and room for whatever other tests left claimed."""
    entities = tuple(
        replace(
            one,
            adapter=replace(one.adapter, address=address, options={**one.adapter.options, **options}),
            in_flight=10_000,
        )
        if one.code == code
        else one
        for one in directory.entities
    )
    return replace(directory, entities=entities)


def tools_for(hub, directory) -> Tools:
    made = make_tools(hub.house.settings, hub.engine)
    return replace(made, live_directory=Fixed(directory), sessions=sessionmaker(hub.engine, expire_on_commit=False))


def give_due(hub, tools, code="oefa") -> int:
    """What the worker does with the cargos of one institution, waiting for nothing."""
    with hub.session() as session:
        waiting = update(OutboundMessage).where(OutboundMessage.kind == MessageKind.NATIONAL_CARGO)
        session.execute(waiting.where(OutboundMessage.status == "waiting").values(next_try_at=tools.clock()))
        session.commit()
    pieces = forwarder.due(tools, tools.directory.entity(code), 16)
    for piece in pieces:
        piece()
    return len(pieces)
