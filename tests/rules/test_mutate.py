"""The mutator itself: what it finds out, and what it does not take for a finding."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LAW = '''
from functools import cached_property, lru_cache

def counts_from(day, *, holidays=()):
    """TUO 144.1"""
    return day + 1

def days(first, last):
    yield from range(first, last)

@lru_cache
def term(code):
    return 30

def maker(extra):
    def add(day):
        return day + extra
    return add

add_two = maker(2)

class Clock:
    @property
    def hour(self):
        return 9

    @classmethod
    def of(cls, text):
        return int(text)

    @cached_property
    def zone(self):
        return -5
'''

TESTS = '''
import pytest
import law
from law import Clock, add_two, counts_from, days, term

assert term("x") == 30  # cached before anything is switched off

@pytest.mark.rule("R-PLAIN")
def test_plain():
    assert counts_from(3, holidays=(4,)) == 4

@pytest.mark.rule("R-GENERATOR")
def test_generator():
    assert list(days(1, 3)) == [1, 2]

@pytest.mark.rule("R-CACHED")
def test_cached():
    assert term("x") == 30

@pytest.mark.rule("R-CLOSURE")
def test_closure():
    assert add_two(1) == 3

@pytest.mark.rule("R-PROPERTY")
def test_property():
    assert Clock().hour == 9

@pytest.mark.rule("R-CLASS")
def test_class_method():
    assert Clock.of("7") == 7

@pytest.mark.rule("R-ZONE")
def test_cached_property():
    assert Clock().zone == -5

@pytest.mark.rule("R-NOMINAL")
def test_that_only_bears_the_name():
    counts_from(3)

@pytest.mark.rule("R-ELSEWHERE")
def test_that_looks_at_something_else():
    assert 1 + 1 == 2

@pytest.fixture
def broken():
    assert counts_from(3) == 4

@pytest.mark.rule("R-FIXTURE")
def test_whose_fixture_breaks(broken):
    pass

@pytest.mark.rule("R-LOUD")
def test_of_a_loud_off():
    assert counts_from(3) == 4

@pytest.mark.rule("R-RED")
def test_that_fails_as_it_is():
    assert counts_from(3) == 5

@pytest.mark.rule("R-GONE")
def test_of_a_function_that_is_gone():
    assert counts_from(3) == 4
'''

TABLE = '''
from tests.rules.registry import Rule, Untestable
ROWS = {
    "R-PLAIN": ("law:counts_from", "day"), "R-GENERATOR": ("law:days", "()"), "R-CACHED": ("law:term", "None"),
    "R-CLOSURE": ("law:add_two", "day"), "R-PROPERTY": ("law:Clock.hour", "0"), "R-CLASS": ("law:Clock.of", "cls"),
    "R-ZONE": ("law:Clock.zone", "0"), "R-NOMINAL": ("law:counts_from", "day"),
    "R-ELSEWHERE": ("law:counts_from", "day"), "R-FIXTURE": ("law:counts_from", "day"),
    "R-LOUD": ("law:counts_from", "1 / 0"), "R-RED": ("law:counts_from", "day"),
    "R-GONE": ("law:no_such_function", "day"), "R-BARE": ("law:counts_from", "day"),
}
CODES = (*ROWS, "R-MISSING", "R-HUMAN")
UNTESTABLE = (Untestable("R-HUMAN", "TUO 1", "Nada", "a person judges it"),)
rules = lambda: {code: Rule(code, "TUO 144.1", "Cuenta", *rest) for code, rest in ROWS.items()}
'''


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """{code: the line about it}, and the exit code."""
    folder = tmp_path_factory.mktemp("sample")
    for name, text in {"law.py": LAW, "test_law.py": TESTS, "table.py": TABLE}.items():
        (folder / name).write_text(text)
    command = [sys.executable, "-m", "tests.rules.mutate", "--tests", folder, "--table", "table", "--without-database"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{folder}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("R-")}
    return lines | {"exit": done.returncode, "all": done.stdout + done.stderr}


@pytest.mark.parametrize("kind", ["PLAIN", "GENERATOR", "CACHED", "CLOSURE", "PROPERTY", "CLASS", "ZONE"])
def test_a_function_of_any_kind_is_switched_off_and_found_out(said, kind):
    assert "killed by test_" in said[f"R-{kind}"], said["all"]


@pytest.mark.parametrize("kind", ["NOMINAL", "ELSEWHERE"])
def test_a_test_that_only_bears_the_name_is_found_out(said, kind):
    assert "SURVIVED" in said[f"R-{kind}"], said["all"]


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("FIXTURE", "SURVIVED"),
        ("LOUD", "off breaks"),
        ("RED", "fail as it is"),
        ("GONE", "there is no no_such_function"),
        ("BARE", "no test bears it"),
        ("MISSING", "no row"),
        ("HUMAN", "not testable: a person judges it"),
    ],
)
def test_what_proves_nothing_is_not_taken_for_a_finding(said, kind, why):
    assert why in said[f"R-{kind}"], said["all"]


def test_one_that_survives_fails_the_run(said):
    assert said["exit"] == 1
