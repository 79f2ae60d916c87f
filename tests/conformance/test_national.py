"""An entity of the national contract keeps its cases, and one that is broken is named by its case."""

from contextlib import contextmanager

import pytest
import requests

from adapters.conformance.national.cases import CASES
from adapters.conformance.national.ground import NationalGround
from adapters.conformance.national.platform_standin import PlatformStandIn
from adapters.conformance.running import run
from adapters.conformance.values import Result
from tests.adapters.parcels import partner
from tests.conformance.places import clock, said
from tests.fixtures.sandbox import HUB_RUC, Sandbox


@contextmanager
def an_entity(keys, folder):
    """OEFA as a process, whose platform is a stand-in: (its ground, its process)."""
    standin = PlatformStandIn(("127.0.0.1", 0))
    pace = {"register_after": 0.05, "retry_first": 0.1}
    entity = Sandbox("iotramite", "oefa", folder, keys, standin.url, options=pace)
    try:
        who = partner("oefa", "iotramite", f"{entity.start().url}/wsiotramite/Tramite?wsdl")
        yield NationalGround(who, HUB_RUC, standin, clock, patience=5.0, timeout=3.0), entity
    finally:
        entity.stop()
        standin.close()


@pytest.fixture(scope="module")
def entity(keys, tmp_path_factory):
    with an_entity(keys, tmp_path_factory.mktemp("oefa")) as found:
        yield found


def test_the_sandbox_entity_keeps_every_case(entity):
    ground, _ = entity
    report = run(ground, "iotramite", CASES)
    assert report.has_passed, said(report)
    assert {one.result for one in report.judged} == {Result.PASSED}


@pytest.mark.parametrize(
    ("how", "number"), [({"deduplicate": False}, "N-07"), ({"observe_next": "Falta la firma"}, "N-14")]
)
def test_one_that_is_broken_is_named_by_its_case(entity, how, number):
    ground, running = entity
    asked = [case for case in CASES if case.number in ("N-03", "N-12", number)]
    ground.kept.clear()
    running.control(**how)
    try:
        report = run(ground, "iotramite", asked)
    finally:
        running.control(deduplicate=True)
    assert report.failed == (number,), said(report)


def test_one_that_is_not_there_is_told_as_that(entity):
    ground, _ = entity
    there = ground.who
    ground.who = partner("oefa", "iotramite", "http://127.0.0.1:9/wsiotramite/Tramite")
    try:
        report = run(ground, "iotramite", CASES)
    finally:
        ground.who = there
    assert report.failed == ("N-01",) and {one.result for one in report.judged[1:]} == {Result.NOT_RUN}


def test_the_cases_are_numbered_without_gaps_and_name_their_clause():
    assert [case.number for case in CASES] == [f"N-{place:02d}" for place in range(1, len(CASES) + 1)]
    assert all(case.clause and case.title for case in CASES)


def test_the_stand_in_answers_what_is_no_cargo(entity):
    ground, _ = entity
    assert "vcodres" in requests.post(ground.standin.url, b"nada", timeout=5).text
