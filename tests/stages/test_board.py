"""The board: filters, pages, and the story of one leg with the partners' raw answers."""

from datetime import timedelta

import pytest

from hub import board, inbound
from hub.board import PAGE_SIZE, BoardFilter
from hub.cargos import apply
from hub.core.errors import NotFound
from hub.core.statuses import DeliveryStatus, InboundStatus
from hub.sight import Viewer
from tests.stages.legs import later, message_of, news, received, try_once
from tests.stages.sector import NOW, a_submission, make_sector, take

ADMIN = Viewer(1, frozenset({"sector_admin"}))


@pytest.fixture
def directory(session):
    return make_sector(session)


@pytest.fixture
def look(session, directory):
    return lambda **wanted: board.board(session, directory, ADMIN, BoardFilter(**wanted))


def make(session, directory, destination="igp"):
    return take(session, directory, a_submission(destination_code=destination))[1]


def test_an_empty_board_is_one_page_of_nothing(look):
    found = look()
    assert (found.rows, found.total, found.page, found.pages, found.counts) == ((), 0, 1, 1, {})


def test_a_row_tells_whence_where_and_how_often(session, directory, look):
    leg = make(session, directory)
    try_once(session, leg, "temporary", code="UNREACHABLE")
    (row,) = look().rows
    assert (row.origin.code, row.destination.code) == ("sernanp", "igp")
    assert (row.attempts, row.last_code) == (1, "UNREACHABLE")
    assert row.next_try_at == message_of(session, leg).next_try_at
    assert row.delivery.cuo == leg.cuo


def test_the_newest_come_first_and_counts_are_by_status(session, directory, look):
    old, young = make(session, directory), make(session, directory, "senace")
    apply(session, directory, news(old, "registered"), NOW)
    session.flush()
    found = look()
    assert [row.delivery.cuo for row in found.rows] == [young.cuo, old.cuo]
    assert found.counts == {"queued": 1, "registered": 1}


def test_the_board_is_filtered_by_institution_and_status(session, directory, look):
    igp, senace = make(session, directory), make(session, directory, "senace")
    apply(session, directory, news(igp, "registered"), NOW)
    session.flush()
    assert [row.delivery.cuo for row in look(entity_code="senace").rows] == [senace.cuo]
    assert [row.delivery.cuo for row in look(status="registered").rows] == [igp.cuo]
    assert look(entity_code="senace", status="registered").rows == ()
    assert look(entity_code="senace", status="registered").counts == {"queued": 1}


def test_a_status_that_does_not_exist_finds_nothing(session, directory, look):
    make(session, directory)
    assert look(status="volando").rows == ()


def test_a_leg_is_found_by_any_of_its_numbers_or_their_beginning(session, directory, look):
    leg, _ = make(session, directory), make(session, directory)
    apply(session, directory, news(leg, "registered", registry_number="00077-26", expediente_number="EXP-9"), NOW)
    session.flush()
    for text in (leg.filing.filing_number, leg.cuo, leg.cuo.lstrip("0"), "00077", "EXP-", f"  {leg.cuo} "):
        assert [row.delivery.cuo for row in look(text=text).rows] == [leg.cuo], text


@pytest.mark.parametrize("text", ["%", "_", "'; drop table filings", "9" * 300, "ñ"])
def test_odd_text_finds_nothing_and_breaks_nothing(session, directory, look, text):
    make(session, directory)
    assert look(text=text).rows == ()


def test_a_board_has_pages_of_fifty(session, directory, look):
    cuos = [make(session, directory).cuo for _ in range(PAGE_SIZE + 1)][::-1]
    first, second = look(), look(page=2)
    assert (first.total, first.pages) == (PAGE_SIZE + 1, 2)
    assert [row.delivery.cuo for row in (*first.rows, *second.rows)] == cuos


@pytest.mark.parametrize(("page", "shown"), [(0, 1), (-3, 1), (2, 1), (10**9, 1)])
def test_a_page_that_does_not_exist_is_the_nearest(session, directory, look, page, shown):
    make(session, directory)
    assert (look(page=page).page, len(look(page=page).rows)) == (shown, 1)


def test_the_story_of_a_leg_has_every_try_and_everything_said_as_it_came(session, directory):
    leg = make(session, directory)
    try_once(session, leg, "temporary", code="UNAVAILABLE", raw=b"<h1>503</h1>")
    try_once(session, leg, "ack", later(minutes=1), held_since=NOW, raw=b"<Acuse/>")
    one = news(leg, "registered", later(minutes=2))
    row, _ = inbound.keep(session, directory, received(one), later(minutes=2))
    inbound.act_on(session, directory, row.id, one, later(minutes=2))
    session.flush()
    story = board.route(session, directory, ADMIN, leg.cuo)
    assert [(attempt.outcome, raw) for attempt, raw in story.attempts] == [
        ("temporary", b"<h1>503</h1>"), ("ack", b"<Acuse/>"),
    ]  # fmt: skip
    assert [(message.status, raw) for message, raw in story.inbound] == [(InboundStatus.APPLIED, one.raw)]
    assert [event.kind for event in story.events] == ["presented", "queued", "handed_out", "sent", "registered"]
    assert story.row.delivery.status is DeliveryStatus.REGISTERED
    assert story.message.id == message_of(session, leg).id


def test_an_attempt_without_an_answer_has_no_bytes(session, directory):
    leg = make(session, directory)
    try_once(session, leg, "temporary")
    assert [raw for _, raw in board.route(session, directory, ADMIN, leg.cuo).attempts] == [b""]


@pytest.mark.parametrize("cuo", ["9999999999", "", "x"])
def test_a_leg_nobody_knows_has_no_story(session, directory, cuo):
    with pytest.raises(NotFound):
        board.route(session, directory, ADMIN, cuo)


def test_a_counter_lists_what_it_took_today(session, directory):
    _, _ = make(session, directory), take(session, directory, now=NOW - timedelta(days=1))
    clerk = Viewer(2, frozenset({"clerk"}), directory.entity("sernanp").id, "central")
    other_seat = Viewer(3, frozenset({"clerk"}), directory.entity("sernanp").id, "norte")
    assert len(board.taken_by(session, clerk, NOW - timedelta(hours=1))) == 1
    assert len(board.taken_by(session, clerk, NOW - timedelta(days=2))) == 2
    assert board.taken_by(session, other_seat, NOW - timedelta(days=2)) == []


def test_an_institution_whose_breaker_is_open_is_named(session, directory):
    leg = make(session, directory)
    now = NOW
    for _ in range(5):
        try_once(session, leg, "temporary", now)
        now = message_of(session, leg).next_try_at
    (silent,) = board.silent(session, directory, now - timedelta(hours=1, minutes=20))
    assert (silent.name, silent.failures) == ("IGP", 5)
    assert board.silent(session, directory, now + timedelta(days=1)) == ()
