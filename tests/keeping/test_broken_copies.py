"""Copying that breaks off: no half stays on the disk, and what failed is named by its name."""

import io
import shutil
from datetime import timedelta

import pytest

from hub.cli.complaint import Complaint
from hub.cli.restore import _Asked, _documents
from hub.clock import now
from hub.core.errors import StorageFailure
from hub.keeping.documents import copy_new, give_back
from hub.keeping.objects import NotTaken, bring
from hub.keeping.restoring import Target
from hub.settings import Settings
from hub.storage import Account, Store

KEEP = timedelta(days=35)
KEY = f"ab/{'a' * 32}"
AWAY = Account(endpoint="http://127.0.0.1:1", key="x", secret="x", patience=0.1)


class Cut(io.RawIOBase):
    """A document of which three pieces come, and then what is given."""

    def __init__(self, error):
        self.error, self.pieces = error, 3

    def read(self, size=-1):
        self.pieces -= 1
        if self.pieces < 0:
            raise self.error
        return b"x" * size


def files_in(folder):
    return sorted(one for one in folder.rglob("*") if one.is_file())


@pytest.mark.parametrize("error", [StorageFailure("cut"), OSError(28, "full"), KeyboardInterrupt()])
def test_a_document_that_breaks_off_leaves_no_half(error, store, tmp_path):
    for _ in range(2):
        with pytest.raises((StorageFailure, KeyboardInterrupt)):
            bring(store, KEY, Cut(error))
    assert files_in(tmp_path / "documents") == []


def test_halves_of_a_copy_that_was_killed_go_at_the_next_round(shelf, store):
    whole = store.put(b"entero")
    copy_new(store, shelf, now(), KEEP)
    (shelf.documents / f"{whole.object_key}#0123456789abcdef").write_bytes(b"ent")
    copy_new(store, shelf, now(), KEEP)
    assert files_in(shelf.documents) == [shelf.documents / whole.object_key]


def test_a_folder_of_copies_that_fails_is_no_document_that_was_dropped(shelf, store, tmp_path):
    class Unplugs(Store):
        """Whoever opens a document takes the disk of the copies away."""

        def open(self, object_key):
            shutil.rmtree(shelf.documents)
            return super().open(object_key)

    store.put(b"uno")
    with pytest.raises(NotTaken):
        copy_new(Unplugs(str(tmp_path / "documents")), shelf, now(), KEEP)


def test_what_is_dropped_between_the_list_and_its_turn_is_left_out(shelf, store, tmp_path):
    class Drops(Store):
        def open(self, object_key):
            self.discard(object_key)
            return super().open(object_key)

    store.put(b"una pieza")
    assert copy_new(Drops(str(tmp_path / "documents")), shelf, now(), KEEP).brought == 0


def test_a_store_that_does_not_answer_ends_a_restore_and_no_document_is_called_missing(shelf, store):
    for each in (b"uno", b"dos"):
        store.put(each)
    copy_new(store, shelf, now(), KEEP)
    with pytest.raises(StorageFailure):
        give_back(shelf, Store("s3://documentos", AWAY))


def test_a_store_that_does_not_take_ends_a_restore_by_its_name(shelf, store, tmp_path):
    stored = store.put(b"uno")
    copy_new(store, shelf, now(), KEEP)
    there = tmp_path / "lleno"
    there.mkdir()
    (there / stored.object_key[:2]).write_bytes(b"")  # where a folder has to be made
    target = Target(Settings(documents=str(there), data=str(tmp_path)), None, False)
    with pytest.raises(Complaint, match=f"almacén de documentos {there}"):
        _documents(_Asked(shelf, target, None))


def test_a_copy_that_cannot_be_read_is_damaged_and_the_others_come_back(shelf, store, tmp_path):
    bad, good = sorted(store.put(each).object_key for each in (b"uno", b"dos"))
    copy_new(store, shelf, now(), KEEP)
    (shelf.documents / bad).unlink()
    (shelf.documents / bad).symlink_to(bad.partition("/")[2])  # a file that no system opens
    back = give_back(shelf, Store(str(tmp_path / "otra")))
    assert (back.brought, back.damaged, back.missing) == (1, (bad,), ())
    assert (tmp_path / "otra" / good).exists()
