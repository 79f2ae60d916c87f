"""The command behind `make fuzz`: the SOAP doors of both contracts, a web process, PostgreSQL, and much nonsense."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hub.app import create_app
from hub.settings import Settings
from tests.api.conftest import Hub, with_gateway
from tests.fixtures.database import engine_for
from tests.fuzz.national_calls import national_calls
from tests.fuzz.own_calls import OwnCalls
from tests.fuzz.running import Fuzz
from tests.stack import Stack, children_of

WARM = 10_000
"""Messages after which the process has loaded what it ever loads."""
MOST_GROWTH = 10
"""Megabytes that it may hold more at the end than it did then."""
_OURS = ("Traceback", "unforeseen", " failed", "[ERROR]", "[CRITICAL]")


def main():
    parser = argparse.ArgumentParser(description="Spoilt real messages against the SOAP doors of a web process.")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="send the message of this number alone, and show it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mesa-fuzz-") as folder, _stack(Path(folder)) as stack:
        hub = _hub(stack)
        fuzz = Fuzz(stack.url, national_calls([hub.file("oefa").cuo for _ in range(4)]), OwnCalls(hub), options.seed)
        if options.only is not None:
            return _show(fuzz, options.only)
        began = time.monotonic()
        held = _run(stack, fuzz, options.messages)
        return _report(stack, fuzz, held, time.monotonic() - began)


def _stack(folder):
    entities = with_gateway(folder)
    settings = {"MESA_ENTITIES": str(entities), "MESA_CALLS_PER_SECOND": "1000000", "MESA_SIGN_NATIONAL": "1"}
    return Stack(folder / "var", codes=(), workers=0, web_workers=1, fast_database=True, settings=settings)


def _hub(stack):
    settings = Settings.from_env(stack.environ)
    return Hub(create_app(settings), stack.url, engine_for(stack.server.url), settings.keys_folder)


def _run(stack, fuzz, messages):
    """Send them by ten thousand; gives what the web process held after each lot, in megabytes."""
    held = [(0, memory(stack))]
    for first in range(0, messages, WARM):
        last = min(first + WARM, messages)
        began = time.monotonic()
        fuzz.run(first, last)
        held.append((last, memory(stack)))
        rate = (last - first) / (time.monotonic() - began)
        print(f"{last:>7} messages, {rate:.0f} a second, {held[-1][1]:.1f} MB resident", flush=True)
    return held


def memory(stack):
    """Resident megabytes of the one worker below gunicorn."""
    [pid] = children_of(stack.processes["web"].pid)
    [line] = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def _report(stack, fuzz, held, seconds):
    told, sent = fuzz.told, held[-1][0]
    megabytes = told.bytes_sent / 1024**2
    print(f"\n{sent} messages, {megabytes:.0f} MB, in {seconds:.0f} s; the slowest {told.slowest:.2f} s")
    for title, counted in (("What was sent", told.kinds), ("What was answered", told.codes)):
        print(f"{title}:\n" + _table(counted))
    logged = [line for line in _log(stack) if any(sign in line for sign in _OURS)]
    for number, kind, why in told.wrong[:30]:
        print(f"WRONG {number}: {kind}: {why}")
    for line in logged[:30]:
        print(f"LOGGED {line}")
    grown = held[-1][1] - held[1][1]
    print(f"resident memory: {held[0][1]:.1f} MB at the beginning, {held[1][1]:.1f} after {held[1][0]} messages, "
          f"{held[-1][1]:.1f} at the end ({grown:+.1f})")  # fmt: skip
    is_good = not told.wrong and not logged and grown <= MOST_GROWTH
    print("good" if is_good else f"NOT GOOD: {len(told.wrong)} wrong answers, {len(logged)} lines of the log")
    return 0 if is_good else 1


def _log(stack):
    return (stack.folder / "web.log").read_text(errors="replace").splitlines()


def _table(counted: Counter):
    return "\n".join(f"{times:>8}  {name}" for name, times in counted.most_common())


def _show(fuzz, number):
    sent, in_pieces = fuzz.message(number)
    print(f"{sent.path} {sent.headers} {'in pieces' if in_pieces else ''}\n{sent.body[:20_000]!r}")
    fuzz.run(number, number + 1)
    print(fuzz.told)
    return 1 if fuzz.told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
