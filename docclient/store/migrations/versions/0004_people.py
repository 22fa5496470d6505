"""people and authority: posts, delegations, rights, and the later facts of a document"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('document', sa.Column('language', sa.Text(), nullable=True))
    op.add_column('document', sa.Column('page_amount', sa.Integer(), nullable=True))
    op.add_column('document', sa.Column('note', sa.Text(), nullable=True))
    op.add_column('document', sa.Column('issued_amount', sa.Integer(), nullable=True))
    op.add_column('document', sa.Column('reply_due_date', sa.Date(), nullable=True))
    op.add_column('document', sa.Column('paper_follows', sa.Boolean(), nullable=True))
    op.add_column('document', sa.Column('series', sa.String(length=36), nullable=True))
    op.add_column('document', sa.Column('copy_kind', sa.String(length=3), nullable=True))
    op.add_column('document', sa.Column('copy_of', sa.String(length=36), nullable=True))
    op.add_column('document', sa.Column('frozen_at', Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column('document', 'frozen_at')
    op.drop_column('document', 'copy_of')
    op.drop_column('document', 'copy_kind')
    op.drop_column('document', 'series')
    op.drop_column('document', 'paper_follows')
    op.drop_column('document', 'reply_due_date')
    op.drop_column('document', 'issued_amount')
    op.drop_column('document', 'note')
    op.drop_column('document', 'page_amount')
    op.drop_column('document', 'language')
