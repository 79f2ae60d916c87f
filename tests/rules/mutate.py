"""`make rules-mutate`: each rule's function is switched off in turn, and one of the rule's own tests must fail.

Everything is imported once; each rule is judged in a process forked for it, against one database server. A failure
counts only where the test's own body failed after the switched-off function was asked: a file that does not
import, a fixture that breaks or an `off` that raises proves nothing, and is said.
"""

import argparse
import contextlib
import importlib
import io
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.rules import judging
from tests.rules.judging import Verdict

HERE = Path(__file__).parent
LONGEST = 240
"""Seconds for one rule; what hangs proves nothing."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="rules-mutate", description=__doc__)
    parser.add_argument("codes", nargs="*", help="only these rules")
    parser.add_argument("--tests", type=Path, default=HERE)
    parser.add_argument("--table", default="tests.rules.registry", help="module with CODES, UNTESTABLE and rules()")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--without-database", action="store_true")
    options = parser.parse_args(arguments)
    table: Any = importlib.import_module(options.table)
    with tempfile.TemporaryDirectory(prefix="mesa-rules-") as folder, _database(options.without_database):
        return _mutate(table, options, Path(folder))


def _mutate(table: Any, options: argparse.Namespace, folder: Path) -> int:
    rules = {code: rule for code, rule in table.rules().items() if not options.codes or code in options.codes}
    _import_everything(options.tests)
    baseline = _wait(_begin(options.tests, folder / "baseline", None), folder / "baseline")
    if baseline.trouble:
        print((folder / "baseline.txt").read_text()[-4000:], baseline.trouble, sep="\n")
    said: dict[str, str] = {}
    waiting = []
    for code, rule in rules.items():
        if baseline.failed.get(code):
            said[code] = "its tests fail as it is: " + baseline.failed[code][0]
        elif not baseline.passed.get(code):
            said[code] = "no test bears it"
        else:
            waiting.append(rule)
    said |= _judge_all(waiting, options, folder)
    untestable = {row.code for row in table.UNTESTABLE}
    wanted = [code for code in table.CODES if code not in untestable and (not options.codes or code in options.codes)]
    said |= {code: "no row" for code in wanted if code not in said}
    return _report(table, said, baseline, folder) or bool(baseline.trouble)


def _import_everything(tests: Path) -> None:
    """Once, before forking. Nothing shrinks: that a property fails is enough."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutate", phases=phases, database=None, deadline=None)
    hypothesis.settings.load_profile("mutate")
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([str(tests), *judging.QUIET, "--collect-only"])


@contextlib.contextmanager
def _database(is_without: bool) -> Iterator[None]:
    """One server and one migrated database, cloned by every child."""
    if is_without:
        yield
        return
    from sqlalchemy import make_url

    from hub.embedded import place, postgres
    from hub.models.schema import migrate
    from tests.fixtures.database import engine_for, execute

    folder = Path(tempfile.mkdtemp(prefix="mesa-rules-db-"))
    server = postgres.start(folder, fast=True)
    try:
        execute(server.url, "create database mesa_rules")
        engine = engine_for(make_url(server.url).set(database="mesa_rules").render_as_string(hide_password=False))
        migrate(engine)
        engine.dispose()
        os.environ |= {"MESA_TEST_DATABASE_URL": server.url, "MESA_TEST_TEMPLATE": "mesa_rules"}
        yield
    finally:
        server.stop()
        place.remove(folder)


def _begin(tests: Path, output: Path, rule: Any) -> int:
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            judging.judge(tests, output.with_suffix(".json"), rule)
        finally:
            os._exit(3)
    return child


def _wait(child: int, output: Path, seconds: float = 20 * 60) -> Verdict:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if os.waitpid(child, os.WNOHANG)[0]:
            return _read(output)
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return Verdict(trouble="it took too long")


def _read(output: Path) -> Verdict:
    path = output.with_suffix(".json")
    return Verdict(**json.loads(path.read_text())) if path.exists() else Verdict(trouble="the run broke off")


def _judge_all(rules: list[Any], options: argparse.Namespace, folder: Path) -> dict[str, str]:
    """{code: what was found}, some at a time."""
    said: dict[str, str] = {}
    running: dict[int, tuple[Any, float]] = {}
    rules = list(rules)
    while rules or running:
        while rules and len(running) < options.jobs:
            rule = rules.pop(0)
            running[_begin(options.tests, folder / rule.code, rule)] = (rule, time.monotonic())
        for child, (rule, began) in list(running.items()):
            if time.monotonic() - began > LONGEST:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                said[rule.code] = "it hangs when switched off"
            elif os.waitpid(child, os.WNOHANG)[0]:
                said[rule.code] = _sentence(_read(folder / rule.code))
            else:
                continue
            del running[child]
        time.sleep(0.05)
    return said


KILLED = "killed"


def _sentence(verdict: Verdict) -> str:
    if verdict.killed_by:
        return f"{KILLED} by {verdict.killed_by}" + (f", with {verdict.error}" if verdict.error else "")
    return verdict.trouble or "SURVIVED: its tests pass without it"


def _report(table: Any, said: dict[str, str], baseline: Verdict, folder: Path) -> int:
    """Print the table; 0 if every rule was found out."""
    bad = [code for code in table.CODES if code in said and not said[code].startswith(KILLED)]
    print(f"{'rule':<12}{'tests':>5}  what came of switching it off")
    for code in table.CODES:
        if code in said:
            print(f"{code:<12}{len(baseline.passed.get(code, ())):>5}  {said[code]}")
    for row in table.UNTESTABLE:
        print(f"{row.code:<12}{'-':>5}  not testable: {row.reason}")
    for code in bad:
        output = (folder / code).with_suffix(".txt")
        if output.exists():
            print(f"\n--- {code}\n{output.read_text()[-1500:]}")
    print(f"\n{len(said) - len(bad)} found out, {len(bad)} not, {len(table.UNTESTABLE)} not testable.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
