"""Staff: a coordinator makes, changes, resets and switches off the accounts of their body, and of no other.

Nobody gives a role above their own, and nobody changes their own account: another coordinator does.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import invitations, second_factor, trail, units
from hub.core.directory import EntityRecord
from hub.core.errors import InvalidFiling, NotFound, Problem
from hub.models import Membership, RoleRow, Unit, User
from hub.sight import Viewer

BODY = ("entity_coordinator", "seat_coordinator", "officer", "collaborator", "clerk", "auditor")
GRANTS = {
    "sector_admin": frozenset(BODY),
    "entity_coordinator": frozenset(BODY),
    "seat_coordinator": frozenset({"clerk"}),
}
"""Who may make which roles."""
AT_SEAT = frozenset({"clerk", "seat_coordinator"})
SECTOR_WIDE = frozenset({"sector_admin", "operator"})
LONGEST_NAME, LONGEST_EMAIL = 200, 254


@dataclass(frozen=True)
class Member:
    """What a coordinator says of a person. `unit_id` None: of the whole body; `counter_code` empty: of every seat."""

    name: str
    email: str
    role: str
    counter_code: str = ""
    unit_id: int | None = None


@dataclass(frozen=True)
class Manager:
    """Who manages, and which body: their own, or for who runs the sector the one they look at."""

    viewer: Viewer
    body: EntityRecord

    @property
    def grants(self) -> frozenset[str]:
        """The roles that they may give, in this body."""
        if self.viewer.entity_id != self.body.id and "sector_admin" not in self.viewer.roles:
            return frozenset()
        return frozenset().union(*(GRANTS.get(role, frozenset()) for role in self.viewer.roles))

    @property
    def seat(self) -> str:
        """The one seat whose people they manage; empty for the whole body."""
        is_of_seat = self.viewer.roles.isdisjoint({"sector_admin", "entity_coordinator"})
        return self.viewer.counter_code if is_of_seat else ""

    def may_manage(self, user: User) -> bool:
        """True for another person of this body whose roles are all theirs to give."""
        held = {role.name for role in user.roles}
        is_near = not self.seat or user.counter_code == self.seat
        return user.entity_code == self.body.code and user.id != self.viewer.user_id and held <= self.grants and is_near


def people(session: Session, manager: Manager) -> Sequence[tuple[User, str]]:
    """The accounts of a body that a manager may read, by name, each with the name of its unit."""
    query = select(User).where(User.entity_code == manager.body.code).order_by(User.name, User.id)
    if manager.seat:
        query = query.where(User.counter_code == manager.seat)
    if not manager.grants:
        return ()
    of_units = select(Membership.user_id, Unit.name).join(Unit, Unit.id == Membership.unit_id)
    rows = session.execute(of_units.where(Unit.entity_id == manager.body.id))
    homes = {row.user_id: row.name for row in rows}
    return [(user, homes.get(user.id, "")) for user in session.scalars(query).unique()]


def member(session: Session, manager: Manager, user_id: int) -> User:
    """An account that the manager may change. Raises NotFound for every other."""
    user = session.get(User, user_id)
    if user is None or not manager.may_manage(user):
        raise NotFound(str(user_id), code="USER_NOT_FOUND")
    return user


def unit_of(session: Session, user_id: int) -> int | None:
    """The unit in which a person works."""
    row = session.get(Membership, user_id)
    return row.unit_id if row else None


def check(session: Session, manager: Manager, new: Member, known: User | None = None) -> list[Problem]:
    """Everything that is wrong with what a coordinator says of a person."""
    problems = [] if new.name.strip() else [Problem("name", "NAME_MISSING")]
    if len(new.name) > LONGEST_NAME:
        problems.append(Problem("name", "TOO_LONG", {"limit": LONGEST_NAME}))
    if known is None:
        problems += _email_problems(session, new.email)
    if new.role not in manager.grants:
        problems.append(Problem("role", "ROLE_NOT_YOURS"))
    codes = {manager.seat} if manager.seat else {counter.code for counter in manager.body.open_counters}
    if new.counter_code not in codes and (new.counter_code or new.role in AT_SEAT):
        problems.append(Problem("counter_code", "COUNTER_REQUIRED"))
    if new.unit_id is not None and new.unit_id not in {one.id for one in units.of_body(session, manager.body.id)}:
        problems.append(Problem("unit_id", "CHOICE_REQUIRED"))
    return problems


def _email_problems(session: Session, email: str) -> list[Problem]:
    name, at, domain = email.rpartition("@")
    if not (name and at and "." in domain.strip(".")) or " " in email or len(email) > LONGEST_EMAIL:
        return [Problem("email", "EMAIL_INVALID")]
    if session.scalar(select(User.id).where(func.lower(User.email) == email.lower())) is not None:
        return [Problem("email", "EMAIL_TAKEN")]
    return []


def invite(session: Session, manager: Manager, new: Member, now: datetime) -> User:
    """Make an account without a password and mail its link; flushed. Raises InvalidFiling with every problem."""
    if found := check(session, manager, new):
        raise InvalidFiling(found)
    user = User(
        email=new.email.lower(),
        password=None,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        name=" ".join(new.name.split()),
        entity_code=manager.body.code,
        counter_code=new.counter_code,
        created_at=now,
        roles=[role_row(session, new.role)],
    )
    session.add(user)
    session.flush()
    units.set_member(session, user.id, new.unit_id)
    invitations.send(session, user, "invitation", now)
    _note(session, manager, user, "user_invited", now, role=new.role)
    return user


def change(session: Session, manager: Manager, user_id: int, new: Member, now: datetime) -> None:
    """Change name, role, seat and unit; its address stays. Raises NotFound, InvalidFiling."""
    user = member(session, manager, user_id)
    if found := check(session, manager, new, user):
        raise InvalidFiling(found)
    user.name, user.counter_code = " ".join(new.name.split()), new.counter_code
    user.roles = [role_row(session, new.role)]
    units.set_member(session, user.id, new.unit_id)
    _note(session, manager, user, "user_changed", now, role=new.role)


def switch(session: Session, manager: Manager, user_id: int, now: datetime, *, is_on: bool) -> None:
    """Switch an account off, which ends its sign-ins at once, or on again. Raises NotFound."""
    user = member(session, manager, user_id)
    if user.active is not is_on:
        user.active, user.fs_uniquifier = is_on, secrets.token_hex(16)
        _note(session, manager, user, "user_on" if is_on else "user_off", now)


def reset(session: Session, manager: Manager, user_id: int, now: datetime) -> None:
    """Close an account's password, second step and sign-ins, and mail a link to choose anew. Raises NotFound."""
    user = member(session, manager, user_id)
    user.password, user.fs_uniquifier = None, secrets.token_hex(16)
    second_factor.forget(session, user.id)
    invitations.send(session, user, "new_password", now)
    _note(session, manager, user, "user_reset", now)


def _note(session: Session, manager: Manager, user: User, kind: str, now: datetime, **data: str) -> None:
    actor, code = manager.viewer.user_id, manager.body.code
    trail.note(session, kind, now, actor_id=actor, entity_code=code, about_user_id=user.id, **data)
    session.flush()


def role_row(session: Session, name: str) -> RoleRow:
    """The row of a role, made where it is the first of its kind."""
    found = session.scalar(select(RoleRow).where(RoleRow.name == name))
    if found is None:
        found = RoleRow(name=name)
        session.add(found)
        session.flush()
    return found


def names_of(session: Session, user_ids: set[int]) -> dict[int, str]:
    """The names of accounts, by id."""
    rows = session.execute(select(User.id, User.name, User.email).where(User.id.in_(user_ids)))
    return {row.id: row.name or row.email for row in rows}
