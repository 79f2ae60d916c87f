"""Everything that a person of the house does is written down with their name: an event, or a row of the trail."""

import pytest
from sqlalchemy import select

from hub.guards import guard_of
from hub.models import AuditEntry, Event
from hub.sight import CITIZEN
from tests.fixtures.house import OFFICER
from tests.nets.doors.door import EVENT, TRAIL, answered
from tests.nets.doors.rows_acts import ACTS, SIGNING, STAFF_DOORS
from tests.nets.doors.spoiled import FORMS, endless, nul, spoiled
from tests.nets.doors.table import DOORS
from tests.web.test_joining import typed

DONE = tuple(one for one in (*DOORS, *ACTS) if one.method == "POST" and one.opens and "citizen" not in one.opens)


def test_every_act_of_the_staff_has_its_row(house):
    app, acts = house.app, set()
    for rule in app.url_map.iter_rules():
        kind, _, names = guard_of(app, rule.endpoint).partition(":")
        of_staff = (kind == "role" and names.strip() != CITIZEN) or rule.endpoint.split(".")[0] in STAFF_DOORS
        if of_staff and "POST" in rule.methods:
            acts.add(rule.rule)
    assert acts == ({one.rule for one in DONE if one.opens != ("drafter",)} | set(SIGNING))


def newest(house):
    with house.session() as session:
        return {table: session.scalar(select(table.id).order_by(table.id.desc()).limit(1)) or 0
                for table in (Event, AuditEntry)}  # fmt: skip


def names_on(house, since):
    """{who the new events and rows name: "event" | "trail"}."""
    with house.session() as session:
        events = session.scalars(select(Event.said_by).where(Event.id > since[Event]))
        rows = session.scalars(select(AuditEntry.actor_id).where(AuditEntry.id > since[AuditEntry]))
        return [*((EVENT, name) for name in events), *((TRAIL, str(one)) for one in rows)]


@pytest.mark.parametrize("door", DONE, ids=lambda one: f"{one.rule} {one.path}")
def test_what_is_done_is_written_down_with_the_name_of_who_did_it(house, cast, estate, door):
    visitor = cast.visitor(door.doer)
    path, form = door.asked(estate)
    since = newest(house)
    answer = answered(visitor, door, path, form)
    assert answer.status_code in (200, 303), (answer.status_code, answer.get_data(as_text=True))
    found = names_on(house, since)
    if door.leaves.startswith("nothing"):
        assert found == []
    else:
        assert (EVENT, str(cast.id_of(door.doer))) in found or (TRAIL, str(cast.id_of(door.doer))) in found, found


def test_whoever_comes_in_is_in_the_trail(house):
    since = newest(house)
    house.signed_in(OFFICER)
    with house.session() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.id > since[AuditEntry])).all()
    assert [(row.kind, row.entity_code) for row in rows] == [("signed_in", "iiap")]


def test_a_request_to_join_is_in_the_trail(house):
    since = newest(house)
    assert house.visitor().post("/sumarse", typed()).status_code == 303
    assert names_on(house, since) == [(TRAIL, "None")]


def test_a_nul_in_any_field_is_refused_and_nothing_is_done(house, cast, estate):
    for door in FORMS:
        cast.visitor(door.doer)  # to come in is in the trail
    since = newest(house)
    found = [(path, name, one.status_code) for path, name, one in spoiled(cast, estate, nul)
             if one.status_code != 400 or "No entendimos" not in one.text]  # fmt: skip
    assert found == []
    assert newest(house) == since


def test_a_number_longer_than_any_is_no_error_of_ours(cast, estate):
    found = list(spoiled(cast, estate, endless))
    assert "diferencia" in {name for _, name, _ in found}
    assert [(path, name) for path, name, one in found if one.status_code >= 500] == []
