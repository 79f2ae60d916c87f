"""What the hub asks of an S3 server, of a real one: parts, ranges, copies; and that a kill -9 undoes nothing."""

import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest

from hub.core.errors import DocumentMissing, StorageFailure
from hub.paperwork_process import read_apart
from hub.storage import CHUNK, Store
from tests.bench.papers import pdf_of
from tests.papers.signers import signed
from tests.s3.server import Objects

SMALL = 12


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    found = Objects(tmp_path_factory.mktemp("objects"), patience=0.5)
    found.start(dict(os.environ))
    yield found
    found.kill()


@pytest.fixture
def store(objects):
    return Store(objects.address, objects.account)


def test_a_document_of_several_parts_is_copied_and_read_from_anywhere(store):
    content = os.urandom(11 * CHUNK + 5)
    with store.writer() as writer:
        for start in range(0, len(content), CHUNK):
            writer.write(content[start : start + CHUNK])
    copied = store.copy(writer.object_key)
    store.discard(writer.object_key)
    with store.open(copied) as stream:
        stream.seek(7 * CHUNK - 3)
        assert stream.read(10) == content[7 * CHUNK - 3 : 7 * CHUNK + 7]
    assert store.known(copied).sha256 == hashlib.sha256(content).hexdigest()
    with pytest.raises(DocumentMissing):
        store.open(writer.object_key)


def test_what_was_answered_for_is_there_after_a_kill_in_the_middle_of_writing(objects, store):
    kept, ends = {}, threading.Event()

    def write(number):
        while not ends.is_set():
            data = os.urandom(6 * CHUNK if number == 0 else 40_000)
            try:
                kept[store.put(data).object_key] = hashlib.sha256(data).hexdigest()
            except StorageFailure:
                return

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    while len(kept) < SMALL:
        assert any(thread.is_alive() for thread in threads), "the server takes nothing"
    objects.kill()
    ends.set()
    for thread in threads:
        thread.join()
    with pytest.raises(StorageFailure) as raised:
        store.open(next(iter(kept)))
    assert not isinstance(raised.value, DocumentMissing)  # down is not the same as gone
    objects.start(dict(os.environ))
    assert {key: store.known(key).sha256 for key in kept} == kept


def test_what_was_begun_and_never_ended_is_found_and_dropped(store):
    writer = store.writer()
    for _ in range(14):
        writer.write(bytes(CHUNK))
    now = datetime.now(UTC)
    assert store.abandon_unfinished(now - timedelta(hours=1), now) == 0  # it may still go on
    assert store.abandon_unfinished(now + timedelta(hours=1), now) >= 1
    assert store.abandon_unfinished(now + timedelta(hours=1), now) == 0


def test_keys_are_listed_by_their_age(store):
    key = store.put(b"uno").object_key
    assert key in set(store.keys(datetime.now(UTC) + timedelta(hours=1)))
    assert key not in set(store.keys(datetime.now(UTC) - timedelta(hours=1)))


def test_the_signatures_of_a_document_in_s3_are_read_in_a_process_apart(store):
    key = store.put(signed(pdf_of("Solicitud"))).object_key
    [found] = read_apart(store, key).signatures
    assert found.signer == "QUISPE NAHUI Ana"
