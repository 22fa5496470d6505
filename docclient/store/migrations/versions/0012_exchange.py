"""exchange: what senders ask of documents, tries of the outbox, urging"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('asked_change',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('packet', sa.String(length=64), nullable=False),
    sa.Column('asker_code', sa.Text(), nullable=False),
    sa.Column('asker_name', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('successor', sa.String(length=36), nullable=True),
    sa.Column('said_at', Moment(), nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('answered_by', sa.String(length=36), nullable=True),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.Column('agreed', sa.Boolean(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_asked_change_answered_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_asked_change_document')),
    sa.ForeignKeyConstraint(['packet'], ['blob.digest'], name=op.f('fk_asked_change_packet')),
    sa.ForeignKeyConstraint(['successor'], ['document.id'], name=op.f('fk_asked_change_successor')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asked_change')),
    sa.UniqueConstraint('document', 'packet', name=op.f('uq_asked_change_document_packet')),
    )
    op.create_index(op.f('ix_asked_change_document'), 'asked_change', ['document'], unique=False)
    op.create_table('recipient_urging',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('agency_code', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_recipient_urging_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_recipient_urging_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recipient_urging')),
    )
    op.create_index(op.f('ix_recipient_urging_document'), 'recipient_urging', ['document'], unique=False)
    op.add_column('outbox', sa.Column('tried_at', Moment(), nullable=True))
    op.add_column('outbox', sa.Column('refused', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('outbox', 'refused')
    op.drop_column('outbox', 'tried_at')
    op.drop_index(op.f('ix_recipient_urging_document'), table_name='recipient_urging')
    op.drop_table('recipient_urging')
    op.drop_index(op.f('ix_asked_change_document'), table_name='asked_change')
    op.drop_table('asked_change')
