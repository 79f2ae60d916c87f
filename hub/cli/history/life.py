"""What the people of a made-up history do by the way: open a notice, send again what stopped, send elsewhere, lapse."""

import hashlib
import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import inbound, lapses, notified, rerouting, routing
from hub.cli.complaint import Complaint
from hub.core.directory import Directory
from hub.core.errors import MesaError
from hub.core.ports import News, NewsKind
from hub.core.statuses import DeliveryStatus, RefusalReason
from hub.inbound import Received
from hub.models import Delivery, Notice, RoleRow, User
from hub.rerouting import Person, Why

Act = Callable[[Session, datetime], None]
_NAMES = UUID(int=0)
SAID_BY = {NewsKind.MOVEMENT: "estado", NewsKind.HELD: "acuse"}
"""The message that says something else than a cargo does."""
WHY = Why(RefusalReason.NOT_COMPETENT, "La institución indicó que no le corresponde")


@dataclass
class Diary:
    """What is to happen, in order: each act at its instant."""

    waiting: list[tuple[datetime, int, Act]] = field(default_factory=list)
    count: "itertools.count[int]" = field(default_factory=itertools.count)

    def add(self, at: datetime, act: Act) -> None:
        heapq.heappush(self.waiting, (at, next(self.count), act))

    def happens(self, session: Session, until: datetime, tell_time: Callable[[datetime], None]) -> int:
        """Do everything that is due; gives how many acts."""
        done = 0
        while self.waiting and self.waiting[0][0] <= until:
            at, _, act = heapq.heappop(self.waiting)
            tell_time(at)
            act(session, at)
            done += 1
        return done


@dataclass
class Life:
    """The people of the sector. `open_since`: what happens from then on is left for whoever looks at the board."""

    directory: Directory
    diary: Diary
    chance: random.Random
    open_since: datetime
    admin: str

    def says(self, at: datetime, news: News) -> None:
        """An institution will say that."""
        self.diary.add(at, lambda session, now: self._hear(session, news, now))

    def _hear(self, session: Session, news: News, now: datetime) -> None:
        digest = hashlib.sha256(news.raw).hexdigest()
        message_id = news.message_id or uuid5(_NAMES, digest)
        kind = SAID_BY.get(news.kind, "cargo")
        received = Received(message_id, news.said_by_ruc, "memory", kind, digest, news.raw, news)
        row, _ = inbound.keep(session, self.directory, received, now)
        session.flush()
        inbound.act_on(session, self.directory, row.id, news, now)
        if news.kind is NewsKind.REFUSED:
            self._at_leisure(now, lambda session, now: self._send_on(session, news, now))
        if news.kind is NewsKind.OBSERVED:
            self.diary.add(now + self._hours(5), lambda session, now: self._opens(session, news, now))

    def _hours(self, median: float) -> timedelta:
        return timedelta(hours=median * self.chance.lognormvariate(0, 0.8))

    def _at_leisure(self, now: datetime, act: Act) -> None:
        """A person takes it in hand some hours later; of the last days' some still wait."""
        if now < self.open_since or self.chance.random() < 0.4:
            self.diary.add(now + self._hours(3), act)

    def stopped(self, cuo: str, now: datetime) -> None:
        """A dead letter: somebody sends it again."""
        self._at_leisure(now, lambda session, now: self._send_again(session, cuo, now))

    def _send_again(self, session: Session, cuo: str, now: datetime) -> None:
        leg = session.scalar(select(Delivery).where(Delivery.cuo == cuo))
        if leg is not None and leg.status is DeliveryStatus.FAILED:
            routing.send_again(session, cuo, "La institución ya lo puede leer", self.admin, now)

    def _send_on(self, session: Session, news: News, now: datetime) -> None:
        to = self.directory.by_ruc(news.right_body_ruc)
        try:
            rerouting.reroute(session, self.directory, news.cuo, to.code, WHY, Person(self.admin), now)
        except MesaError:
            return  # it was taken in hand already

    def _opens(self, session: Session, news: News, now: datetime) -> None:
        """Who filed opens the notice; most correct what was asked, and their institution takes it."""
        leg = select(Delivery.id).where(Delivery.cuo == news.cuo).scalar_subquery()
        notice = session.scalar(select(Notice).where(Notice.delivery_id == leg).order_by(Notice.id.desc()).limit(1))
        if notice is None:
            return
        notified.opened(session, self.directory, notice, now)
        if self.chance.random() < 0.8:
            at = now + self._hours(20)
            taken = News(NewsKind.REGISTERED, news.cuo, at, news.said_by_ruc, registry_number=f"S{news.cuo[-6:]}",
                         registry_year=str(at.year), raw=news.raw + b"<!-- subsanado -->",
                         message_id=UUID(int=self.chance.getrandbits(128), version=4))  # fmt: skip
            self.says(at, taken)

    def lapse(self, session: Session, now: datetime) -> None:
        """What nobody corrected in time."""
        for observation_id in lapses.lapsed_ids(session, now):
            lapses.lapse(session, observation_id, now)


def administrator(session: Session) -> str:
    """Who sends again and elsewhere: the demonstration's administrator of the sector, as each act names them."""
    query = select(User.id).where(User.active, User.roles.any(RoleRow.name == "sector_admin"))
    found = session.scalar(query.order_by(User.id).limit(1))
    if found is None:
        raise Complaint("No hay ninguna cuenta de administrador del sector: la hace make run (o mesa run).")
    return str(found)
