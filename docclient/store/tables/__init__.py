"""The office's tables, in SQLAlchemy Core; `migrations/` brings a database to this shape.

Identities are UUIDv7 text; moments are aware UTC; what came from outside is Text, for its length is not ours to choose.
What the office decides lives in `docclient/office`, not here. One file per area; a table is named `tables.<name>`.
"""

from docclient.store.tables.authority import account as account
from docclient.store.tables.authority import delegation as delegation
from docclient.store.tables.authority import former_name as former_name
from docclient.store.tables.authority import granted_right as granted_right
from docclient.store.tables.authority import signing_authority as signing_authority
from docclient.store.tables.case_files import case_file as case_file
from docclient.store.tables.case_files import case_file_act as case_file_act
from docclient.store.tables.case_files import case_file_document as case_file_document
from docclient.store.tables.case_files import file_plan as file_plan
from docclient.store.tables.case_files import file_plan_heading as file_plan_heading
from docclient.store.tables.columns import Moment as Moment
from docclient.store.tables.columns import metadata as metadata
from docclient.store.tables.documents import access as access
from docclient.store.tables.documents import blob as blob
from docclient.store.tables.documents import deadline_change as deadline_change
from docclient.store.tables.documents import direction as direction
from docclient.store.tables.documents import document as document
from docclient.store.tables.documents import file as file
from docclient.store.tables.documents import file_version as file_version
from docclient.store.tables.documents import handler as handler
from docclient.store.tables.documents import link as link
from docclient.store.tables.documents import proposal as proposal
from docclient.store.tables.documents import verdict as verdict
from docclient.store.tables.documents import waiting as waiting
from docclient.store.tables.drafting import approval as approval
from docclient.store.tables.drafting import draft_change as draft_change
from docclient.store.tables.drafting import given_number as given_number
from docclient.store.tables.drafting import inside_recipient as inside_recipient
from docclient.store.tables.drafting import number_series as number_series
from docclient.store.tables.drafting import opinion as opinion
from docclient.store.tables.drafting import opinion_round as opinion_round
from docclient.store.tables.drafting import recall as recall
from docclient.store.tables.exchange import delivery as delivery
from docclient.store.tables.exchange import delivery_status as delivery_status
from docclient.store.tables.exchange import inbox as inbox
from docclient.store.tables.exchange import outbox as outbox
from docclient.store.tables.exchange import trust_item as trust_item
from docclient.store.tables.journal import journal as journal
from docclient.store.tables.journal import journal_head as journal_head
from docclient.store.tables.journal import receipt as receipt
from docclient.store.tables.keeping import journal_stamp as journal_stamp
from docclient.store.tables.people import agency as agency
from docclient.store.tables.people import calendar_day as calendar_day
from docclient.store.tables.people import certificate as certificate
from docclient.store.tables.people import document_type as document_type
from docclient.store.tables.people import office_fact as office_fact
from docclient.store.tables.people import person as person
from docclient.store.tables.people import picture as picture
from docclient.store.tables.people import post as post
from docclient.store.tables.people import register as register
from docclient.store.tables.people import unit as unit
from docclient.store.tables.tasks import holding as holding
from docclient.store.tables.tasks import notice as notice
from docclient.store.tables.tasks import notice_choice as notice_choice
from docclient.store.tables.tasks import task as task
from docclient.store.tables.tasks import task_document as task_document
from docclient.store.tables.tasks import task_person as task_person
from docclient.store.tables.tasks import task_step as task_step
from docclient.store.tables.tasks import urging as urging
from docclient.store.tables.tasks import view_log as view_log
