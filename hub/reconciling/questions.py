"""Questions to one institution: one at a time, at a pace, and none while it is paused, in its window or silent."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import InterfaceError, OperationalError

from hub import comparing
from hub.comparing import Said, Standing
from hub.core.bodies import EntityRecord
from hub.core.comparing import theirs_of
from hub.core.errors import DeliveryFailure
from hub.core.ports import Adapter, CannotTell, Has, HasNot
from hub.delivery import free_slots
from hub.dispatch import Tools
from hub.due_legs import Due
from hub.models import InstitutionState
from hub.national_numbers import partner_of

log = logging.getLogger("mesa.worker")
FAILURES: Final = 3
"""Questions in a row without an answer after which an institution is left alone until the next time."""
BUSY_FOR: Final = 30.0
"""Seconds that a question waits for room among what is on its way there."""
LOOK: Final = 0.1


@dataclass
class Questions:
    """`counts` says what came of them; `unanswered` are the legs that nothing was said of."""

    tools: Tools
    body: EntityRecord
    adapter: Adapter
    check: Callable[[], None]
    """Called between two questions, and while it waits for one; what it raises goes through."""
    counts: dict[str, int] = field(default_factory=lambda: {"equal": 0, "differing": 0, "cannot_tell": 0})
    unanswered: list[Due] = field(default_factory=list)
    asked: int = 0
    in_a_row: int = 0

    def ask(self, due: Sequence[Due]) -> list[Due]:
        """Ask about each, as far as may be; gives those that were not asked about."""
        for place, one in enumerate(due):
            is_over = self.asked >= self.tools.settings.reconcile_most or self.in_a_row >= FAILURES
            if is_over or not self.may_ask():
                return list(due[place:])
            self._ask(one)
            self.check()
        return []

    def may_ask(self) -> bool:
        """True once one more may be on its way there; False where nothing may, or no room comes."""
        if self.asked:
            self._wait(1 / max(self.tools.settings.reconcile_pace, 0.01))
        ends = time.monotonic() + BUSY_FOR
        while (room := self._room()) == 0 and time.monotonic() < ends:
            self._wait(LOOK)
        return bool(room)

    def _wait(self, seconds: float) -> None:
        self.tools.stopping.wait(seconds)
        self.check()

    def _room(self) -> int | None:
        """How many messages more may be on their way there; None while it may not be called at all."""
        now = self.tools.clock()
        with self.tools.sessions() as session:
            state = session.get(InstitutionState, self.body.id)
            if state is None:
                return 1
            is_open = state.open_until is not None and state.open_until > now
            if state.is_held(now) or is_open:
                return None
            return max(0, free_slots(session, state, self.body.in_flight, now))

    def _ask(self, one: Due) -> None:
        """Ask and judge. What goes wrong with one leg is not the next one's, but where there is no database."""
        try:
            verdict = self._told(one)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("%s: it could not be compared", one.cuo)
            verdict = "cannot_tell"
        if verdict:
            self.counts[verdict] += 1
        if verdict == "cannot_tell":
            self.unanswered.append(one)

    def _told(self, one: Due) -> str:
        """What came of one; empty for a leg that is no longer to be compared."""
        with self.tools.sessions() as session:
            leg = comparing.leg_now(session, self.body.id, one.cuo)
            if leg is None:
                return ""
            partner = partner_of(session, self.tools.directory, leg)
            stood = comparing.standing(session, leg)
        self.asked += 1
        try:
            answer = self.adapter.status_of(partner, one.cuo)
        except DeliveryFailure as error:
            log.info("%s: asking failed: %s", one.cuo, error.code)
            self.in_a_row += 1
            return "cannot_tell"
        self.in_a_row = 0
        return self._judged(one, answer, stood)

    def _judged(self, one: Due, answer: Has | HasNot | CannotTell, stood: Standing) -> str:
        if isinstance(answer, CannotTell) or (isinstance(answer, Has) and not answer.is_complete):
            return "cannot_tell"
        raws = tuple(news.raw for news in answer.news if news.raw) if isinstance(answer, Has) else ()
        said = Said(theirs_of(answer) if isinstance(answer, Has) else answer, raws, stood)
        grace = timedelta(seconds=self.tools.settings.reconcile_grace)
        with self.tools.sessions() as session:
            try:
                found = comparing.write_down(session, self.body.id, one.cuo, said, self.tools.clock(), grace)
            except LookupError:  # too new, or it moved meanwhile
                return "cannot_tell"
            session.commit()
        return "differing" if found else "equal"
