"""Dispatch: what a worker does with the outbox. Commit the claim; call with no transaction open; commit the outcome."""

import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from hub import annexes, delivery, quarantine
from hub.carrying import Clock, Prepare, carry
from hub.core.bodies import AdapterKind
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import ContractError, MesaError
from hub.core.messages import Sobre
from hub.core.ports import Adapter, Fetcher, News, Parcel, Signer
from hub.core.services import Scanner, TimeStamper
from hub.live_directory import LiveDirectory
from hub.models import Delivery, Document, Sending
from hub.national_numbers import NumberGiver, numbered
from hub.outcomes import Outcome, OutcomeKind, Rules, record
from hub.parcels import Addresses, handed_in, parcel_of, sender_of, sobre_of
from hub.receiving import received_when_asked, take
from hub.sendings import of_leg, sent_by
from hub.settings import Settings
from hub.storage import Store
from hub.tracing import span
from hub.wire import seal, sobre, xml

log = logging.getLogger("mesa.worker")


@dataclass(frozen=True)
class Tools:
    """What a worker is given. `name` is unique to the process: it names its claims."""

    name: str
    settings: Settings
    sessions: sessionmaker[Session]
    live_directory: LiveDirectory
    adapters: Mapping[str, Adapter]
    signer: Signer
    ledger_signer: Signer
    store: Store
    clock: Clock
    fetcher: Fetcher | None = None
    """Fetches what institutions announce by an address, where that is set up."""
    stamper: TimeStamper | None = None
    """The time-stamp authority, where one is set."""
    scanner: Scanner | None = None
    """The antivirus, where one is set."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set once the process is to end: what takes long leaves off."""

    @property
    def directory(self) -> Directory:
        return self.live_directory.current()

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.settings.lease)


@dataclass(frozen=True)
class Side:
    """Other work than Sobres that goes in an institution's lane.

    `recipients` gives the rows of those that have some; `due` claims so many pieces at most, and gives what does each.
    """

    recipients: Callable[[Session, datetime], Sequence[int]]
    due: Callable[[Tools, EntityRecord, int], Sequence[Callable[[], None]]]


@dataclass
class Lane:
    """One institution's threads in this process, so that one that hangs costs the others nothing."""

    pool: ThreadPoolExecutor
    width: int
    busy: int = 0


def _documents(claim: delivery.Claim) -> list[Document]:
    """What goes with a claim: what the filer handed in."""
    return handed_in(claim.delivery.filing.documents)


