"""The table of the rules is whole: every code, every function, every norm, every test, and the page says the same."""

import inspect
import re

import pytest

from tests.rules.marks import marked_tests
from tests.rules.registry import CODES, FAMILIES, UNTESTABLE, rules
from tests.rules.switching import find, function_of
from tests.rules.table import PAGE, page

NORM = re.compile(
    r"(TUO|LPAG|Ley|DL|DS|RSGD|RSGTD|art\.|arts\.|Directiva|RJ|Res\.) ?\d|Ley 27444|Ley 31465|Ley 31736|Ley 29733"
)


def test_there_are_fifty_nine_rules():
    assert len(CODES) == sum(FAMILIES.values()) == 59


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_a_row_or_a_reason(code):
    assert code in rules() or code in {row.code for row in UNTESTABLE}


def test_fewer_than_eight_are_not_testable_and_each_says_why():
    assert len(UNTESTABLE) < 8
    assert [row.code for row in UNTESTABLE if len(row.reason) < 40 or row.code in rules()] == []


@pytest.mark.parametrize("code", rules())
def test_the_function_of_a_rule_is_there_and_cites_its_norm(code):
    rule = rules()[code]
    function, _ = function_of(find(rule.function))
    module = inspect.getmodule(function)
    said = f"{function.__doc__ or ''}\n{module.__doc__ or ''}"
    assert NORM.search(said), f"{rule.function} cites no norm: {said!r}"
    assert rule.norm and rule.does.endswith(".")


@pytest.mark.parametrize("code", rules())
def test_a_rule_has_a_test_that_bears_its_code(code):
    assert marked_tests().get(code), code


def test_no_test_bears_the_code_of_no_rule():
    assert set(marked_tests()) - set(CODES) == set()


def test_the_page_is_what_the_table_makes():
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.rules.table writes it anew"
