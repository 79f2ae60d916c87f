"""A short run of the chaos: every point is hit, nothing is lost; and the comparison bites where a guard is missing."""

import os

import pytest

from hub.embedded import place
from tests.chaos.conductor import Conductor
from tests.chaos.points import POINTS
from tests.chaos.scenarios import SCENARIOS, bites, playground

SHORT = len(POINTS)
"""Each point once; `make chaos` kills on."""


@pytest.mark.timeout(240)
def test_a_kill_at_each_point_loses_nothing_and_doubles_nothing(tmp_path):
    conductor = Conductor(tmp_path / "hub", kills=SHORT, seed=7, pace=0.5)
    verdict = conductor.run()
    assert (verdict.lost, verdict.doubled, verdict.faults) == ([], [], [])
    assert verdict.filings > SHORT
    assert {point: conductor.hits[point] for point in POINTS} == dict.fromkeys(POINTS, 1)
    place.remove(tmp_path / "hub")


@pytest.fixture(scope="module")
def ground():
    with playground() as stack:
        yield stack


IS_WHOLE = bool(os.environ.get("MESA_WHOLE"))
TRIED = list(SCENARIOS) if IS_WHOLE else list(SCENARIOS)[:1]
"""`make chaos` takes away each guard, and plays each with it; one is enough to see, with every change, that the
comparison bites: with every guard in its place nothing was lost above."""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", TRIED)
def test_it_fails_where_a_guard_is_taken_away_and_only_there(ground, name):
    assert not IS_WHOLE or bites(ground, name, with_guard=True) == []
    assert bites(ground, name) != []
