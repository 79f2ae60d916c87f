"""What no history of operations breaks: checked against the rows, with nothing of the stages that wrote them."""

from collections import Counter, defaultdict

from sqlalchemy import func, select

from hub import registers
from hub.core.calendar import local_date
from hub.core.chain import GENESIS, Told, link
from hub.core.statuses import DeliveryStatus, FilingStatus, MessageKind, OutboundStatus
from hub.models import Delivery, Event, Filing, Observation, OutboundMessage
from hub.routing import refresh_status
from hub.sight import Viewer, legs_visible_to, visible_to

D = DeliveryStatus
TOLD_BY = {
    D.SENT: {"sent"}, D.REGISTERED: {"registered"}, D.OBSERVED: {"observed"}, D.REFUSED: {"refused"},
    D.CORRECTED: {"corrected"}, D.LAPSED: {"lapsed"}, D.REROUTED: {"rerouted"}, D.CANCELLED: {"cancelled", "rerouted"},
    D.FAILED: {"failed"},
}  # fmt: skip
"""The event that must tell how a leg came to its status; a correction's is the filing's."""
WITH_REASON = {"refused": "reason", "rerouted": "reason", "failed": "code", "sent_again": "reason"}


def every_step(history):
    """What is cheap enough to be looked at after each step."""
    session = history.session
    filings = session.scalars(select(Filing).order_by(Filing.id)).all()
    for filing in filings:
        assert filing.presented_at == history.presented[filing.id], "presented_at never changes"
        assert filing.considered_on >= local_date(filing.presented_at)
    _nothing_leaves_while_observed(session)
    _one_first_round_a_stage(session)
    for body in history.directory.entities:
        assert registers.gaps(session, body, 2026) == ()


def _nothing_leaves_while_observed(session):
    is_open = select(Observation.filing_id).where(Observation.closed_at.is_(None))
    leaving = select(OutboundMessage.id).where(
        OutboundMessage.kind == MessageKind.SOBRE,
        OutboundMessage.status.in_((OutboundStatus.WAITING, OutboundStatus.CLAIMED, OutboundStatus.DEAD)),
        OutboundMessage.filing_id.in_(is_open),
    )
    assert session.scalars(leaving).all() == [], "nothing is routed while an observation is pending (TUO 136.3)"
    observed = select(Delivery.id).where(Delivery.status == D.OBSERVED)
    of_leg = Observation.delivery_id.is_not(None)
    waiting = select(Observation.delivery_id).where(Observation.closed_at.is_(None), of_leg)
    assert set(session.scalars(observed)) == set(session.scalars(waiting))


def _one_first_round_a_stage(session):
    rows = session.execute(
        select(Observation.filing_id, Observation.source, Delivery.destination_id)
        .outerjoin(Delivery, Delivery.id == Observation.delivery_id)
        .where(Observation.reiterates_id.is_(None))
    )
    twice = [stage for stage, times in Counter(map(tuple, rows)).items() if times > 1]
    assert twice == [], "each stage observes once (TUO 136.1, 137.2)"


def at_the_end(history):
    """What is looked at once, when the history is over."""
    session = history.session
    events = defaultdict(list)
    for event in session.scalars(select(Event).order_by(Event.filing_id, Event.position)):
        assert event.author and event.said_by and event.at
        assert all(event.data.get(name) for kind, name in WITH_REASON.items() if event.kind == kind)
        events[event.filing_id].append(event)
    for filing in session.scalars(select(Filing)).all():
        _chain_holds(session, filing, events[filing.id])
        _status_is_derived(session, filing)
    _every_status_is_told(session, events)
    _sums_agree(session)
    _nobody_reads_another_bodys(session, history)


def _chain_holds(session, filing, events):
    """Each event is tied to the one before, by the bytes that anybody can compute."""
    cuos = dict(iter(session.execute(select(Delivery.id, Delivery.cuo).where(Delivery.filing_id == filing.id))))
    previous = GENESIS
    for position, event in enumerate(events, 1):
        told = Told(
            event.at, event.happened_at, filing.filing_number, cuos.get(event.delivery_id, ""), event.kind,
            event.author.value, event.said_by, event.data, event.raw_digest,
        )  # fmt: skip
        assert (event.position, event.previous, event.content_digest) == (position, previous, told.digest)
        previous = link(previous, position, told.digest)
        assert event.hash == previous


def _status_is_derived(session, filing):
    """Never set by hand; and a filing has a leg, an observation, or was taken back."""
    kept = filing.status
    assert refresh_status(session, filing) is kept
    has_leg = session.scalar(select(func.count(Delivery.id)).where(Delivery.filing_id == filing.id))
    observed = session.scalar(select(func.count(Observation.id)).where(Observation.filing_id == filing.id))
    assert has_leg or observed
    assert kept is not FilingStatus.HELD


def _every_status_is_told(session, events):
    for leg in session.scalars(select(Delivery)).all():
        own = {event.kind for event in events[leg.filing_id] if event.delivery_id in (leg.id, None)}
        assert leg.status not in TOLD_BY or own & TOLD_BY[leg.status], f"{leg.status} of {leg.cuo} is told by no event"
        followers = session.scalars(select(Delivery).where(Delivery.previous_id == leg.id)).all()
        assert len(followers) <= 1
        for one in followers:
            is_same_body = one.destination_id == leg.destination_id
            assert (one.purpose == "correction") is is_same_body
            assert one.corrects_cuo == (leg.cuo if is_same_body else "")


def _sums_agree(session):
    """The filings of each body are the sum of its filings by status."""
    by_status = session.execute(
        select(Filing.received_by_id, Filing.status, func.count(Filing.id)).group_by(
            Filing.received_by_id, Filing.status
        )
    )
    summed = Counter()
    for body, _, number in by_status:
        summed[body] += number
    entered = select(Filing.received_by_id, func.max(Filing.entry_sequence)).group_by(Filing.received_by_id)
    assert summed == Counter(dict(iter(session.execute(entered))))


def _nobody_reads_another_bodys(session, history):
    filings = {one.id: {one.received_by_id} for one in session.scalars(select(Filing)).all()}
    for leg in session.scalars(select(Delivery)).all():
        filings[leg.filing_id].add(leg.destination_id)
    for body in history.directory.entities:
        clerk = Viewer(1, frozenset({"clerk"}), body.id, "central")
        seen = set(session.scalars(select(Filing.id).where(visible_to(clerk))))
        assert all(body.id in filings[number] for number in seen)
        legs = select(Delivery).join(Filing, Filing.id == Delivery.filing_id).where(legs_visible_to(clerk))
        for leg in session.scalars(legs).all():
            assert body.id in (leg.destination_id, leg.filing.received_by_id)
