"""keeping: stamps on the journal, backups"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('journal_stamp',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['token'], ['blob.digest'], name=op.f('fk_journal_stamp_token')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_journal_stamp')),
    )


def downgrade() -> None:
    op.drop_table('journal_stamp')
