"""incoming: what happens between arrival and the end of the work"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('earlier_choice',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('sender', sa.Text(), nullable=False),
    sa.Column('type_name', sa.Text(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('handler', sa.String(length=36), nullable=False),
    sa.Column('uses', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_earlier_choice')),
    sa.UniqueConstraint('sender', 'type_name', 'role', 'kind', 'handler', name=op.f('uq_earlier_choice_sender_type_name_role_kind_handler'))
    )
    op.create_table('register_rule',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('type_name', sa.Text(), nullable=True),
    sa.Column('sender_code', sa.Text(), nullable=True),
    sa.Column('subject_words', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_rule'))
    )
    op.create_table('type_deadline',
    sa.Column('type_name', sa.Text(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('type_name', name=op.f('pk_type_deadline'))
    )
    op.create_table('phrase',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_phrase_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phrase'))
    )
    op.create_index(op.f('ix_phrase_person'), 'phrase', ['person'], unique=False)
    op.create_table('routing_rule',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('type_name', sa.Text(), nullable=True),
    sa.Column('sender_code', sa.Text(), nullable=True),
    sa.Column('subject_words', sa.Text(), nullable=True),
    sa.Column('lead_kind', sa.String(length=10), nullable=False),
    sa.Column('lead_id', sa.String(length=36), nullable=False),
    sa.Column('leader', sa.String(length=36), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('due_days', sa.Integer(), nullable=True),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_routing_rule_by')),
    sa.ForeignKeyConstraint(['leader'], ['person.id'], name=op.f('fk_routing_rule_leader')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_rule'))
    )
    op.create_table('closing',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('reopened_by', sa.String(length=36), nullable=True),
    sa.Column('reopened_at', Moment(timezone=True), nullable=True),
    sa.Column('reopened_why', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_closing_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_closing_document')),
    sa.ForeignKeyConstraint(['reopened_by'], ['person.id'], name=op.f('fk_closing_reopened_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing'))
    )
    op.create_index(op.f('ix_closing_document'), 'closing', ['document'], unique=False)
    op.create_table('extension_request',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('asked', sa.String(length=36), nullable=False),
    sa.Column('due_date', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('granted', sa.Boolean(), nullable=True),
    sa.Column('decided_by', sa.String(length=36), nullable=True),
    sa.Column('decided_at', Moment(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['asked'], ['person.id'], name=op.f('fk_extension_request_asked')),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_extension_request_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_extension_request_decided_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_extension_request_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension_request'))
    )
    op.create_index(op.f('ix_extension_request_document'), 'extension_request', ['document'], unique=False)
    op.create_table('paper_copy',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('received_by', sa.String(length=36), nullable=False),
    sa.Column('received_at', Moment(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('handed_to', sa.String(length=36), nullable=True),
    sa.Column('handed_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_paper_copy_document')),
    sa.ForeignKeyConstraint(['handed_to'], ['person.id'], name=op.f('fk_paper_copy_handed_to')),
    sa.ForeignKeyConstraint(['received_by'], ['person.id'], name=op.f('fk_paper_copy_received_by')),
    sa.PrimaryKeyConstraint('document', name=op.f('pk_paper_copy'))
    )
    op.create_table('phrase_use',
    sa.Column('phrase', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('uses', sa.Integer(), nullable=False),
    sa.Column('last_at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_phrase_use_person')),
    sa.ForeignKeyConstraint(['phrase'], ['phrase.id'], name=op.f('fk_phrase_use_phrase')),
    sa.PrimaryKeyConstraint('phrase', 'person', name=op.f('pk_phrase_use'))
    )
    op.create_table('presentation',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('leader', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('opened_at', Moment(timezone=True), nullable=True),
    sa.Column('taken_back_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_presentation_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_presentation_document')),
    sa.ForeignKeyConstraint(['leader'], ['person.id'], name=op.f('fk_presentation_leader')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presentation'))
    )
    op.create_index(op.f('ix_presentation_document'), 'presentation', ['document'], unique=False)
    op.create_table('progress_note',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_progress_note_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_progress_note_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progress_note'))
    )
    op.create_index(op.f('ix_progress_note_document'), 'progress_note', ['document'], unique=False)
    op.create_table('recall_notice',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=True),
    sa.Column('notice', sa.Text(), nullable=True),
    sa.Column('packet', sa.String(length=64), nullable=True),
    sa.Column('state_before', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_recall_notice_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_recall_notice_document')),
    sa.ForeignKeyConstraint(['packet'], ['blob.digest'], name=op.f('fk_recall_notice_packet')),
    sa.PrimaryKeyConstraint('document', name=op.f('pk_recall_notice'))
    )
    op.create_table('remark',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('asked', sa.String(length=36), nullable=True),
    sa.Column('answers', sa.String(length=36), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['asked'], ['person.id'], name=op.f('fk_remark_asked')),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_remark_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_remark_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark'))
    )
    op.create_index(op.f('ix_remark_document'), 'remark', ['document'], unique=False)
    op.create_table('twin_key',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_twin_key_document')),
    sa.PrimaryKeyConstraint('document', name=op.f('pk_twin_key'))
    )
    op.create_index('ix_twin_key_number', 'twin_key', ['number'], unique=False)
    op.create_table('former_handler',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=True),
    sa.Column('unit', sa.String(length=36), nullable=True),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('level_role', sa.String(length=10), nullable=True),
    sa.Column('direction', sa.String(length=36), nullable=False),
    sa.Column('limit_date', sa.Date(), nullable=True),
    sa.Column('opened_at', Moment(timezone=True), nullable=True),
    sa.Column('accepted_at', Moment(timezone=True), nullable=True),
    sa.Column('finished_at', Moment(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=36), nullable=False),
    sa.Column('ended_at', Moment(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['direction'], ['direction.id'], name=op.f('fk_former_handler_direction')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_former_handler_document')),
    sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_former_handler_ended_by')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_former_handler_person')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_former_handler_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_former_handler'))
    )
    op.create_index(op.f('ix_former_handler_document'), 'former_handler', ['document'], unique=False)
    op.create_index(op.f('ix_former_handler_person'), 'former_handler', ['person'], unique=False)
    op.add_column('deadline_change', sa.Column('level', sa.String(length=36), nullable=True))
    op.add_column('direction', sa.Column('upper', sa.String(length=36), nullable=True))
    op.add_column('direction', sa.Column('origin', sa.String(length=10), nullable=True))
    op.add_column('direction', sa.Column('routing', sa.String(length=36), nullable=True))
    op.add_column('direction', sa.Column('ended_at', Moment(timezone=True), nullable=True))
    op.add_column('handler', sa.Column('level_role', sa.String(length=10), nullable=True))
    op.add_column('handler', sa.Column('limit_date', sa.Date(), nullable=True))
    op.add_column('handler', sa.Column('opened_at', Moment(timezone=True), nullable=True))
    fill_twin_keys()


def fill_twin_keys() -> None:
    """What duplicates of the documents that are here already are found by; as docclient/office/twins.py writes it."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(
        "SELECT id, code_number, code_notation, issued_date FROM document WHERE flow = 'incoming'"
        " AND code_number IS NOT NULL AND code_notation IS NOT NULL"))
    keys = [{"document": row[0], "number": number_key(row[1], row[2], str(row[3])[:4] if row[3] else "")}
            for row in rows]
    if keys:
        connection.execute(sa.text("INSERT INTO twin_key (document, number) VALUES (:document, :number)"), keys)


