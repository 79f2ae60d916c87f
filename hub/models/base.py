"""The declarative base: names of constraints are fixed, every instant is aware."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Enum, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, registry

from hub.core.statuses import (
    Author,
    DeliveryStatus,
    FilingStatus,
    InboundStatus,
    MessageKind,
    Mode,
    Movement,
    OutboundStatus,
    RefusalReason,
)

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _text_enum(enum: type) -> Enum:
    """Statuses are text with a length, so that a new one needs no migration of a database type."""
    return Enum(
        enum, native_enum=False, create_constraint=False, length=24, values_callable=lambda e: [m.value for m in e]
    )


class Base(DeclarativeBase):
    """Every table of the hub."""

    # In a registry of its own, because flask-sqlalchemy copies the attributes of this class.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: DateTime(timezone=True),
            dict[str, Any]: JSONB,
            list[str]: JSONB,
            **{
                enum: _text_enum(enum)
                for enum in (
                    Author,
                    DeliveryStatus,
                    FilingStatus,
                    InboundStatus,
                    MessageKind,
                    Mode,
                    Movement,
                    OutboundStatus,
                    RefusalReason,
                )
            },
        },
    )
