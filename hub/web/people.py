"""Who is signed in: an account, as one query gives it, and what its roles open."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import session
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from hub.clock import now
from hub.core.bodies import AdapterKind, EntityRecord
from hub.core.errors import Forbidden, NotFound
from hub.extensions import db, services
from hub.models import Membership, RoleRow, SeenToken, User
from hub.models.users import roles_users
from hub.sight import CITIZEN, Viewer

login = LoginManager()
login.session_protection = None  # an address changes on a mobile network; the cookie is signed

WORKING_DAY = timedelta(hours=12)
"""How long a sign-in lasts, whatever the browser keeps."""
SESSION_ID = "sesion"
"""Names one sign-in in its cookie, so that it can be ended."""
ENDED = "sesion"
"""Issuer under which ended sign-ins stand among the used credentials."""

AT_COUNTER = ("clerk", "seat_coordinator")
IN_BODY = ("officer", "entity_coordinator", "collaborator")
OVER_SECTOR = ("sector_admin", "operator", "auditor")
BOOK_READERS = ("entity_coordinator", "auditor", "sector_admin")
"""Who reads the whole register of a body, and what is reported of it."""

PEOPLE = frozenset({
    "account", "acts", "auth", "calendar", "casilla", "citizen", "counter", "evidence", "evidence_checking", "filing",
    "inbox", "incidents", "observing", "outages", "papers", "privacy", "recovery", "registers", "reports", "sector",
    "tray", "unnotified", "verifying",
    "assigning", "closing", "own", "staff", "invited", "second_step", "joining", "publishing",
    "custody", "desk", "guide", "operation", "dashboard", "trail",
    "administration",
})
"""The doors for people; the others are for machines."""


@dataclass(frozen=True)
class Person(UserMixin):
    """Who is signed in, as one query gives it. `body` is the short name of their institution."""

    user_id: int
    uniquifier: str
    name: str
    entity_code: str
    counter_code: str
    roles: frozenset[str]
    unit_id: int = 0

    def get_id(self) -> str:
        return self.uniquifier

    @property
    def entity(self) -> EntityRecord:
        """Their institution. Raises Forbidden for an account that belongs to none."""
        try:
            return services().directory.entity(self.entity_code)
        except NotFound as error:
            raise Forbidden(self.entity_code, code="NO_BODY") from error

    @property
    def body(self) -> str:
        if self.is_citizen:
            return _("Mi cuenta")
        return self.entity.acronym if self.entity_code else _("Sector")

    @property
    def is_citizen(self) -> bool:
        """Signed in with an account of their own, and not of a body's."""
        return CITIZEN in self.roles

    @property
    def has_inbox(self) -> bool:
        """Their institution has no system of its own: the inbox is its system."""
        return bool(self.entity_code) and self.entity.adapter.kind is AdapterKind.HOSTED

    @property
    def viewer(self) -> Viewer:
        """As sight knows them."""
        body = self.entity if self.entity_code else None
        inherited = body.inherited_by(self.counter_code) if body and self.counter_code else frozenset()
        return Viewer(self.user_id, self.roles, body.id if body else 0, self.counter_code, self.unit_id, inherited)

    def is_any(self, *names: str) -> bool:
        return bool(self.roles & set(names))


_COLUMNS = (User.id, User.fs_uniquifier, User.name, User.entity_code, User.counter_code)


_UNIT = select(Membership.unit_id).where(Membership.user_id == User.id).scalar_subquery()
_PERSON = (
    select(*_COLUMNS, func.array_agg(RoleRow.name), _UNIT)
    .join(roles_users, roles_users.c.user_id == User.id)
    .join(RoleRow, RoleRow.id == roles_users.c.role_id)
    .where(
        User.fs_uniquifier == bindparam("uniquifier"),
        User.active,
        ~exists().where(SeenToken.issuer == ENDED, SeenToken.jti == bindparam("session_id")),
    )
    .group_by(User.id)
)


def end_session(session_id: str) -> None:
    """Remember that this sign-in was ended, for as long as its cookie would be good; committed."""
    ended = insert(SeenToken).values(issuer=ENDED, jti=session_id, expires_at=now() + WORKING_DAY)
    db.session.execute(ended.on_conflict_do_nothing())
    db.session.commit()


@login.user_loader
def load_person(uniquifier: str) -> Person | None:
    """The active account of a session, in one query.

    On a connection of its own, given back at once: no transaction may stay open while a large file comes in.
    """
    with db.engine.connect() as connection:
        row = connection.execute(
            _PERSON, {"uniquifier": uniquifier, "session_id": session.get(SESSION_ID, "")}
        ).first()
    return Person(*row[:5], frozenset(row[5]), row[6] or 0) if row else None


def citizen_here() -> Person | None:
    """The citizen who is signed in, on a page that is open to anybody; nobody is asked for where no cookie says so."""
    if "_user_id" not in session or not current_user.is_authenticated:
        return None
    person = cast(Person, current_user._get_current_object())
    return person if person.is_citizen else None
