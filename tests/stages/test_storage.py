"""The document store: streams in, streams out, known by SHA-256, on disk for good before anybody is told."""

import hashlib
import io
import os
import resource
import threading
from pathlib import Path

import pytest

from hub.core.errors import StorageFailure
from hub.storage import CHUNK, Store

KINDS = ["a folder", "an object store"]
MEGABYTE = b"\x25" * CHUNK


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    """A folder; and, in memory, what an S3 bucket is to us: another store of the same library."""
    return Store(str(tmp_path / "documents") if request.param == KINDS[0] else "memory:///")


@pytest.fixture
def folder(tmp_path):
    return Store(str(tmp_path / "documents"))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 hola", os.urandom(CHUNK * 3 + 17)], ids=["nothing", "little", "much"])
def test_what_is_kept_comes_back_and_is_known_by_its_digest(store, data):
    stored = store.put(data)
    assert (stored.sha256, stored.size) == (hashlib.sha256(data).hexdigest(), len(data))
    with store.open(stored.object_key) as stream:
        assert stream.read() == data


def test_a_document_is_written_in_pieces_of_any_size(store):
    with store.writer() as writer:
        for size in (1, 0, 70_000, CHUNK, 3):
            assert writer.write(b"x" * size) == size
    assert writer.stored.size == 70_004 + CHUNK
    assert writer.stored.sha256 == hashlib.sha256(b"x" * (70_004 + CHUNK)).hexdigest()


def test_a_stream_can_be_read_from_anywhere(store):
    data = bytes(range(256)) * 8192
    with store.open(store.put(data).object_key) as stream:
        assert stream.seek(1000) == 1000
        piece = stream.read(300)
        assert (type(piece), piece) == (bytes, data[1000:1300])
        stream.seek(-5, io.SEEK_END)
        assert stream.read() == data[-5:]
        stream.seek(0)
        assert stream.read(4) == data[:4]


def test_the_same_bytes_twice_are_two_documents(store):
    first, second = store.put(b"lo mismo"), store.put(b"lo mismo")
    assert first.sha256 == second.sha256
    assert first.object_key != second.object_key


def test_a_key_tells_nothing_of_what_it_opens(store):
    stored = store.put(b"secreto")
    assert stored.sha256 not in stored.object_key
    assert len(stored.object_key) <= 80


@pytest.mark.parametrize("key", ["00/nada", "no-such"])
def test_what_is_not_there_is_said_so(store, key):
    with pytest.raises(StorageFailure):
        store.open(key)


def test_what_nobody_named_is_discarded_and_again_does_nothing(store):
    stored = store.put(b"un formulario rechazado")
    store.discard(stored.object_key)
    with pytest.raises(StorageFailure):
        store.open(stored.object_key)
    store.discard(stored.object_key)


def test_a_writer_says_what_it_kept_only_after_it_is_closed(store):
    writer = store.writer()
    writer.write(b"a medias")
    with pytest.raises(StorageFailure):
        writer.stored  # noqa: B018
    writer.close()
    assert writer.stored.size == 8
    writer.close()


def test_an_upload_that_is_cut_leaves_no_document(folder, tmp_path):
    with pytest.raises(ConnectionResetError), folder.writer() as writer:
        for _ in range(20):
            writer.write(MEGABYTE)
        raise ConnectionResetError
    del writer
    assert [path for path in (tmp_path / "documents").rglob("*") if path.is_file()] == []


def test_a_document_and_every_name_to_it_is_on_disk_before_it_is_called_stored(folder, tmp_path, monkeypatch):
    synced, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(Path(f"/proc/self/fd/{fd}").resolve()), fsync(fd)))
    stored = folder.put(b"para siempre")
    path = tmp_path / "documents" / stored.object_key
    assert synced == [path, path.parent, path.parent.parent]


def test_a_store_that_does_not_take_more_says_so(tmp_path):
    store = Store(str(tmp_path / "documents"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    writer = store.writer()
    resource.setrlimit(resource.RLIMIT_FSIZE, (CHUNK, hard))
    try:
        with pytest.raises(StorageFailure):
            for _ in range(40):
                writer.write(MEGABYTE)
            writer.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_many_writers_at_once_do_not_mix(folder):
    kept = {}

    def write(number):
        with folder.writer() as writer:
            for _ in range(3):
                writer.write(bytes([number]) * CHUNK)
        kept[number] = writer.stored

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, stored in kept.items():
        with folder.open(stored.object_key) as stream:
            assert set(stream.read()) == {number}


def test_another_process_reads_what_one_kept(tmp_path):
    stored = Store(str(tmp_path)).put(b"compartido")
    with Store(str(tmp_path)).open(stored.object_key) as stream:
        assert stream.read() == b"compartido"


def test_a_piece_is_joined_to_what_is_written_down_and_is_gone(folder, tmp_path):
    first, more = folder.put(b"abc-what a crash left"), folder.put(b"defg")
    assert folder.join(first.object_key, 3, more.object_key)
    known = folder.known(first.object_key)
    assert (known.size, known.sha256) == (7, hashlib.sha256(b"abcdefg").hexdigest())
    assert len([path for path in (tmp_path / "documents").rglob("*") if path.is_file()]) == 1


def test_an_object_store_joins_nothing(tmp_path):
    remote = Store("memory:///")
    first, more = remote.put(b"abc"), remote.put(b"defg")
    assert not remote.join(first.object_key, 3, more.object_key)
    assert remote.known(more.object_key) == more


@pytest.mark.parametrize("address", ["s3:bucket", "s3:/bucket/prefix"])
def test_an_address_without_its_slashes_is_not_taken_for_a_folder(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StorageFailure):
        Store(address)
    assert [*tmp_path.iterdir()] == []
