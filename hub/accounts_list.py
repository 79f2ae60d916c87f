"""Every account of the house, for who runs the sector: found by body, role, standing and name. Citizens stay out."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.models import RoleRow, User
from hub.models.users import roles_users
from hub.sight import CITIZEN, Viewer

LISTED = 50


def page(
    session: Session, viewer: Viewer, entity_code: str, role: str, standing: str, text: str, number: int
) -> Sequence[User]:
    """A page by body and name, one more than is shown where there are more. `standing`: activa, espera, desactivada."""
    if "sector_admin" not in viewer.roles:
        return ()
    of_role = select(roles_users.c.user_id).join(RoleRow, RoleRow.id == roles_users.c.role_id)
    query = select(User).where(User.id.not_in(of_role.where(RoleRow.name == CITIZEN)))
    if entity_code:
        query = query.where(User.entity_code == entity_code)
    if role:
        query = query.where(User.id.in_(of_role.where(RoleRow.name == role)))
    if standing:
        is_off = standing == "desactivada"
        query = query.where(User.active.is_(not is_off))
        if not is_off:
            query = query.where(User.password.is_(None) if standing == "espera" else User.password.is_not(None))
    if text:
        query = query.where(or_(*(func.lower(one).contains(text.lower(), autoescape=True)
                                  for one in (User.name, User.email))))  # fmt: skip
    ordered = query.order_by(User.entity_code, User.name, User.id).limit(LISTED + 1).offset(LISTED * (number - 1))
    return session.scalars(ordered).unique().all()


def by_role(session: Session, viewer: Viewer) -> Mapping[str, int]:
    """How many active accounts hold each role."""
    if "sector_admin" not in viewer.roles:
        return {}
    query = select(RoleRow.name, func.count()).join(roles_users, roles_users.c.role_id == RoleRow.id)
    query = query.join(User, User.id == roles_users.c.user_id).where(User.active).group_by(RoleRow.name)
    return dict(session.execute(query).all())
