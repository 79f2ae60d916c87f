"""The rolling restart and the update, rehearsed: under load each process ends by SIGTERM and another takes its place.

python -m tests.keeping.rolling              every process by one of the same version
python -m tests.keeping.rolling --upgrade    the released version first, on the newest tables; then this one
"""

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from hub.embedded import place
from tests.keeping.drill import CODES, FLAGS, faults_of, load, statuses, verdict_of
from tests.keeping.two import OTHER, Two
from tests.stack import ROOT

RELEASED = Path(__file__).with_name("released")
PROCESSES = ("worker-0", "worker-1", "web", OTHER)
"""Workers first: what a new web puts into the outbox an old worker might not know (docs/operate.md, Updating)."""


def rehearse(folder, code, seconds, say):
    """Start with the programs in `code`, restart each with those of here. Gives (verdict, statuses, exit codes)."""
    stack, codes = Two(folder, codes=CODES, workers=2, sandbox_flags=FLAGS), {}
    stack.code = code
    try:
        with stack:
            stack.start_second()
            with load(stack) as people:
                time.sleep(seconds / 3)
                stack.code = ROOT
                for name in PROCESSES:
                    codes[name] = stack.restart(name)
                    say(f"{name} restarted, {len(people.constancias)} filings confirmed")
                    time.sleep(seconds / 6)
                people.stop()
                return verdict_of(stack, people), statuses(people), codes
    finally:
        place.remove(folder / "postgres")


@contextmanager
def released():
    """A checkout of the commit that is written down as the last release. Raises SystemExit with a sentence."""
    commit = RELEASED.read_text("ascii").split()[0]
    if _git("cat-file", "-e", f"{commit}^{{commit}}", check=False).returncode:
        shallow = _git("rev-parse", "--is-shallow-repository", check=False).stdout.strip() == "true"
        why = "este clon es superficial; tráelo entero: git fetch --unshallow" if shallow else "no está en este clon"
        sys.exit(f"No se puede ensayar la actualización: falta la versión {commit[:12]} ({why}).")
    with tempfile.TemporaryDirectory(prefix="mesa-released-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", str(tree), commit)
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments, check=True):
    return subprocess.run(["git", *arguments], cwd=ROOT, check=check, capture_output=True, text=True)


def run(code, seconds):
    """Rehearse and say it; True where nothing was lost."""
    folder = Path(tempfile.mkdtemp(prefix="mesa-rolling-"))
    verdict, answers, codes = rehearse(folder, code, seconds, lambda text: print(text, flush=True))
    for kind in ("lost", "doubled", "faults"):
        for line in getattr(verdict, kind)[:20]:
            print(f"{kind}: {line}")
    print(f"{verdict.filings} filings, {len(verdict.lost)} lost, {len(verdict.doubled)} doubled; "
          f"exit codes {codes}; answers {answers}", flush=True)  # fmt: skip
    return verdict.is_clean and not any(codes.values()) and not faults_of(answers) and 503 not in answers


def main():
    parser = argparse.ArgumentParser(description="Restart everything in turn under load, lose nothing.")
    parser.add_argument("--upgrade", action="store_true")
    parser.add_argument("--seconds", type=float, default=6.0)
    options = parser.parse_args()
    if not options.upgrade:
        return 0 if run(ROOT, options.seconds) else 1
    with released() as tree:
        print(f"The programs of {RELEASED.read_text('ascii').split()[0][:12]} on the tables of today", flush=True)
        return 0 if run(tree, options.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
