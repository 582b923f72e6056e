"""What all tables of the benefits service share: metadata, outbox and audit.

`organisation_id` is the tenant and comes first in every key.
"""

from gevinst_shared.audit.trail import Trail, audit_seal_table
from gevinst_shared.db.changes import change_table
from gevinst_shared.db.columns import new_metadata
from gevinst_shared.db.idempotency import KeptAnswers, idempotency_table
from gevinst_shared.feed.consumer import cursor_table
from gevinst_shared.feed.outbox import Outbox, audit_table, event_table
from gevinst_shared.feed.reader import FeedReader

metadata = new_metadata()

event = event_table(metadata)
audit = audit_table(metadata)
audit_seal = audit_seal_table(metadata)
change = change_table(metadata)
idempotency = idempotency_table(metadata)
feed_cursor = cursor_table(metadata)
outbox = Outbox(event, audit)
trail = Trail(event, audit, audit_seal, feed_cursor, outbox)
feed = FeedReader(event)
kept_answers = KeptAnswers(idempotency)
