"""The trail's search reads by its indexes, whatever is looked for: no plan goes through the whole book."""

import re

import pytest
from sqlalchemy import text

from hub.clock import now
from hub.trail_search import page
from tests.bench import trail as bench

LINES = 20_000


@pytest.fixture(scope="module")
def book(engine):
    """A connection with many lines in it, rolled back afterwards."""
    with engine.connect() as connection:
        transaction = connection.begin()
        at = now()
        with bench.Session(connection, join_transaction_mode="create_savepoint") as session:
            bench.write(session, LINES, at)
            session.execute(text("analyze audit_entries, events, users"))
            yield session, at
        transaction.rollback()


@pytest.mark.parametrize("name", bench.searches(now()))
def test_no_search_reads_the_whole_book(book, name):
    session, at = book
    wanted = bench.searches(at)[name]
    plans = list(bench.plans(session, wanted))
    assert len(plans) == 2
    for plan in plans:
        read = re.findall(r"Seq Scan on (\w+)", "\n".join(plan))
        assert not {*read} & {"audit_entries", *filled(session)}, plan


def filled(session):
    """The months of the events that hold any; an empty one is read at a glance."""
    return session.scalars(text("select distinct tableoid::regclass::text from events")).all()


def test_a_search_finds_what_was_written(book):
    session, at = book
    found = page(session, bench.ADMIN, "", bench.searches(at)["a rare act"]).lines
    assert [line.kind for line in found] == ["certificate_revoked"] * (LINES // 5000)
