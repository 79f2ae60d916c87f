"""What a copy must refuse, notice and forget."""

import os
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from hub.clock import now
from hub.embedded.errors import EmbeddedError
from hub.keeping.documents import NEWEST, check_store, copy_new, give_back, index_of
from hub.keeping.holding import held
from hub.keeping.objects import bring
from hub.keeping.programs import run
from hub.keeping.righting import SKIPPED, UNNUMBERED, Righted, set_right
from hub.keeping.secrets import locked_keys, opened_keys, put_keys, settings_in
from hub.keeping.wal import forget_before, is_gap
from hub.models import Delivery, Document, OutboundMessage
from hub.storage import Store
from tests.stages.office import office

__all__ = ["office"]

KEEP = timedelta(days=35)
WORDS = "una frase larga de prueba"


def test_only_what_is_new_is_brought_and_what_grew_is_brought_again(shelf, store):
    first = store.put(b"uno")
    assert copy_new(store, shelf, now(), KEEP).brought == 1
    store.put(b"dos")
    assert (copy_new(store, shelf, now(), KEEP).brought, copy_new(store, shelf, now(), KEEP).brought) == (1, 0)
    more = store.writer(is_durable=False)
    more.write(b" y algo")
    more.close()
    store.join(first.object_key, 3, more.object_key)  # a piece of an upload is joined to its file
    carried = copy_new(store, shelf, now(), KEEP)
    assert (carried.brought, carried.documents, carried.bytes) == (1, 2, len(b"uno y algodos"))


def test_what_the_store_dropped_stays_while_one_can_go_back_to_it(shelf, store):
    gone = store.put(b"un borrador que vencio")
    copy_new(store, shelf, now(), KEEP)
    store.discard(gone.object_key)
    copy_new(store, shelf, now(), KEEP)
    assert (shelf.documents / gone.object_key).exists()
    carried = copy_new(store, shelf, now() + KEEP + timedelta(days=1), KEEP)
    assert (carried.dropped, carried.documents) == (1, 0)
    assert not (shelf.documents / gone.object_key).exists()


def test_a_document_that_was_changed_in_the_copy_is_named_and_one_in_place_is_left(shelf, store, tmp_path):
    kept, changed, lost = store.put(b"igual"), store.put(b"original"), store.put(b"perdido")
    copy_new(store, shelf, now(), KEEP)
    (shelf.documents / changed.object_key).write_bytes(b"ORIGINAL")
    (shelf.documents / lost.object_key).unlink()
    other = Store(str(tmp_path / "otra"))
    with store.open(kept.object_key) as source:
        bring(other, kept.object_key, source)
    back = give_back(shelf, other)
    assert (back.brought, back.there) == (1, 1)
    assert (back.damaged, back.missing) == ((changed.object_key,), (lost.object_key,))


def test_the_index_knows_each_digest(shelf, store):
    stored = store.put(b"con su huella")
    copy_new(store, shelf, now(), KEEP)
    with index_of(shelf) as index:
        assert index.execute("select sha256 from carried").fetchone() == (stored.sha256,)


def test_keys_are_never_plain_and_open_by_their_words_alone(tmp_path):
    keys, told = tmp_path / "keys" / "hub", {"MESA_SECRET_KEY": "muy-secreto", "MESA_TRACKING_SECRET": "x"}
    keys.mkdir(parents=True)
    (keys / "seal.key.pem").write_text("-----BEGIN PRIVATE KEY-----")
    (tmp_path / "entities.yaml").touch()
    locked = locked_keys(tmp_path / "keys", told, tmp_path / "entities.yaml", WORDS)
    assert b"PRIVATE" not in locked and b"muy-secreto" not in locked
    with pytest.raises(EmbeddedError, match="no abre las claves"):
        opened_keys(locked, WORDS + "!")
    with pytest.raises(EmbeddedError, match="no abre las claves"):
        opened_keys(locked[:-1] + bytes([locked[-1] ^ 1]), WORDS)
    with pytest.raises(EmbeddedError, match="al menos 12"):
        locked_keys(tmp_path / "keys", {}, tmp_path / "no.yaml", "corta")
    found = opened_keys(locked, WORDS)
    assert found["mesa.env"] == b"MESA_SECRET_KEY=muy-secreto\nMESA_TRACKING_SECRET=x\n"
    assert put_keys(found, tmp_path / "otra", now()) == 1
    assert (tmp_path / "otra" / "hub" / "seal.key.pem").stat().st_mode & 0o777 == 0o600
    assert put_keys(found, tmp_path / "otra", now()) == 0