def number_key(number: str, notation: str, year: str) -> str:
    return f"{folded(number).lstrip('0')}/{folded(notation)} {year}"


def folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return "".join(plain.replace("đ", "d").split())


def downgrade() -> None:
    op.drop_column('handler', 'opened_at')
    op.drop_column('handler', 'limit_date')
    op.drop_column('handler', 'level_role')
    op.drop_column('direction', 'ended_at')
    op.drop_column('direction', 'routing')
    op.drop_column('direction', 'origin')
    op.drop_column('direction', 'upper')
    op.drop_column('deadline_change', 'level')
    op.drop_index(op.f('ix_former_handler_person'), table_name='former_handler')
    op.drop_index(op.f('ix_former_handler_document'), table_name='former_handler')
    op.drop_table('former_handler')
    op.drop_index('ix_twin_key_number', table_name='twin_key')
    op.drop_table('twin_key')
    op.drop_index(op.f('ix_remark_document'), table_name='remark')
    op.drop_table('remark')
    op.drop_table('recall_notice')
    op.drop_index(op.f('ix_progress_note_document'), table_name='progress_note')
    op.drop_table('progress_note')
    op.drop_index(op.f('ix_presentation_document'), table_name='presentation')
    op.drop_table('presentation')
    op.drop_table('phrase_use')
    op.drop_table('paper_copy')
    op.drop_index(op.f('ix_extension_request_document'), table_name='extension_request')
    op.drop_table('extension_request')
    op.drop_index(op.f('ix_closing_document'), table_name='closing')
    op.drop_table('closing')
    op.drop_table('routing_rule')
    op.drop_index(op.f('ix_phrase_person'), table_name='phrase')
    op.drop_table('phrase')
    op.drop_table('type_deadline')
    op.drop_table('register_rule')
    op.drop_table('earlier_choice')
