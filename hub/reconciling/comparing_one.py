"""One comparison with one institution: by its list where it keeps one, then question by question, then its balance."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from hub import balances, comparing, comparisons
from hub.core.bodies import AdapterKind, EntityRecord
from hub.core.comparing import gap, theirs_in
from hub.core.errors import DeliveryFailure, TemporaryFailure
from hub.core.ports import LIST_TOO_LONG, Listed, Lister
from hub.dispatch import Tools
from hub.due_legs import Due, due_legs, made_up
from hub.models import Comparison
from hub.reconciling.holding import Hold, LeftOff
from hub.reconciling.questions import FAILURES, Questions
from hub.wire.balances import sign_balance

log = logging.getLogger("mesa.worker")
FETCHES: Final = "FETCHES_BY_ITSELF"
"""It is never called: it fetches, and compares by the balance that it fetches too."""
SILENT: Final = "DOES_NOT_ANSWER"
CLOSED: Final = "MAY_NOT_BE_CALLED"
"""It is paused, in its window of maintenance, or its breaker is open."""
FAILED: Final = "FAILED_HERE"
SHARE: Final = 4
"""The part of the questions of a comparison that goes to what a list says alike: a quarter at most."""
TRIES: Final = 3
"""How often it is begun before it ends with FAILED: what fails here shall not question anybody without end."""


def carry_out(tools: Tools, run: Comparison) -> bool:
    """Compare, write down what came of it and, for a night, sign its balance. False where it was left to another.

    One that was begun too often and never came to an end ends here, not compared.
    """
    body = tools.directory.by_id(run.entity_id)
    if run.tries > TRIES:
        return _finish(tools, run, body, Done(FAILED, ()))
    try:
        with Hold(tools, run) as hold:
            done = _done(tools, run, body, hold)
    except LeftOff:
        with tools.sessions() as session:
            comparisons.put_back(session, run.id, tools.name)
            session.commit()
        return False
    return _finish(tools, run, body, done)


def _done(tools: Tools, run: Comparison, body: EntityRecord, hold: Hold) -> "Done":
    with tools.sessions() as session:
        settings, now = tools.settings, tools.clock()
        run.since = comparisons.reach(session, run, timedelta(days=settings.reconcile_days))
        comparing.close_taken_back(session, body.id, now)
        share = settings.reconcile_most // 2
        due = due_legs(session, body.id, run.since, settings.reconcile_sample, share, now)
        if settings.is_demo:
            due = _without_made_up(session, body, due, now)
        session.commit()
    adapter = tools.adapters.get(body.adapter.kind.value)
    if adapter is None or body.adapter.kind is AdapterKind.PULL:
        return Done(FETCHES, due)
    return _compared(tools, run, due, Questions(tools, body, adapter, hold.check))


def _without_made_up(session: Session, body: EntityRecord, due: list[Due], now: datetime) -> list[Due]:
    """What an institution's own system can be asked about. What was told of the rest before is closed; flushed."""
    if body.adapter.kind is AdapterKind.HOSTED:
        return due
    unknown = made_up(session, body.id)
    comparing.close_among(session, body.id, unknown, now)
    return [one for one in due if one.cuo not in unknown]


@dataclass(frozen=True)
class Done:
    """What came of it. `left`: legs that were not compared; `unanswered`: of which nothing was said."""

    code: str
    left: Sequence[Due]
    unanswered: Sequence[Due] = ()
    counts: dict[str, int] = field(default_factory=dict)


def _compared(tools: Tools, run: Comparison, due: list[Due], questions: Questions) -> Done:
    if not questions.may_ask():
        return Done(CLOSED, due)
    try:
        lines = _list(tools, run, questions)
        questions.check()
    except DeliveryFailure as error:
        log.info("%s: its list was not given: %s", questions.body.code, error.code)
        return Done(SILENT, due)
    left = due if lines is None else _unlike(tools, questions, due, lines)
    left = questions.ask(left)
    code = "" if not left or questions.asked >= tools.settings.reconcile_most else CLOSED
    code = SILENT if questions.in_a_row >= FAILURES else code
    return Done(code, left, questions.unanswered, questions.counts)


def _list(tools: Tools, run: Comparison, questions: Questions) -> tuple[Listed, ...] | None:
    """The institution's own list, as far back as what moved and what nobody here knows."""
    if not isinstance(questions.adapter, Lister):
        return None
    since = run.since or run.asked_at
    with tools.sessions() as session:
        oldest = comparing.oldest_stranger(session, questions.body.id)
    since = min(since, oldest or since) - timedelta(minutes=1)
    partner = tools.directory.partner(questions.body.code)
    try:
        lines = questions.adapter.list_since(partner, since, questions.check)
    except TemporaryFailure as error:
        if error.code != LIST_TOO_LONG:
            raise
        log.warning("%s: its list has no end, so that it is asked one by one", questions.body.code)
        return None
    run.listed = len(lines) if lines is not None else None
    return lines


def _unlike(tools: Tools, questions: Questions, due: list[Due], lines: tuple[Listed, ...]) -> list[Due]:
    """What must be asked about: of what is due, and of the list, what the two do not say alike.

    A list is not signed and closes nothing: what differed is asked about. It tells no movement either, so that by lot
    a share of what is registered is asked about too. What nobody here knows is written down at once.
    """
    body_id, now = questions.body.id, tools.clock()
    theirs = {line.cuo: theirs_in(line) for line in lines}
    with tools.sessions() as session:
        comparing.strangers(session, body_id, lines, now)
        ours = comparing.ours_now(session, body_id, list(theirs))
        differed = {one.cuo for one in comparing.open_ones(session, body_id)}
        session.commit()
    alike = {cuo for cuo, one in ours.items() if cuo not in differed and gap(one, theirs[cuo]) is None}
    spared = alike - _by_lot({cuo for cuo in alike if ours[cuo].may_move}, tools.settings.reconcile_most // SHARE)
    known = {one.cuo for one in due}
    others = [Due(0, cuo) for cuo in ours if cuo not in known]
    return [one for one in [*due, *others] if one.cuo not in spared]


def _by_lot(cuos: set[str], most: int) -> set[str]:
    return set(random.sample(sorted(cuos), min(most, len(cuos))))


def _finish(tools: Tools, run: Comparison, body: EntityRecord, done: Done) -> bool:
    """Write it all down in one transaction, the balance of a night with it."""
    now = tools.clock()
    with tools.sessions() as session:
        if not comparisons.keep(session, run.id, tools.name, now):
            return False
        row = session.get_one(Comparison, run.id)
        row.finished_at, row.code, row.since, row.listed = now, done.code, run.since, run.listed
        row.left_out, row.until = len(done.left), _reached(run, done)
        for name, count in done.counts.items():
            setattr(row, name, count)
        if row.day is not None:
            balances.make(session, tools.directory, body, row, lambda it: sign_balance(tools.ledger_signer, it), now)
        session.commit()
    log.info("compared with %s: %s %s, %s left", body.code, done.code or "well", done.counts, len(done.left))
    return True


def _reached(run: Comparison, done: Done) -> datetime | None:
    """Up to when what moved was compared: the next comparison goes on from there."""
    if done.code in (FETCHES, FAILED):
        return None
    missed = [one.moved_at for one in (*done.left, *done.unanswered) if one.moved_at is not None]
    return min(missed, default=run.started_at)
