"""People who sign in: staff, and citizens (hub.models.citizens). Plain columns, fitted to flask-security in the web."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.models.base import Base

roles_users = Table(
    "roles_users",
    Base.metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class RoleRow(Base):
    """clerk, officer, entity_coordinator, seat_coordinator, collaborator, auditor, sector_admin, operator; citizen."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class User(Base):
    """One account. `entity_code` and `counter_code` say whose filings it may see and where it takes them."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    entity_code: Mapped[str] = mapped_column(String(32), default="", index=True)
    counter_code: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime]

    roles: Mapped[list[RoleRow]] = relationship(secondary=roles_users, lazy="joined", order_by=RoleRow.id)


class SignInThrottle(Base):
    """Failed tries to sign in or to open a tracking page, per key and window: holds across processes."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
