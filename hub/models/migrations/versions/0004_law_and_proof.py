"""Law and proof: observations and their answers, the casilla, days by decree, papers to be made, the ledger"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


CHAIN = """
create function chain_event() returns trigger language plpgsql as $$
begin
  insert into event_heads as head (filing_id, count, previous, hash)
  values (new.filing_id, 1, {genesis}, sha256({genesis} || int8send(1) || new.content_digest))
  on conflict (filing_id) do update set
    count = head.count + 1,
    previous = head.hash,
    hash = sha256(head.hash || int8send(head.count + 1) || new.content_digest)
  returning count, previous, hash into new.position, new.previous, new.hash;
  insert into unsealed (event_id, event_at, filing_id, hash) values (new.id, new.at, new.filing_id, new.hash);
  return new;
end $$
""".format(genesis="decode(repeat('00', 32), 'hex')")


def _ledger_rules() -> None:
    """Every event is tied to the one before and waits for the sealer, whoever writes it; what is sealed stays."""
    op.execute(CHAIN)
    op.execute("create trigger events_chained before insert on events for each row execute function chain_event()")
    for table in ("ledger_batches", "ledger_leaves", "ledger_stamps"):
        op.execute(
            f"create trigger {table}_frozen before update or delete on {table} "
            "for each row execute function refuse_change()"
        )


def upgrade() -> None:
    op.create_table('decree_days',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('norm', sa.String(length=120), nullable=False),
    sa.Column('scope', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('is_tax_business', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=200), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_norm', sa.String(length=120), nullable=False),
    sa.CheckConstraint('length(trim(norm)) > 0', name=op.f('ck_decree_days_norm')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decree_days'))
    )
    op.create_index(op.f('ix_decree_days_day'), 'decree_days', ['day'], unique=False)
    op.create_table('event_heads',
    sa.Column('filing_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('previous', sa.LargeBinary(length=32), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('filing_id', name=op.f('pk_event_heads'))
    )
    op.create_table('incidents',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('entity_code', sa.String(length=32), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.String(length=200), nullable=False),
    sa.Column('told_authority_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_as', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incidents'))
    )
    op.create_table('ledger_batches',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('root', sa.LargeBinary(length=32), nullable=False),
    sa.Column('previous', sa.LargeBinary(length=32), nullable=False),
    sa.Column('jws', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_batches'))
    )
    op.create_table('outages',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.String(length=200), nullable=False),
    sa.Column('verification_code', sa.String(length=19), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outages')),
    sa.UniqueConstraint('verification_code', name=op.f('uq_outages_verification_code'))
    )
    op.create_table('stamp_troubles',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_code', sa.String(length=60), nullable=False),
    sa.Column('last_tried_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stamp_troubles'))
    )
    op.create_table('unsealed',
    sa.Column('event_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('event_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filing_id', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_unsealed'))
    )
    op.create_table('ledger_leaves',
    sa.Column('batch_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.BigInteger(), nullable=False),
    sa.Column('event_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filing_id', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['ledger_batches.id'], name=op.f('fk_ledger_leaves_batch_id')),
    sa.PrimaryKeyConstraint('batch_id', 'position', name=op.f('pk_ledger_leaves')),
    sa.UniqueConstraint('event_id', name=op.f('uq_ledger_leaves_event_id'))
    )
    op.create_index(op.f('ix_ledger_leaves_filing_id'), 'ledger_leaves', ['filing_id'], unique=False)
    op.create_table('ledger_stamps',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('batch_id', sa.BigInteger(), nullable=False),
    sa.Column('stamped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('authority', sa.String(length=250), nullable=False),
    sa.Column('token', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['ledger_batches.id'], name=op.f('fk_ledger_stamps_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_stamps'))
    )
    op.create_index(op.f('ix_ledger_stamps_batch_id'), 'ledger_stamps', ['batch_id'], unique=False)
    op.create_table('paper_orders',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('filing_id', sa.BigInteger(), nullable=False),
    sa.Column('delivery_id', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_code', sa.String(length=60), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_paper_orders_delivery_id')),
    sa.ForeignKeyConstraint(['filing_id'], ['filings.id'], name=op.f('fk_paper_orders_filing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_orders')),
    sa.UniqueConstraint('filing_id', 'delivery_id', 'kind', 'version', name=op.f('uq_paper_orders_filing_id_delivery_id_kind_version'), postgresql_nulls_not_distinct=True)
    )
    op.create_index('ix_paper_orders_open', 'paper_orders', ['ordered_at'], unique=False, postgresql_where=sa.text('done_at is null'))
    op.create_table('subsanaciones',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('observation_id', sa.BigInteger(), nullable=False),
    sa.Column('filing_id', sa.BigInteger(), nullable=False),
    sa.Column('delivery_id', sa.BigInteger(), nullable=True),
    sa.Column('form_token', sa.Uuid(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('clerk_id', sa.Integer(), nullable=True),
    sa.Column('answers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['clerk_id'], ['users.id'], name=op.f('fk_subsanaciones_clerk_id')),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_subsanaciones_delivery_id')),
    sa.ForeignKeyConstraint(['filing_id'], ['filings.id'], name=op.f('fk_subsanaciones_filing_id')),
    sa.ForeignKeyConstraint(['observation_id'], ['observations.id'], name=op.f('fk_subsanaciones_observation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subsanaciones')),
    sa.UniqueConstraint('form_token', name=op.f('uq_subsanaciones_form_token')),
    sa.UniqueConstraint('observation_id', name=op.f('uq_subsanaciones_observation_id'))
    )
    op.create_index(op.f('ix_subsanaciones_filing_id'), 'subsanaciones', ['filing_id'], unique=False)
    op.create_table('casilla_notices',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('filing_id', sa.BigInteger(), nullable=False),
    sa.Column('delivery_id', sa.BigInteger(), nullable=True),
    sa.Column('observation_id', sa.BigInteger(), nullable=True),
    sa.Column('document_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('subject', sa.String(length=500), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('has_consent', sa.Boolean(), nullable=False),
    sa.Column('deposited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deemed_on', sa.Date(), nullable=True),
    sa.Column('alerted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('notified_on', sa.Date(), nullable=True),
    sa.Column('notified_how', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_casilla_notices_delivery_id')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_casilla_notices_document_id')),
    sa.ForeignKeyConstraint(['filing_id'], ['filings.id'], name=op.f('fk_casilla_notices_filing_id')),
    sa.ForeignKeyConstraint(['observation_id'], ['observations.id'], name=op.f('fk_casilla_notices_observation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_casilla_notices')),
    sa.UniqueConstraint('observation_id', name=op.f('uq_casilla_notices_observation_id'))
    )
    op.create_index(op.f('ix_casilla_notices_filing_id'), 'casilla_notices', ['filing_id'], unique=False)
    op.create_index('ix_casilla_notices_open', 'casilla_notices', ['deemed_on'], unique=False, postgresql_where=sa.text('notified_on is null'))
    op.add_column('deliveries', sa.Column('left_out_days', sa.Integer(), server_default='0', nullable=False))
    op.add_column('deliveries', sa.Column('right_body_ruc', sa.String(length=11), server_default='', nullable=False))
    op.add_column('documents', sa.Column('subsanacion_id', sa.BigInteger(), nullable=True))
    op.create_index(op.f('ix_documents_subsanacion_id'), 'documents', ['subsanacion_id'], unique=False)
    op.create_foreign_key(op.f('fk_documents_subsanacion_id'), 'documents', 'subsanaciones', ['subsanacion_id'], ['id'])
    op.add_column('events', sa.Column('content_digest', sa.LargeBinary(length=32), server_default=sa.text("'\\x'"), nullable=False))
    op.add_column('events', sa.Column('position', sa.Integer(), nullable=True))
    op.add_column('events', sa.Column('previous', sa.LargeBinary(length=32), nullable=True))
    op.add_column('events', sa.Column('hash', sa.LargeBinary(length=32), nullable=True))
    op.add_column('filings', sa.Column('procedure', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('filings', sa.Column('retention_class', sa.String(length=40), server_default='', nullable=False))
    op.add_column('filings', sa.Column('follows_id', sa.BigInteger(), nullable=True))
    op.add_column('filings', sa.Column('follows_as', sa.String(length=12), server_default='', nullable=False))
    op.add_column('filings', sa.Column('salt', sa.LargeBinary(length=16), server_default=sa.text("uuid_send(gen_random_uuid())"), nullable=False))
    op.create_foreign_key(op.f('fk_filings_follows_id'), 'filings', 'filings', ['follows_id'], ['id'])
    op.add_column('observations', sa.Column('source', sa.String(length=12), server_default='destination', nullable=False))
    op.add_column('observations', sa.Column('reiterates_id', sa.BigInteger(), nullable=True))
    op.add_column('observations', sa.Column('notified_how', sa.String(length=16), server_default='', nullable=False))
    op.add_column('observations', sa.Column('closed_as', sa.String(length=12), server_default='', nullable=False))
    op.alter_column('observations', 'delivery_id',
               existing_type=sa.BIGINT(),
               nullable=True)
    op.create_foreign_key(op.f('fk_observations_reiterates_id'), 'observations', 'observations', ['reiterates_id'], ['id'])
    op.add_column('outbound_messages', sa.Column('notice_id', sa.BigInteger(), nullable=True))
    op.create_index(op.f('ix_outbound_messages_notice_id'), 'outbound_messages', ['notice_id'], unique=False)
    op.create_foreign_key(op.f('fk_outbound_messages_notice_id'), 'outbound_messages', 'casilla_notices', ['notice_id'], ['id'])
    op.add_column('papers', sa.Column('delivery_id', sa.BigInteger(), nullable=True))
    op.add_column('papers', sa.Column('outage_id', sa.BigInteger(), nullable=True))
    op.add_column('papers', sa.Column('stamped_at', sa.DateTime(timezone=True), nullable=True))
    op.alter_column('papers', 'filing_id',
               existing_type=sa.BIGINT(),
               nullable=True)
    op.drop_constraint(op.f('uq_papers_filing_id_kind_version'), 'papers', type_='unique')
    op.create_unique_constraint(op.f('uq_papers_filing_id_delivery_id_outage_id_kind_version'), 'papers', ['filing_id', 'delivery_id', 'outage_id', 'kind', 'version'], postgresql_nulls_not_distinct=True)
    op.create_foreign_key(op.f('fk_papers_delivery_id'), 'papers', 'deliveries', ['delivery_id'], ['id'])
    op.create_foreign_key(op.f('fk_papers_outage_id'), 'papers', 'outages', ['outage_id'], ['id'])
    _ledger_rules()


def downgrade() -> None:
    op.execute("drop trigger events_chained on events")
    op.execute("drop function chain_event")
    op.drop_constraint(op.f('fk_papers_outage_id'), 'papers', type_='foreignkey')
    op.drop_constraint(op.f('fk_papers_delivery_id'), 'papers', type_='foreignkey')
    op.drop_constraint(op.f('uq_papers_filing_id_delivery_id_outage_id_kind_version'), 'papers', type_='unique')
    op.create_unique_constraint(op.f('uq_papers_filing_id_kind_version'), 'papers', ['filing_id', 'kind', 'version'], postgresql_nulls_not_distinct=False)
    op.alter_column('papers', 'filing_id',
               existing_type=sa.BIGINT(),
               nullable=False)
    op.drop_column('papers', 'stamped_at')
    op.drop_column('papers', 'outage_id')
    op.drop_column('papers', 'delivery_id')
    op.drop_constraint(op.f('fk_outbound_messages_notice_id'), 'outbound_messages', type_='foreignkey')
    op.drop_index(op.f('ix_outbound_messages_notice_id'), table_name='outbound_messages')
    op.drop_column('outbound_messages', 'notice_id')
    op.drop_constraint(op.f('fk_observations_reiterates_id'), 'observations', type_='foreignkey')
    op.alter_column('observations', 'delivery_id',
               existing_type=sa.BIGINT(),
               nullable=False)
    op.drop_column('observations', 'closed_as')
    op.drop_column('observations', 'notified_how')
    op.drop_column('observations', 'reiterates_id')
    op.drop_column('observations', 'source')
    op.drop_constraint(op.f('fk_filings_follows_id'), 'filings', type_='foreignkey')
    op.drop_column('filings', 'salt')
    op.drop_column('filings', 'follows_as')
    op.drop_column('filings', 'follows_id')
    op.drop_column('filings', 'retention_class')
    op.drop_column('filings', 'procedure')
    op.drop_column('events', 'hash')
    op.drop_column('events', 'previous')
    op.drop_column('events', 'position')
    op.drop_column('events', 'content_digest')
    op.drop_constraint(op.f('fk_documents_subsanacion_id'), 'documents', type_='foreignkey')
    op.drop_index(op.f('ix_documents_subsanacion_id'), table_name='documents')
    op.drop_column('documents', 'subsanacion_id')
    op.drop_column('deliveries', 'right_body_ruc')
    op.drop_column('deliveries', 'left_out_days')
    op.drop_index('ix_casilla_notices_open', table_name='casilla_notices', postgresql_where=sa.text('notified_on is null'))
    op.drop_index(op.f('ix_casilla_notices_filing_id'), table_name='casilla_notices')
    op.drop_table('casilla_notices')
    op.drop_index(op.f('ix_subsanaciones_filing_id'), table_name='subsanaciones')
    op.drop_table('subsanaciones')
    op.drop_index('ix_paper_orders_open', table_name='paper_orders', postgresql_where=sa.text('done_at is null'))
    op.drop_table('paper_orders')
    op.drop_index(op.f('ix_ledger_stamps_batch_id'), table_name='ledger_stamps')
    op.drop_table('ledger_stamps')
    op.drop_index(op.f('ix_ledger_leaves_filing_id'), table_name='ledger_leaves')
    op.drop_table('ledger_leaves')
    op.drop_table('unsealed')
    op.drop_table('stamp_troubles')
    op.drop_table('outages')
    op.drop_table('ledger_batches')
    op.drop_table('incidents')
    op.drop_table('event_heads')
    op.drop_index(op.f('ix_decree_days_day'), table_name='decree_days')
    op.drop_table('decree_days')
