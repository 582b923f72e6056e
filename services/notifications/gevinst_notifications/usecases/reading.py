"""Reading one's inbox: what happened in the reader's words, and that it was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gevinst_notifications.clients.mail_texts import catalogues
from gevinst_notifications.domain.messages import KINDS, notice
from gevinst_notifications.domain.rules import Reason
from gevinst_notifications.domain.wording import Language, WordedNotice, worded
from gevinst_notifications.events.inbox import Acknowledged
from gevinst_notifications.store import deliveries, inbox, people
from gevinst_notifications.store.people import Reader
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Told:
    """An item as it is stored, with its words in one language."""

    stored: Mapping[str, Any]
    kind: str
    words: WordedNotice


async def get_reader(work: Work) -> Reader:
    """The caller's inbox, or `Unknown` when the caller was never announced: then nobody told them."""
    found = await people.find_reader(work.connection, work.actor.subject)
    if found is None:
        raise Unknown
    return found


async def read_item(work: Work, item_id: UUID) -> tuple[Reader, dict[str, Any]]:
    """Mark the item as read, and give it with its reader; the first moment stays."""
    reader = await get_reader(work)
    await inbox.mark_read(work.connection, reader.person_id, item_id, now=work.now)
    return reader, await inbox.get_item(work.connection, reader.person_id, item_id)


async def read_up_to(work: Work, seq: int) -> None:
    """Mark every item up to number `seq` as read."""
    reader = await get_reader(work)
    await inbox.mark_read_up_to(work.connection, reader.person_id, seq, now=work.now)


async def acknowledge_item(work: Work, item_id: UUID) -> tuple[Reader, dict[str, Any]]:
    """Acknowledge the item, which also reads it, and give it with its reader; announced once (N2)."""
    reader = await get_reader(work)
    is_first = await inbox.acknowledge(work.connection, reader.person_id, item_id, now=work.now)
    item = await inbox.get_item(work.connection, reader.person_id, item_id)
    if is_first:
        fact = Acknowledged(item_id, UUID(item["event_id"]), reader.person_id, item["subject"])
        record = recorded(work, fact, subject=subject_of("inbox", item_id))
        was, now = {"acknowledged_at": None}, {"acknowledged_at": item["acknowledged_at"]}
        await deliveries.announce(work.connection, record, before=was, after=now)
    return reader, item


def told(item: Mapping[str, Any], organisation: str, language: Language) -> Told:
    """The item's words in `language`, made from the facts that were kept."""
    event = Event(
        id=UUID(item["event_id"]),
        organisation=organisation,
        type=item["type"],
        subject=item["subject"],
        time=datetime.fromisoformat(item["occurred_at"]),
        data=item["data"],
    )
    what = notice(event)
    assert what is not None
    reasons: Sequence[Reason] = [Reason(reason) for reason in item["reasons"]]
    return Told(item, KINDS[event.type], worded(what, catalogues()[language], reasons=reasons))
