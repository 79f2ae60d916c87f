"""Whoever owns the database reaches into it: the audit names what was touched. A test a case."""

import hashlib
import json

import pytest
from sqlalchemy import text

from hub.audit import Seen, balance, read_seen
from hub.core import merkle
from hub.core.chain import GENESIS, link
from hub.core.roots import Root
from hub.wire.roots import sign_root
from tests.stages import ledger_town
from tests.stages.ledger import SIGNER, batches, many_batches, seal, statements
from tests.stages.legs import events_of, later, try_once
from tests.stages.sector import NOW, a_submission, sector_again, take
from tests.wire.sector import IGP, signer_of


@pytest.fixture
def town(session, tmp_path):
    return ledger_town.build(session, tmp_path)


def named(town, code, **numbers):
    """True if some finding has this code and these numbers."""
    town.audit()
    return any(
        one.touched == code and all(getattr(one, key) == value for key, value in numbers.items()) for one in town.found
    )


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


CHANGED_BATCH = ["sealed_at = sealed_at + interval '1 s'", "count = count - 1", "root = sha256(root)",
                 "previous = sha256(previous)", "blocks = sha256(blocks)"]  # fmt: skip


@pytest.mark.parametrize("change", CHANGED_BATCH)
def test_a_changed_column_of_a_batch_is_named(town, change):
    town.sql(f"update ledger_batches set {change} where id = 2")
    assert named(town, "batch_altered", batch=2)
    assert {one.batch for one in town.found} == {2}


def test_every_changed_part_of_a_signed_root_is_named(town):
    jws = batches(town.session)[1].jws
    places = [10, jws.index(".") + 9, jws.rindex(".") - 3, len(jws) - 1]
    for at in places:
        other = "A" if jws[at] != "A" else "B"
        town.sql("update ledger_batches set jws = :jws where id = 2", jws=jws[:at] + other + jws[at + 1 :])
        assert named(town, "root_signature", batch=2)
    town.sql("update ledger_batches set jws = '' where id = 2")
    assert named(town, "root_signature", batch=2)


def test_a_deleted_batch_is_named(town):
    town.sql("delete from ledger_batches where id = 2")
    assert named(town, "batch_missing", batch=2)


def resigned(town, batch, signer=SIGNER, **changes):
    """Write a batch again, its statement signed anew over the leaves that stand there now."""
    said = statements(town.session)[batch - 1]
    query = text("select hash from ledger_leaves where batch_id = :id order by position")
    leaves = [bytes(row.hash) for row in town.session.execute(query, {"id": batch})]
    values = {**vars(said), "root": merkle.root(leaves), "count": len(leaves), **changes}
    root = Root(**values)
    town.sql(
        "update ledger_batches set root = :root, previous = :previous, count = :count, jws = :jws where id = :id",
        root=root.root, previous=root.previous, count=root.count, jws=sign_root(signer, root), id=batch,
    )  # fmt: skip
    return root


def test_a_batch_signed_anew_by_another_key_is_named(town):
    resigned(town, 2, signer=signer_of(IGP))
    assert named(town, "root_signature", batch=2, detail="RAIZ_FIRMANTE_NO_ES_EL_HUB")
    resigned(town, 2, signer=signer_of(IGP), hub=IGP)
    assert named(town, "root_signature", batch=2)


def rewrite(town, which=0):
    """The owner of the hub's own key changes the last event of a filing and everything that follows from it."""
    target = town.events(which)[-1]
    digest = hashlib.sha256(b"rewritten").digest()
    forged = {"id": target.id, "hash": link(target.previous, target.position, digest), "digest": digest}
    town.sql("update events set content_digest = :digest, hash = :hash where id = :id", **forged)
    town.sql("update ledger_leaves set hash = :hash where event_id = :id", id=target.id, hash=forged["hash"])
    town.sql(
        "update event_heads set hash = :hash where filing_id = :filing", filing=target.filing_id, hash=forged["hash"]
    )
    return target


def test_a_batch_signed_anew_by_the_hub_breaks_the_chain_after_it(town):
    resigned(town, 1, sealed_at=NOW)
    assert named(town, "chain_broken", batch=2)


