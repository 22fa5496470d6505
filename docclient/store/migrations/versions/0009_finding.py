"""finding: the text of files, saved searches"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from docclient.store.tables import Moment

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('finding',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('head', sa.Text(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('rest', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('sources', sa.Text(), nullable=False),
    sa.Column('vector', sa.Text().with_variant(TSVECTOR(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_finding_document')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_finding')),
    sa.UniqueConstraint('document', name=op.f('uq_finding_document')),
    sqlite_autoincrement=True,
    )
    op.create_table('found_term',
    sa.Column('term', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('term', name=op.f('pk_found_term')),
    )
    op.create_table('file_text',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('text', sa.String(length=64), nullable=True),
    sa.Column('problem', sa.String(length=20), nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_file_text_digest')),
    sa.ForeignKeyConstraint(['text'], ['blob.digest'], name=op.f('fk_file_text_text')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_file_text')),
    )
    op.create_table('text_to_read',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_text_to_read_digest')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_text_to_read_document')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_text_to_read')),
    )
    op.create_index(op.f('ix_text_to_read_document'), 'text_to_read', ['document'], unique=False)
    op.create_table('found_secret',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('cleared_at', Moment(), nullable=True),
    sa.Column('cleared_by', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_found_secret_by')),
    sa.ForeignKeyConstraint(['cleared_by'], ['person.id'], name=op.f('fk_found_secret_cleared_by')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_found_secret')),
    )
    op.create_table('secret_lock',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['found_secret.digest'], name=op.f('fk_secret_lock_digest')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_secret_lock_document')),
    sa.PrimaryKeyConstraint('document', 'digest', name=op.f('pk_secret_lock')),
    )
    op.create_table('saved_search',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('filters', sa.Text(), nullable=False),
    sa.Column('sort', sa.String(length=20), nullable=False),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_saved_search_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_search')),
    sa.UniqueConstraint('person', 'name', name=op.f('uq_saved_search_person_name')),
    )
    op.create_table('list_columns',
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('list', sa.String(length=40), nullable=False),
    sa.Column('columns', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_list_columns_person')),
    sa.PrimaryKeyConstraint('person', 'list', name=op.f('pk_list_columns')),
    )
    op.create_index('ix_document_state_id', 'document', ['state', 'id'], unique=False)
    op.create_index('ix_document_due', 'document', ['due_date', 'id'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("CREATE INDEX ix_finding_vector ON finding USING gin (vector)")
        op.execute("ALTER TABLE finding ALTER COLUMN vector SET STATISTICS 1000")
    else:
        # short beginnings have lists of their own; longer ones are looked up in found_term
        op.execute("CREATE VIRTUAL TABLE found_words USING fts5(head, issuer, rest, words, content='', "
                   "prefix='1 2 3', tokenize='unicode61 remove_diacritics 0')")


def downgrade() -> None:
    op.drop_index('ix_document_due', table_name='document')
    op.drop_index('ix_document_state_id', table_name='document')
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("DROP TABLE found_words")
    op.drop_table('list_columns')
    op.drop_table('saved_search')
    op.drop_table('secret_lock')
    op.drop_table('found_secret')
    op.drop_index(op.f('ix_text_to_read_document'), table_name='text_to_read')
    op.drop_table('text_to_read')
    op.drop_table('file_text')
    op.drop_table('found_term')
    op.drop_table('finding')