@pytest.mark.parametrize(("without", "named"), [("keys", "MESA_KEYS"), ("yaml", "MESA_ENTITIES"), ("words", "SECRET")])
def test_a_copy_that_would_lack_a_part_of_the_hub_is_refused(without, named, tmp_path):
    (tmp_path / "hub").mkdir()
    if without != "keys":
        (tmp_path / "hub" / "seal.key.pem").touch()
    if without != "yaml":
        (tmp_path / "e.yaml").touch()
    words = {} if without == "words" else {"MESA_TRACKING_SECRET": "x"}
    with pytest.raises(EmbeddedError, match=named):
        locked_keys(tmp_path, words, tmp_path / "e.yaml", WORDS)


def test_a_secret_that_lies_in_a_file_is_kept_by_its_content(tmp_path):
    (tmp_path / "s").write_text("muy-secreto\n")
    found = settings_in({"MESA_TRACKING_SECRET_FILE": str(tmp_path / "s"), "MESA_S3_SECRET_FILE": ""})
    assert found["MESA_TRACKING_SECRET"] == "muy-secreto" and "MESA_S3_SECRET" not in found


@pytest.mark.parametrize(("content", "why"), [(None, "no se puede leer"), (b"uno\ndos\n", "más de una línea"),
                                              (b"\xff\xfe", "no se puede leer")])  # fmt: skip
def test_a_secret_that_cannot_be_kept_stops_the_copy_and_is_named(tmp_path, content, why):
    if content is not None:
        (tmp_path / "s").write_bytes(content)
    with pytest.raises(EmbeddedError, match=f"MESA_S3_SECRET_FILE.*{why}|{why}.*MESA_S3_SECRET_FILE"):
        settings_in({"MESA_S3_SECRET_FILE": str(tmp_path / "s")})


def test_a_key_that_differs_goes_aside_and_is_not_lost(tmp_path):
    (tmp_path / "a.pem").write_bytes(b"la de hoy")
    assert put_keys({"keys/a.pem": b"la de la copia"}, tmp_path, now()) == 1
    assert sorted(one.read_bytes() for one in tmp_path.iterdir()) == [b"la de hoy", b"la de la copia"]


def test_the_passphrase_does_not_lie_with_what_it_closes():
    assert settings_in({"MESA_BACKUP_PASSPHRASE": "x", "MESA_SMTP": "y", "HOME": "z"}) == {"MESA_SMTP": "y"}


def test_log_that_no_kept_base_needs_goes_whatever_its_timeline(shelf):
    for name in ("000000010000000000000001", "000000010000000000000002", "000000020000000000000003",
                 "000000020000000000000004.partial", "00000002.history"):  # fmt: skip
        (shelf.wal / name).touch()
    assert forget_before(shelf, "000000020000000000000003") == 2
    assert sorted(one.name[-1] for one in shelf.wal.iterdir()) == ["3", "l", "y"]


def test_the_words_of_a_server_that_threw_log_away_are_known():
    assert not is_gap(EmbeddedError("pg_receivewal: error: could not connect"))
    for said in (
        "requested WAL segment 000000010000000000000003 has already been removed",
        'can no longer access replication slot "mesa_backup"',
        "requested starting point 0/9000000 on timeline 1 is not in this server's history",
        "requested starting point 0/9000000 is ahead of the WAL flush position of this server 0/3000000",
    ):
        assert is_gap(EmbeddedError(f"pg_receivewal no pudo: {said}"))


def test_a_program_that_fails_says_the_detail_too():
    script = "echo 'x: error: no se puede' >&2; echo 'DETAIL:  porque no' >&2; exit 1"
    with pytest.raises(EmbeddedError, match=r"no se puede \(porque no\)"):
        run(["/bin/sh", "-c", script], {})


