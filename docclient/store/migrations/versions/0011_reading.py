"""reading: the indexes that large offices need"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_document_flow_state_id', 'document', ['flow', 'state', 'id'], unique=False)
    op.create_index('ix_document_due_date', 'document', ['due_date'], unique=False)
    op.create_index('ix_verdict_conclusion', 'verdict', ['conclusion', 'document'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_verdict_conclusion', table_name='verdict')
    op.drop_index('ix_document_due_date', table_name='document')
    op.drop_index('ix_document_flow_state_id', table_name='document')
