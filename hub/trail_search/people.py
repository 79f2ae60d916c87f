"""Who stands in the trail, by name: people of the house, never citizens."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from hub.models import User
from hub.models.users import RoleRow, roles_users
from hub.sight import CITIZEN, SECTOR_WIDE, Viewer, opens_every_book
from hub.trail_search.asked import Line

MOST = 500
"""People in one list of choices."""


def people(session: Session, viewer: Viewer, own: str, chosen: int = 0) -> Sequence[tuple[int, str, str]]:
    """(id, name, body) of those whom somebody may choose: people of the house, never citizens; `chosen` is one of them.

    `own` is a body's code; empty for every body. Who is beyond the first hundreds is found in the list of people.
    """
    query = select(User.id, func.coalesce(func.nullif(User.name, ""), User.email), User.entity_code)
    if own or not opens_every_book(viewer):
        query = query.where(User.entity_code == own)
    first = (User.id != chosen, User.entity_code, User.name)
    rows = session.execute(query.where(_is_staff()).order_by(*first).limit(MOST)).all()
    return sorted(rows, key=lambda row: (row[2], row[1]))


def names_of(session: Session, lines: Sequence[Line]) -> dict[int, str]:
    """The names of the people of the house in these lines; a citizen stands by the number of their account alone."""
    ids = {one for line in lines for one in (line.actor_id, line.about_user_id) if one}
    query = select(User.id, func.coalesce(func.nullif(User.name, ""), User.email)).where(User.id.in_(ids), _is_staff())
    return dict(session.execute(query).all())


def acts_for_a_body() -> ColumnElement[bool]:
    """Not for the sector, whatever body their account stands under: what they do is not that body's to read."""
    return User.id.not_in(_holders(SECTOR_WIDE))


def _is_staff() -> ColumnElement[bool]:
    return User.id.not_in(_holders({CITIZEN}))


def _holders(roles: Iterable[str]) -> Select[tuple[int]]:
    query = select(roles_users.c.user_id).join(RoleRow, RoleRow.id == roles_users.c.role_id)
    return query.where(RoleRow.name.in_(roles))
