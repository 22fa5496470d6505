"""The office's tables, in SQLAlchemy Core; `migrations/` brings a database to this shape.

Identities are UUIDv7 text; moments are aware UTC; what came from outside is Text, for its length is not ours to choose.
What the office decides lives in `docclient/office`, not here. One file per area; a table is named `tables.<name>`.
"""

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
from docclient.store.tables.exchange import delivery as delivery
from docclient.store.tables.exchange import delivery_status as delivery_status
from docclient.store.tables.exchange import inbox as inbox
from docclient.store.tables.exchange import outbox as outbox
from docclient.store.tables.exchange import trust_item as trust_item
from docclient.store.tables.journal import journal as journal
from docclient.store.tables.journal import journal_head as journal_head
from docclient.store.tables.journal import receipt as receipt
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
