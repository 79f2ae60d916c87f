"""The walls of the house: who may import whom, how long a thing may be, who may read the clock."""

import ast
import configparser
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
USUAL_FILE, USUAL_FUNCTION = 200, 25
"""Nine in ten of the product are shorter."""
NOUNLESS = {"utils", "helpers", "common", "misc", "manager", "constants"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
WORLD = {("os", "environ"), ("os", "getenv"), ("time", "sleep"), ("random", "random")}


def sources():
    found = [*(ROOT / "hub").rglob("*.py"), *(ROOT / "adapters").rglob("*.py"), ROOT / "wsgi.py"]
    return sorted(path for path in found if "migrations/versions" not in path.as_posix())


def our_tests():
    return sorted((ROOT / "tests").rglob("*.py"))


def lengths_of(paths):
    """{file: lines}"""
    return {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}


def functions(paths):
    """(lines, where) of every function."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}"


def contracts():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    return config


def modules_below_floor_3():
    layers = contracts()["importlinter:contract:floors"]["layers"].split("\n")
    settings = next(number for number, layer in enumerate(layers) if "settings" in layer)
    return {name.strip() for layer in layers[settings + 1 :] for name in layer.replace(":", "|").split("|")}


def lint_imports(folder):
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)})


def test_nobody_walks_backwards():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


WRONG = {
    "hub/core/calendar.py": "import sqlalchemy",
    "hub/cargos.py": "import flask",
    "hub/routing.py": "from hub import intake",
    "hub/models/filings.py": "from hub.wire import xml",
    "hub/board.py": "import lxml",
    "hub/evidence/container.py": "from hub.models import Filing",
    "hub/web/counter.py": "import adapters.mail",
    "adapters/rest.py": "from hub.models import Filing",
    "adapters/sandbox/rest.py": "from hub.core import errors",
    "hub/somewhere.py": '"""A module that nobody gave a floor."""',
}


def test_each_wall_holds_when_somebody_leans_on_it(tmp_path):
    for name in ("hub", "adapters"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    for path, line in WRONG.items():
        with (tmp_path / path).open("a") as file:
            file.write(f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    undeclared = "hub.somewhere" if "hub.somewhere" in done.stdout else "somewhere"
    assert undeclared in done.stdout, done.stdout
    (tmp_path / "hub/somewhere.py").unlink()
    said = lint_imports(tmp_path).stdout
    broken = {line.rsplit(" BROKEN", 1)[0] for line in said.splitlines() if " BROKEN" in line}
    names = {section["name"] for key, section in contracts().items() if key.startswith("importlinter:contract:")}
    assert broken == names, said


def test_what_may_know_no_framework_is_everything_below_the_third_floor():
    listed = contracts()["importlinter:contract:machinery"]["source_modules"].split()
    assert {name.removeprefix("hub.") for name in listed} == modules_below_floor_3() - {""}


def test_no_file_is_too_long():
    lengths = lengths_of(sources())
    assert {name: lines for name, lines in (lengths | lengths_of(our_tests())).items() if lines > LONGEST_FILE} == {}
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= USUAL_FILE


def test_no_function_is_too_long():
    every = functions(sources() + our_tests())
    assert [(lines, where) for lines, where in every if lines > LONGEST_FUNCTION] == []
    assert statistics.quantiles((lines for lines, _ in functions(sources())), n=10)[-1] <= USUAL_FUNCTION


def test_every_file_is_named_by_a_noun_of_its_own():
    assert [path for path in sources() + our_tests() if path.stem in NOUNLESS] == []


def files_below_floor_3():
    for name in sorted(modules_below_floor_3() - {""}):
        package = ROOT / "hub" / name
        yield from package.rglob("*.py") if package.is_dir() else [package.with_suffix(".py")]


@pytest.mark.parametrize("path", list(files_below_floor_3()), ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_below_the_third_floor_reads_the_clock_or_the_world(path):
    if "migrations" in path.parts:
        return
    read = {
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert read & (CLOCKS | WORLD) == set()


def test_only_the_clock_reads_the_time_of_day():
    """Elsewhere only lengths are measured, by time.monotonic; the sandbox institutions have clocks of their own."""
    readers = set()
    for path in sources():
        tree = ast.parse(path.read_text())
        calls = {
            (node.value.id, node.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }
        if calls & CLOCKS and "sandbox" not in path.parts:
            readers.add(str(path.relative_to(ROOT)))
    assert readers == {"hub/clock.py"}


def test_no_stage_commits():
    """Doors commit, once per request; what receives a message keeps it first, and says so."""
    committing = {
        path.relative_to(ROOT / "hub").parts[0]
        for path in files_below_floor_3()
        if any(
            isinstance(node, ast.Attribute) and node.attr == "commit" for node in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert committing <= {"receiving.py", "models"}  # `models` migrates
