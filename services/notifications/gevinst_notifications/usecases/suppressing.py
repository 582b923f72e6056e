"""Writing no more to addresses that do not exist, and lifting that again."""

from dataclasses import dataclass
from uuid import UUID

from gevinst_notifications.events.destinations import AddressSuppressed, SuppressionLifted
from gevinst_notifications.store import deliveries, suppressions
from gevinst_notifications.store.suppressions import SUPPRESSIONS
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """What was said of an address. `cause` is `refused` (by the server at once) or `bounced` (later)."""

    cause: str
    code: str | None
    text: str | None
    delivery_id: UUID
    person_id: UUID


async def suppress_address(work: Work, address: str) -> tuple[UUID, Stored]:
    """Send nothing more to the address because somebody chose so."""
    suppression_id = new_id()
    nothing_said = dict.fromkeys(("code", "text", "delivery_id"))
    values = {"id": suppression_id, "address": address.lower(), "cause": "chosen", "suppressed_at": work.now}
    fact = AddressSuppressed(suppression_id, "chosen")
    record = recorded(work, fact, subject=subject_of("suppressions", suppression_id))
    return suppression_id, await SUPPRESSIONS.add(work.connection, values | nothing_said, record)


async def suppress(work: Work, address: str, said: Undeliverable) -> bool:
    """Send nothing more to the address; False when that is so already."""
    if await suppressions.is_suppressed(work.connection, address):
        return False
    suppression_id = new_id()
    values = {
        "id": suppression_id,
        "address": address.lower(),
        "cause": said.cause,
        "code": said.code,
        "text": said.text,
        "delivery_id": said.delivery_id,
        "suppressed_at": work.now,
    }
    fact = AddressSuppressed(suppression_id, said.cause, said.person_id, said.delivery_id)
    await SUPPRESSIONS.add(
        work.connection, values, recorded(work, fact, subject=subject_of("suppressions", suppression_id))
    )
    return True


async def lift(work: Work, suppression_id: UUID, *, expected: int) -> bool:
    """Write to the address again; False when the suppression is not at revision `expected` any more."""
    row = await SUPPRESSIONS.row(work.connection, suppression_id, for_change=True)
    if not await suppressions.drop(work.connection, suppression_id, expected=expected):
        return False
    record = recorded(
        work, SuppressionLifted(suppression_id), subject=subject_of("suppressions", suppression_id)
    )
    await deliveries.announce(work.connection, record, before={"cause": row["cause"]}, after={})
    return True
