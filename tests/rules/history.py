"""A sector in which anything may happen in any order: what a person, a destination, the clock and a worker do.

Every step is one of the house's own stages in a transaction of its own, as a door would call it; what the law or the
table of steps forbids is refused, and leaves nothing behind.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import alarms, corrections, decrees, delivery, inbound, intake, lapses, observations, rerouting, withdrawing
from hub.again import again_from
from hub.core.bodies import DecreeDayRecord
from hub.core.calendar import local_date
from hub.core.errors import MesaError
from hub.core.ports import News, NewsKind
from hub.core.statuses import Movement, RefusalReason
from hub.corrections import Correction
from hub.intake import Reception
from hub.models import Delivery, Filing, InboundMessage, Observation
from hub.observations import Asked
from hub.outcomes import record
from hub.rerouting import Person, Why
from hub.routing import send_again
from tests.stages.legs import LEASE, RULES, SEALED, outcome, received
from tests.stages.observed import WITH_TUPA, a_file, lima
from tests.stages.sector import BODIES, a_submission, make_sector

CODES = tuple(BODIES)
ITEMS = ("Falta la firma", "Falta el anexo 2", "El plano no tiene escala")
WHY = Why(RefusalReason.NOT_COMPETENT, "No es de su competencia")
_numbers = count(1)


class History:
    """One history: its database, its sector, its clock. Chosen rows are named by a number, wrapped around."""

    def __init__(self, engine):
        self.connection = engine.connect()
        self.transaction = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        self.directory = make_sector(self.session, **WITH_TUPA)
        self.session.commit()
        self.now = lima("2026-11-20", 9)
        self.presented = {}
        self.refused = 0
        """Steps that the house did not allow."""

    def close(self):
        self.session.close()
        self.transaction.rollback()
        self.connection.close()

    def step(self, act, *given, **named):
        """Do it and commit; what it forbids is taken back whole."""
        try:
            result = act(*given, **named)
            self.session.commit()
        except MesaError:
            self.session.rollback()
            self.refused += 1
            return None
        return result

    def pick(self, kind, number):
        """The row of that number, the newest first."""
        rows = self.session.scalars(select(kind).order_by(kind.id.desc())).all()
        return rows[number % len(rows)] if rows else None

    def pick_open(self, number):
        """An observation, rather one that is open."""
        is_open = select(Observation).where(Observation.closed_at.is_(None)).order_by(Observation.id.desc())
        rows = self.session.scalars(is_open).all()
        return rows[number % len(rows)] if rows else self.pick(Observation, number)

    # What people do

    def file(self, destination, counter_of, channel, asked):
        where = Reception(channel, destination if channel == "online" else counter_of, "central")
        submission = replace(a_submission(destination_code=destination), procedure_code="IGP-07")
        if destination not in WITH_TUPA:
            submission = replace(submission, procedure_code="")
        asked = None if channel == "online" else asked
        filing = self.step(
            lambda: intake.receive(self.session, self.directory, submission, where, self.now, observed=asked)
        )
        self.presented[filing.id] = filing.presented_at

    def correct(self, number, answer, token):
        observation = self.pick_open(number)
        if observation:
            given = Correction(token or uuid4(), (answer,), (a_file(),))
            self.step(lambda: corrections.submit(self.session, self.directory, observation, given, self.now))

    def notify(self, number, how):
        observation = self.pick_open(number)
        if observation:
            self.step(lambda: observations.notify(self.session, self.directory, observation, self.now, how))

    def withdraw(self, number):
        filing = self.pick(Filing, number)
        if filing:
            self.step(lambda: withdrawing.take_back(self.session, filing, "7", self.now))

    def present_again(self, number):
        filing = self.pick(Filing, number)
        if filing:
            files = a_submission().files
            made = self.step(lambda: again_from(self.session, self.directory, filing, files, self.now))
            if made is not None:
                self.presented.setdefault(made.id, made.presented_at)

    def reroute(self, number, to, is_confirmed):
        leg, by = self.pick(Delivery, number), Person("7")
        if leg:
            self.step(lambda: rerouting.reroute(
                self.session, self.directory, leg.cuo, to, WHY, by, self.now, is_confirmed=is_confirmed
            ))  # fmt: skip

    def send_again(self, number):
        leg = self.pick(Delivery, number)
        if leg:
            self.step(lambda: send_again(self.session, leg.cuo, "se corrigió la dirección", "7", self.now))

    # What destinations, workers and the clock do

    def say(self, number, kind, items, age, is_repeated):
        """News of a leg's destination, kept and acted on as the doors do; parked where it does not fit."""
        leg = self.pick(Delivery, number)
        if leg is None:
            return
        said = News(
            NewsKind(kind),
            leg.cuo,
            self.now - age,
            self.directory.by_id(leg.destination_id).ruc,
            message_id=uuid4(),
            items=items,
            text="Corríjalo" if kind == "observed" else "No es de aquí",
            reason=WHY.reason if kind == "refused" else None,
            movement=Movement.IN_PROCESS if kind == "movement" else None,
            registry_number="00077",
            raw=b"<mensaje n='%d'/>" % next(_numbers),
        )
        for _ in range(2 if is_repeated else 1):
            self.step(lambda: self._take(said))

    def _take(self, said):
        row, _ = inbound.keep(self.session, self.directory, received(said), self.now)
        inbound.act_on(self.session, self.directory, row.id, said, self.now)

    def set_aside(self, number):
        message = self.pick(InboundMessage, number)
        if message:
            self.step(lambda: inbound.set_aside(self.session, message.id, "ya no hace falta", "7", self.now))

    def carry(self, code, kind):
        """One attempt at what is due at an institution."""
        body = self.directory.entity(code)
        found = self.step(
            lambda: delivery.claim(self.session, body.id, "w1", self.now, lease=LEASE, cap=4, batch=1)
        )
        for mine in found or ():
            self.step(delivery.hand_out, self.session, [(mine, SEALED, "digest")], self.now)
            held = {"held_since": self.now} if kind in ("ack", "has") else {"code": kind.upper()}
            rules = replace(RULES, destination=code, calendar=self.directory.calendar(code))
            self.step(record, self.session, mine, outcome(kind, self.now, **held), rules, self.now)

    def wait(self, hours):
        """Time passes, and the clock's rounds are made."""
        self.now += timedelta(hours=hours)
        self.step(lambda: delivery.free_stuck(self.session, self.now))
        for one in lapses.lapsed_ids(self.session, self.now):
            self.step(lapses.lapse, self.session, one, self.now)
        self.step(lambda: alarms.write_overdue(self.session, self.now))

    def decree(self, in_days):
        """A day to come is made non-business; open terms are counted anew."""
        day = local_date(self.now) + timedelta(days=in_days)
        norm = "DS 042-2026-PCM"
        row = self.step(
            lambda: decrees.record_day(self.session, self.directory, day, norm, (), "minam", self.now)
        )
        if row is not None:
            days = (*self.directory.decree_days, DecreeDayRecord(day, norm))
            self.directory = replace(self.directory, decree_days=days)
            self.step(lambda: list(decrees.settle(self.session, self.directory, row, self.now)))


ASKED = Asked(ITEMS[:2], allegations="Dice que lo trae mañana")
