"""A filing after it was taken: registered, in process, answered; each told until the hub confirms or refuses it."""

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from lxml import etree

from adapters.sandbox import words
from adapters.sandbox.agenda import Agenda
from adapters.sandbox.calls import NotTaken, Unreachable
from adapters.sandbox.problems import Refused
from adapters.sandbox.store import add_step, next_number

if TYPE_CHECKING:
    from adapters.sandbox.institution import Institution

log = logging.getLogger("sandbox")
MOVEMENTS = {"in_process": "en_proceso", "answered": "atendido"}
SAYS = {"in_process": "Pasó a la oficina a cargo", "answered": "Se emitió la respuesta"}


@dataclass(frozen=True)
class Pace:
    """Seconds until each step; a negative number means never. And how the registry is called."""

    register_after: float = 2
    process_after: float = 2
    answer_after: float = 5
    retry_first: float = 1
    retry_most: float = 30
    counter: str = "Mesa de Partes"
    office: str = "Oficina de Atención de Trámites"
    official: str = "Registro de la mesa de partes"

    def after(self, kind: str, outcome: str | None = None) -> tuple[str, float] | None:
        """The step that follows, and how long after; None where nothing more happens."""
        chain = {"taken": "cargo", "acuse": "cargo", "cargo": "in_process", "in_process": "answered"}
        following = chain.get(kind)
        if following is None or outcome in ("observado", "rechazado"):
            return None
        waits = {"cargo": self.register_after, "in_process": self.process_after, "answered": self.answer_after}
        wait = waits[following]
        if wait >= 0:
            return following, wait
        return self.after(following) if following == "in_process" else None


class Life:
    def __init__(self, institution: "Institution", pace: Pace) -> None:
        self.institution, self.pace = institution, pace
        self._tries: dict[int, int] = {}
        self._letters = Agenda(4, self._do)
        self._fetches = Agenda(2, self._do)
        self.carry: Callable[[bytes], None] = lambda message: None

    def start(self, carry: Callable[[bytes], None]) -> None:
        """Go on where the disk says we were. `carry(message)` brings it to the hub, or raises Unreachable."""
        self.carry = carry
        refused = self.institution.refusals.names()
        for step in self.institution.store.read("SELECT * FROM steps WHERE confirmed_at IS NULL"):
            if str(step["step"]) not in refused:
                self.wake((step["due_at"], step["step"], step["kind"]))
        self._letters.start()
        self._fetches.start()

    def stop(self) -> None:
        self._letters.stop()
        self._fetches.stop()

    def wake(self, step: tuple[float, int, str] | None) -> None:
        """Have a step done when it is due: (when, its number, its kind)."""
        if step:
            at, number, kind = step
            (self._fetches if kind == "fetch" else self._letters).add(at, number)

    def _do(self, number: int) -> None:
        """One try of one step. What goes wrong is tried again later; what is refused for good waits for a person."""
        [step] = self.institution.store.read("SELECT * FROM steps JOIN entries USING (entry) WHERE step = ?", number)
        controls = self.institution.controls
        try:
            if step["kind"] == "cargo" and controls.get("hold_registration"):
                return self.wake((time.time() + 0.2, number, "cargo"))
            if step["kind"] == "fetch":
                return self._finish_fetch(step)
            message = step["message"] or self._write_message(step)
            if step["kind"] == "cargo" and controls.get("hold_cargo"):
                return self.wake((time.time() + 0.2, number, "cargo"))
            self.carry(message)
            self._confirm(number)
        except NotTaken as error:
            self.institution.refusals.note(number, step["cuo"], step["kind"], error)
            log.error("%s of %s is refused for good, not sent again: %s", step["kind"], step["cuo"], error)
        except Exception as error:
            if not isinstance(error, Unreachable | Refused):
                log.exception("step %s of %s", step["kind"], step["cuo"])
            tries = self._tries[number] = self._tries.get(number, 0) + 1
            wait = min(self.pace.retry_first * 2 ** min(tries - 1, 10), self.pace.retry_most)
            log.warning("%s of %s again in %.1f s: %s", step["kind"], step["cuo"], wait, error)
            self.wake((time.time() + wait, number, step["kind"]))

    def _finish_fetch(self, step: sqlite3.Row) -> None:
        sobre = words.read_sobre(etree.fromstring(step["sobre"]))
        try:
            self.institution.fetch(sobre)
        except Refused as error:
            problem = None if error.problem.is_temporary else error.code
            note = "UPDATE entries SET problem = ? WHERE entry = ?"
            self.institution.store.write(lambda db: db.execute(note, (problem, step["entry"])))
            raise
        acuse = self.institution.own.seal(words.acuse(sobre, step["digest"], words.now()))

        def keep(db: sqlite3.Connection) -> tuple[float, int, str]:
            db.execute("UPDATE entries SET acuse = ?, problem = NULL WHERE entry = ?", (acuse, step["entry"]))
            db.execute("UPDATE steps SET confirmed_at = ? WHERE step = ?", (time.time(), step["step"]))
            return add_step(db, step["entry"], "acuse", time.time(), acuse)

        self.wake(self.institution.store.write(keep))

    def _write_message(self, step: sqlite3.Row) -> bytes:
        """Write and sign what the step says, and keep it: every later try sends the same bytes."""
        sobre = words.read_sobre(etree.fromstring(step["sobre"]))
        if step["kind"] == "cargo":
            return self._register(step, sobre)
        root = words.estado(sobre, MOVEMENTS[step["kind"]], self.pace.office, SAYS[step["kind"]])
        message = self.institution.own.seal(root)
        return self.institution.store.write(lambda db: keep_message(db, step["step"], message, None))

    def _register(self, step: sqlite3.Row, sobre: words.Sobre) -> bytes:
        """Number and cargo in one transaction. What is refused gets no number."""
        institution = self.institution
        refusal = institution.controls.take("refuse_next")
        items = None if refusal else institution.controls.take("observe_next")
        outcome = "rechazado" if refusal else "observado" if items else "registrado"

        def register(db: sqlite3.Connection) -> bytes:
            entry = words.Registration(at=words.now(), official=self.pace.official)
            if not refusal:
                year = str(datetime.now(words.LIMA).year)
                number = f"{next_number(db, year):06d}"
                expediente = f"{institution.who.code.upper()}-{year}-{number}"
                entry = replace(entry, number=number, year=year, expediente=expediente, unit=self.pace.counter)
                numbered = "UPDATE entries SET registry_number = ?, registry_year = ? WHERE entry = ?"
                db.execute(numbered, (number, year, step["entry"]))
            cargo = institution.own.seal(words.cargo(sobre, entry, items, refusal))
            return keep_message(db, step["step"], cargo, outcome)

        return institution.store.write(register)

    def _confirm(self, number: int) -> None:
        def confirm(db: sqlite3.Connection) -> tuple[float, int, str] | None:
            row = db.execute(
                "UPDATE steps SET confirmed_at = ? WHERE step = ? RETURNING entry, kind, outcome",
                (time.time(), number),
            ).fetchone()
            following = self.pace.after(row["kind"], row["outcome"])
            return following and add_step(db, row["entry"], following[0], time.time() + following[1])

        self._tries.pop(number, None)
        self.wake(self.institution.store.write(confirm))


def keep_message(db: sqlite3.Connection, step: int, message: bytes, outcome: str | None) -> bytes:
    db.execute("UPDATE steps SET message = ?, outcome = ? WHERE step = ?", (message, outcome, step))
    return message
