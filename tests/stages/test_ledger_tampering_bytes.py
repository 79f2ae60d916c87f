"""Whoever owns the database reaches into messages, filings, documents and papers: the audit names what was touched."""

import pytest

from tests.stages.ledger_town import named, sha256_of, town

__all__ = ["town"]


def test_a_changed_inbound_message_is_named_by_every_event_that_names_it(town):
    event = next(one for one in town.events(0) if one.kind == "registered")
    town.sql("update raw_messages set body = body || ' ' where digest = :digest", digest=event.raw_digest)
    assert named(town, "message_altered", filing=town.number(0), cuo=town.legs[0].cuo, detail=event.raw_digest)


def test_an_inbound_message_deleted_or_kept_under_another_digest_is_named(town):
    event = next(one for one in town.events(1) if one.kind == "sent")
    other = sha256_of(b"<otro/>")
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
        ("update filings set considered_on = considered_on + 3 where filing_number = :number", "considered_on"),
        ("update filings set rule_applied = 'Z' where filing_number = :number", "rule_applied"),
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
