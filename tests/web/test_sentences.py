"""Everything that a page can be asked to say has its Spanish."""

import ast
from pathlib import Path

import pytest

from hub.core.errors import Problem
from hub.core.statuses import (
    Author,
    DeliveryStatus,
    FilingStatus,
    InboundStatus,
    Mode,
    Movement,
    OutboundStatus,
    RefusalReason,
)
from hub.web import sentences
from hub.web.problems import PROBLEMS

HUB = Path(__file__).parents[2] / "hub"
SAID = (FilingStatus, DeliveryStatus, OutboundStatus, InboundStatus, Mode, RefusalReason, Movement)


@pytest.mark.parametrize("value", [value for kind in SAID for value in kind], ids=repr)
def test_every_status_has_a_label(value):
    assert sentences.label(value)


@pytest.mark.parametrize("status", FilingStatus)
def test_every_status_of_a_filing_says_what_it_means_and_what_comes_next(status):
    words = sentences.words(status)
    values = {"destination": "IGP", "counter": "Mesa de Partes de SERNANP", "asker": "IGP"}
    assert "%(" not in sentences.say(words.meaning, **values) + sentences.say(words.next, **values)


@pytest.mark.parametrize("author", Author)
def test_every_author_is_named(author):
    assert sentences.say_author(author, "IGP")


def test_every_problem_that_a_stage_can_find_has_a_sentence():
    unsaid = {code for path in HUB.glob("*.py") for code in _problem_codes(path)} - set(PROBLEMS)
    assert not unsaid


def _problem_codes(path: Path) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    problems = [call for call in calls if getattr(call.func, "id", "") == "Problem" and len(call.args) > 1]
    unreadable = [call for call in calls if getattr(call.func, "id", "") == "UnreadableFile"]
    codes = [call.args[1] for call in problems] + [word.value for call in unreadable for word in call.keywords]
    return {code.value for code in codes if isinstance(code, ast.Constant)}


def test_every_kind_of_event_that_a_stage_writes_has_a_sentence():
    told = {kind for path in HUB.glob("*.py") for kind in _event_kinds(path)} - {"movement"}
    assert told and told <= set(sentences.EVENTS)


def _event_kinds(path: Path) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    named = [call for call in calls if "tell" in (getattr(call.func, "id", ""), getattr(call.func, "attr", ""))]
    words = [word.value for call in named for word in call.args if isinstance(word, ast.Constant)]
    return {word for word in words if isinstance(word, str)}


def test_a_problem_without_its_values_is_still_a_sentence():
    assert sentences.say_problem(Problem("main_document", "FILE_EMPTY")) == "El archivo «…» está vacío; elige otro"


def test_a_forbidden_step_is_said_in_words():
    assert sentences.step("cancelled->registered") == "Anulado → Registrado"
    assert sentences.step("") == ""
