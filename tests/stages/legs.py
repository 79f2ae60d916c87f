"""A leg on its way, for the tests of delivery, outcomes and the way back: claims, outcomes, news in few words."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

from sqlalchemy import select

from hub import delivery
from hub.core.calendar import Calendar, Policy
from hub.core.ports import News, NewsKind
from hub.core.retrying import BreakerPolicy, RetryPolicy
from hub.core.statuses import DeliveryStatus, MessageKind
from hub.inbound import Received
from hub.models import Attempt, Delivery, Event, InstitutionState, OutboundMessage
from hub.outcomes import Outcome, OutcomeKind, Rules, record
from tests.stages.sector import BODIES, NOW, a_submission, take

LEASE = timedelta(minutes=2)
SEALED = b"<Sobre/>"
RULES = Rules(
    retry=RetryPolicy(jitter=0),
    breaker=BreakerPolicy(),
    lease=LEASE,
    ask_after=timedelta(minutes=10),
    remittance_policy=Policy.NEXT_BUSINESS_DAY,
    calendar=Calendar(),
    destination="igp",
    chance=0.5,
)
_bytes = count(1)


def later(**more):
    return NOW + timedelta(**more)


def claim(session, entity_id, worker="w1", now=NOW, cap=4, batch=16):
    claims = delivery.claim(session, entity_id, worker, now, lease=LEASE, cap=cap, batch=batch)
    session.flush()
    return claims


def claim_one(session, leg, worker="w1", now=NOW):
    """Claim a leg's message, which is the only one due, and hand it out."""
    (mine,) = claim(session, leg.destination_id, worker, now)
    assert delivery.hand_out(session, [(mine, SEALED, "digest")], now) == {mine.message.id}
    return mine


def outcome(kind, now=NOW, **values):
    return Outcome(OutcomeKind(kind), now, now, **values)


def record_one(session, mine, kind, now=NOW, rules=RULES, **values):
    """Record what came of a claim; True if it was still ours."""
    is_ours = record(session, mine, outcome(kind, now, **values), rules, now)
    session.flush()
    return is_ours


def try_once(session, leg, kind, now=NOW, **values):
    """One whole attempt: claimed, handed out, recorded."""
    return record_one(session, claim_one(session, leg, now=now), kind, now, **values)


def message_of(session, leg):
    query = select(OutboundMessage).where(OutboundMessage.once == f"sobre:{leg.cuo}")
    return session.scalars(query.execution_options(populate_existing=True)).one()


def state_of(session, entity_id):
    return session.get(InstitutionState, entity_id, populate_existing=True)


def attempts_of(session, leg):
    query = select(Attempt).join(OutboundMessage).where(OutboundMessage.delivery_id == leg.id).order_by(Attempt.id)
    return session.scalars(query).all()


def events_of(session, leg, kind=None):
    query = select(Event).where(Event.filing_id == leg.filing_id).order_by(Event.id)
    return session.scalars(query.where(Event.kind == kind) if kind else query).all()


def leg_of(session, cuo):
    return session.scalars(select(Delivery).where(Delivery.cuo == cuo).execution_options(populate_existing=True)).one()


def news(leg, kind, at=NOW, by="igp", **values):
    """News of our own contract, signed by `by`."""
    given = {"message_id": uuid4(), "raw": b"<mensaje n='%d'/>" % next(_bytes)} | values
    return News(NewsKind(kind), leg.cuo, at, BODIES[by][0], **given)


def received(one, **changes):
    """A message that holds this news, its sender proven."""
    values = {
        "message_id": one.message_id,
        "sender_ruc": one.said_by_ruc,
        "channel": "rest",
        "kind": "cargo",
        "reference_digest": f"digest of {one.message_id}",
        "raw": one.raw,
        "news": one,
    }
    return Received(**{**values, **changes})


def legs_for(session, directory, count, destination="igp"):
    """Legs to one destination, filed a second after one another."""
    when = [NOW - timedelta(seconds=count - n) for n in range(count)]
    return [take(session, directory, a_submission(destination_code=destination), now=one)[1] for one in when]


def put(session, leg, status):
    """Bring a leg to a status without its story."""
    leg.status = status
    session.flush()


def letters_of(session, leg):
    rows = session.scalars(select(OutboundMessage).where(OutboundMessage.kind == MessageKind.MAIL))
    return sorted(row.content["letter"] for row in rows if row.filing_id == leg.filing_id)


def add_leg(session, leg, destination_id=None):
    """A later leg of the same filing, as re-routing will make it."""
    following = Delivery(
        cuo=f"{int(leg.cuo) + 900_000:010}",
        filing=leg.filing,
        previous_id=leg.id,
        purpose="rerouted",
        destination_id=destination_id or leg.destination_id,
        status=DeliveryStatus.QUEUED,
        mode=leg.mode,
        created_at=NOW,
    )
    session.add(following)
    session.flush()
    return following
