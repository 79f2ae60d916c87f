"""The sandbox in memory: institutions that answer at once and say later what became of it, on a clock that is given.

Nothing crosses the network, and what happens is drawn from a seed: the same seed, the same history.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, Has, HasNot, News, NewsKind, Parcel, Partner
from hub.core.statuses import Movement, RefusalReason

Later = Callable[[datetime, News], None]
"""Takes what an institution will say, and when."""


@dataclass(frozen=True)
class Manners:
    """How institutions behave: shares of what they take, and how long they need."""

    unreadable: float = 0.003
    refused: float = 0.012
    observed: float = 0.006
    answered: float = 0.5
    acknowledges: float = 1.5
    """Seconds, the median."""
    registers: float = 5400.0
    spread: float = 0.9
    """Of the logarithm of both."""


@dataclass
class InMemory:
    """Every institution, by one adapter. `outages` are (RUC, from, until); `ask_again` who knows what it holds."""

    clock: Callable[[], datetime]
    later: Later
    chance: random.Random
    competent: Callable[[str], str]
    """RUC of who refuses -> RUC of who is competent."""
    manners: Manners = field(default_factory=Manners)
    outages: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    def deliver(self, parcel: Parcel) -> Ack:
        """Take a parcel, or fail as an institution does that is down or cannot read it."""
        now, ruc = self.clock(), parcel.partner.ruc
        if any(body == ruc and since <= now < until for body, since, until in self.outages):
            raise TemporaryFailure("UNREACHABLE", may_have_arrived=False)
        if self.chance.random() < self.manners.unreadable:
            raise PermanentFailure("SCHEMA_INVALID", "no se pudo leer el Sobre", raw=b"<error/>")
        self.held.add(parcel.cuo)
        held_since = now + self._about(self.manners.acknowledges)
        self._decide(parcel, held_since)
        return Ack(held_since, raw=f"<Acuse cuo='{parcel.cuo}'/>".encode())

    def status_of(self, partner: Partner, cuo: str) -> Has | HasNot | CannotTell:
        """Whether it holds a leg; what it says of it comes by itself."""
        return Has(held_since=self.clock()) if cuo in self.held else HasNot()

    def _about(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * self.chance.lognormvariate(0, self.manners.spread))

    def _decide(self, parcel: Parcel, held_since: datetime) -> None:
        """What its registry will say, and when."""
        at, drawn = held_since + self._about(self.manners.registers), self.chance.random()
        if drawn < self.manners.refused:
            right = self.competent(parcel.partner.ruc)
            self._say(at, parcel, NewsKind.REFUSED, reason=RefusalReason.NOT_COMPETENT, right_body_ruc=right,
                      text="No es de su competencia")  # fmt: skip
        elif drawn < self.manners.refused + self.manners.observed:
            self._say(at, parcel, NewsKind.OBSERVED, items=("Falta la firma en la última página",))
        else:
            self._register(at, parcel)

    def _register(self, at: datetime, parcel: Parcel) -> None:
        number = self.numbers[parcel.partner.code] = self.numbers.get(parcel.partner.code, 0) + 1
        self._say(at, parcel, NewsKind.REGISTERED, registry_number=f"{number:06d}", registry_year=str(at.year),
                  unit="Mesa de Partes")  # fmt: skip
        if self.chance.random() < self.manners.answered:
            answered_at = at + timedelta(days=self.chance.uniform(1, 20))
            self._say(answered_at, parcel, NewsKind.MOVEMENT, movement=Movement.ANSWERED, unit="Oficina")

    def _say(self, at: datetime, parcel: Parcel, kind: NewsKind, **values: object) -> None:
        message_id = UUID(int=self.chance.getrandbits(128), version=4)
        raw = f"<Noticia id='{message_id}' cuo='{parcel.cuo}' dice='{kind.value}'/>".encode()
        news = News(kind, parcel.cuo, at, parcel.partner.ruc, message_id, raw=raw, **values)  # type: ignore[arg-type]
        self.later(at, news)
