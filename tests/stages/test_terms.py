"""From when a remittance counts: the instant at which its destination had it."""

from datetime import date, datetime, timedelta, timezone

from hub.cargos import apply
from hub.core.statuses import Movement
from tests.stages.legs import claim_one, leg_of, news, record_one, try_once
from tests.stages.sector import NOW, a_submission, at_counter, make_sector, take

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=timezone.utc)


def test_a_remittances_term_starts_when_its_destination_held_it(session, leg):
    assert (leg.competent_body_had_it_at, leg.clock_start) == (None, None)
    try_once(session, leg, "ack", MONDAY, held_since=MONDAY)
    assert (leg.competent_body_had_it_at, leg.clock_start) == (MONDAY, date(2026, 11, 24))


def test_the_earliest_of_acuse_and_cargo_counts_whichever_comes_first(session):
    directory = make_sector(session)
    _, leg = take(session, directory)
    mine = claim_one(session, leg)
    tuesday = MONDAY + timedelta(days=1)
    apply(session, directory, news(leg, "registered", tuesday), tuesday)
    assert leg.clock_start == date(2026, 11, 25)
    record_one(session, mine, "ack", tuesday, held_since=MONDAY)
    assert leg_of(session, leg.cuo).clock_start == date(2026, 11, 24)


def test_a_cargo_after_the_acuse_does_not_move_the_start(session):
    directory = make_sector(session)
    _, leg = take(session, directory)
    try_once(session, leg, "ack", MONDAY, held_since=MONDAY)
    apply(session, directory, news(leg, "registered", MONDAY + timedelta(days=2)), MONDAY + timedelta(days=2))
    assert leg.clock_start == date(2026, 11, 24)


def test_first_news_counts_from_our_receipt_where_it_tells_no_registration(session):
    directory = make_sector(session)
    _, leg = take(session, directory)
    apply(session, directory, news(leg, "movement", MONDAY, movement=Movement.IN_PROCESS), MONDAY + timedelta(days=1))
    assert leg.clock_start == date(2026, 11, 25)


def test_a_registration_said_to_be_tomorrow_counts_from_our_receipt(session):
    directory = make_sector(session)
    _, leg = take(session, directory)
    apply(session, directory, news(leg, "registered", MONDAY + timedelta(days=1)), MONDAY)
    assert leg.competent_body_had_it_at == MONDAY


def test_no_slow_clock_starts_a_term_before_the_filing_existed(session, leg):
    try_once(session, leg, "ack", held_since=NOW - timedelta(days=400))
    assert leg.competent_body_had_it_at == leg.filing.presented_at


def test_the_term_of_what_was_filed_with_its_own_body_is_not_moved_by_an_acuse(session):
    directory = make_sector(session)
    _, leg = take(session, directory, a_submission(destination_code="sernanp"), reception=at_counter("sernanp"))
    before = leg.clock_start
    try_once(session, leg, "ack", MONDAY + timedelta(days=3), held_since=MONDAY + timedelta(days=3))
    assert leg.clock_start == before
