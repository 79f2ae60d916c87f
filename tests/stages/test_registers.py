"""The registers of a body: the order of the numbers, no gaps, whose lines each person reads."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from hub.core.bodies import CounterRecord
from hub.core.errors import NotFound
from hub.core.messages import Filer
from hub.core.statuses import DeliveryStatus
from hub.intake import Reception
from hub.registers import entries, exits, gaps, open_book
from hub.sight import Viewer
from tests.stages.legs import try_once
from tests.stages.sector import NOW, a_submission, make_clerk, make_sector, take

DAY = date(2026, 11, 20)
ADMIN = Viewer(1, frozenset({"sector_admin"}))
SEATS = (
    CounterRecord("central", "Sede central", "Lima", "150101", is_principal=True),
    CounterRecord("cusco", "Sede Cusco", "Cusco", "080101"),
)


@pytest.fixture
def sector(session):
    return make_sector(session, sernanp={"counters": SEATS})


def taken(session, sector, counter="central", entity="sernanp", now=NOW, **changes):
    return take(session, sector, a_submission(**changes), now, Reception("counter", entity, counter))


def book(session, sector, viewer=ADMIN, entity="sernanp", day=DAY, counter="", lines=entries):
    return lines(session, sector, viewer, open_book(sector, viewer, entity, day, counter))


def of_sernanp(sector, *roles, counter=""):
    return Viewer(5, frozenset(roles), sector.entity("sernanp").id, counter)


def test_a_day_lists_what_was_taken_in_the_order_of_its_numbers(session, sector):
    filings = [taken(session, sector, now=NOW + timedelta(minutes=n))[0] for n in range(3)]
    taken(session, sector, entity="igp")
    lines = book(session, sector)
    assert [line.number for line in lines] == ["00001-2026", "00002-2026", "00003-2026"]
    assert [line.filing_number for line in lines] == [filing.filing_number for filing in filings]


def test_a_line_says_who_what_where_and_its_series(session, sector):
    igp = replace(sector.entity("igp"), retention_class="S-12")
    sector = replace(sector, entities=tuple(igp if one.code == "igp" else one for one in sector.entities))
    clerk = make_clerk(session)
    clerk.name = "Rosa Huamán"
    filer = Filer("dni", "10117410", "Ana Quispe", ruc="20492966658", business_name="Minera SA")
    take(session, sector, a_submission(filer=filer), reception=Reception("counter", "sernanp", "cusco", clerk.id))
    line = book(session, sector)[0]
    assert (line.filer, line.filer_document) == ("Minera SA (Ana Quispe)", "*****410")
    assert (line.counter, line.clerk, line.destination, line.where) == ("Sede Cusco", "Rosa Huamán", "IGP", "IGP")
    assert (line.folios, line.retention_class) == (2, "S-12")


def test_the_day_is_that_of_peru(session, sector):
    late = NOW.replace(hour=4, minute=30) + timedelta(days=1)  # 23:30 of the 20th in Lima
    taken(session, sector, now=late)
    taken(session, sector, now=late + timedelta(hours=1))
    assert len(book(session, sector)) == len(book(session, sector, day=DAY + timedelta(days=1))) == 1


def test_a_counter_has_its_own_part_and_the_body_the_whole(session, sector):
    taken(session, sector)
    taken(session, sector, counter="cusco")
    in_cusco = of_sernanp(sector, "clerk", counter="cusco")
    assert [line.counter for line in book(session, sector, in_cusco)] == ["Sede Cusco"]
    assert [line.counter for line in book(session, sector, in_cusco, counter="central")] == ["Sede Cusco"]
    for role in ("entity_coordinator", "auditor"):
        assert len(book(session, sector, of_sernanp(sector, role))) == 2
    assert len(book(session, sector, counter="cusco")) == 1


@pytest.mark.parametrize("role", ["clerk", "seat_coordinator", "entity_coordinator", "auditor"])
def test_nobody_of_another_body_opens_the_book(session, sector, role):
    with pytest.raises(NotFound):
        open_book(sector, Viewer(5, frozenset({role}), sector.entity("igp").id), "sernanp", DAY)


@pytest.mark.parametrize("role", ["officer", "collaborator", "operator"])
def test_who_has_no_part_in_the_register_does_not_open_it(sector, role):
    with pytest.raises(NotFound):
        open_book(sector, of_sernanp(sector, role), "sernanp", DAY)


def test_the_book_of_a_counter_that_is_none_is_not_there(sector):
    with pytest.raises(NotFound):
        open_book(sector, ADMIN, "sernanp", DAY, "arequipa")


def test_a_register_that_is_whole_has_no_gaps(session, sector):
    for _ in range(4):
        taken(session, sector)
    assert gaps(session, sector.entity("sernanp"), 2026) == ()
    assert gaps(session, sector.entity("oefa"), 2026) == ()


def test_a_number_that_is_missing_is_named(session, sector):
    filings = [taken(session, sector)[0] for _ in range(4)]
    session.execute(text("update filings set entry_sequence = null where id = :id"), {"id": filings[1].id})
    session.execute(text("update filings set entry_sequence = null where id = :id"), {"id": filings[3].id})
    assert gaps(session, sector.entity("sernanp"), 2026) == (2, 4)


def test_what_left_is_in_the_register_of_exits(session, sector):
    _, leg = taken(session, sector)
    assert book(session, sector, lines=exits) == ()
    try_once(session, leg, "ack")
    (line,) = book(session, sector, lines=exits)
    assert (line.cuo, line.destination, line.left_at) == (leg.cuo, "IGP", NOW)
    assert line.delivered_at == NOW and line.status is DeliveryStatus.SENT and line.cargo == ""
    assert book(session, sector, day=DAY + timedelta(days=1), lines=exits) == ()


def test_the_cargo_of_what_left_stands_beside_it(session, sector):
    _, leg = taken(session, sector)
    try_once(session, leg, "ack")
    leg.destination_registry_number, leg.destination_registry_year, leg.registered_at = "777", "2026", NOW
    session.flush()
    assert book(session, sector, lines=exits)[0].cargo == "777-2026"
