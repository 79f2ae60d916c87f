"""Every code that a message may stop with has Spanish words on the dashboard: found in the sources, not in a list.

A new code without words makes this fail; so does a module that begins to write one.
"""

import ast
import re

import pytest
from flask import Flask
from flask_babel import Babel

from hub.outcomes import OutcomeKind
from hub.web.dashboard.troubles import TROUBLES, trouble
from hub.wire.codes import Refusal
from tests.stack import ROOT

NO_CARRIERS = {"antivirus", "fetch", "identity", "oidc", "timestamp"}
"""Adapters that carry no message of the outbox."""
PARTS = ("core/directory", "core/identifiers", "quarantine", "wire/keys", "wire/pdf", "paperwork")
"""What writing a message goes through, and whose errors it may stop with."""
FAILURES = ("TemporaryFailure", "PermanentFailure")
WRITERS = ("Outcome", "_Outcome", "Given")
CODE = re.compile(r"[A-Z]{2,}(_[A-Z]+)+")
BEGINNING = re.compile(r"[A-Z]+_")


def carriers():
    """The sources of what carries a message."""
    return [file for file in sorted((ROOT / "adapters").glob("*.py")) if file.stem not in NO_CARRIERS]


def writers():
    """The sources of ours that put a code into `last_code`, or make what is written there."""
    rooms = (ROOT / "hub").glob("*.py"), (ROOT / "hub" / "keeping").glob("*.py")
    return sorted(file for room in rooms for file in room if _writes(ast.parse(file.read_text())))


def _writes(tree):
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "last_code" and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in WRITERS)
        for node in ast.walk(tree)
    )  # fmt: skip


def codes_in(source):
    """Words that look like a code, and what a failure is made of; of joined ones a code that begins so.

    What is raised at who called, `code=...`, is no code of a message.
    """
    tree = ast.parse(source)
    elsewhere = {id(part) for node in ast.walk(tree) if _is_told_to_who_called(node) or isinstance(node, ast.JoinedStr)
                 for part in ast.walk(node) if part is not node}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FAILURES and node.args:
            yield from _written(node.args[0])
        elif id(node) not in elsewhere:
            yield from (one for one in _written(node) if CODE.fullmatch(one))


def _is_told_to_who_called(node):
    return isinstance(node, ast.Raise) and any(one.arg == "code" for one in getattr(node.exc, "keywords", ()))


def _written(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    first = node.values[0] if isinstance(node, ast.JoinedStr) else None
    if isinstance(first, ast.Constant) and BEGINNING.fullmatch(first.value):
        yield f"{first.value}X"


def own_codes(source):
    """The codes of errors that a module makes: of its classes, and as they are raised."""
    for node in ast.walk(ast.parse(source)):
        given = [one.value for one in getattr(node, "keywords", ()) if one.arg == "code"]
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code":
            given.append(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ContractError":
            given.append(node.args[0])
        yield from (one.value for one in given if isinstance(one, ast.Constant) and one.value)


def every_code():
    for file in (*carriers(), *writers()):
        yield from codes_in(file.read_text())
    for part in PARTS:
        yield from own_codes((ROOT / "hub" / f"{part}.py").read_text())
    yield from (refusal.wire for refusal in Refusal)
    yield from (kind.value.upper() for kind in (OutcomeKind.CANNOT_TELL, OutcomeKind.TAKEN))
    yield "STORAGE_FAILED"


@pytest.fixture(scope="module")
def speaks():
    app = Flask("words")
    Babel(app, default_locale="es")
    with app.test_request_context():
        yield trouble


def test_every_code_that_a_message_stops_with_has_words(speaks):
    wordless = {code for code in every_code() if speaks(code) == speaks("NOBODY_KNOWS").replace("NOBODY_KNOWS", code)}
    assert not wordless, "hub/web/dashboard/troubles.py"


def test_no_words_are_kept_for_what_is_never_written():
    known = {"LOST_AT_DESTINATION", "PIDE_SIN_CODIGO"}  # an event's, whose leg goes on at once; one of PIDE_...
    assert set(TROUBLES) - set(every_code()) == known


def test_the_net_sees_who_writes_codes_and_what_they_write():
    assert {file.stem for file in writers()} >= {
        "dispatch", "outgoing", "outcomes", "letters", "telling", "forwarder", "forwarding", "returns", "righting",
    }  # fmt: skip
    found = set(every_code())
    assert found >= {"DOCUMENT_QUARANTINED", "PARCEL_NOT_WRITTEN", "GATEWAY_OFF", "MESSAGE_UNWRITABLE", "TIMEOUT",
                     "MAIL_NOT_WRITABLE", "RESTORED_UNNUMBERED", "CANNOT_TELL", "HTTP_X", "FIRMA_INVALIDA"}  # fmt: skip


def test_an_unknown_code_is_named_in_a_spanish_sentence(speaks):
    assert speaks("MADE_UP_BY_SOMEBODY") == "se detuvo con el código MADE_UP_BY_SOMEBODY"
