"""What the sealer costs those who file: pairs of rounds, the same worker with it and without it, in turns.

python -m tests.bench.sealer [--pairs 5] [--seconds 12]
"""

import argparse
import signal
import tempfile
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from hub.clock import now
from hub.embedded import place
from hub.embedded.parts import operator_ruc
from hub.sealing import seal_batch
from hub.wire.keys import load_signer
from tests.bench import hub
from tests.stack import ROOT

ON, OFF = "1", "86400"
"""Seconds between two rounds of the sealer: as it comes, and never."""


def cost(folder, pairs=5, seconds=12.0, say=print):
    """Pairs of filings a second, (without the sealer, with it), on a stack of its own."""
    found = []
    with hub.stack_of(folder) as stack:
        meter = hub.Meter(stack)
        meter.load(5)
        for number in range(pairs):
            order = (OFF, ON) if number % 2 == 0 else (ON, OFF)  # what warms up or wears out favours neither
            rates = {every: _round(stack, meter, every, seconds) for every in order}
            found.append((rates[OFF], rates[ON]))
            say(f"Sealer, pair {number + 1}: {rates[OFF]:.1f} filings/s without, {rates[ON]:.1f} with")
    return found


def lost(pairs):
    """The median share of throughput that the sealer costs: 0.05 is 5 %."""
    return median(1 - with_it / without for without, with_it in pairs)


def line(pairs):
    """The figure as a row of docs/benchmarks.md."""
    each = ", ".join(f"{without:.1f} → {with_it:.1f}" for without, with_it in pairs)
    share = f"{100 * lost(pairs):.1f} %"
    return f"| the sealer's cost: median of {len(pairs)} pairs without → with, filings/s | {share} ({each}) |"


def _round(stack, meter, every, seconds):
    stack.processes["worker-0"].send_signal(signal.SIGTERM)
    stack.processes.pop("worker-0").wait(30)
    _seal_backlog(stack)  # what the round before left, in nobody's time
    stack.settings["MESA_SEAL_EVERY"] = every
    stack.start("worker-0")
    meter.drain(meter.registered() + meter.load(3)["taken"])
    return hub.maximum(meter, seconds)["rate"]


def _seal_backlog(stack):
    keys = stack.folder / "keys" / "hub"
    signer = load_signer(keys / "ledger.key.pem", keys / "ledger.crt.pem")
    engine = create_engine(stack.server.url.replace("postgresql://", "postgresql+psycopg2://"))
    with Session(engine) as session:
        while seal_batch(session, signer, operator_ruc(ROOT / "config" / "entities.yaml"), now()):
            session.commit()
    engine.dispose()


def main():
    parser = argparse.ArgumentParser(description="Measure what the sealer costs those who file.")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=12.0)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mesa-sealer-"))
    pairs = cost(folder, options.pairs, options.seconds)
    place.remove(folder)
    print(f"The sealer costs {100 * lost(pairs):.1f} % of throughput (median of {len(pairs)} pairs)")


if __name__ == "__main__":
    main()
