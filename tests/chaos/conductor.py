"""The conductor: arms a point, waits for the kill, raises what died, until there were enough."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.chaos.citizens import Citizens
from tests.chaos.clients import Clerks
from tests.chaos.compare import compare, still_open
from tests.chaos.points import POINTS, VICTIMS, slug, with_store
from tests.s3.server import Objects
from tests.stack import ROOT, Stack

REACHED_WITHIN = 15.0
TRIES = 8
QUIET_WITHIN = 120.0


class Conductor:
    """`settings` and `without` go to the workers; `codes` are the institutions that take part; `pace` is the clerks'.

    With the documents in S3 there are two web processes, three workers, a press of papers and an S3 server, which may
    die as well.
    """

    def __init__(self, folder, *, kills, seed, codes=("igp", "senace", "oefa"), settings=None, without="", say=print,
                 in_s3=False, pace=0.25):  # fmt: skip
        self.folder, self.kills, self.rng, self.say = Path(folder), kills, random.Random(seed), say
        for name in ("armed", "taken", "hits", "pids"):
            (self.folder / "chaos" / name).mkdir(parents=True, exist_ok=True)
        self.chaos = self.folder / "chaos"
        self.codes, self.pace = codes, pace
        self.victims = with_store() if in_s3 else {point: VICTIMS[point] for point in POINTS}
        objects = Objects(self.folder / "objects", "tests.chaos.objects", patience=3.0) if in_s3 else None
        self.stack = Stack(
            self.folder,
            codes=codes,
            workers=3 if in_s3 else 2,
            webs=2 if in_s3 else 1,
            objects=objects,
            papers=1 if in_s3 else 0,
            web_module="tests.chaos.web",
            worker_module="tests.chaos.worker",
            settings={"CHAOS_FOLDER": str(self.chaos), "CHAOS_WITHOUT": without, **(settings or {})},
            sandbox_flags=["--register-after=0.3", "--process-after=-1", "--answer-after=-1", "--retry-first=0.3",
                           "--retry-most=2"],
        )  # fmt: skip
        self.hits = Counter()

    def run(self):
        """Take filings and kill; then wait for quiet and compare. Gives the verdict."""
        self._say_settings()
        with self.stack as stack:
            clerks = Clerks(stack, self.codes, self.rng, pace=self.pace)
            citizens = Citizens(stack, self.rng, pace=1.0) if stack.objects else None
            for people in filter(None, (clerks, citizens)):
                people.start()
            points = [name for name in self.victims for _ in range(-(-self.kills // len(self.victims)))][: self.kills]
            self.rng.shuffle(points)
            for point in points:
                self._kill_at(point)
            self._end(filter(None, (clerks, citizens)))
            constancias = [*clerks.constancias, *(citizens.constancias if citizens else ())]
            problems = [*clerks.problems, *(citizens.problems if citizens else ())]
            verdict = compare(stack.server.url, constancias, {code: stack.held(code) for code in self.codes})
            verdict.faults += [*problems, *self._touched()]
        return verdict

    def _end(self, everybody):
        """Each brings what was begun to its end, all are alive, and nothing moves any more."""
        for people in everybody:
            people.stop()
        self._raise_the_dead()
        self._wait_for_quiet()

    def _touched(self):
        """What the audit of the whole ledger says: nobody was killed into a record that does not add up."""
        command = [sys.executable, "-m", "hub.cli", "ledger", "verify"]
        done = subprocess.run(command, cwd=ROOT, env=self.stack.environ, capture_output=True, text=True)
        self.say("The ledger: " + " ".join(done.stdout.split())[-300:])
        return [] if done.returncode == 0 else [f"the ledger: {done.stdout[-2000:]}{done.stderr[-500:]}"]

    def _say_settings(self):
        scaled = {
            name: value for name, value in sorted(self.stack.settings.items()) if value.replace(".", "").isdigit()
        }
        shown = ", ".join(f"{name.removeprefix('MESA_').lower()} {value}" for name, value in scaled.items())
        self.say(f"Intervals of the scaled clock, in seconds: {shown}")

    def _kill_at(self, point):
        victim = self.rng.choice(self.victims[point])
        if victim == "institution":
            victim = self.rng.choice(self.codes)
        self._note_pids()
        for _ in range(TRIES):
            if self._reached(point, victim):
                break
            self.say(f"{point}: not reached within {REACHED_WITHIN:.0f} s, armed again")
        else:
            raise AssertionError(f"{point} is never reached: nothing moves any more")
        self.hits[point] += 1
        time.sleep(self.rng.uniform(0.0, 0.8))
        self._raise_the_dead()
        done = sum(self.hits.values())
        if done % 20 == 0:
            self.say(f"{done} kills")

    def _reached(self, point, victim):
        """Arm a point and wait; True once something took the arm up."""
        armed = self.chaos / "armed" / slug(point)
        half = armed.with_suffix(".half")
        half.write_text(victim)
        half.rename(armed)
        ends = time.monotonic() + REACHED_WITHIN
        while armed.exists() and time.monotonic() < ends:
            time.sleep(0.05)
            self._raise_the_dead()  # what was killed last may die only now
        try:
            armed.unlink()
        except FileNotFoundError:
            return True
        return False

    def _note_pids(self):
        pids = {name: process.pid for name, process in self.stack.processes.items()}
        pids["database"] = self.stack.server.pid
        for name, pid in pids.items():
            (self.chaos / "pids" / name).write_text(str(pid))

    def _raise_the_dead(self):
        if not self.stack.server.is_running():
            self.stack.start_database()
            self._note_pids()
        for name, process in list(self.stack.processes.items()):
            if process.poll() is not None:
                self.stack.start(name)
                self._note_pids()

    def _left(self):
        return still_open(self.stack.server.url, with_papers=bool(self.stack.papers_count))

    def _wait_for_quiet(self):
        self.stack.wait_ready()
        ends = time.monotonic() + QUIET_WITHIN
        while (left := self._left()) and time.monotonic() < ends:
            time.sleep(0.5)
        self.say(f"Still open when compared: {left}")
