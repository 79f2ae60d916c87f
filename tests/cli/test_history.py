"""`mesa demo-history`: weeks of a sector through the real stages; the same seed, the same history; only in a demo."""

from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pikepdf
import pytest
from sqlalchemy import func, select

from hub.adding_up import add_up
from hub.cli.complaint import Complaint
from hub.cli.history.command import fill, history_command
from hub.cli.history.days import days_before, set_up_at, shares, slices, working_hours_ago
from hub.cli.history.life import administrator
from hub.clock import now
from hub.core.calendar import LIMA, Calendar
from hub.core.statuses import Author, DeliveryStatus
from hub.figures import counting, reading
from hub.models import Attempt, Delivery, Document, Event, Filing, InboundMessage, User
from hub.paperwork_process import read_apart
from hub.signatures import Read
from hub.storage import Store, Stored
from tests.fixtures.house import ADMIN, make_house

FILINGS, DAYS = 24, 5


@pytest.fixture(scope="module")
def lived(make_database, migrated_template, tmp_path_factory):
    """A house with five days behind it."""
    folder = tmp_path_factory.mktemp("history")
    house = make_house(make_database(migrated_template), folder, "http://127.0.0.1:1")
    house.said = []
    house.made = fill(house.engine, house.services.settings, FILINGS, DAYS, 7, house.said.append)
    yield house
    house.services.live_directory.stop()
    house.engine.dispose()


def test_it_says_what_it_begins_before_the_first_day_is_done(lived):
    first, last = [f"{day:%d/%m/%Y}" for day in (days_before(now(), DAYS)[0], days_before(now(), 1)[0])]
    begins, *days = lived.said
    assert f"unos {FILINGS} trámites, del {first} al {last}" in begins
    assert len(days) == DAYS and days[0].startswith(first) and days[-1] == f"{last}: {lived.made}"


def test_every_filing_went_through_the_stages(lived):
    with lived.session() as session:
        assert session.scalar(select(func.count(Filing.id))) == lived.made > FILINGS * 0.7
        kinds = dict(session.execute(select(Event.kind, func.count()).group_by(Event.kind)).all())
        assert kinds["presented"] == lived.made == kinds["queued"] - kinds.get("rerouted", 0)
        assert kinds["sent"] > lived.made * 0.8 and kinds["registered"] > lived.made * 0.5
        assert session.scalar(select(func.count(Attempt.id))) >= kinds["sent"]
        assert session.scalar(select(func.count(InboundMessage.id))) >= kinds["registered"]
        assert session.scalar(select(func.max(Event.position))) >= 5


def test_nothing_happened_in_the_future_nor_before_it_was_presented(lived):
    with lived.session() as session:
        assert session.scalar(select(func.max(Event.at))) <= now()
        early = select(func.count()).select_from(Event).join(Filing, Filing.id == Event.filing_id)
        assert session.scalar(early.where(Event.at < Filing.presented_at)) == 0
        assert session.scalar(select(func.min(Filing.presented_at))) > now() - timedelta(days=DAYS + 1)


def test_the_books_have_no_gaps(lived):
    with lived.session() as session:
        books = select(func.count(), func.max(Filing.entry_sequence)).group_by(Filing.received_by_id)
        assert all(count == last for count, last in session.execute(books))


def test_its_figures_are_there_at_once_and_agree(lived):
    with lived.session() as session:
        total = reading.total(reading.flows(session, reading.since(now(), DAYS)))
        held = select(func.count(func.distinct(Event.delivery_id))).where(Event.kind.in_(("sent", "registered")))
        assert (total.filings, total.handed_over) == (lived.made, session.scalar(held))


def test_every_kind_of_leg_can_be_read_with_its_raw_messages(lived):
    admin = lived.signed_in(ADMIN)
    with lived.session() as session:
        legs = session.execute(select(Delivery.status, func.max(Delivery.cuo)).group_by(Delivery.status)).all()
    assert legs
    for status, cuo in legs:
        assert admin.get(f"/envios/{cuo}?comprobar=1").status_code == 200, status


