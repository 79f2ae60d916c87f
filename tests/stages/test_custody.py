"""Custody: what stays at a counter, the slip it leaves with, who may touch it; nothing of it is ever lost."""

import pytest
from sqlalchemy import select

from hub import custody
from hub.core.errors import NotFound
from hub.custody import Handed, ItemKind
from hub.models import CustodyItem, Event
from hub.sight import Viewer
from tests.stages.sector import NOW, at_counter, make_clerk, take

THINGS = (Handed(ItemKind.ORIGINAL, "Título de propiedad, 4 folios"), Handed(ItemKind.MEDIUM, "Una memoria USB"))


@pytest.fixture
def seats(session, sector):
    """code -> the viewer of a clerk of that body."""
    clerks = {code: make_clerk(session, code) for code in ("sernanp", "igp", "oefa")}
    role = frozenset({"clerk"})
    return {code: Viewer(one.id, role, sector.entity(code).id, "central") for code, one in clerks.items()}


@pytest.fixture
def filing(session, sector, seats):
    made, _ = take(session, sector, reception=at_counter("sernanp", seats["sernanp"].user_id))
    custody.take(session, made, THINGS, seats["sernanp"].user_id, NOW)
    return made


def states(session, filing):
    return [(one.state, one.holder_id) for one in custody.items_of(session, filing.id)]


def told(session, filing):
    query = select(Event).where(Event.filing_id == filing.id, Event.kind.startswith("custody"))
    return [(event.kind, event.data) for event in session.scalars(query.order_by(Event.id))]


def test_what_stays_is_written_down_and_its_words_stay_out_of_the_ledger(session, filing, seats):
    assert states(session, filing) == [("held", seats["sernanp"].entity_id)] * 2
    assert told(session, filing) == [("custody_taken", {"originals": 1, "media": 1})]


def test_nothing_left_writes_nothing(session, sector, seats):
    made, _ = take(session, sector)
    assert custody.take(session, made, (), seats["sernanp"].user_id, NOW) == ()
    assert told(session, made) == []


def test_it_goes_with_a_slip_and_its_destination_takes_it_over(session, sector, filing, seats):
    slip = custody.send_on(session, sector, seats["sernanp"], filing.filing_number, NOW)
    assert (slip.sequence, slip.to_id) == (1, seats["igp"].entity_id)
    assert {state for state, _ in states(session, filing)} == {"on_its_way"}
    assert [one.row.id for one in custody.kept_at(session, sector, seats["igp"]).coming] == [slip.id]
    custody.take_over(session, seats["igp"], slip.id, NOW)
    assert states(session, filing) == [("handed_over", seats["igp"].entity_id)] * 2
    assert custody.take_over(session, seats["igp"], slip.id, NOW).received_at == NOW
    assert [kind for kind, _ in told(session, filing)] == ["custody_taken", "custody_sent", "custody_received"]
    assert custody.kept_at(session, sector, seats["igp"]).coming == ()


def test_slips_are_numbered_without_gaps_by_body(session, sector, seats):
    numbers = []
    for _ in range(3):
        made, _ = take(session, sector)
        custody.take(session, made, THINGS, seats["sernanp"].user_id, NOW)
        slip = custody.send_on(session, sector, seats["sernanp"], made.filing_number, NOW)
        numbers.append(custody.slip_of(session, sector, seats["sernanp"], slip.id).number)
    assert numbers == ["00001-2026-SERNANP", "00002-2026-SERNANP", "00003-2026-SERNANP"]


def test_it_goes_back_to_who_brought_it(session, filing, seats):
    custody.give_back(session, seats["sernanp"], filing.filing_number, NOW)
    assert {state for state, _ in states(session, filing)} == {"returned"}
    with pytest.raises(NotFound):
        custody.give_back(session, seats["sernanp"], filing.filing_number, NOW)


@pytest.mark.parametrize("stranger", ["igp", "oefa"])
def test_no_other_seat_sends_or_returns_it(session, sector, filing, seats, stranger):
    for act in (
        lambda: custody.send_on(session, sector, seats[stranger], filing.filing_number, NOW),
        lambda: custody.give_back(session, seats[stranger], filing.filing_number, NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_third_body_neither_reads_nor_takes_a_slip(session, sector, filing, seats):
    slip = custody.send_on(session, sector, seats["sernanp"], filing.filing_number, NOW)
    with pytest.raises(NotFound):
        custody.slip_of(session, sector, seats["oefa"], slip.id)
    with pytest.raises(NotFound):
        custody.take_over(session, seats["oefa"], slip.id, NOW)
    officer = Viewer(seats["igp"].user_id, frozenset({"officer"}), seats["igp"].entity_id)
    with pytest.raises(NotFound):
        custody.take_over(session, officer, slip.id, NOW)


def test_what_is_the_bodys_own_stays_without_a_slip(session, sector, seats):
    made, _ = take(session, sector, reception=at_counter("igp", seats["igp"].user_id))
    custody.take(session, made, THINGS, seats["igp"].user_id, NOW)
    with pytest.raises(NotFound):
        custody.send_on(session, sector, seats["igp"], made.filing_number, NOW)
    assert session.scalar(select(CustodyItem.state).where(CustodyItem.filing_id == made.id).limit(1)) == "held"
