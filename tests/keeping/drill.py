"""What every rehearsal under load has in common: clerks who file, something that happens, and both ends compared."""

import random
import time
from collections import Counter
from contextlib import contextmanager

import requests

from tests.chaos.clients import Clerks
from tests.chaos.compare import compare, still_open

CODES = ("igp", "senace")
FLAGS = ("--register-after=0.3", "--process-after=-1", "--answer-after=-1", "--retry-first=0.3", "--retry-most=2")
QUIET_WITHIN = 120.0


class Watched(Clerks):
    """Clerks of whose every try it is noted when it ended and how: (seconds of the monotonic clock, status or word)."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.answers = []

    def _sign_in(self):
        session = super()._sign_in()
        post = session.post

        def noted(*arguments, **options):
            try:
                answer = post(*arguments, **options)
            except requests.RequestException as error:
                self.answers.append((time.monotonic(), unanswered(error)))
                raise
            self.answers.append((time.monotonic(), answer.status_code))
            return answer

        session.post = noted
        return session


def unanswered(error):
    """Nobody listened, so nothing was taken; it took too long; or it was cut after it was taken, and nobody knows."""
    if isinstance(error, requests.Timeout):
        return "late"
    return "refused" if "refused" in str(error) else "cut"


@contextmanager
def load(stack, *, clerks=4, pace=0.1, seed=1):
    """Clerks file for as long as this lasts; every form that was begun is brought to its end."""
    people = Watched(stack, CODES, random.Random(seed), pace=pace, count=clerks)
    people.start()
    try:
        wait_for(lambda: len(people.constancias) >= clerks, "the clerks do not file")
        yield people
    finally:
        people.stop()


def wait_for(condition, what, seconds=60.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, what
        time.sleep(0.02)


def verdict_of(stack, people):
    """When all is quiet: what clerks, house and institutions say, compared."""
    ends = time.monotonic() + QUIET_WITHIN
    while still_open(stack.server.url) and time.monotonic() < ends:
        time.sleep(0.2)
    verdict = compare(stack.server.url, people.constancias, {code: stack.held(code) for code in CODES})
    verdict.faults += people.problems
    return verdict


def statuses(people):
    """{status, or how there was none: how many}"""
    return dict(Counter(status for _, status in people.answers))


def faults_of(answers):
    """Answers that a citizen must never see: an error of ours that says nothing of coming back."""
    return {one: count for one, count in answers.items() if isinstance(one, int) and one >= 500 and one != 503}


def gap_after(people, instant):
    """Seconds from `instant` until the first answer that was good again and came after one that was not."""
    later = sorted((one for one in people.answers if one[0] >= instant), key=lambda one: one[0])
    first_bad = next((at for at, status in later if status != 200), None)
    if first_bad is None:
        return 0.0
    return next(at for at, status in later if status == 200 and at > first_bad) - instant
