"""The command behind `make chaos`."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hub.embedded import place
from tests.chaos.conductor import Conductor
from tests.chaos.points import STORE_POINTS, slug
from tests.chaos.scenarios import SCENARIOS, bites, playground


def main():
    parser = argparse.ArgumentParser(description="Kill everything with -9 at its points, lose nothing.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("folder", "s3"), default="folder", help="where the documents are")
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and data")
    parser.add_argument("--no-scenarios", action="store_true", help="leave out the three that must fail")
    options = parser.parse_args()
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="mesa-chaos-"))
    print(f"Seed {options.seed}, data in {folder}", flush=True)
    conductor = Conductor(
        folder, kills=options.kills, seed=options.seed, in_s3=options.store == "s3",
        say=lambda text: print(text, flush=True),
    )  # fmt: skip
    verdict = conductor.run()
    held_up = True if options.no_scenarios else _scenarios()
    report(conductor, verdict, time.monotonic() - began)
    if not options.keep and verdict.is_clean:
        place.remove(folder)
    return 0 if verdict.is_clean and held_up and sum(conductor.hits.values()) >= options.kills else 1


def _scenarios():
    held_up = True
    with playground() as ground:
        for name in SCENARIOS:
            bitten = bites(ground, name)
            held_up = held_up and bool(bitten)
            print(f"Scenario: {name}: {'fails, as it must: ' + bitten[0] if bitten else 'DOES NOT FAIL'}", flush=True)
    return held_up


def _victim(point, victim):
    """At a point of the S3 server it is that server which says "self"."""
    return "objects" if victim == "self" and point in map(slug, STORE_POINTS) else victim


def report(conductor, verdict, seconds):
    """Hits per point, what is wrong, and the last line."""
    for point in conductor.victims:
        print(f"{conductor.hits[point]:5d}  {point}")
    for kind in ("lost", "doubled", "faults"):
        for line in getattr(verdict, kind)[:20]:
            print(f"{kind}: {line}")
    died = Counter(_victim(*one.name.split(".")[:2]) for one in (conductor.chaos / "hits").iterdir())
    print("killed: " + ", ".join(f"{name} {count}" for name, count in sorted(died.items())))
    print(f"{len(verdict.faults)} other faults, {seconds:.0f} seconds")
    print(
        f"{verdict.filings} filings, {sum(conductor.hits.values())} kills, "
        f"{len(verdict.lost)} lost, {len(verdict.doubled)} doubled"
    )


if __name__ == "__main__":
    sys.exit(main())