def test_two_copies_are_not_made_into_one_folder(shelf):
    who = f"proceso {os.getpid()} de"
    with held(shelf.folder), pytest.raises(EmbeddedError, match=who), held(shelf.folder, patience=0):
        pytest.fail("both have it")
    with held(shelf.folder, patience=0):
        pass


@pytest.mark.parametrize("typed", ["ayer", "2099-01-01T00:00:00"])
def test_an_instant_that_is_none_is_refused_before_anything_is_touched(typed, shelf, monkeypatch, capsys):
    from hub.cli import main

    monkeypatch.setenv("MESA_BACKUP_PASSPHRASE", WORDS)
    assert main(["restore", "--from", str(shelf.folder), "--until", typed]) == 1
    assert "nstante" in capsys.readouterr().err


def test_a_folder_without_a_copy_says_so(shelf, monkeypatch, capsys):
    from hub.cli import main

    monkeypatch.setenv("MESA_BACKUP_PASSPHRASE", WORDS)
    assert main(["restore", "--from", str(shelf.folder)]) == 1
    assert "no hay ninguna copia completa" in capsys.readouterr().err


def test_after_a_restore_numbers_are_skipped_and_what_waits_is_asked_about(session):
    before = session.scalar(text("select nextval('cuo_seq')"))
    set_right(session, now())
    assert session.scalar(text("select nextval('cuo_seq')")) == before + SKIPPED + 1
    session.execute(text("select setval('cuo_seq', :before)"), {"before": before})


def test_a_leg_by_the_national_platform_without_its_number_waits_for_a_person(office):
    unnumbered, numbered, plain, dead = (office.file() for _ in range(4))
    with office.tools.sessions() as session:
        legs = dict(session.execute(select(Delivery.cuo, Delivery.id)).all())
        theirs = OutboundMessage.delivery_id.in_([legs[unnumbered], legs[numbered]])
        session.execute(update(OutboundMessage).where(theirs).values(channel="pide"))
        session.execute(update(Delivery).where(Delivery.cuo == numbered).values(national_cuo="0000000001"))
        stopped = OutboundMessage.delivery_id == legs[dead]
        session.execute(update(OutboundMessage).where(stopped).values(status="dead"))
        session.commit()
    with office.tools.sessions() as session:
        assert set_right(session, now()) == Righted(2, (unnumbered,))  # a dead one is about to be sent by nobody
        session.commit()
    with office.tools.sessions() as session:
        rows = session.execute(select(Delivery.cuo, Delivery.status, OutboundMessage.status, OutboundMessage.last_code)
                               .join(OutboundMessage, OutboundMessage.delivery_id == Delivery.id)
                               .where(Delivery.cuo != dead)).all()  # fmt: skip
        assert session.scalars(select(OutboundMessage.must_ask).where(stopped)).one()
        assert {row[0]: tuple(row[1:]) for row in rows} == {
            unnumbered: ("failed", "dead", UNNUMBERED), numbered: ("queued", "waiting", ""),
            plain: ("queued", "waiting", ""),
        }  # fmt: skip


def test_a_store_that_is_not_the_databases_is_not_copied(office, tmp_path):
    check_store(office.tools.store, office.engine)
    office.file()
    check_store(office.tools.store, office.engine)
    with pytest.raises(EmbeddedError, match="MESA_DOCUMENTS"):
        check_store(Store(str(tmp_path / "otro")), office.engine)


def test_a_store_as_it_was_before_the_newest_filing_is_not_copied(office):
    for _ in range(NEWEST + 5):
        office.file()
    with office.tools.sessions() as session:
        newest = session.scalars(select(Document).order_by(Document.filing_id.desc()).limit(1)).one()
        newest.id, object_key = UUID(int=0), newest.object_key  # ids are by chance: here it is the last of all
        session.commit()
    office.tools.store.discard(object_key)
    with pytest.raises(EmbeddedError, match=object_key):
        check_store(office.tools.store, office.engine)
