"""the first shape of the office"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from docclient.store.tables import Moment

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agency',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('old_code', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('parent_name', sa.Text(), nullable=True),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('own', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('successor', sa.String(length=36), nullable=True),
    sa.ForeignKeyConstraint(['successor'], ['agency.id'], name=op.f('fk_agency_successor')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency')),
    sa.UniqueConstraint('code', name=op.f('uq_agency_code'))
    )
    op.create_table('blob',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_blob'))
    )
    op.create_table('certificate',
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('owner', sa.String(length=36), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('added_at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_certificate'))
    )
    op.create_index(op.f('ix_certificate_owner'), 'certificate', ['owner'], unique=False)
    op.create_table('document_type',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('abbreviation', sa.Text(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_document_type'))
    )
    op.create_table('journal',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.String(length=32), nullable=False),
    sa.Column('actor', sa.String(length=36), nullable=False),
    sa.Column('actor_name', sa.Text(), nullable=False),
    sa.Column('command', sa.Text(), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=True),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('effect', sa.Text(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_journal'))
    )
    op.create_index(op.f('ix_journal_document'), 'journal', ['document'], unique=False)
    op.create_table('journal_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal_head'))
    )
    op.create_table('office_fact',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_office_fact'))
    )
    op.create_table('person',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('account', name=op.f('uq_person_account'))
    )
    op.create_table('receipt',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('command', sa.String(length=64), nullable=False),
    sa.Column('receipt', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_receipt'))
    )
    op.create_table('register',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register')),
    sa.UniqueConstraint('kind', 'year', 'title', name=op.f('uq_register_kind_year_title'))
    )
    op.create_table('unit',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('abbreviation', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit'))
    )
    op.create_table('document',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('flow', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('type_name', sa.Text(), nullable=False),
    sa.Column('code_number', sa.Text(), nullable=True),
    sa.Column('code_notation', sa.Text(), nullable=True),
    sa.Column('issued_date', sa.Date(), nullable=True),
    sa.Column('issued_place', sa.Text(), nullable=True),
    sa.Column('issuer_code', sa.Text(), nullable=True),
    sa.Column('issuer_name', sa.Text(), nullable=True),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('due_date', sa.Date(), nullable=True),
    sa.Column('signer_name', sa.Text(), nullable=True),
    sa.Column('signer_position', sa.Text(), nullable=True),
    sa.Column('signer_person', sa.String(length=36), nullable=True),
    sa.Column('drafter', sa.String(length=36), nullable=True),
    sa.Column('unit', sa.String(length=36), nullable=True),
    sa.Column('recipients_text', sa.Text(), nullable=True),
    sa.Column('channel', sa.String(length=10), nullable=True),
    sa.Column('exchange_id', sa.Text(), nullable=True),
    sa.Column('register', sa.String(length=36), nullable=True),
    sa.Column('arrival_number', sa.Integer(), nullable=True),
    sa.Column('arrival_date', sa.Date(), nullable=True),
    sa.Column('out_number', sa.Integer(), nullable=True),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('last_entry', sa.Integer(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('updated_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['drafter'], ['person.id'], name=op.f('fk_document_drafter')),
    sa.ForeignKeyConstraint(['register'], ['register.id'], name=op.f('fk_document_register')),
    sa.ForeignKeyConstraint(['signer_person'], ['person.id'], name=op.f('fk_document_signer_person')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_document_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('register', 'arrival_number', name=op.f('uq_document_register_arrival_number')),
    sa.UniqueConstraint('register', 'out_number', name=op.f('uq_document_register_out_number'))
    )
    op.create_index('ix_document_exchange', 'document', ['exchange_id'], unique=False)
    op.create_index('ix_document_flow_id', 'document', ['flow', 'id'], unique=False)
    op.create_table('picture',
    sa.Column('owner', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_picture_digest')),
    sa.PrimaryKeyConstraint('owner', name=op.f('pk_picture'))
    )
    op.create_table('post',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('unit', sa.String(length=36), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('authority_form', sa.String(length=10), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_post_person')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_post_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post'))
    )
    op.create_index(op.f('ix_post_person'), 'post', ['person'], unique=False)
    op.create_index(op.f('ix_post_role'), 'post', ['role'], unique=False)
    op.create_index(op.f('ix_post_unit'), 'post', ['unit'], unique=False)
    op.create_table('trust_item',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('added_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_trust_item_digest')),
    sa.PrimaryKeyConstraint('kind', 'digest', name=op.f('pk_trust_item'))
    )
    op.create_table('access',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_access_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_access_person')),
    sa.PrimaryKeyConstraint('document', 'person', name=op.f('pk_access'))
    )
    op.create_index(op.f('ix_access_person'), 'access', ['person'], unique=False)
    op.create_table('delivery',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('agency_code', sa.Text(), nullable=False),
    sa.Column('agency_name', sa.Text(), nullable=False),
    sa.Column('transport_state', sa.String(length=10), nullable=False),
    sa.Column('status_code', sa.Text(), nullable=True),
    sa.Column('status_at', Moment(), nullable=True),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_delivery_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('document', 'agency_code', name=op.f('uq_delivery_document_agency_code'))
    )
    op.create_index(op.f('ix_delivery_document'), 'delivery', ['document'], unique=False)
    op.create_table('direction',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('due_date', sa.Date(), nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_direction_by')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_direction_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_direction'))
    )
    op.create_index(op.f('ix_direction_document'), 'direction', ['document'], unique=False)
    op.create_table('file',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_file_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file'))
    )
    op.create_index(op.f('ix_file_document'), 'file', ['document'], unique=False)
    op.create_table('inbox',
    sa.Column('packet', sa.String(length=64), nullable=False),
    sa.Column('transport_id', sa.Text(), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_inbox_document')),
    sa.ForeignKeyConstraint(['packet'], ['blob.digest'], name=op.f('fk_inbox_packet')),
    sa.PrimaryKeyConstraint('packet', name=op.f('pk_inbox'))
    )
    op.create_table('link',
    sa.Column('source', sa.String(length=36), nullable=False),
    sa.Column('target', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['source'], ['document.id'], name=op.f('fk_link_source')),
    sa.ForeignKeyConstraint(['target'], ['document.id'], name=op.f('fk_link_target')),
    sa.PrimaryKeyConstraint('source', 'target', 'kind', name=op.f('pk_link'))
    )
    op.create_index(op.f('ix_link_target'), 'link', ['target'], unique=False)
    op.create_table('outbox',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('recipient_code', sa.Text(), nullable=False),
    sa.Column('recipient_name', sa.Text(), nullable=False),
    sa.Column('status_code', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_outbox_digest')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_outbox_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('document', 'kind', 'recipient_code', 'status_code', name=op.f('uq_outbox_document_kind_recipient_code_status_code'))
    )
    op.create_index(op.f('ix_outbox_document'), 'outbox', ['document'], unique=False)
    op.create_index(op.f('ix_outbox_state'), 'outbox', ['state'], unique=False)
    op.create_table('proposal',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_proposal_document')),
    sa.PrimaryKeyConstraint('document', name=op.f('pk_proposal'))
    )
    op.create_table('verification',
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('conclusion', sa.String(length=20), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_verification_digest')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_verification_document')),
    sa.PrimaryKeyConstraint('document', 'digest', name=op.f('pk_verification'))
    )
    op.create_table('waiting',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=True),
    sa.Column('role', sa.String(length=20), nullable=True),
    sa.Column('unit', sa.String(length=36), nullable=True),
    sa.Column('since', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_waiting_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_waiting_person')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_waiting_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting'))
    )
    op.create_index(op.f('ix_waiting_document'), 'waiting', ['document'], unique=False)
    op.create_index(op.f('ix_waiting_person'), 'waiting', ['person'], unique=False)
    op.create_index(op.f('ix_waiting_role'), 'waiting', ['role'], unique=False)
    op.create_table('delivery_status',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('delivery', sa.String(length=36), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['delivery'], ['delivery.id'], name=op.f('fk_delivery_status_delivery')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_status')),
    sa.UniqueConstraint('delivery', 'code', 'at', name=op.f('uq_delivery_status_delivery_code_at'))
    )
    op.create_index(op.f('ix_delivery_status_delivery'), 'delivery_status', ['delivery'], unique=False)
    op.create_table('file_version',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('file', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=36), nullable=False),
    sa.Column('at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_file_version_by')),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_file_version_digest')),
    sa.ForeignKeyConstraint(['file'], ['file.id'], name=op.f('fk_file_version_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_version')),
    sa.UniqueConstraint('file', 'number', name=op.f('uq_file_version_file_number'))
    )
    op.create_index(op.f('ix_file_version_digest'), 'file_version', ['digest'], unique=False)
    op.create_table('handler',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('document', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=True),
    sa.Column('unit', sa.String(length=36), nullable=True),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('direction', sa.String(length=36), nullable=False),
    sa.Column('accepted_at', Moment(), nullable=True),
    sa.Column('finished_at', Moment(), nullable=True),
    sa.CheckConstraint('person IS NOT NULL OR unit IS NOT NULL', name=op.f('ck_handler_somebody')),
    sa.ForeignKeyConstraint(['direction'], ['direction.id'], name=op.f('fk_handler_direction')),
    sa.ForeignKeyConstraint(['document'], ['document.id'], name=op.f('fk_handler_document')),
    sa.ForeignKeyConstraint(['person'], ['person.id'], name=op.f('fk_handler_person')),
    sa.ForeignKeyConstraint(['unit'], ['unit.id'], name=op.f('fk_handler_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handler'))
    )
    op.create_index(op.f('ix_handler_document'), 'handler', ['document'], unique=False)
    op.create_index(op.f('ix_handler_person'), 'handler', ['person'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_handler_person'), table_name='handler')
    op.drop_index(op.f('ix_handler_document'), table_name='handler')
    op.drop_table('handler')
    op.drop_index(op.f('ix_file_version_digest'), table_name='file_version')
    op.drop_table('file_version')
    op.drop_index(op.f('ix_delivery_status_delivery'), table_name='delivery_status')
    op.drop_table('delivery_status')
    op.drop_index(op.f('ix_waiting_role'), table_name='waiting')
    op.drop_index(op.f('ix_waiting_person'), table_name='waiting')
    op.drop_index(op.f('ix_waiting_document'), table_name='waiting')
    op.drop_table('waiting')
    op.drop_table('verification')
    op.drop_table('proposal')
    op.drop_index(op.f('ix_outbox_state'), table_name='outbox')
    op.drop_index(op.f('ix_outbox_document'), table_name='outbox')
    op.drop_table('outbox')
    op.drop_index(op.f('ix_link_target'), table_name='link')
    op.drop_table('link')
    op.drop_table('inbox')
    op.drop_index(op.f('ix_file_document'), table_name='file')
    op.drop_table('file')
    op.drop_index(op.f('ix_direction_document'), table_name='direction')
    op.drop_table('direction')
    op.drop_index(op.f('ix_delivery_document'), table_name='delivery')
    op.drop_table('delivery')
    op.drop_index(op.f('ix_access_person'), table_name='access')
    op.drop_table('access')
    op.drop_table('trust_item')
    op.drop_index(op.f('ix_post_unit'), table_name='post')
    op.drop_index(op.f('ix_post_role'), table_name='post')
    op.drop_index(op.f('ix_post_person'), table_name='post')
    op.drop_table('post')
    op.drop_table('picture')
    op.drop_index('ix_document_flow_id', table_name='document')
    op.drop_index('ix_document_exchange', table_name='document')
    op.drop_table('document')
    op.drop_table('unit')
    op.drop_table('register')
    op.drop_table('receipt')
    op.drop_table('person')
    op.drop_table('office_fact')
    op.drop_table('journal_head')
    op.drop_index(op.f('ix_journal_document'), table_name='journal')
    op.drop_table('journal')
    op.drop_table('document_type')
    op.drop_index(op.f('ix_certificate_owner'), table_name='certificate')
    op.drop_table('certificate')
    op.drop_table('blob')
    op.drop_table('agency')
