"""A sector's weeks, minute by minute: filings come in, leave, are answered; through the stages that do it every day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from adapters.memory import InMemory
from hub import delivery, intake
from hub.carrying import carry
from hub.cli.history.days import days_before, shares, slices, working_hours_ago
from hub.cli.history.life import Diary, Life, administrator
from hub.cli.history.people import Town, town_of
from hub.cli.history.shelf import Shelf
from hub.core.bodies import AdapterKind
from hub.core.directory import Directory
from hub.core.statuses import DeliveryStatus
from hub.delivery import Claim
from hub.dispatch import Tools, rules_for
from hub.outcomes import record
from hub.parcels import Addresses, parcel_of, sender_of, sobre_of
from hub.wire import seal, sobre

AT_ONCE = 10_000
"""No institution in memory is too busy."""


class Clock:
    """The instant that the history has come to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go_to(self, at: datetime) -> None:
        """It never goes back."""
        self.at = max(self.at, at)


@dataclass
class History:
    """Everything that a history is made with. `tools.adapters` are all the one in memory."""

    tools: Tools
    directory: Directory
    clock: Clock
    town: Town
    life: Life
    retry_at: datetime | None = None

    def day(self, session: Session, day: datetime, count: int, until: datetime) -> int:
        """One day, in one transaction that the caller commits; gives how many filings came."""
        came = 0
        for end, arrivals in slices(day, count, until, self.town.chance):
            for at in arrivals:
                self._receive(session, at)
            came += len(arrivals)
            happened = self.life.diary.happens(session, end, self.clock.go_to)
            self.clock.go_to(end)
            if arrivals or happened or (self.retry_at and self.retry_at <= end):
                self._send(session, end)
            if end.minute == 0:
                self.life.lapse(session, end)
            session.flush()
            session.expunge_all()
        return came

    def _receive(self, session: Session, at: datetime) -> None:
        self.clock.go_to(at)
        one = self.town.arrives(at)
        submission = replace(one.submission, began_at=one.began_at)
        intake.receive(session, self.directory, submission, one.reception, at)

    def _send(self, session: Session, now: datetime) -> None:
        self.retry_at = None
        for recipient in delivery.recipients_with_work(session, now):
            entity = self.directory.by_id(recipient)
            if entity.adapter.kind is not AdapterKind.PULL:
                self._send_to(session, recipient, now)

    def _send_to(self, session: Session, recipient: int, now: datetime) -> None:
        """Claim, sign, hand out, carry, write down: as the worker does, in one transaction."""
        name, lease = self.tools.name, self.tools.lease
        claims = delivery.claim(session, recipient, name, now, lease=lease, cap=AT_ONCE, batch=AT_ONCE)
        session.flush()
        signed = [(one, self._signed(one, now)) for one in claims]
        ask_after = timedelta(seconds=self.tools.settings.ask_after)
        delivery.hand_out(
            session, [(one, raw, seal.digest_of(raw)) for one, raw in signed], now, ask_after=ask_after
        )
        for one, raw in signed:
            self._carry(session, one, raw, now)

    def _signed(self, claim: Claim, now: datetime) -> bytes:
        leg = claim.delivery
        if claim.message.sealed is not None:
            return claim.message.sealed
        addresses = Addresses(self.tools.settings.public_url)
        values = sobre_of(claim.message, leg, leg.filing.documents, self.directory, addresses, now)
        return seal.seal(sobre.build(values), self.tools.signer)

    def _carry(self, session: Session, claim: Claim, raw: bytes, now: datetime) -> None:
        leg, tools = claim.delivery, self.tools
        entity = self.directory.by_id(leg.destination_id)
        addresses = Addresses(tools.settings.public_url)
        values = sobre_of(claim.message, leg, leg.filing.documents, self.directory, addresses, now)
        parcel = parcel_of(
            values, raw, self.directory.partner(entity.code), sender_of(self.directory, leg.filing), [], ""
        )
        outcome, _ = carry(
            tools.adapters["memory"], parcel, must_ask=claim.message.must_ask, clock=self.clock
        )
        at = max(now, outcome.held_since or now)
        record(session, claim, outcome, rules_for(tools, entity), at)
        session.flush()
        if leg.status is DeliveryStatus.FAILED:
            self.life.stopped(leg.cuo, now)
        elif leg.status is DeliveryStatus.QUEUED:
            waits = claim.message.next_try_at
            self.retry_at = min(self.retry_at or waits, waits)


def history_of(tools: Tools, session: Session, clock: Clock, seed: int, now: datetime) -> History:
    """A history of the sector that the tools know, drawn from a seed; its last two working days are left open."""
    chance, directory = random.Random(seed), tools.directory  # noqa: S311 - a story, not a secret
    town = town_of(directory, chance, now, Shelf(tools.store).document)
    calendar = directory.calendar(directory.operator.code)
    life = Life(directory, Diary(), chance, working_hours_ago(now, 18, calendar), administrator(session))
    memory = InMemory(clock, life.says, chance, lambda ruc: _another(town, ruc))
    memory.outages.extend(_outages(town, chance, now, working_hours_ago(now, 2, calendar)))
    return History(replace(tools, adapters={"memory": memory}, clock=clock), directory, clock, town, life)


def _another(town: Town, ruc: str) -> str:
    return str(town.chance.choice([body for body in town.bodies if body.ruc != ruc]).ruc)


def _outages(
    town: Town, chance: random.Random, now: datetime, silent_since: datetime
) -> Iterator[tuple[str, datetime, datetime]]:
    """Each institution that is called was down some hours a month; the last of them does not answer now."""
    called = [body for body in town.bodies if body.adapter.kind not in (AdapterKind.HOSTED, AdapterKind.PULL)]
    for body in called:
        for back in range(3, 90, 30):
            since = now - timedelta(days=back + chance.uniform(0, 20))
            yield str(body.ruc), since, since + timedelta(hours=chance.uniform(0.5, 4))
    if called:
        yield str(called[-1].ruc), silent_since, now + timedelta(days=1)


def make(history: History, session: Session, filings: int, days: int, now: datetime) -> Iterator[tuple[datetime, int]]:
    """Live so many days until now; commits each and gives (its midnight, filings so far)."""
    calendar = history.directory.calendar(history.directory.operator.code)
    dates, made = days_before(now, days), 0
    for day, count in zip(dates, shares(dates, filings, calendar), strict=True):
        made += history.day(session, day, count, now)
        session.commit()
        session.expunge_all()
        yield day, made
