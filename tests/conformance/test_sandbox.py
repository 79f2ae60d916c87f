"""Every institution of the sandbox that speaks our contract keeps all of its cases."""

import pytest

from adapters.conformance.running import ALL, run
from adapters.conformance.values import Result
from tests.conformance.places import a_sandbox, said


@pytest.mark.parametrize("kind", ["rest", "soap"])
def test_a_sandbox_institution_keeps_every_case(keys, kind, tmp_path):
    with a_sandbox(keys, kind, tmp_path) as ground:
        report = run(ground, kind)
    assert report.has_passed, said(report)
    assert {one.result for one in report.judged} == {Result.PASSED}


def test_one_that_fetches_large_documents_later_keeps_them_too(keys, tmp_path):
    with a_sandbox(keys, "rest", tmp_path, inline_limit=10) as ground:
        report = run(ground, "rest")
    assert report.has_passed, said(report)


def test_what_is_not_declared_does_not_apply(keys, tmp_path):
    with a_sandbox(keys, "rest", tmp_path, max_bytes=0) as ground:
        ground.max_bytes = 0
        report = run(ground, "rest", [case for case in ALL if case.number in ("C-01", "C-17")])
    assert [one.result for one in report.judged] == [Result.PASSED, Result.NOT_APPLICABLE] and report.has_passed


def test_the_cases_are_numbered_without_gaps_and_name_their_clause():
    assert [case.number for case in ALL] == [f"C-{place:02d}" for place in range(1, len(ALL) + 1)]
    assert all(case.clause and case.title for case in ALL)
