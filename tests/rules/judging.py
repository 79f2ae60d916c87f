"""The tests of the rules, run in a process forked for it: with every function on, or with one switched off."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from _pytest.outcomes import Failed

from tests.rules.registry import Rule
from tests.rules.switching import CannotSwitch, Switched, switch_off

QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=short", "-m", "rule")


@dataclass
class Verdict:
    """What came of one run: `passed` and `failed` are node ids by code; `trouble` is why it proves nothing.

    `error` is what the killing test failed with, where that was no assertion of its own.
    """

    passed: dict[str, list[str]] = field(default_factory=dict)
    failed: dict[str, list[str]] = field(default_factory=dict)
    killed_by: str = ""
    error: str = ""
    trouble: str = ""


class Witness:
    """A plugin of pytest that writes down what each rule's tests came to. With `rule`: only that rule's are run."""

    def __init__(self, rule: Rule | None = None, switched: Switched | None = None) -> None:
        self.rule, self.switched = rule, switched
        self.verdict = Verdict()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.rule is not None:
            items[:] = [item for item in items if self.rule.code in codes_of(item)]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.verdict.trouble = f"{report.nodeid} cannot be read"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        report = yield
        if call.excinfo is not None:
            self._has_failed(item, report, call.excinfo)
        elif report.when == "call":
            self._note(self.verdict.passed, item)
        return report

    def _has_failed(
        self, item: pytest.Item, report: pytest.TestReport, error: pytest.ExceptionInfo[BaseException]
    ) -> None:
        self._note(self.verdict.failed, item)
        if self.switched is None:
            return
        if innermost(error.tb) == self.switched.file_name:
            self.verdict.trouble = f"off breaks instead of being quiet, in {item.name}"
        elif report.when == "call" and report.failed and self.switched.asked[0]:
            self.verdict.killed_by = item.name
            self.verdict.error = "" if error.errisinstance((AssertionError, Failed)) else error.typename
            item.session.shouldstop = "found out"

    def _note(self, where: dict[str, list[str]], item: pytest.Item) -> None:
        for code in codes_of(item):
            where.setdefault(code, []).append(item.nodeid)


def codes_of(item: pytest.Item) -> set[str]:
    return {str(code) for mark in item.iter_markers("rule") for code in mark.args}


def innermost(traceback: TracebackType) -> str:
    """The file of the frame that raised."""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame.f_code.co_filename


def judge(tests: Path, output: Path, rule: Rule | None) -> None:
    """In a child: run the tests, write `output` (.json the verdict, .txt what pytest said), and end the process."""
    said = os.open(output.with_suffix(".txt"), os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    try:
        witness = Witness(rule, switch_off(rule.code, rule.function, rule.off) if rule else None)
        pytest.main([str(tests), *QUIET], plugins=[witness])
        verdict = witness.verdict
    except CannotSwitch as error:
        verdict = Verdict(trouble=str(error))
    output.write_text(json.dumps(asdict(verdict)))
    os._exit(0)
