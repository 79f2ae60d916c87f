"""Each of twelve broken institutions fails, and the case that it fails names how."""

import pytest

from adapters.conformance.running import run
from adapters.conformance.values import Result
from tests.conformance.broken import BROKEN, CARELESS, make, serving
from tests.conformance.places import a_standin, ground_of, said

MAY_FAIL_TOO = {
    "no signature check": {"C-06", "C-07", "C-10"},
    "answers a duplicate differently": {"C-10", "C-18"},
    "confirms before storing": {"C-18", "C-20"},
}
"""What follows from the one way in which it is broken; every other case must still be kept."""


@pytest.mark.parametrize("how", [*BROKEN, *CARELESS])
def test_a_broken_institution_is_named_by_its_case(keys, tmp_path, how):
    number, way = (BROKEN | CARELESS)[how]
    with a_standin(keys) as standin:
        made, door = make(keys, standin.url, tmp_path, **way)
        with serving(made, door) as place:
            ground = ground_of(keys, standin, "rest", place.url, patience=4.0, timeout=2.0)
            report = run(ground, "rest")
    assert not report.has_passed
    assert report.failed[0] == number, said(report)
    assert set(report.failed) <= {number} | MAY_FAIL_TOO.get(how, set()), said(report)
    failure = next(one for one in report.judged if one.result is Result.FAILED)
    assert failure.said


def test_the_same_institution_unbroken_keeps_them_all(keys, tmp_path):
    with a_standin(keys) as standin:
        made, door = make(keys, standin.url, tmp_path)
        with serving(made, door) as place:
            report = run(ground_of(keys, standin, "rest", place.url), "rest")
    assert report.has_passed, said(report)
