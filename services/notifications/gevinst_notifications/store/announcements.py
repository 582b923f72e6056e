"""Events and audit rows of changes that one act made to several rows, or that took a row away."""

from gevinst_notifications.tables.shared import outbox
from gevinst_shared.feed.records import Announcements

announce = Announcements(outbox).announce