def test_a_suffix_rewritten_with_the_hubs_own_key_is_found_against_an_earlier_balance(town):
    kept = read_seen(json.dumps(balance(town.session)).encode())
    previous = GENESIS
    for batch in (1, 2, 3):
        before = statements(town.session)[batch - 1]
        previous = resigned(town, batch, previous=previous, sealed_at=before.sealed_at).digest
    assert town.audit(seen=[kept]) == []  # nothing was changed: the same statements come out
    rewrite(town)
    previous = GENESIS
    for batch in (1, 2, 3):
        previous = resigned(town, batch, previous=previous).digest
    town.sql("delete from ledger_stamps")
    town.session.execute(text("set local session_replication_role = origin"))
    assert "past_rewritten" not in town.codes()
    assert named_against(town, kept, "past_rewritten", 3)


def named_against(town, kept, code, batch):
    town.audit(seen=[kept])
    return any((one.touched, one.batch) == (code, batch) for one in town.found)


def test_a_rewritten_suffix_is_found_by_its_stamps_too(town):
    rewrite(town, 1)
    previous = GENESIS
    for batch in (1, 2, 3):
        previous = resigned(town, batch, previous=previous).digest
    assert named(town, "stamp_altered", batch=2, detail="STAMP_OF_OTHER_BYTES")


def test_a_cut_tail_is_found_against_an_earlier_balance(town):
    kept = read_seen(json.dumps(balance(town.session)).encode())
    gone = "(select event_id from ledger_leaves where batch_id = 3)"
    town.sql(f"delete from events where id in {gone}")
    town.sql("update event_heads set (count, previous, hash) = (select position, previous, hash from events where"
             " filing_id = event_heads.filing_id order by position desc limit 1)")  # fmt: skip
    for table, key in (("ledger_leaves", "batch_id"), ("ledger_batches", "id")):
        town.sql(f"delete from {table} where {key} = 3")
    town.sql("delete from papers")
    assert town.audit() == []
    assert named_against(town, kept, "tail_cut", 3)
    assert town.audit(seen=[kept]) == ["Lote 3: se entregó antes y ya no está: el libro termina en el lote 2."]


