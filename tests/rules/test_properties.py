"""No history of operations, in any order, breaks an invariant: hypothesis makes the histories.

MESA_HISTORIES=<n> makes n of them, each longer (default 16 of at most 25 steps).
"""

import os
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.rules.history import ASKED, CODES, ITEMS, History
from tests.rules.invariants import at_the_end, every_step

HISTORIES = int(os.environ.get("MESA_HISTORIES", "16"))
IS_SHORT = HISTORIES <= 16
STEPS = 25 if IS_SHORT else 50
PHASES = (Phase.generate,) if IS_SHORT else (Phase.generate, Phase.shrink)
"""A short run that fails says so at once; a long one makes its history shorter, which takes minutes."""
anyone = st.integers(0, 3) | st.integers(0, 30)
bodies = st.sampled_from(CODES)
items = st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True).map(tuple)
asked = st.sampled_from((None, None, ASKED))


class Histories(RuleBasedStateMachine):
    """What may happen, in any order."""

    engine = None

    @initialize(destination=bodies, counter_of=bodies, asked=asked)
    def begins(self, destination, counter_of, asked):
        self.history = History(self.engine)
        self.history.file(destination, counter_of, "counter", asked)

    @rule(destination=bodies, counter_of=bodies, channel=st.sampled_from(("counter", "online")), asked=asked)
    def file(self, destination, counter_of, channel, asked):
        self.history.file(destination, counter_of, channel, asked)

    @rule(code=bodies, kind=st.sampled_from(("ack", "ack", "temporary", "permanent", "cannot_tell", "has", "taken")))
    def carry(self, code, kind):
        self.history.carry(code, kind)

    @rule(
        number=anyone,
        kind=st.sampled_from(("held", "registered", "observed", "observed", "refused", "movement")),
        items=items,
        age=st.sampled_from((0, 0, 1, 30, 100)).map(lambda hours: timedelta(hours=hours)),
        is_repeated=st.booleans(),
    )
    def say(self, number, kind, items, age, is_repeated):
        self.history.say(number, kind, items, age, is_repeated)

    @rule(number=anyone, how=st.sampled_from(("opened", "deemed", "acknowledged", "in_person")))
    def notify(self, number, how):
        self.history.notify(number, how)

    @rule(number=anyone, answer=st.sampled_from(("La firmé", "")), token=st.sampled_from((None, UUID(int=7))))
    def correct(self, number, answer, token):
        self.history.correct(number, answer, token)

    @rule(hours=st.sampled_from((1, 24, 96, 120)))
    def wait(self, hours):
        self.history.wait(hours)

    @rule(number=anyone, to=bodies, is_confirmed=st.booleans())
    def reroute(self, number, to, is_confirmed):
        self.history.reroute(number, to, is_confirmed)

    @rule(number=anyone)
    def withdraw(self, number):
        self.history.withdraw(number)

    @rule(number=anyone)
    def send_again(self, number):
        self.history.send_again(number)

    @rule(number=anyone)
    def present_again(self, number):
        self.history.present_again(number)

    @rule(number=anyone)
    def set_aside(self, number):
        self.history.set_aside(number)

    @rule(in_days=st.integers(1, 6))
    def decree(self, in_days):
        self.history.decree(in_days)

    @invariant()
    def nothing_is_broken(self):
        if hasattr(self, "history"):
            every_step(self.history)

    def teardown(self):
        if hasattr(self, "history"):
            try:
                at_the_end(self.history)
            finally:
                self.history.close()


def test_no_history_of_operations_breaks_an_invariant(engine):
    machine = type("OnThisDatabase", (Histories,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=IS_SHORT,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
