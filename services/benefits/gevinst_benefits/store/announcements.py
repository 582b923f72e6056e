"""Events and audit rows of changes that one act made to several rows."""

from gevinst_benefits.tables.shared import outbox
from gevinst_shared.feed.records import Announcements

_ALL = Announcements(outbox)
announce = _ALL.announce
told_already = _ALL.told_already
