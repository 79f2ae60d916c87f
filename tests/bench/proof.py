"""How long the proof of one filing takes among a million events.

python -m tests.bench.proof [--filings 125000]

The events are invented, eight a filing, told in turns so that a filing's stand in eight batches; what ties and seals
them is the real trigger and the real sealer. One batch in sixty is stamped, as with a batch a second.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from hub import ledger
from hub.clock import now
from hub.core.services import TimeStamp
from hub.embedded import place, postgres
from hub.models.schema import migrate
from hub.sealing import ToStamp, keep_stamp, seal_batch
from tests.wire.sector import HUB, signer_of

EACH = 8
ASKED = 300
_TELL = text("""
    insert into events (at, happened_at, filing_id, kind, author, said_by, data, raw_digest, content_digest)
    select now(), now(), filing, 'movement', 'hub', 'hub', '{"movement": "in_process"}', '',
        sha256(cast(filing::text || ' ' || :turn as bytea))
    from generate_series(1, :filings) as filing
""")


def measure(folder, filings=125_000, say=print):
    """Milliseconds of proofs of filings taken at random, sorted; with what telling and sealing an event cost."""
    server = postgres.start(folder / "postgres", fast=True)
    try:
        engine = create_engine(server.url.replace("postgresql://", "postgresql+psycopg2://"))
        migrate(engine)
        with Session(engine) as session:
            told = _timed(lambda: _tell(session, filings))
            sealed = _timed(lambda: _seal(session))
            events = filings * EACH
            say(f"{events} events told in {told:.0f} s, sealed in {sealed:.0f} s")
            waits = _proofs(session, filings)
        engine.dispose()
        return {"events": events, "told": told / events, "sealed": sealed / events, "waits": waits}
    finally:
        server.stop()


def lines(found):
    """The figures as rows of docs/benchmarks.md."""
    waits = found["waits"]
    middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    return [
        f"| the proof of one filing among {found['events']} events, p50 / p95 / worst | "
        f"{middle:.1f} ms / {late:.1f} ms / {waits[-1]:.1f} ms |",
        f"| telling / sealing an event by the database alone, in bulk | {found['told'] * 1e6:.0f} µs / "
        f"{found['sealed'] * 1e6:.0f} µs |",
    ]


def _tell(session, filings):
    for turn in range(EACH):
        session.execute(_TELL, {"filings": filings, "turn": str(turn)})
        session.commit()


def _seal(session):
    signer = signer_of(HUB)
    while seal_batch(session, signer, HUB, now()):
        batches = session.execute(text("select max(id) from ledger_batches")).scalar_one()
        if batches % 60 == 0:
            keep_stamp(session, ToStamp(batches, bytes(32)), TimeStamp(bytes(3000), now(), "TSA"), now())
        session.commit()
    session.execute(text("analyze"))
    session.commit()


def _proofs(session, filings):
    waits = []
    for _ in range(ASKED):
        filing = random.randint(1, filings)
        waits.append(_timed(lambda filing=filing: ledger.proofs(session, filing)) * 1000)
        session.rollback()
        session.expunge_all()
    return sorted(waits)


def _timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description="Measure the proof of one filing among many events.")
    parser.add_argument("--filings", type=int, default=125_000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mesa-proof-"))
    found = measure(folder, options.filings)
    place.remove(folder)
    print("\n".join(lines(found)))


if __name__ == "__main__":
    main()
