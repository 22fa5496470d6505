"""case files, tasks, notices, and the trail of who held and who looked at what"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('file_plan',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('per_heading', sa.Boolean(), nullable=False),
    sa.Column('approved_at', Moment(), nullable=True),
    sa.Column('approved_by', sa.String(length=36), nullable=True),
    sa.Column('decision', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_file_plan_approved_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_plan')),
    sa.UniqueConstraint('year', name=op.f('uq_file_plan_year'))
    )
    op.create_table('notice_choice',
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('manner', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_notice_choice_person')),
    sa.PrimaryKeyConstraint('person', 'kind', name=op.f('pk_notice_choice'))
    )
    op.create_table('task',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('given_by', sa.String(length=36), nullable=False),
    sa.Column('due_date', sa.Date(), nullable=True),
    sa.Column('progress', sa.Integer(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('finished_at', Moment(), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('updated_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_task_given_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    op.create_index(op.f('ix_task_given_by'), 'task', ['given_by'], unique=False)
    op.create_table('file_plan_heading',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('plan', sa.String(length=36), nullable=False),
    sa.Column('parent', sa.String(length=36), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('abbreviation', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['parent'], ['file_plan_heading.id'], name=op.f('fk_file_plan_heading_parent')),
    sa.ForeignKeyConstraint(['plan'], ['file_plan.id'], name=op.f('fk_file_plan_heading_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_plan_heading'))
    )
    op.create_index(op.f('ix_file_plan_heading_plan'), 'file_plan_heading', ['plan'], unique=False)
    op.create_table('holding',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=True),
    sa.Column('role', sa.String(length=20), nullable=True),
    sa.Column('unit', sa.String(length=36), nullable=True),
    sa.Column('since', Moment(), nullable=False),
    sa.Column('until', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_holding_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_holding_person')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_holding_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holding'))
    )
    op.create_index(op.f('ix_holding_document'), 'holding', ['document'], unique=False)
    op.create_table('task_document',
    sa.Column('task', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_task_document_document')),
    sa.ForeignKeyConstraint(['task'], ['task.id'], name=op.f('fk_task_document_task')),
    sa.PrimaryKeyConstraint('task', 'document', name=op.f('pk_task_document'))
    )
    op.create_index(op.f('ix_task_document_document'), 'task_document', ['document'], unique=False)
    op.create_table('task_person',
    sa.Column('task', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('accepted_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_task_person_person')),
    sa.ForeignKeyConstraint(['task'], ['task.id'], name=op.f('fk_task_person_task')),
    sa.PrimaryKeyConstraint('task', 'person', name=op.f('pk_task_person'))
    )
    op.create_index(op.f('ix_task_person_person'), 'task_person', ['person'], unique=False)
    op.create_table('task_step',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('task', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('command', sa.Text(), nullable=False),
    sa.Column('entry', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('progress', sa.Integer(), nullable=True),
    sa.Column('due_date', sa.Date(), nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_task_step_by')),
    sa.ForeignKeyConstraint(['task'], ['task.id'], name=op.f('fk_task_step_task')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_step'))
    )
    op.create_index(op.f('ix_task_step_task'), 'task_step', ['task'], unique=False)
    op.create_table('urging',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=True),
    sa.Column('task', sa.String(length=36), nullable=True),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('seen_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_urging_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_urging_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_urging_person')),
    sa.ForeignKeyConstraint(['task'], ['task.id'], name=op.f('fk_urging_task')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_urging'))
    )
    op.create_index(op.f('ix_urging_document'), 'urging', ['document'], unique=False)
    op.create_index(op.f('ix_urging_person'), 'urging', ['person'], unique=False)
    op.create_index(op.f('ix_urging_task'), 'urging', ['task'], unique=False)
    op.create_table('case_file',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('organ_id', sa.Text(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('notation', sa.Text(), nullable=False),
    sa.Column('heading', sa.String(length=36), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('retention_code', sa.String(length=2), nullable=False),
    sa.Column('retention_years', sa.Integer(), nullable=True),
    sa.Column('rights', sa.String(length=12), nullable=False),
    sa.Column('owner', sa.String(length=36), nullable=False),
    sa.Column('unit', sa.String(length=36), nullable=True),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('construction', sa.Boolean(), nullable=False),
    sa.Column('start_date', sa.Date(), nullable=True),
    sa.Column('end_date', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('hand_in_due', sa.Date(), nullable=True),
    sa.Column('kept_until', sa.Date(), nullable=True),
    sa.Column('kept_basis', sa.Text(), nullable=True),
    sa.Column('handed_in_at', Moment(), nullable=True),
    sa.Column('handed_in_late', sa.Boolean(), nullable=True),
    sa.Column('last_ordinal', sa.Integer(), nullable=False),
    sa.Column('opened_at', Moment(), nullable=True),
    sa.Column('closed_at', Moment(), nullable=True),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('last_entry', sa.Integer(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('updated_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['heading'], ['file_plan_heading.id'], name=op.f('fk_case_file_heading')),
    sa.ForeignKeyConstraint(['owner'], ['person.id'], name=op.f('fk_case_file_owner')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_case_file_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_file')),
    sa.UniqueConstraint('organ_id', 'year', 'notation', name=op.f('uq_case_file_organ_id_year_notation'))
    )
    op.create_index(op.f('ix_case_file_hand_in_due'), 'case_file', ['hand_in_due'], unique=False)
    op.create_index(op.f('ix_case_file_owner'), 'case_file', ['owner'], unique=False)
    op.create_index(op.f('ix_case_file_unit'), 'case_file', ['unit'], unique=False)
    op.create_table('case_file_act',
    sa.Column('case_file', sa.String(length=36), nullable=False),
    sa.Column('entry', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['case_file'], ['case_file.id'], name=op.f('fk_case_file_act_case_file')),
    sa.PrimaryKeyConstraint('case_file', 'entry', name=op.f('pk_case_file_act'))
    )
    op.create_table('case_file_document',
    sa.Column('case_file', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_case_file_document_by')),
    sa.ForeignKeyConstraint(['case_file'], ['case_file.id'], name=op.f('fk_case_file_document_case_file')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_case_file_document_document')),
    sa.PrimaryKeyConstraint('case_file', 'document', name=op.f('pk_case_file_document')),
    sa.UniqueConstraint('case_file', 'ordinal', name=op.f('uq_case_file_document_case_file_ordinal'))
    )
    op.create_index(op.f('ix_case_file_document_document'), 'case_file_document', ['document'], unique=False)
    op.create_table('notice',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=True),
    sa.Column('task', sa.String(length=36), nullable=True),
    sa.Column('case_file', sa.String(length=36), nullable=True),
    sa.Column('by', sa.String(length=36), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('told_at', Moment(), nullable=True),
    sa.Column('read_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_notice_by')),
    sa.ForeignKeyConstraint(['case_file'], ['case_file.id'], name=op.f('fk_notice_case_file')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_notice_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_notice_person')),
    sa.ForeignKeyConstraint(['task'], ['task.id'], name=op.f('fk_notice_task')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('person', 'about', name=op.f('uq_notice_person_about'))
    )
    op.create_index(op.f('ix_notice_document'), 'notice', ['document'], unique=False)
    op.create_index('ix_notice_person_id', 'notice', ['person', 'id'], unique=False)
    op.create_index('ix_notice_person_read', 'notice', ['person', 'read_at'], unique=False)
    op.create_index(op.f('ix_notice_task'), 'notice', ['task'], unique=False)
    op.create_table('view_log',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=True),
    sa.Column('case_file', sa.String(length=36), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('mark', sa.String(length=40), nullable=True),
    sa.Column('slot', sa.BigInteger(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.Column('once', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['case_file'], ['case_file.id'], name=op.f('fk_view_log_case_file')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_view_log_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_view_log_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_view_log')),
    sa.UniqueConstraint('once', name=op.f('uq_view_log_once'))
    )
    op.create_index('ix_view_log_at', 'view_log', ['at'], unique=False)
    op.create_index('ix_view_log_case_file', 'view_log', ['case_file', 'at'], unique=False)
    op.create_index('ix_view_log_document', 'view_log', ['document', 'at'], unique=False)
    # what waits now is held now; what was held before the office kept count is not known
    op.execute('INSERT INTO holding (id, document, kind, person, role, unit, since)'
               ' SELECT id, document, kind, person, role, unit, since FROM waiting')


def downgrade() -> None:
    op.drop_index('ix_view_log_document', table_name='view_log')
    op.drop_index('ix_view_log_case_file', table_name='view_log')
    op.drop_index('ix_view_log_at', table_name='view_log')
    op.drop_table('view_log')
    op.drop_index(op.f('ix_notice_task'), table_name='notice')
    op.drop_index('ix_notice_person_read', table_name='notice')
    op.drop_index('ix_notice_person_id', table_name='notice')
    op.drop_index(op.f('ix_notice_document'), table_name='notice')
    op.drop_table('notice')
    op.drop_index(op.f('ix_case_file_document_document'), table_name='case_file_document')
    op.drop_table('case_file_document')
    op.drop_table('case_file_act')
    op.drop_index(op.f('ix_case_file_unit'), table_name='case_file')
    op.drop_index(op.f('ix_case_file_owner'), table_name='case_file')
    op.drop_index(op.f('ix_case_file_hand_in_due'), table_name='case_file')
    op.drop_table('case_file')
    op.drop_index(op.f('ix_urging_task'), table_name='urging')
    op.drop_index(op.f('ix_urging_person'), table_name='urging')
    op.drop_index(op.f('ix_urging_document'), table_name='urging')
    op.drop_table('urging')
    op.drop_index(op.f('ix_task_step_task'), table_name='task_step')
    op.drop_table('task_step')
    op.drop_index(op.f('ix_task_person_person'), table_name='task_person')
    op.drop_table('task_person')
    op.drop_index(op.f('ix_task_document_document'), table_name='task_document')
    op.drop_table('task_document')
    op.drop_index(op.f('ix_holding_document'), table_name='holding')
    op.drop_table('holding')
    op.drop_index(op.f('ix_file_plan_heading_plan'), table_name='file_plan_heading')
    op.drop_table('file_plan_heading')
    op.drop_index(op.f('ix_task_given_by'), table_name='task')
    op.drop_table('task')
    op.drop_table('notice_choice')
    op.drop_table('file_plan')
