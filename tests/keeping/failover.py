"""The failover rehearsal, under load: the replica goes and comes back; the primary is killed, the replica promoted.

python -m tests.keeping.failover [--seconds 8] [--rounds 1]
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy.orm import Session

from hub.cli.doctor.keeping import copies
from hub.monitoring.replicas import standing
from hub.settings import Settings
from tests.fixtures.database import engine_for
from tests.keeping.drill import CODES, FLAGS, faults_of, gap_after, load, statuses, verdict_of, wait_for
from tests.keeping.pair import Pair

NOTICED_AFTER = 1.0
"""Seconds until whoever watches has seen it and promotes; Patroni and CloudNativePG take longer, 10 to 30."""


def rehearse(folder, seconds, say):
    """Gives (verdict, statuses of the answers, seconds without service). Nothing is left running."""
    stack = Pair(folder, codes=CODES, workers=2, sandbox_flags=FLAGS)
    try:
        with stack, load(stack) as people:
            without_replica(stack, people, say)
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


def without_replica(stack, people, say):
    """The replica goes first: nothing is confirmed, the doctor says so, and all of it goes on when it is back."""
    stack.lose_replica()
    engine = engine_for(stack.primary.url)
    wait_for(lambda: found(engine).is_stopped and found(engine).waiting, "no commit waits for the replica")
    confirmed = len(people.constancias)
    time.sleep(2)
    assert len(people.constancias) - confirmed <= len(people.threads), "filings were confirmed without the replica"
    (said, *_) = list(copies(Settings(database_url=stack.primary.url), engine))
    say(f"Without the replica {found(engine).waiting} commits wait; the doctor: {said.what}")
    assert said.verdict == "mal"
    engine.dispose()
    stack.bring_replica_back()
    confirmed = len(people.constancias)
    wait_for(lambda: len(people.constancias) > confirmed, "nothing goes on with the replica back")


def found(engine):
    with Session(engine) as session:
        return standing(session)


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
