"""What the sealer costs those who file: pairs of rounds, the same worker with it and without it, in turns.

python -m tests.bench.sealer [--pairs 5] [--seconds 12]
"""

import argparse
import os
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
from tests.stack import ROOT, children_of

ON, OFF = "1", "86400"
"""Seconds between two rounds of the sealer: as it comes, and never."""


def cost(folder, pairs=5, seconds=12.0, say=print):
    """Pairs (without the sealer, with it) of (filings a second, ms of processor time a filing), on an own stack.

    The processor time is of the hub's processes alone, so that it can be read on a machine that does other work too.
    """
    found = []
    with hub.stack_of(folder) as stack:
        meter = hub.Meter(stack)
        meter.load(5)
        for number in range(pairs):
            order = (OFF, ON) if number % 2 == 0 else (ON, OFF)  # what warms up or wears out favours neither
            rounds = {every: _round(stack, meter, every, seconds) for every in order}
            found.append((rounds[OFF], rounds[ON]))
            said = " and ".join(f"{rate:.1f} filings/s ({busy:.1f} ms)" for rate, busy in found[-1])
            say(f"Sealer, pair {number + 1}, without and with: {said}")
    return found


def lost(pairs):
    """The median share of throughput that the sealer costs: 0.05 is 5 %."""
    return median(1 - with_it[0] / without[0] for without, with_it in pairs)


def busier(pairs):
    """The median share of processor time that it adds to a filing."""
    return median(with_it[1] / without[1] - 1 for without, with_it in pairs)


def line(pairs):
    """The figure as a row of docs/benchmarks.md."""
    each = ", ".join(f"{without[0]:.1f} → {with_it[0]:.1f}" for without, with_it in pairs)
    share = f"{100 * lost(pairs):.1f} % of throughput, {100 * busier(pairs):+.1f} % of processor time"
    return f"| the sealer's cost: median of {len(pairs)} pairs without → with, filings/s | {share} ({each}) |"


def _round(stack, meter, every, seconds):
    stack.processes["worker-0"].send_signal(signal.SIGTERM)
    stack.processes.pop("worker-0").wait(30)
    _seal_backlog(stack)  # what the round before left, in nobody's time
    stack.settings["MESA_SEAL_EVERY"] = every
    stack.start("worker-0")
    meter.drain(meter.registered() + meter.load(3)["taken"])
    busy = _processor_time(stack)
    done = hub.maximum(meter, seconds)
    return done["rate"], 1000 * (_processor_time(stack) - busy) / done["taken"]


def _processor_time(stack):
    """Seconds of processor time of the hub's processes and those that they had started and waited for."""
    masters = [stack.processes["web"].pid, stack.processes["worker-0"].pid, stack.server.pid]
    spent = sum(_ticks(pid, 4) for pid in masters)
    spent += sum(_ticks(child, 2) for pid in masters for child in children_of(pid))
    return spent / os.sysconf("SC_CLK_TCK")


def _ticks(pid, fields):
    """utime and stime, with 4 also those of children that have ended; none for a process that has ended itself."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(one) for one in told[11 : 11 + fields])


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
    print(line(pairs))


if __name__ == "__main__":
    main()
