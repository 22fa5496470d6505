"""directory: the units that packets can go to, groups of recipients"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from docclient.store.tables import Moment

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def compared() -> sa.Text:
    return sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table('directory_unit',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('code_folded', compared(), nullable=False),
    sa.Column('old_code', sa.Text(), nullable=True),
    sa.Column('old_folded', compared(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_folded', compared(), nullable=False),
    sa.Column('parent_code', sa.Text(), nullable=True),
    sa.Column('parent_name', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('centre', sa.Boolean(), nullable=False),
    sa.Column('added_at', Moment(), nullable=False),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_directory_unit')),
    sa.UniqueConstraint('source', 'code_folded', name=op.f('uq_directory_unit_source')),
    )
    op.create_index('ix_directory_unit_part', 'directory_unit', ['source', 'part'], unique=False)
    op.create_index('ix_directory_unit_code', 'directory_unit', ['code_folded'], unique=False)
    op.create_index('ix_directory_unit_old_code', 'directory_unit', ['old_folded'], unique=False)
    op.create_index('ix_directory_unit_name', 'directory_unit', ['name_folded'], unique=False)
    op.create_table('directory_finding',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('vector', sa.Text().with_variant(TSVECTOR(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['number'], ['directory_unit.number'], name=op.f('fk_directory_finding_number')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_directory_finding')),
    )
    op.create_table('recipient_group',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('owner', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['owner'], ['person.id'], name=op.f('fk_recipient_group_owner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recipient_group')),
    )
    op.create_index(op.f('ix_recipient_group_owner'), 'recipient_group', ['owner'], unique=False)
    op.create_table('recipient_group_member',
    sa.Column('group', sa.String(length=36), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['group'], ['recipient_group.id'], name=op.f('fk_recipient_group_member_group')),
    sa.PrimaryKeyConstraint('group', 'code', name=op.f('pk_recipient_group_member')),
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("CREATE INDEX ix_directory_finding_vector ON directory_finding USING gin (vector)")
    else:
        # up to four letters have lists of their own: initials like `ubnd` begin thousands of words
        op.execute("CREATE VIRTUAL TABLE unit_words USING fts5(words, content='', detail=none, prefix='1 2 3 4', "
                   "tokenize='unicode61 remove_diacritics 0')")


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("DROP TABLE unit_words")
    op.drop_table('recipient_group_member')
    op.drop_index(op.f('ix_recipient_group_owner'), table_name='recipient_group')
    op.drop_table('recipient_group')
    op.drop_table('directory_finding')
    op.drop_index('ix_directory_unit_name', table_name='directory_unit')
    op.drop_index('ix_directory_unit_old_code', table_name='directory_unit')
    op.drop_index('ix_directory_unit_code', table_name='directory_unit')
    op.drop_index('ix_directory_unit_part', table_name='directory_unit')
    op.drop_table('directory_unit')
