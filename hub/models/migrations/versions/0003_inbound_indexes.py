"""An index for what is kept and one for what is parked: asking for parked news must not read past every kept message"""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_inbound_open", table_name="inbound_messages")
    op.create_index(
        "ix_inbound_kept", "inbound_messages", ["received_at"], postgresql_where=sa.text("status = 'kept'")
    )
    op.create_index("ix_inbound_parked", "inbound_messages", ["cuo"], postgresql_where=sa.text("status = 'parked'"))


def downgrade() -> None:
    op.drop_index("ix_inbound_parked", table_name="inbound_messages")
    op.drop_index("ix_inbound_kept", table_name="inbound_messages")
    op.create_index(
        "ix_inbound_open", "inbound_messages", ["received_at"], postgresql_where=sa.text("status in ('kept', 'parked')")
    )
