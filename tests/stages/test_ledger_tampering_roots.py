"""Whoever owns the database, and its key, reaches into roots and stamps: the audit names what was touched."""

import hashlib
import json

import pytest
from sqlalchemy import text

from hub.audit import balance, read_seen
from hub.core import merkle
from hub.core.chain import GENESIS, link
from hub.core.roots import Root
from hub.wire.roots import sign_root
from tests.stages.ledger import SIGNER, batches, many_batches, statements
from tests.stages.ledger_town import named, town
from tests.stages.sector import NOW
from tests.wire.sector import IGP, signer_of

__all__ = ["town"]


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


def test_roots_are_read_from_a_balance_from_lines_and_from_nothing_else(session):
    many_batches(session, 3)
    lines = "\n".join(json.dumps({"batch": one.id, "jws": one.jws}) for one in batches(session))
    assert len(read_seen(lines.encode()).roots) == 3
    kept = read_seen(json.dumps(balance(session)).encode())
    assert (len(kept.roots), kept.old_events) == (1, 0)
    for nothing in (b"", b"{}", b"PK\x03\x04", b"<html/>"):
        with pytest.raises(ValueError):
            read_seen(nothing)
