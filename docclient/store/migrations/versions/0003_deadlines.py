"""deadlines: the office's own calendar, and every extension with its reason"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calendar_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_day')),
    )
    op.create_table('deadline_change',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('previous', sa.Date(), nullable=True),
    sa.Column('due_date', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_deadline_change_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_deadline_change_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline_change')),
    )
    op.create_index(op.f('ix_deadline_change_document'), 'deadline_change', ['document'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_deadline_change_document'), table_name='deadline_change')
    op.drop_table('deadline_change')
    op.drop_table('calendar_day')
