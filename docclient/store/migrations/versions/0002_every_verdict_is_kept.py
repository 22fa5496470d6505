"""every verdict is kept: a later check of a file's signatures adds one beside the first"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('verdict',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('conclusion', sa.String(length=20), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('evidence', sa.String(length=64), nullable=True),
    sa.Column('online', sa.Boolean(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_verdict_by')),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_verdict_digest')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_verdict_document')),
    sa.ForeignKeyConstraint(['evidence'], ['blob.digest'], name=op.f('fk_verdict_evidence')),
    sa.PrimaryKeyConstraint('document', 'digest', 'number', name=op.f('pk_verdict')),
    )
    op.execute(sa.text(
        'INSERT INTO verdict (document, digest, number, conclusion, report, online, at) '
        'SELECT document, digest, 1, conclusion, report, false, at FROM verification'))
    op.drop_table('verification')


def downgrade() -> None:
    op.create_table('verification',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('conclusion', sa.String(length=20), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_verification_digest')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_verification_document')),
    sa.PrimaryKeyConstraint('document', 'digest', name=op.f('pk_verification')),
    )
    op.execute(sa.text(
        'INSERT INTO verification (document, digest, conclusion, report, at) '
        'SELECT document, digest, conclusion, report, at FROM verdict WHERE number = 1'))
    op.drop_table('verdict')
