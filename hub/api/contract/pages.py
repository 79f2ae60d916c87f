"""Where the contract is read: the OpenAPI document for programs, and one page for people."""

from itertools import groupby

from flask import Blueprint, current_app, render_template

from hub.api.contract import first_calls
from hub.api.contract.described import Answer, Operation, described
from hub.api.contract.document import REPEATING, VERSION, document, refusals_of, routes
from hub.api.errors import problem
from hub.api.replying import cached_json
from hub.api.sentences import SENTENCES
from hub.extensions import services
from hub.guards import guard_of, public

bp = Blueprint("contract", __name__, url_prefix="/api/v1")
bp.register_error_handler(Exception, problem)

DOCUMENT = Operation(
    name="leerContrato",
    tag="Contrato",
    summary="Este contrato, para programas",
    says="OpenAPI 3.1, hecho del mismo código que atiende.",
    answers=(
        Answer(200, "El documento.", "application/json", {"type": "object"}, {"ETag": "Para If-None-Match."}),
        Answer(304, "El que tienes es el último."),
    ),
    example='curl -s "$MESA/api/v1/openapi.json"',
)


@bp.get("/openapi.json")
@public("the contract, which anybody may read")
@described(DOCUMENT)
def show_document():
    return cached_json(document(current_app, services().settings.public_url))


@bp.get("/")
@public("the contract, which anybody may read")
def show_page():
    found = [
        {"path": path, "method": method.upper(), "guard": guard_of(current_app, endpoint), "what": operation,
         "refusals": refusals_of(operation, guard_of(current_app, endpoint))}
        for path, method, endpoint, operation in routes(current_app)
    ]  # fmt: skip
    by_tag = [(tag, list(ones)) for tag, ones in groupby(found, key=lambda one: one["what"].tag)]
    return render_template(
        "contract/page.html", groups=by_tag, sentences=SENTENCES, version=VERSION, repeating=REPEATING,
        steps=first_calls.STEPS, in_code=first_calls.in_code, guides=services().settings.guide + first_calls.GUIDES,
    )  # fmt: skip
