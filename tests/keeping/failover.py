"""The failover rehearsal: the primary is killed under load, the replica promoted, and nothing confirmed is missing.

python -m tests.keeping.failover [--seconds 8] [--rounds 1]
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.keeping.drill import CODES, FLAGS, faults_of, gap_after, load, statuses, verdict_of
from tests.keeping.pair import Pair

NOTICED_AFTER = 1.0
"""Seconds until whoever watches has seen it and promotes; Patroni and CloudNativePG take longer, 10 to 30."""


def rehearse(folder, seconds, say):
    """Gives (verdict, statuses of the answers, seconds without service). Nothing is left running."""
    stack = Pair(folder, codes=CODES, workers=2, sandbox_flags=FLAGS)
    try:
        with stack, load(stack) as people:
            time.sleep(seconds / 2)
            killed = time.monotonic()
            stack.kill("primary")
            confirmed = len(people.constancias)
            time.sleep(NOTICED_AFTER)
            stack.promote()
            after = time.monotonic() - killed
            say(f"Primary killed with {confirmed} filings confirmed; replica promoted {after:.1f} s later")
            time.sleep(seconds / 2)
            people.stop()
            verdict = verdict_of(stack, people)
            return verdict, statuses(people), gap_after(people, killed)
    finally:
        stack.remove()


def main():
    parser = argparse.ArgumentParser(description="Kill the primary under load, promote the replica, lose nothing.")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    is_clean, began = True, time.monotonic()
    for number in range(options.rounds):
        folder = Path(tempfile.mkdtemp(prefix="mesa-failover-"))
        verdict, answers, gap = rehearse(folder, options.seconds, lambda text: print(text, flush=True))
        for kind in ("lost", "doubled", "faults"):
            for line in getattr(verdict, kind)[:20]:
                print(f"{kind}: {line}")
        is_clean = is_clean and verdict.is_clean and not faults_of(answers)
        found = f"{verdict.filings} filings, {len(verdict.lost)} lost, {len(verdict.doubled)} doubled"
        print(f"Round {number + 1}: {found}; {gap:.1f} s without service; answers {answers}", flush=True)
    print(f"{time.monotonic() - began:.0f} seconds")
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
