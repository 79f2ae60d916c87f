"""Sealing and stamping in few words, for the tests of the ledger."""

import hashlib
from datetime import timedelta

from sqlalchemy import select, text

from hub.core.errors import TemporaryFailure
from hub.core.roots import root_from_json
from hub.core.services import TimeStamp
from hub.models import Batch, Leaf
from hub.sealing import batch_to_stamp, keep_stamp, seal_batch
from hub.wire.roots import payload_of
from tests.stages.sector import NOW
from tests.wire.sector import HUB, signer_of

SIGNER = signer_of(HUB)


def seal(session, now=NOW, **changes):
    """Seal everything that waits; gives how many events."""
    sealed = 0
    while taken := seal_batch(session, SIGNER, HUB, now, **changes):
        sealed += taken
    session.flush()
    return sealed


def stamp(session, now=NOW):
    """Stamp what wants a stamp, by an authority that signs nothing."""
    wanted = batch_to_stamp(session)
    if wanted:
        keep_stamp(session, wanted, TimeStamp(b"stamp of " + wanted.sha256, now, "TSA de prueba"), now)
    return wanted


def batches(session):
    return session.scalars(select(Batch).order_by(Batch.id).execution_options(populate_existing=True)).all()


def statements(session):
    return [root_from_json(payload_of(one.jws)) for one in batches(session)]


def leaves(session, batch):
    return session.scalars(select(Leaf).where(Leaf.batch_id == batch).order_by(Leaf.position)).all()


def waiting(session):
    return session.scalar(text("select count(*) from unsealed"))


def many_batches(session, count, first_at=NOW):
    """Batches of one invented event each, a second apart."""
    for number in range(count):
        digest = hashlib.sha256(b"%d" % number).digest()
        session.execute(
            text("insert into unsealed (event_id, event_at, filing_id, hash) values (:id, :at, 0, :hash)"),
            {"id": 10**12 + number, "at": NOW, "hash": digest},
        )
        seal_batch(session, SIGNER, HUB, first_at + timedelta(seconds=number))


class Authority:
    """A TimeStamper that answers, or fails while `is_down`."""

    def __init__(self):
        self.is_down, self.asked = False, []

    def stamp(self, sha256):
        self.asked.append(sha256)
        if self.is_down:
            raise TemporaryFailure("TSA_TIMEOUT")
        return TimeStamp(b"stamp of " + sha256, NOW, "TSA de prueba")
