"""Alembic's environment: the connection comes from whoever calls `hub.models.schema.migrate`."""

from alembic import context

from hub.models import Base


def _is_ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return not (kind == "table" and (name or "").startswith("events_"))  # partitions are made by their parent's rules


context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, include_object=_is_ours,
    transaction_per_migration=True,  # no lock outlives what needed it
)
with context.begin_transaction():
    context.run_migrations()
