"""Whoever owns the database reaches into its events and leaves: the audit names what was touched. A test a case."""

import hashlib

import pytest

from hub.audit import Seen
from hub.core.chain import link
from tests.stages.ledger import seal
from tests.stages.ledger_town import named, town
from tests.stages.legs import events_of, later, try_once
from tests.stages.sector import NOW, a_submission, sector_again, take

__all__ = ["town"]


def test_an_untouched_ledger_has_nothing_to_tell(town):
    assert town.audit() == []
    counted = town.tally.counts
    assert counted["batches"] == 3 and counted["stamps"] == 2 and counted["leaves"] == counted["events"] > 10
    assert (counted["messages"], counted["sent"], counted["filings"]) == (4, 2, 2)
    assert (counted["documents"], counted["papers"], counted["old_events"]) == (4, 1, 0)
    assert town.audit(since=2) == [] and town.audit(since=3, store=False) == []


COLUMNS = {
    "at": "at + interval '1 microsecond'",
    "happened_at": "happened_at - interval '1 microsecond'",
    "kind": "'refused'",
    "author": "'clerk'",
    "said_by": "'senace'",
    "data": 'data || \'{"registry_number": "0008"}\'',
    "raw_digest": "repeat('0', 64)",
    "content_digest": "sha256(content_digest)",
    "previous": "sha256(previous)",
    "hash": "sha256(hash)",
    "position": "position + 1",
    "delivery_id": "(select max(id) from deliveries)",
    "filing_id": "(select max(id) from filings)",
    "id": "id + 1000000",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_of_an_event_is_named(town, column):
    target = next(one for one in town.events(0) if one.kind == "registered")
    where = (target.id, town.number(0), target.position)
    town.sql(f"update events set {column} = {COLUMNS[column]} where id = :id", id=target.id)
    town.audit()
    assert any(
        one.touched.value.startswith("event_") and (one.event == where[0] or (one.filing, one.position) == where[1:])
        for one in town.found
    )


def test_every_column_of_an_event_is_tried(town):
    row = town.one("select * from events limit 1")
    assert set(row._fields) == set(COLUMNS)


def test_an_event_whose_own_hashes_were_computed_anew_is_named_by_its_leaf(town):
    target = town.events(0)[-2]
    digest = hashlib.sha256(b"forged").digest()
    values = {"id": target.id, "digest": digest, "hash": link(target.previous, target.position, digest)}
    town.sql("update events set content_digest = :digest, hash = :hash where id = :id", **values)
    assert named(town, "event_altered", event=target.id, filing=town.number(0))
    town.sql("update ledger_leaves set hash = :hash where event_id = :id", id=target.id, hash=values["hash"])
    assert {"root_differs", "event_altered", "event_moved"} <= town.codes()


def test_a_deleted_event_is_named_by_its_place_and_by_its_leaf(town):
    target = town.events(0)[2]
    town.sql("delete from events where id = :id", id=target.id)
    assert named(town, "event_missing", filing=town.number(0), position=target.position)
    assert named(town, "event_missing", event=target.id, batch=1)
    assert f"trámite {town.number(0)}" in town.audit()[0]


def test_an_event_deleted_with_its_leaf_is_named(town):
    target = town.events(0)[2]
    town.sql("delete from events where id = :id", id=target.id)
    town.sql("delete from ledger_leaves where event_id = :id", id=target.id)
    assert {"leaves_missing", "event_missing"} <= town.codes()


def test_the_last_event_of_a_filing_deleted_is_named(town):
    target = town.events(0)[-1]
    town.sql("delete from events where id = :id", id=target.id)
    assert named(town, "events_cut", filing=town.number(0), position=target.position)


def test_an_inserted_event_is_named_with_or_without_triggers(town):
    filing, last = town.legs[0].filing, town.events(0)[-1]
    digest = hashlib.sha256(b"forged").digest()
    row = {"filing": filing.id, "at": later(seconds=2), "digest": digest, "position": last.position + 1}
    row |= {"previous": last.hash, "hash": link(last.hash, last.position + 1, digest)}
    town.sql(
        "insert into events (at, happened_at, filing_id, kind, author, said_by, data, raw_digest, content_digest,"
        " position, previous, hash) values (:at, :at, :filing, 'refused', 'hub', 'hub', '{}', '', :digest,"
        " :position, :previous, :hash)",
        **row,
    )
    assert named(town, "event_added", filing=town.number(0), position=last.position + 1)
    assert named(town, "events_cut", filing=town.number(0)) and named(town, "event_altered")


def test_an_event_inserted_as_if_older_than_the_ledger_is_named(town):
    town.sql(
        "insert into events (at, happened_at, filing_id, kind, author, said_by, data, raw_digest)"
        " values (:at, :at, :filing, 'refused', 'hub', 'hub', '{}', '')",
        at=later(days=-30), filing=town.legs[0].filing_id,
    )  # fmt: skip
    assert named(town, "event_added", filing=town.number(0))


def test_an_event_inserted_in_the_middle_is_named(town):
    filing_id = town.legs[0].filing_id
    town.sql("update events set position = position + 1 where filing_id = :id and position > 2", id=filing_id)
    assert {"event_altered", "event_missing"} <= town.codes()


def test_two_events_in_another_order_are_named(town):
    first, second = town.events(0)[1:3]
    for column in ("kind", "data", "author", "said_by", "happened_at", "delivery_id", "raw_digest", "content_digest"):
        town.sql(
            f"update events set {column} = other.{column} from events other"
            " where events.id in (:a, :b) and other.id in (:a, :b) and events.id <> other.id",
            a=first.id, b=second.id,
        )  # fmt: skip
    assert named(town, "event_altered", event=first.id) and named(town, "event_altered", event=second.id)


def test_two_positions_swapped_are_named(town):
    first, second = town.events(0)[1:3]
    town.sql("update events set position = 5 - position where id in (:a, :b)", a=first.id, b=second.id)
    assert named(town, "event_altered", event=first.id) and named(town, "event_altered", event=second.id)


@pytest.mark.parametrize("change", ["hash = sha256(hash)", "filing_id = 7", "event_at = now()", "event_id = -1"])
def test_a_changed_leaf_is_named(town, change):
    leaf = town.one("select * from ledger_leaves where batch_id = 2 and position = 1")
    town.sql(f"update ledger_leaves set {change} where batch_id = 2 and position = 1")
    assert any(
        one.touched in ("leaf_altered", "event_added", "event_missing")
        and (one.event in (leaf.event_id, -1))
        and one.batch in (2, None)
        for one in (town.audit() and town.found)
    )


def test_a_deleted_leaf_is_named(town):
    town.sql("delete from ledger_leaves where batch_id = 1 and position = 3")
    assert named(town, "leaves_missing", batch=1, detail="4") and named(town, "event_added")


def test_two_leaves_in_another_order_are_named(town):
    town.sql("update ledger_leaves set position = 1001 - position where batch_id = 1 and position in (0, 1)")
    town.sql("update ledger_leaves set position = position - 1000 where batch_id = 1 and position >= 1000")
    assert named(town, "root_differs", batch=1)


def test_an_event_that_waits_too_long_for_its_leaf_is_named(town):
    take(town.session, sector_again(town.session), a_submission(destination_code="igp"), now=later(minutes=50))
    assert town.codes(now=later(minutes=55), store=False) == set()
    assert town.codes(now=later(minutes=61), store=False) == {"event_unsealed"}
    town.sql("delete from unsealed")
    assert "event_added" in town.codes(now=later(minutes=55), store=False)


def test_events_from_before_the_ledger_are_told_apart(town):
    town.sql("update events set content_digest = '', position = null, previous = null, hash = null"
             " where filing_id = :id", id=town.legs[0].filing_id)  # fmt: skip
    assert "event_altered" in town.codes()  # they have their leaf: they are not old
    town.sql("delete from events")
    town.sql(
        "insert into events (id, at, happened_at, filing_id, kind, author, said_by, data, raw_digest) overriding"
        " system value values (-1, :at, :at, :filing, 'presented', 'hub', 'hub', '{}', '')",
        at=later(days=-30), filing=town.legs[0].filing_id,
    )  # fmt: skip
    town.audit(store=False)
    assert town.tally.counts["old_events"] == 1 and "event_added" not in {one.touched for one in town.found}
    assert "old_events_changed" in town.codes(seen=[Seen((), 0)])


def test_an_audit_of_the_newest_batches_looks_at_no_others(town):
    town.sql("update ledger_batches set sealed_at = now() where id = 1")
    assert town.audit(since=2, store=False) == []
    try_once(town.session, take(town.session, sector_again(town.session), now=NOW)[1], "ack")
    seal(town.session, later(seconds=10))
    target = events_of(town.session, town.legs[0])[-1]
    town.sql("update events set said_by = 'otro' where id = :id", id=target.id)
    assert town.codes(since=3, store=False) == {"event_altered"}
