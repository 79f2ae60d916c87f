"""Dispatch: what a worker does with the outbox. Commit the claim; call with no transaction open; commit the outcome."""

import logging
import random
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from hub import delivery
from hub.carrying import Clock, carry
from hub.core.bodies import AdapterKind
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import ContractError, MesaError
from hub.core.messages import Sobre
from hub.core.ports import Adapter, News, Parcel, Signer, TimeStamper
from hub.live_directory import LiveDirectory
from hub.outcomes import Outcome, OutcomeKind, Rules, record
from hub.parcels import Addresses, parcel_of, sobre_of
from hub.receiving import received_when_asked, take
from hub.settings import Settings
from hub.storage import Store
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
    stamper: TimeStamper | None = None
    """The time-stamp authority, where one is set."""

    @property
    def directory(self) -> Directory:
        return self.live_directory.current()

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.settings.lease)


@dataclass
class Lane:
    """One institution's threads in this process, so that one that hangs costs the others nothing."""

    pool: ThreadPoolExecutor
    width: int
    busy: int = 0


@dataclass
class Dispatcher:
    """Claims what is due and carries it, a lane an institution. `wake` is called when a lane has room again."""

    tools: Tools
    wake: threading.Event
    lanes: dict[int, Lane] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def dispatch(self) -> int:
        """Claim and hand to the lanes everything that has room. Gives how many messages were claimed."""
        tools = self.tools
        with tools.sessions() as session:
            recipients = delivery.recipients_with_work(session, tools.clock())
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
            parcels = [(claim, parcel) for claim in claims if (parcel := self._written(claim, entity))]
        if parcels:
            self._hand_out(parcels, entity, lane)
        return len(claims)

    def _written(self, claim: delivery.Claim, entity: EntityRecord) -> Parcel | None:
        """The parcel of a claim; None for one that cannot be written, which a person must look at."""
        try:
            return self._parcel(claim, entity)
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

    def _parcel(self, claim: delivery.Claim, entity: EntityRecord) -> Parcel:
        """The parcel of a claim, signed now if it was never signed."""
        tools, leg = self.tools, claim.delivery
        directory, documents = tools.directory, leg.filing.documents
        addresses = Addresses(tools.settings.public_url)
        sealed = claim.message.sealed
        if sealed is None:
            values = sobre_of(claim.message, leg, documents, directory, addresses, tools.clock())
            sealed = seal.seal(sobre.build(values), tools.signer)
        else:  # a retry carries what was signed, so its values are read from it
            values = cast(Sobre, sobre.read_message(xml.parse(sealed)))
        return parcel_of(
            values,
            sealed,
            directory.partner(entity.code),
            directory.by_id(leg.filing.received_by_id),
            [(document, tools.store.open) for document in documents],
            addresses.link(claim.link_token),
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
            outcome, news = carry(adapter, parcel, must_ask=claim.message.must_ask, clock=self.tools.clock)
            self._record(claim, outcome, news, entity)
            log.info("%s: %s %s", parcel.cuo, outcome.kind.value, outcome.code)
        except Exception:
            # Nobody waits for this thread's result: the lease will free the claim, and the next try asks first.
            log.exception("%s: carrying failed", parcel.cuo)
        finally:
            self._leave(lane)

    def _record(self, claim: delivery.Claim, outcome: Outcome, news: tuple[News, ...], entity: EntityRecord) -> None:
        tools = self.tools
        with tools.sessions() as session:
            record(session, claim, outcome, rules_for(tools, entity), tools.clock())
            session.commit()
            apply_news(session, tools, news)


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
