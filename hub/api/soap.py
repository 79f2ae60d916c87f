"""The SOAP door of our own contract: the same messages as over REST, inside an envelope."""

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from hub.api.auth import spoken
from hub.api.errors import fault
from hub.api.taking import file, take, told_about
from hub.extensions import services
from hub.guards import public
from hub.wire import service

bp = Blueprint("soap", __name__)
bp.register_error_handler(Exception, fault)

PATH: Final = "/soap/mesadepartes"


def _call() -> service.Call:
    if request.mimetype != "text/xml":
        raise UnsupportedMediaType()
    request.max_content_length = service.MAX_BYTES + 1  # one more shows what a stream without length had besides
    return service.read_call(request.get_data())


@bp.post(PATH)
@spoken(_call)
def take_call(call, opened, caller_ruc):
    if call.operation == "consultarSobre":
        said = service.write_report(told_about(caller_ruc, call.cuo))
    elif call.operation == "recibirSobre":
        said = service.write_acuse(file(opened))
    else:
        said = service.write_answer(*take(opened, "soap"))
    return Response(said, content_type=service.CONTENT_TYPE)


@bp.get(PATH)
@public("the contract, which anybody may read")
def show_wsdl():
    return Response(service.wsdl(services().settings.public_url + PATH), content_type=service.CONTENT_TYPE)
