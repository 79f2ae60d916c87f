"""A file that comes in pieces: goes on where it stopped, is one object with one SHA-256, and is dropped if left."""

import hashlib
import tracemalloc
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import drafts, uploading
from hub.core.errors import NotFound
from hub.core.messages import DocumentRole
from hub.models import DraftFile, FilePart, FileUpload
from hub.storage import Store
from hub.uploading import UploadRefused
from tests.stages.sector import NOW

MANY = 60_000_000


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "documents"))


@pytest.fixture
def draft(session):
    return drafts.start(session, {}, NOW)


@pytest.fixture
def stored(tmp_path):
    return lambda: {path for path in (tmp_path / "documents").rglob("*") if path.is_file()}


def begin(session, draft, size=10, at=NOW):
    return uploading.begin(session, draft, DocumentRole.ANNEX, "datos.bin", size, at)


def keep(session, store, upload, data, offset=None, at=NOW):
    at_offset = upload.received if offset is None else offset
    return uploading.keep_part(session, store, upload.id, at_offset, store.put(data), at)


def finish(session, store, draft, upload):
    whole = uploading.assemble(store, uploading.parts_of(session, upload.id))
    file = drafts.look_at(store, DocumentRole.ANNEX, "datos.bin", whole)
    for key in uploading.finish(session, draft, upload.id, file, NOW):
        store.discard(key)
    return whole


def test_the_pieces_are_one_object_with_one_digest(session, store, draft, stored):
    upload = begin(session, draft)
    for piece in (b"abc", b"defgh", b"ij"):
        keep(session, store, upload, piece)
    whole = finish(session, store, draft, upload)
    assert (whole.size, whole.sha256) == (10, hashlib.sha256(b"abcdefghij").hexdigest())
    [file] = drafts.files_of(session, draft)
    assert (file.file_name, file.sha256, file.object_key) == ("datos.bin", whole.sha256, whole.object_key)
    assert len(stored()) == 1
    assert not session.scalars(select(FilePart)).all()


@pytest.mark.parametrize(("offset", "data"), [(0, b"x"), (4, b"x"), (3, b"x" * 8)])
def test_a_piece_that_does_not_go_on_where_the_last_one_ended_is_refused(session, store, draft, offset, data):
    upload = begin(session, draft)
    keep(session, store, upload, b"abc")
    with pytest.raises(UploadRefused):
        keep(session, store, upload, data, offset)
    assert upload.received == 3


def test_what_two_processes_finish_is_one_file(session, store, draft):
    upload = begin(session, draft, 3)
    keep(session, store, upload, b"abc")
    parts = uploading.parts_of(session, upload.id)
    first, second = (uploading.assemble(store, parts) for _ in range(2))
    files = [drafts.look_at(store, DocumentRole.ANNEX, "datos.bin", whole) for whole in (first, second)]
    assert first.object_key not in uploading.finish(session, draft, upload.id, files[0], NOW)
    assert uploading.finish(session, draft, upload.id, files[1], NOW) == [second.object_key]
    assert len(session.scalars(select(DraftFile)).all()) == 1


def test_an_upload_is_of_its_draft_alone_and_expires_a_day_after_its_last_piece(session, store, draft, stored):
    upload = begin(session, draft)
    with pytest.raises(NotFound):
        uploading.find(session, drafts.start(session, {}, NOW), upload.id, NOW)
    keep(session, store, upload, b"abc", at=NOW + timedelta(hours=20))
    later = NOW + timedelta(hours=43)
    assert uploading.find(session, draft, upload.id, later) is upload
    assert uploading.drop_expired(session, later) == (0, [])
    with pytest.raises(NotFound):
        uploading.find(session, draft, upload.id, NOW + timedelta(hours=44))
    count, keys = uploading.drop_expired(session, NOW + timedelta(hours=44))
    assert count == 1 and {key[3:] for key in keys} == {path.name for path in stored()}  # dropped after the commit
    assert not session.scalars(select(FileUpload)).all()


def test_a_draft_with_an_open_upload_waits_for_it(session, draft):
    begin(session, draft, at=NOW + timedelta(days=30))
    late = NOW + timedelta(days=60)
    assert drafts.drop_expired(session, late) == (0, [])
    assert uploading.drop_expired(session, late) == (1, [])
    assert drafts.drop_expired(session, late) == (1, [])


def test_a_draft_opens_so_many_uploads_and_no_more(session, draft):
    for _ in range(uploading.AT_ONCE):
        begin(session, draft)
    with pytest.raises(UploadRefused, match="UPLOAD_TOO_MANY"):
        begin(session, draft)


def test_what_is_given_up_leaves_nothing(session, store, draft, stored):
    upload = begin(session, draft)
    keep(session, store, upload, b"abc")
    for key in uploading.drop(session, upload.id):
        store.discard(key)
    assert stored() == set() and not session.scalars(select(FileUpload)).all()


def test_putting_the_pieces_together_holds_little_in_memory(session, store, draft):
    upload = begin(session, draft, MANY)
    piece = bytes(MANY // 4)
    for _ in range(4):
        keep(session, store, upload, piece)
    del piece
    tracemalloc.start()
    whole = uploading.assemble(store, uploading.parts_of(session, upload.id))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert whole.sha256 == hashlib.sha256(bytes(MANY)).hexdigest()
    assert peak < MANY / 3  # the store writes in blocks of ten megabytes