def test_what_was_counted_while_it_was_written_is_counted_anew(lived, make_database, migrated_template, tmp_path):
    """A worker beside it counts and settles the newest days before they are written."""
    house = make_house(make_database(migrated_template), tmp_path, "http://127.0.0.1:1")
    tools = SimpleNamespace(sessions=house.session, settings=house.services.settings, clock=now,
                            directory=house.directory)  # fmt: skip
    made = fill(house.engine, house.services.settings, FILINGS, DAYS, 7, lambda _: add_up(tools, most=DAYS))
    with house.session() as session:
        total = reading.total(reading.flows(session, reading.since(now(), DAYS)))
    house.services.live_directory.stop()
    house.engine.dispose()
    assert total.filings == made


def test_its_documents_are_in_the_store_with_what_is_said_of_them(lived):
    store = Store(lived.services.settings.documents_url)
    with lived.session() as session:
        documents = session.scalars(select(Document)).all()
    assert len(documents) == lived.made
    for one in documents:
        assert store.known(one.object_key) == Stored(one.object_key, one.sha256, one.size)
        with store.open(one.object_key) as stream, pikepdf.open(stream) as pdf:
            assert len(pdf.pages) == one.pages
    assert read_apart(store, documents[0].object_key) == Read()


def test_administrators_acts_are_an_administrators(lived):
    with lived.session() as session:
        acts = select(Event.said_by).where(Event.kind.in_(("rerouted", "sent_again")), Event.author == Author.ADMIN)
        acted, boss = set(session.scalars(acts)), administrator(session)
        assert session.get_one(User, int(boss)).email == ADMIN and acted <= {boss}


def test_workers_that_count_one_after_another_count_nothing_twice(lived):
    """Each with a timer of its own: what one counted a moment ago, the next leaves; while one counts, no other does."""
    at = now() + timedelta(minutes=5)
    tools = SimpleNamespace(sessions=lived.session, settings=lived.services.settings, clock=lambda: at,
                            directory=lived.directory)  # fmt: skip
    with lived.session() as session:
        assert counting.may_count(session)
        assert add_up(tools) == 0
    assert (add_up(tools) > 0, add_up(tools)) == (True, 0)
    tools.clock = lambda: at + timedelta(seconds=tools.settings.board_every)
    assert add_up(tools) > 0


def test_nearly_everything_arrived(lived):
    with lived.session() as session:
        open_legs = select(func.count(Delivery.id)).where(Delivery.status == DeliveryStatus.SENDING)
        assert session.scalar(open_legs) == 0


def test_days_have_their_share_and_weekends_little():
    import random

    days = days_before(now(), 14)
    counts = shares(days, 1000, Calendar())
    assert sum(counts) == 1000 and len(days) == 14
    working = [count for day, count in zip(days, counts, strict=True) if Calendar().is_business_day(day.date())]
    assert min(working) > max(set(counts) - set(working), default=0)
    came = [at for end, some in slices(days[0], 50, now(), random.Random(1)) for at in some if at < end]
    assert len(came) == 50 and came == sorted(came)


def test_what_is_left_open_is_of_working_hours():
    sunday, monday = (datetime(2026, 11, day, 15, 30, tzinfo=LIMA) for day in (22, 23))
    assert working_hours_ago(sunday, 2, Calendar()) == datetime(2026, 11, 20, 15, 30, tzinfo=LIMA)
    assert working_hours_ago(monday, 2, Calendar()) == monday - timedelta(hours=2)


def test_it_invents_nothing_outside_a_demonstration(lived):
    options = Namespace(filings=5, days=2, seed=1)
    settings = replace(lived.services.settings, is_demo=False)
    with pytest.raises(Complaint):
        history_command(options, lived.engine, settings)
    with pytest.raises(Complaint):
        history_command(Namespace(filings=0, days=2, seed=1), lived.engine, lived.services.settings)


def test_a_history_is_made_on_the_29th_of_february_too():
    leap = datetime(2028, 2, 29, 15, tzinfo=UTC)
    assert (leap - set_up_at(leap)).days == 731