def test_a_changed_stamp_is_named(town):
    row = town.one("select id, token from ledger_stamps where batch_id = 1")
    for at in (len(row.token) // 2, len(row.token) - 3):
        token = bytearray(row.token)
        token[at] ^= 1
        town.sql("update ledger_stamps set token = :token where id = :id", token=bytes(token), id=row.id)
        assert named(town, "stamp_altered", batch=1)


def test_a_stamp_of_another_batch_or_with_another_instant_is_named(town):
    town.sql("update ledger_stamps set stamped_at = stamped_at - interval '1 day' where batch_id = 1")
    assert named(town, "stamp_altered", batch=1)
    town.sql("update ledger_stamps set token = (select token from ledger_stamps where batch_id = 2)")
    assert named(town, "stamp_altered", batch=1, detail="STAMP_OF_OTHER_BYTES")


def test_a_changed_inbound_message_is_named_by_every_event_that_names_it(town):
    event = next(one for one in town.events(0) if one.kind == "registered")
    town.sql("update raw_messages set body = body || ' ' where digest = :digest", digest=event.raw_digest)
    assert named(town, "message_altered", filing=town.number(0), cuo=town.legs[0].cuo, detail=event.raw_digest)


def test_an_inbound_message_deleted_or_kept_under_another_digest_is_named(town):
    event = next(one for one in town.events(1) if one.kind == "sent")
    other = ledger_town.sha256_of(b"<otro/>")
    values = {"digest": event.raw_digest, "other": other}
    town.sql("update raw_messages set digest = :other, body = '<otro/>' where digest = :digest", **values)
    assert named(town, "message_missing", filing=town.number(1), detail=event.raw_digest)
    town.sql("delete from raw_messages where digest = :other", other=other)
    assert named(town, "message_missing", filing=town.number(1))


def test_a_changed_or_deleted_outbound_message_is_named(town):
    cuo = town.legs[0].cuo
    town.sql("update outbound_messages set sealed = sealed || ' ' where once = :once", once=f"sobre:{cuo}")
    assert named(town, "sent_altered", filing=town.number(0), cuo=cuo)
    town.sql("delete from outbound_messages where once = :once", once=f"sobre:{cuo}")
    assert named(town, "sent_missing", cuo=cuo)


@pytest.mark.parametrize(
    "change, part",
    [
        ("update filings set subject = 'Otra cosa' where filing_number = :number", "content"),
        ("update filings set salt = sha256(salt) where filing_number = :number", "content"),
        ("update filings set presented_at = presented_at - interval '1 day' where filing_number = :number",
         "presented_at"),
        ("update filers set names = 'Otra' where id = (select filer_id from filings where filing_number = :number)",
         "filer"),
    ],
)  # fmt: skip
def test_what_was_filed_and_who_filed_it_cannot_be_changed_unseen(town, change, part):
    town.sql(change, number=town.number(1))
    assert named(town, "filing_altered", filing=town.number(1), detail=part)
    assert all(one.filing == town.number(1) for one in town.found)


def test_a_deleted_filing_is_named(town):
    number = town.legs[0].filing_id
    town.sql("delete from filings where id = :id", id=number)
    assert named(town, "filing_missing", detail=str(number))


def document_of(town, which=0):
    return town.one(
        "select id, object_key, sha256 from documents where filing_id = :id order by position limit 1",
        id=town.legs[which].filing_id,
    )


def test_a_changed_or_deleted_file_of_a_document_is_named(town, tmp_path):
    document = document_of(town)
    file = tmp_path / "documents" / document.object_key
    was = file.read_bytes()
    file.write_bytes(was[:-1] + b"!")
    assert named(town, "document_altered", filing=town.number(0), detail=document.sha256)
    assert town.audit(store=False) == []
    file.unlink()
    assert named(town, "document_missing", filing=town.number(0), detail=document.sha256)


def test_a_document_changed_with_its_row_is_named(town):
    stored = town.store.put(b"%PDF-1.7 otro")
    document = document_of(town)
    values = {"id": document.id, "sha256": stored.sha256, "key": stored.object_key}
    town.sql("update documents set sha256 = :sha256, object_key = :key where id = :id", **values)
    assert named(town, "document_missing", filing=town.number(0), detail=document.sha256)
    assert named(town, "document_added", filing=town.number(0), detail=stored.sha256)


def test_a_row_of_a_document_deleted_or_added_is_named(town):
    document = document_of(town, 1)
    town.sql("delete from documents where id = :id", id=document.id)
    assert named(town, "document_missing", filing=town.number(1), detail=document.sha256)
    other = document_of(town, 0)
    town.sql(
        "insert into documents select gen_random_uuid(), filing_id, delivery_id, subsanacion_id, role, 9, file_name,"
        " media_type, size, repeat('e', 64), pages, 'otro' from documents where id = :id"
        .replace("insert into documents select", "insert into documents (id, filing_id, delivery_id, subsanacion_id,"
                 " role, position, file_name, media_type, size, sha256, pages, object_key) select"),
        id=other.id,
    )  # fmt: skip
    assert named(town, "document_added", filing=town.number(0), detail="e" * 64)


def test_a_paper_changed_deleted_or_added_is_named(town, tmp_path):
    paper = town.one("select id, object_key, sha256 from papers")
    file = tmp_path / "documents" / paper.object_key
    file.write_bytes(file.read_bytes() + b" ")
    assert named(town, "paper_altered", filing=town.number(0), detail=paper.sha256)
    town.sql("update papers set sha256 = repeat('e', 64)")
    assert {"paper_missing", "paper_added"} <= town.codes(store=False)
    town.sql("delete from papers")
    assert named(town, "paper_missing", filing=town.number(0), detail=paper.sha256)


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


def test_roots_are_read_from_a_balance_from_lines_and_from_nothing_else(session):
    many_batches(session, 3)
    lines = "\n".join(json.dumps({"batch": one.id, "jws": one.jws}) for one in batches(session))
    assert len(read_seen(lines.encode()).roots) == 3
    kept = read_seen(json.dumps(balance(session)).encode())
    assert (len(kept.roots), kept.old_events) == (1, 0)
    for nothing in (b"", b"{}", b"PK\x03\x04", b"<html/>"):
        with pytest.raises(ValueError):
            read_seen(nothing)
