"""The command behind `make bench`: prints the figures and writes them into docs/benchmarks.md.

MESA_BENCH_SECONDS shortens the ten minutes of the steady run, for trying the bench itself; such a run is not recorded.
"""

import argparse
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hub.embedded import place
from tests.bench import floor, hub, pages, pdfs, proof, sealer
from tests.stack import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
ROUNDS = 3


def main():
    parser = argparse.ArgumentParser(description="Measure the whole hub and the bare floor in one run.")
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("MESA_BENCH_SECONDS", "600")))
    parser.add_argument("--burst", type=float, default=30.0, help="seconds of each round at full speed")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mesa-bench-"))
    rounds, floors = [], []
    with hub.stack_of(folder) as stack:
        meter = hub.Meter(stack)
        meter.load(5)
        for number in range(ROUNDS):  # interleaved, because the machine's speed changes by itself
            floors.append(floor.measure(options.burst))
            say(f"Floor, round {number + 1}: {floors[-1]['rate']:.1f} filings/s")
            rounds.append(hub.maximum(meter, options.burst))
            say(f"Hub, round {number + 1}: {_figures(rounds[-1])}")
        papers = pdfs.lines(stack, folder / "papers", say=say)
        best = sorted(one["rate"] for one in rounds)[ROUNDS // 2]
        say(f"Steady: open loop at {0.8 * best:.1f} filings/s for {options.seconds:.0f} s")
        steady = hub.steady(meter, 0.8 * best, options.seconds)
        say(f"Steady: {_figures(steady)}")
    lines = [*papers, *ledger(folder)]
    shown = of_pages(pages.measure(folder / "pages", say=say))
    place.remove(folder)
    text = report(rounds, floors, steady, options, lines)
    print(text, shown, sep="\n\n")
    if options.seconds >= 600:
        record("figures", text)
        record("pages", shown)


def ledger(folder):
    """What the ledger costs and how long a proof takes, each on a database of its own."""
    pairs = sealer.cost(folder / "sealer", say=say)
    return [sealer.line(pairs), *proof.lines(proof.measure(folder / "proof", say=say))]


def of_pages(found):
    """The table of the pages as Markdown, with its machine."""
    missed = ", ".join(pages.missed(found)) or "none"
    taken = f"Taken on {datetime.now(UTC):%Y-%m-%d} on {_machine()}; above {pages.AIM:.0f} ms at p95: {missed}."
    return "\n".join([taken, "", *pages.HEAD, *pages.lines(found)])


def say(text):
    print(text, flush=True)


def _figures(one):
    return (
        f"{one['rate']:.1f} filings/s, presented to acknowledged p50 {one['p50']:.2f} s, p95 {one['p95']:.2f} s, "
        f"{one['refused']} refused"
    )


def _machine():
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]  # fmt: skip
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024 // 1024
    system = f"{platform.system()} {platform.release()}, CPython {platform.python_version()}"
    return f"{len(names)} × {names[0]}, {memory} GiB, {system}"


def report(rounds, floors, steady, options, more):
    """The figures as Markdown; `more` are lines of the table that were made elsewhere."""
    middle = ROUNDS // 2
    rate = sorted(one["rate"] for one in rounds)[middle]
    bare = sorted(one["rate"] for one in floors)[middle]
    half = sorted(rounds, key=lambda one: one["rate"])[middle]
    flat = steady["p95_late"] / steady["p95_early"]
    lines = [
        f"Taken on {datetime.now(UTC):%Y-%m-%d} on {_machine()}; load, institutions and database on the same machine.",
        "",
        "| measure | figure |",
        "|---|---|",
        f"| filings a second, end to end (median of {ROUNDS} rounds of {options.burst:.0f} s, drain included) "
        f"| {rate:.1f} |",
        f"| the rounds | {', '.join(format(one['rate'], '.1f') for one in rounds)} |",
        f"| presented to acknowledged at full speed, p50 / p95 | {half['p50']:.2f} s / {half['p95']:.2f} s |",
        f"| the bare floor, filings a second (median) | {bare:.1f} |",
        f"| its rounds | {', '.join(format(one['rate'], '.1f') for one in floors)} |",
        f"| hub to floor | {rate / bare:.2f} |",
        f"| steady, {options.seconds:.0f} s at 80 %: filings a second offered / taken / refused | "
        f"{steady['rate']:.1f} / {steady['taken']} / {steady['refused']} |",
        f"| steady, presented to acknowledged, p50 / p95 | {steady['p50']:.3f} s / {steady['p95']:.3f} s |",
        f"| steady, p95 of minutes two to four / of the last two / ratio | {steady['p95_early']:.3f} s / "
        f"{steady['p95_late']:.3f} s / {flat:.2f} |",
    ]
    return "\n".join([*lines, *more])


def record(mark, text):
    """Put figures between their marks in docs/benchmarks.md."""
    page, begin, end = PAGE.read_text("utf-8"), f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


if __name__ == "__main__":
    main()
