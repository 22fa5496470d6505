"""outgoing: series of numbers, opinions, approvals, copies, recalls; every number given so far enters the book of them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('document', sa.Column('signed_at', Moment(), nullable=True))
    op.add_column('document', sa.Column('issued_moment', Moment(), nullable=True))
    op.add_column('register', sa.Column('series', sa.String(length=36), nullable=True))
    op.create_table('number_series',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('types', sa.Text(), nullable=False),
    sa.Column('normative', sa.Boolean(), nullable=False),
    sa.Column('council', sa.Text(), nullable=True),
    sa.Column('from_year', sa.Integer(), nullable=False),
    sa.Column('to_year', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_number_series')),
    sa.UniqueConstraint('name', name=op.f('uq_number_series_name'))
    )
    op.create_table('approval',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('covers', sa.String(length=64), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('void_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_approval_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_approval_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    op.create_index(op.f('ix_approval_document'), 'approval', ['document'], unique=False)
    op.create_table('draft_change',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('previous', sa.Text(), nullable=False),
    sa.Column('present', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_draft_change_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_draft_change_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_change'))
    )
    op.create_index(op.f('ix_draft_change_document'), 'draft_change', ['document'], unique=False)
    op.create_table('given_number',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('register', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('issuer_code', sa.Text(), nullable=False),
    sa.Column('code_number', sa.Text(), nullable=False),
    sa.Column('code_notation', sa.Text(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('cancelled_at', Moment(), nullable=True),
    sa.Column('cancelled_by', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('type_name', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['cancelled_by'], ['person.id'], name=op.f('fk_given_number_cancelled_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_given_number_document')),
    sa.ForeignKeyConstraint(['register'], ['register.id'], name=op.f('fk_given_number_register')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_given_number')),
    sa.UniqueConstraint('register', 'number', name=op.f('uq_given_number_register_number')),
    sa.UniqueConstraint('issuer_code', 'year', 'code_number', 'code_notation',
                        name=op.f('uq_given_number_issuer_code_year_code_number_code_notation'))
    )
    op.create_index(op.f('ix_given_number_document'), 'given_number', ['document'], unique=False)
    op.create_table('inside_recipient',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=True),
    sa.Column('unit', sa.String(length=36), nullable=True),
    sa.Column('delivered_at', Moment(), nullable=True),
    sa.Column('read_at', Moment(), nullable=True),
    sa.Column('read_by', sa.String(length=36), nullable=True),
    sa.Column('withdrawn_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_inside_recipient_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_inside_recipient_person')),
    sa.ForeignKeyConstraint(['read_by'], ['person.id'], name=op.f('fk_inside_recipient_read_by')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_inside_recipient_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inside_recipient'))
    )
    op.create_index(op.f('ix_inside_recipient_document'), 'inside_recipient', ['document'], unique=False)
    op.create_table('opinion',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('round', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('file', sa.String(length=36), nullable=True),
    sa.Column('by', sa.String(length=36), nullable=True),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_opinion_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_opinion_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_opinion_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opinion')),
    sa.UniqueConstraint('round', 'person', name=op.f('uq_opinion_round_person'))
    )
    op.create_index(op.f('ix_opinion_document'), 'opinion', ['document'], unique=False)
    op.create_index(op.f('ix_opinion_round'), 'opinion', ['round'], unique=False)
    op.create_table('opinion_round',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('due_date', sa.Date(), nullable=True),
    sa.Column('in_turn', sa.Boolean(), nullable=False),
    sa.Column('resume', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_opinion_round_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_opinion_round_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opinion_round'))
    )
    op.create_index(op.f('ix_opinion_round_document'), 'opinion_round', ['document'], unique=False)
    op.create_table('recall',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_recall_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_recall_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall'))
    )
    op.create_index(op.f('ix_recall_document'), 'recall', ['document'], unique=False)
    # The runs of numbers go on where they are: what was given so far stands in the book of given numbers. Were the
    # same number and symbol given twice in a year (by two books of paper), the first one stands.
    op.execute(sa.text("""
        INSERT INTO given_number (id, document, register, number, year, issuer_code, code_number, code_notation, day)
        SELECT document.id, document.id, document.register, document.out_number, register.year,
               COALESCE(document.issuer_code, ''), document.code_number, document.code_notation, document.issued_date
        FROM document JOIN register ON register.id = document.register
        WHERE document.out_number IS NOT NULL AND document.code_number IS NOT NULL
          AND document.code_notation IS NOT NULL AND document.issued_date IS NOT NULL
          AND NOT EXISTS (
            SELECT 1 FROM document earlier JOIN register its ON its.id = earlier.register
            WHERE earlier.out_number IS NOT NULL AND its.year = register.year
              AND earlier.code_number = document.code_number AND earlier.code_notation = document.code_notation
              AND earlier.id < document.id)"""))


def downgrade() -> None:
    op.drop_index(op.f('ix_recall_document'), table_name='recall')
    op.drop_table('recall')
    op.drop_index(op.f('ix_opinion_round_document'), table_name='opinion_round')
    op.drop_table('opinion_round')
    op.drop_index(op.f('ix_opinion_round'), table_name='opinion')
    op.drop_index(op.f('ix_opinion_document'), table_name='opinion')
    op.drop_table('opinion')
    op.drop_index(op.f('ix_inside_recipient_document'), table_name='inside_recipient')
    op.drop_table('inside_recipient')
    op.drop_index(op.f('ix_given_number_document'), table_name='given_number')
    op.drop_table('given_number')
    op.drop_index(op.f('ix_draft_change_document'), table_name='draft_change')
    op.drop_table('draft_change')
    op.drop_index(op.f('ix_approval_document'), table_name='approval')
    op.drop_table('approval')
    op.drop_table('number_series')
    op.drop_column('register', 'series')
    op.drop_column('document', 'issued_moment')
    op.drop_column('document', 'signed_at')
