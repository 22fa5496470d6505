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
    op.add_column('unit', sa.Column('valid_from', sa.Date(), nullable=True))
    op.add_column('unit', sa.Column('valid_to', sa.Date(), nullable=True))
    op.add_column('document_type', sa.Column('valid_to', sa.Date(), nullable=True))
    op.add_column('register', sa.Column('closed_at', Moment(), nullable=True))
    op.add_column('register', sa.Column('closed_why', sa.Text(), nullable=True))
    op.add_column('register', sa.Column('closed_entry', sa.Integer(), nullable=True))
    op.add_column('register', sa.Column('closed_hash', sa.String(length=64), nullable=True))
    op.add_column('direction', sa.Column('hand', sa.String(length=36), nullable=True))
    make_tables()


def make_tables() -> None:
    op.create_table(
        'delegation', identity(), refers('absent', 'person'), refers('substitute', 'person'),
        sa.Column('first_day', sa.Date(), nullable=False), sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('types', sa.Text(), nullable=False), sa.Column('kinds', sa.Text(), nullable=False),
        sa.Column('basis', sa.Text(), nullable=False), refers('granted_by', 'person'),
        sa.Column('granted_at', Moment(), nullable=False), refers('revoked_by', 'person', optional=True),
        sa.Column('revoked_at', Moment(), nullable=True), sa.Column('revoked_why', sa.Text(), nullable=True))
    op.create_table(
        'signing_authority', identity(), refers('person', 'person'), refers('post', 'post', optional=True),
        sa.Column('form', sa.String(length=10), nullable=False), sa.Column('title', sa.Text(), nullable=False),
        sa.Column('types', sa.Text(), nullable=False), sa.Column('units', sa.Text(), nullable=False),
        sa.Column('fields', sa.Text(), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False), sa.Column('valid_to', sa.Date(), nullable=True),
        refers('given_by', 'person', optional=True),
        sa.Column('basis', sa.Text(), nullable=False), refers('set_by', 'person'),
        sa.Column('set_at', Moment(), nullable=False), sa.Column('ended_at', Moment(), nullable=True),
        sa.Column('ended_why', sa.Text(), nullable=True))
    op.create_table(
        'granted_right', identity(), refers('document', 'document'), refers('file', 'file', optional=True),
        refers('person', 'person', optional=True), refers('unit', 'unit', optional=True),
        sa.Column('name', sa.String(length=10), nullable=False), sa.Column('given', sa.Boolean(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False), refers('by', 'person'),
        sa.Column('at', Moment(), nullable=False), sa.Column('state', sa.String(length=10), nullable=False),
        refers('decided_by', 'person', optional=True), sa.Column('decided_at', Moment(), nullable=True))
    op.create_table(
        'former_name', identity(), refers('agency', 'agency', optional=True), refers('unit', 'unit', optional=True),
        sa.Column('name', sa.Text(), nullable=False), sa.Column('code', sa.Text(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False), sa.Column('basis', sa.Text(), nullable=False))
    op.create_table(
        'account', sa.Column('person', sa.String(length=36), sa.ForeignKey('person.id', name='fk_account_person'),
                             primary_key=True),
        sa.Column('login_role', sa.String(length=20), nullable=False), sa.Column('password', sa.Text(), nullable=True),
        sa.Column('must_change', sa.Boolean(), nullable=False), sa.Column('failed', sa.Integer(), nullable=False),
        sa.Column('locked', sa.Boolean(), nullable=False), sa.Column('locked_until', Moment(), nullable=True),
        sa.Column('changed_at', Moment(), nullable=True))
    for table, columns in INDEXED.items():
        for column in columns:
            op.create_index(f'ix_{table}_{column}', table, [column])


INDEXED = {
    'delegation': ('absent', 'substitute'), 'signing_authority': ('person', 'post'),
    'granted_right': ('document', 'person', 'unit', 'state'), 'former_name': ('agency', 'unit'),
}


def identity() -> sa.Column[str]:
    return sa.Column('id', sa.String(length=36), primary_key=True)


def refers(name: str, target: str, *, optional: bool = False) -> sa.Column[str]:
    """A reference; what it is named follows from the table (naming convention of the metadata)."""
    return sa.Column(name, sa.String(length=36), sa.ForeignKey(f'{target}.id'), nullable=optional)


def downgrade() -> None:
    for table in ('account', 'former_name', 'granted_right', 'signing_authority', 'delegation'):
        op.drop_table(table)
    for column in ('closed_hash', 'closed_entry', 'closed_why', 'closed_at'):
        op.drop_column('register', column)
    op.drop_column('direction', 'hand')
    op.drop_column('document_type', 'valid_to')
    op.drop_column('unit', 'valid_to')
    op.drop_column('unit', 'valid_from')
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
