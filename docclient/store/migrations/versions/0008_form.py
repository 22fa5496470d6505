"""form: what was found about the form of drafts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('form_check',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('verdict', sa.String(length=12), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_form_check_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_form_check_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_check'))
    )
    op.create_index(op.f('ix_form_check_document'), 'form_check', ['document'], unique=False)
    op.create_table('form_excuse',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_form_excuse_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_form_excuse_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_excuse'))
    )
    op.create_index(op.f('ix_form_excuse_document'), 'form_excuse', ['document'], unique=False)


def downgrade() -> None:
    op.drop_table('form_excuse')
    op.drop_table('form_check')
