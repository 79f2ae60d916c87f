"""A small ledger with everything in it, and a hand that reaches into the database as its owner could."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text

from adapters.sandbox.stamping import make_authority
from hub import inbound
from hub.audit import Tally, Terms, audit
from hub.cli.ledger_words import sentence_of
from hub.core.messages import DocumentRole
from hub.core.services import TimeStamp
from hub.events import tell
from hub.intake import SubmittedFile
from hub.models import Paper
from hub.sealing import batch_to_stamp, keep_stamp
from hub.storage import Store
from hub.wire.timestamps import check_token, request_for, token_in
from tests.stages.ledger import seal
from tests.stages.legs import events_of, later, news, received, try_once
from tests.stages.sector import a_submission, make_sector, take
from tests.wire import sector as wire_sector
from tests.wire.sector import HUB

CA = (wire_sector.authority().certificate.public_bytes(Encoding.PEM),)
_AUTHORITY = []


def authority(folder):
    """A real time-stamp authority, one for the run: (its authority, its certificate in PEM)."""
    if not _AUTHORITY:
        made = make_authority(folder / "tsa", folder / "tsa.pem")
        _AUTHORITY.append((made, (folder / "tsa.pem").read_bytes()))
    return _AUTHORITY[0]


@dataclass
class Town:
    """Two filings, delivered and registered, their papers made; three batches, two of them stamped."""

    session: object
    store: Store
    tsa: bytes
    legs: list = field(default_factory=list)

    def sql(self, statement, **values):
        """As a superuser would: no trigger and no foreign key looks."""
        self.session.execute(text("set local session_replication_role = replica"))
        done = self.session.execute(text(statement), values)
        assert done.rowcount != 0, statement
        self.session.execute(text("set local session_replication_role = origin"))
        self.session.expire_all()
        return done

    def one(self, query, **values):
        return self.session.execute(text(query), values).one()

    def audit(self, *, seen=(), store=True, **changes):
        """What was touched: {(code, filing, position, batch)}, and the sentences."""
        terms = Terms(HUB, CA, **{"now": later(hours=1), "check_token": self.check, **changes})
        self.tally = Tally()
        self.found = list(audit(self.session, terms, self.tally, store=self.store if store else None, seen=seen))
        return [sentence_of(one) for one in self.found]

    def check(self, token, sha256):
        return check_token(token, sha256, (self.tsa,))

    def codes(self, **changes):
        self.audit(**changes)
        return {one.touched.value for one in self.found}

    def number(self, which=0):
        return self.legs[which].filing.filing_number

    def events(self, which=0):
        """Those of a filing as they stand now; what is done to their rows does not reach these."""
        found = events_of(self.session, self.legs[which])
        for one in found:
            self.session.expunge(one)
        return found


@pytest.fixture
def town(session, tmp_path):
    return build(session, tmp_path)


def named(town, code, **numbers):
    """True if some finding has this code and these numbers."""
    town.audit()
    return any(
        one.touched == code and all(getattr(one, key) == value for key, value in numbers.items()) for one in town.found
    )


def build(session, folder: Path) -> Town:
    made, certificate = authority(folder)
    town = Town(session, Store(str(folder / "documents")), certificate)
    directory = make_sector(session)
    for which, destination in enumerate(("igp", "senace")):
        town.legs.append(_file(session, directory, town.store, destination))
        _deliver(session, directory, town, which, destination)
        seal(session, later(seconds=which + 1))
        _stamp(session, made)
    _paper(session, town)
    seal(session, later(seconds=5))
    return town


def _file(session, directory, store, destination):
    files = []
    for role in (DocumentRole.MAIN, DocumentRole.ANNEX):
        stored = store.put(f"%PDF-1.7 {destination} {role}".encode())
        files.append(SubmittedFile(role, f"{role}.pdf", "application/pdf", stored, pages=1))
    return take(session, directory, a_submission(destination_code=destination, files=tuple(files)))[1]


def _deliver(session, directory, town, which, destination):
    leg = town.legs[which]
    try_once(session, leg, "ack", held_since=later(seconds=1), raw=b"<Acuse n='%d'/>" % which)
    one = news(leg, "registered", later(seconds=1), by=destination, registry_number="0007")
    row, _ = inbound.keep(session, directory, received(one), later(seconds=1))
    inbound.act_on(session, directory, row.id, one, later(seconds=1))
    session.flush()


def _paper(session, town):
    stored = town.store.put(b"%PDF-1.7 constancia")
    filing = town.legs[0].filing
    session.add(
        Paper(
            filing_id=filing.id, kind="constancia", version=1, sha256=stored.sha256, size=stored.size,
            object_key=stored.object_key, made_at=later(seconds=3),
        )
    )  # fmt: skip
    tell(session, filing, "paper_made", later(seconds=3), paper="constancia", version=1, sha256=stored.sha256)
    session.flush()


def _stamp(session, authority):
    wanted = batch_to_stamp(session)
    reply = authority.reply(request_for(wanted.sha256, 7))
    token = token_in(reply, 7)
    said = check_token(token, wanted.sha256, (_AUTHORITY[0][1],))
    keep_stamp(session, wanted, TimeStamp(token, said.at, said.authority), later(seconds=2))


def sha256_of(data):
    return hashlib.sha256(data).hexdigest()