@dataclass
class Dispatcher:
    """Claims what is due and carries it, a lane an institution. `wake` is called when a lane has room again."""

    tools: Tools
    wake: threading.Event
    sides: tuple[Side, ...] = ()
    lanes: dict[int, Lane] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def dispatch(self) -> int:
        """Claim and hand to the lanes everything that has room. Gives how many messages were claimed."""
        tools = self.tools
        with tools.sessions() as session:
            now = tools.clock()
            recipients = delivery.recipients_with_work(session, now)
            others = (one for side in self.sides for one in side.recipients(session, now))
            recipients += [one for one in dict.fromkeys(others) if one not in recipients]
        return sum(self._fill(recipient) for recipient in recipients)

    def _fill(self, recipient: int) -> int:
        """Fill one lane. What goes wrong here is this institution's; a database that is down is everybody's."""
        try:
            return self._claim(self.tools.directory.by_id(recipient))
        except DBAPIError:
            raise
        except Exception:
            log.exception("institution %s: filling its lane failed", recipient)
            return 0

    def _claim(self, entity: EntityRecord) -> int:
        if entity.adapter.kind is AdapterKind.PULL:
            return 0  # it fetches what is its own
        tools, lane = self.tools, self._lane(entity)
        room = min(lane.width - lane.busy, tools.settings.worker_batch)
        if room <= 0:
            return 0
        with tools.sessions() as session:
            claims = delivery.claim(
                session, entity.id, tools.name, tools.clock(), lease=tools.lease, cap=entity.in_flight, batch=room
            )
            session.commit()
            held = quarantine.held_among(session, {one.sha256 for claim in claims for one in _documents(claim)})
            written = ((claim, self._written(session, claim, entity, held)) for claim in claims)
            parcels = [(claim, parcel) for claim, parcel in written if parcel]
        if parcels:
            self._hand_out(parcels, entity, lane)
        return len(claims) + self._fill_sides(entity, lane)

    def _fill_sides(self, entity: EntityRecord, lane: Lane) -> int:
        """Hand to the lane what else is due there, in the room that is left."""
        filled = 0
        for side in self.sides:
            room = min(lane.width - lane.busy, self.tools.settings.worker_batch)
            pieces = side.due(self.tools, entity, room) if room > 0 else ()
            for piece in pieces:
                with self.lock:
                    lane.busy += 1
                lane.pool.submit(self._do, piece, entity, lane)
            filled += len(pieces)
        return filled

    def _do(self, piece: Callable[[], None], entity: EntityRecord, lane: Lane) -> None:
        try:
            piece()
        except Exception:  # as in `_carry`: its lease will free the claim
            log.exception("institution %s: a piece of work failed", entity.code)
        finally:
            self._leave(lane)

    def _written(
        self, session: Session, claim: delivery.Claim, entity: EntityRecord, held: frozenset[str]
    ) -> Parcel | None:
        """The parcel of a claim; None for one that cannot be written, which a person must look at.

        `held`: the SHA-256 of what is in quarantine, and leaves for nowhere.
        """
        try:
            if any(one.sha256 in held for one in _documents(claim)):
                raise quarantine.Quarantined()
            return self._parcel(session, claim, entity)
        except (MesaError, ValueError, LookupError) as error:
            log.exception("%s: its parcel cannot be written", claim.delivery.cuo)
            code = error.code if isinstance(error, MesaError) else "PARCEL_NOT_WRITTEN"
            now = self.tools.clock()
            outcome = Outcome(OutcomeKind.PERMANENT, now, now, code=code, detail=str(error), is_about_institution=False)
            self._record(claim, outcome, (), entity)
            return None

    def _lane(self, entity: EntityRecord) -> Lane:
        lane = self.lanes.get(entity.id)
        if lane is None:
            pool = ThreadPoolExecutor(entity.in_flight, thread_name_prefix=entity.code)
            lane = self.lanes[entity.id] = Lane(pool, entity.in_flight)
        return lane

    def _parcel(self, session: Session, claim: delivery.Claim, entity: EntityRecord) -> Parcel:
        """The parcel of a claim, signed now if it was never signed."""
        tools, leg = self.tools, claim.delivery
        directory, documents = tools.directory, leg.filing.documents
        addresses = Addresses(tools.settings.public_url)
        sealed = claim.message.sealed
        sending = travelling(session, leg, tools.clock()) if sealed is None else of_leg(session, leg)
        if sealed is None:
            notes = (annexes.in_words(sending),)
            values = sobre_of(claim.message, leg, documents, directory, addresses, tools.clock(), notes)
            sealed = seal.seal(sobre.build(values), tools.signer)
        else:  # a retry carries what was signed, so its values are read from it
            values = cast(Sobre, sobre.read_message(xml.parse(sealed)))
        return parcel_of(
            values,
            sealed,
            directory.partner(entity.code),
            sender_of(directory, leg.filing),
            [(document, tools.store.open) for document in documents],
            addresses.link(claim.link_token),
            sent_by(sending) if sending else None,
            annexes.missing_of(sending),
        )

    def _hand_out(self, parcels: list[tuple[delivery.Claim, Parcel]], entity: EntityRecord, lane: Lane) -> None:
        with self.tools.sessions() as session:
            signed = [(claim, parcel.sealed, seal.digest_of(parcel.sealed)) for claim, parcel in parcels]
            ask_after = rules_for(self.tools, entity).ask_after
            ours = delivery.hand_out(session, signed, self.tools.clock(), ask_after=ask_after)
            session.commit()
        for claim, parcel in parcels:
            if claim.message.id in ours:
                with self.lock:
                    lane.busy += 1
                lane.pool.submit(self._carry, claim, parcel, entity, lane)

    def _leave(self, lane: Lane) -> None:
        with self.lock:
            lane.busy -= 1
        self.wake.set()

    def _carry(self, claim: delivery.Claim, parcel: Parcel, entity: EntityRecord, lane: Lane) -> None:
        try:
            adapter = self.tools.adapters[entity.adapter.kind.value]
            prepare = self._prepare(claim, entity, adapter)
            must_ask, clock = claim.message.must_ask, self.tools.clock
            with span("deliver", cuo=parcel.cuo, institution=entity.code):
                outcome, news = carry(adapter, parcel, must_ask=must_ask, clock=clock, prepare=prepare)
            self._record(claim, outcome, news, entity)
            log.info("%s: %s %s", parcel.cuo, outcome.kind.value, outcome.code)
        except Exception:
            # Nobody waits for this thread's result: the lease will free the claim, and the next try asks first.
            log.exception("%s: carrying failed", parcel.cuo)
        finally:
            self._leave(lane)

    def _prepare(self, claim: delivery.Claim, entity: EntityRecord, adapter: Adapter) -> Prepare | None:
        """By the national platform a leg goes under a number of the platform's, committed before it is sent."""
        if entity.adapter.kind is not AdapterKind.PIDE:
            return None
        return partial(numbered, self.tools.sessions, cast(NumberGiver, adapter), claim.delivery.id)

    def _record(self, claim: delivery.Claim, outcome: Outcome, news: tuple[News, ...], entity: EntityRecord) -> None:
        tools = self.tools
        with tools.sessions() as session:
            record(session, claim, outcome, rules_for(tools, entity), tools.clock())
            session.commit()
            apply_news(session, tools, news)


def travelling(session: Session, leg: Delivery, now: datetime) -> Sending | None:
    """What an institution sent in that a leg carries, its Sobre about to be signed: what is not here stays behind.

    Committed where annexes were waited for still: no lock is left.
    """
    sending = of_leg(session, leg)
    if sending is not None and sending.annexes == annexes.WAITING:
        annexes.leave_behind(session, sending.id, now)
        session.commit()
    return sending


def rules_for(tools: Tools, entity: EntityRecord) -> Rules:
    """The rules by which an outcome at this institution is judged."""
    settings = tools.settings
    has_nobody_to_ask = entity.adapter.kind.value == "hosted"
    return Rules(
        retry=settings.retry_policy,
        breaker=settings.breaker_policy,
        lease=tools.lease,
        ask_after=None if has_nobody_to_ask else timedelta(seconds=settings.ask_after),
        remittance_policy=entity.remittance_policy,
        calendar=tools.directory.calendar(entity.code),
        destination=entity.code,
        chance=random.random(),  # noqa: S311 - jitter, not a secret
    )


def apply_news(session: Session, tools: Tools, news: tuple[News, ...]) -> None:
    """Keep and apply what asking brought, each message in its own two transactions."""
    for one in news:
        try:
            take(session, tools.directory, received_when_asked(one), tools.clock())
        except ContractError as error:  # what is not theirs to say; what they say besides still counts
            session.rollback()
            log.warning("%s: an answer was not taken: %s", one.cuo, error.code)
