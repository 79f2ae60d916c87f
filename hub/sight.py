"""Who may see what: one function, used by every query of the doors (Ley 29733; one body never reads another's)."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from hub.core.statuses import DeliveryStatus
from hub.models import Assignment, Delivery, Filing

CITIZEN = "citizen"
SECTOR_WIDE = frozenset({"sector_admin", "operator"})
COUNTER_ROLES = frozenset({"clerk", "seat_coordinator"})
BODY_ROLES = frozenset({"officer", "entity_coordinator", "collaborator", "auditor"})
BOOK_ROLES = frozenset({"entity_coordinator", "auditor"})
CONTENT_ROLES = COUNTER_ROLES | BODY_ROLES


@dataclass(frozen=True)
class Viewer:
    """A person of the house, as far as sight goes. `entity_id` is 0 for those who belong to no body."""

    user_id: int
    roles: frozenset[str]
    entity_id: int = 0
    counter_code: str = ""
    unit_id: int = 0
    """The unit they work in; 0 for the whole body."""
    inherited: frozenset[str] = frozenset()
    """Closed counters whose work theirs goes on with."""

    @property
    def seats(self) -> frozenset[str]:
        """The counters of which they see what was taken; empty for every one of their body."""
        return frozenset({self.counter_code, *self.inherited}) if self.counter_code else frozenset()


def is_bound_to_unit(viewer: Viewer) -> bool:
    """A collaborator of a unit sees what was passed to it, and nothing else of the body."""
    return bool(viewer.unit_id) and viewer.roles == {"collaborator"}


def in_unit_of(viewer: Viewer) -> ColumnElement[bool]:
    """The legs that stand with a person's unit now, as a condition on Delivery; all where they are bound to none."""
    if not is_bound_to_unit(viewer):
        return true()
    passed = select(Assignment.unit_id).where(Assignment.delivery_id == Delivery.id)
    return passed.order_by(Assignment.id.desc()).limit(1).scalar_subquery() == viewer.unit_id


def is_sector_wide(viewer: Viewer) -> bool:
    """Runs the sector, or audits it: an auditor of no body is the sector's."""
    return bool(viewer.roles & SECTOR_WIDE) or ("auditor" in viewer.roles and not viewer.entity_id)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The filings a person may see, as a condition on Filing.

    Clerk and seat coordinator: what their seat took, and what is addressed to their body. The body's own people:
    what was ever sent to their body. Sector administrator, operator and the sector's auditor: every filing's route.
    A citizen: what stands in their tray.
    """
    if is_sector_wide(viewer):
        return true()
    if CITIZEN in viewer.roles:
        return filed_by(viewer)
    allowed: list[ColumnElement[bool]] = []
    if viewer.entity_id and viewer.roles & COUNTER_ROLES:
        allowed.append(taken_at(viewer))
    if viewer.entity_id and viewer.roles & (COUNTER_ROLES | BODY_ROLES):
        allowed.append(_sent_to(viewer))
    return or_(*allowed) if allowed else false()


def legs_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The legs a person may see, as a condition on Delivery joined with Filing.

    Whose seat took a filing follows it wherever it goes; a body sees its own leg, until it left, and no other.
    """
    if is_sector_wide(viewer):
        return true()
    if CITIZEN in viewer.roles:
        return filed_by(viewer)
    if not viewer.entity_id or not viewer.roles & (COUNTER_ROLES | BODY_ROLES):
        return false()
    own = and_(Delivery.destination_id == viewer.entity_id, Delivery.status != DeliveryStatus.CANCELLED)
    return or_(and_(own, in_unit_of(viewer)), taken_at(viewer))


def filed_by(viewer: Viewer) -> ColumnElement[bool]:
    """The filings in the tray of a citizen's account: those it filed and those it joined with their key."""
    return Filing.account_id == viewer.user_id if CITIZEN in viewer.roles else false()


def taken_at(viewer: Viewer) -> ColumnElement[bool]:
    """The filings that a person's own seat took: those whose constancia they may hand out again."""
    if not viewer.entity_id or not viewer.roles & COUNTER_ROLES:
        return false()
    took = Filing.received_by_id == viewer.entity_id
    return and_(took, Filing.counter_code.in_(viewer.seats)) if viewer.seats else took


def opens_every_book(viewer: Viewer) -> bool:
    """Runs or audits the sector. The operator keeps the machines running, and reads no names."""
    return "sector_admin" in viewer.roles or ("auditor" in viewer.roles and not viewer.entity_id)


def reads_names(viewer: Viewer) -> bool:
    """May read who filed: who handles it, and who runs or audits the sector; the operator may not."""
    return opens_every_book(viewer) or sees_contents(viewer)


def book_open_to(viewer: Viewer, entity_id: int) -> bool:
    """True if a person may open the register of a body: an official book, for its own people and who audits it."""
    if opens_every_book(viewer):
        return True
    return viewer.entity_id == entity_id != 0 and bool(viewer.roles & (COUNTER_ROLES | BOOK_ROLES))


def seat_of(viewer: Viewer) -> str:
    """The counter whose part of the register alone a person reads (TUO 128.1); empty for who reads the whole."""
    return "" if viewer.roles & (BOOK_ROLES | SECTOR_WIDE) else viewer.counter_code


def entries_open_to(viewer: Viewer, entity_id: int) -> ColumnElement[bool]:
    """The lines of a body's register that a person may read, as a condition on Filing."""
    if not book_open_to(viewer, entity_id):
        return false()
    book = Filing.received_by_id == entity_id
    return and_(book, taken_at(viewer)) if seat_of(viewer) else book


def _sent_to(viewer: Viewer) -> ColumnElement[bool]:
    leg = select(Delivery.id).where(
        Delivery.filing_id == Filing.id,
        Delivery.destination_id == viewer.entity_id,
        Delivery.status != DeliveryStatus.CANCELLED,
        in_unit_of(viewer),
    )
    return exists(leg)


def sees_contents(viewer: Viewer) -> bool:
    """Documents are for who handles them; routes and states are for who runs the sector."""
    return bool(viewer.roles & CONTENT_ROLES) and viewer.entity_id != 0
