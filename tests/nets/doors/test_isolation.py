"""One citizen, one body, one counter never reads nor changes another's: every row of the table, by everybody."""

from importlib import import_module

import pytest
from sqlalchemy import func, select

from hub.models import AuditEntry, Event
from tests.nets.doors.cast import EVERYBODY, STRANGERS
from tests.nets.doors.door import answered, is_hidden
from tests.nets.doors.marks import CONTENT, MARKS, marked
from tests.nets.doors.table import CODED, DOORS, ELSEWHERE, NOBODYS, lists, missing

BLIND = ("operator",)
"""Sees every route and no name."""


def written_down(house):
    with house.session() as session:
        return [session.scalar(select(func.max(table.id))) for table in (Event, AuditEntry)]


def test_every_route_with_an_identifier_has_its_row(house):
    assert missing(house.app) == ([], [])
    rules = {rule.rule for rule in house.app.url_map.iter_rules()}
    assert {*NOBODYS, *ELSEWHERE} <= rules
    for module, name in ELSEWHERE.values():
        assert callable(getattr(import_module(module), name))


def test_a_new_route_without_a_row_is_missed(house):
    class Grown:
        class url_map:
            @staticmethod
            def iter_rules():
                yield from house.app.url_map.iter_rules()
                yield type("Rule", (), {"rule": "/nuevo/<number>", "methods": {"GET"}, "arguments": {"number"}})

    assert missing(Grown)[0] == [("/nuevo/<number>", "GET")]


def read_by(name, answer):
    """The marks in what somebody got; a citizen's own name stands on every page of theirs."""
    return marked(answer, (CONTENT,) if name == "citizen" else MARKS)


@pytest.mark.parametrize("name", EVERYBODY)
def test_whoever_it_is_not_for_is_told_nothing_and_changes_nothing(house, cast, estate, name):
    visitor, told = cast.visitor(name), []
    before = written_down(house)
    for door in DOORS:
        if name in door.opens:
            continue
        path, form = door.asked(estate)
        if not cast.comes_in(name, path, door.method):
            continue
        answer = answered(visitor, door, path, form)
        if not is_hidden(answer, door) or read_by(name, answer):
            told.append((door.method, path, answer.status_code, answer.location, read_by(name, answer)))
    assert told == []
    assert written_down(house) == before


@pytest.mark.parametrize("name", EVERYBODY)
def test_whom_it_is_for_reads_it(cast, estate, name):
    visitor, shut = cast.visitor(name), []
    for door in DOORS:
        if name in door.opens and door.method in ("GET", "HEAD"):
            path, form = door.asked(estate)
            answer = answered(visitor, door, path, form)
            if answer.status_code not in door.done or (name in BLIND and marked(answer)):
                shut.append((path, answer.status_code, marked(answer)))
    assert shut == []


@pytest.mark.parametrize("coded", CODED, ids=lambda one: f"{one.method} {one.rule}")
def test_a_key_opens_what_it_is_for_and_its_twist_nothing(house, estate, coded):
    path, twisted, form = coded.asked(estate)
    refused = answered(house.visitor(), coded, twisted, form)
    assert is_shut(refused, coded) and marked(refused) == [], (twisted, refused.status_code, marked(refused))
    if coded.method == "GET":
        page = answered(house.visitor(), coded, path, form)
        assert page.status_code in (200, 303) and (page.location or "") != (refused.location or " "), path
        assert coded.tells or marked(page) == [], path


def is_shut(answer, coded):
    return answer.status_code in coded.refused or (answer.location or "").startswith("/presentar?aviso=enlace")


@pytest.mark.parametrize("name", STRANGERS)
def test_no_list_of_a_stranger_names_what_is_not_theirs(house, cast, estate, name):
    visitor, said = cast.visitor(name), []
    numbers = () if name in BLIND else estate.numbers
    for path in (one for one in lists(house.app, estate) if cast.comes_in(name, one)):
        answer = visitor.get(path)
        found = [*marked(answer), *(one for one in marked(answer, numbers) if one not in path)]
        if found:
            said.append((path, answer.status_code, found))
    assert said == []
