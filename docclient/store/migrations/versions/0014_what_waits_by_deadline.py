"""waiting: the deadline of what waits beside it, so that a list is read from its index"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

NO_DEADLINE = '9999-12-31'


def upgrade() -> None:
    # a constant default needs no table made anew, on SQLite either
    op.add_column('waiting', sa.Column('due', sa.Date(), nullable=False, server_default=NO_DEADLINE))
    op.execute("UPDATE waiting SET due = (SELECT document.due_date FROM document WHERE document.id = waiting.document) "
               "WHERE EXISTS (SELECT 1 FROM document "
               "WHERE document.id = waiting.document AND document.due_date IS NOT NULL)")
    op.drop_index('ix_waiting_person', table_name='waiting')
    op.drop_index('ix_waiting_role', table_name='waiting')
    op.create_index('ix_waiting_person', 'waiting', ['person', 'due', 'since', 'id', 'kind', 'document'], unique=False)
    op.create_index('ix_waiting_role', 'waiting',
                    ['role', 'unit', 'person', 'due', 'since', 'id', 'kind', 'document'], unique=False)
    op.create_index('ix_waiting_due', 'waiting', ['due'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_waiting_due', table_name='waiting')
    op.drop_index('ix_waiting_role', table_name='waiting')
    op.drop_index('ix_waiting_person', table_name='waiting')
    op.create_index('ix_waiting_role', 'waiting', ['role'], unique=False)
    op.create_index('ix_waiting_person', 'waiting', ['person'], unique=False)
    with op.batch_alter_table('waiting') as batch:
        batch.drop_column('due')
