"""What a mail is made of, at the moment when it is sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from gevinst_notifications.domain import digests
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.tables.inbox import inbox_item, notice
from gevinst_notifications.tables.people import organisation_setting, person_setting
from gevinst_notifications.tables.register import organisation, person
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event

# A digest that nobody can read to the end helps nobody: the rest is a number.
_LONGEST_LIST = 20


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail is made of: what happened, why the person hears of it, and who they are now.

    `mandatory_kinds` are those that the organisation added; `gathered` are the newest facts of a digest.
    """

    event: Event
    reasons: tuple[str, ...]
    person_id: UUID
    name: str
    email: str | None
    language: str | None
    organisation_name: str
    mandatory_kinds: frozenset[str] = frozenset()
    gathered: Sequence[Event] = ()

    @property
    def is_digest(self) -> bool:
        return self.event.type == digests.TYPE


_WORDS = Query(
    select(
        notice,
        inbox_item.c.reasons,
        person.c.id.label("person_id"),
        person.c.name,
        person.c.email,
        func.coalesce(person_setting.c.language, person.c.language, organisation.c.language).label(
            "language"
        ),
        func.coalesce(organisation.c.name, notice.c.organisation_id).label("organisation_name"),
        organisation_setting.c.mandatory_kinds,
    )
    .join(
        person,
        (person.c.organisation_id == notice.c.organisation_id) & (person.c.id == bindparam("person")),
    )
    .outerjoin(
        inbox_item,
        (inbox_item.c.organisation_id == notice.c.organisation_id)
        & (inbox_item.c.event_id == notice.c.event_id)
        & (inbox_item.c.person_id == person.c.id),
    )
    .outerjoin(
        person_setting,
        (person_setting.c.organisation_id == person.c.organisation_id) & (person_setting.c.id == person.c.id),
    )
    .outerjoin(organisation, organisation.c.organisation_id == notice.c.organisation_id)
    .outerjoin(organisation_setting, organisation_setting.c.organisation_id == notice.c.organisation_id)
    .where(notice.c.event_id == bindparam("event"))
)
_ADDRESS = Query(select(person.c.email).where(person.c.id == bindparam("id")))
_GATHERED = Query(
    select(notice)
    .join(
        inbox_item,
        (inbox_item.c.organisation_id == notice.c.organisation_id)
        & (inbox_item.c.event_id == notice.c.event_id),
    )
    .where(inbox_item.c.digest_id == bindparam("digest"))
    .order_by(inbox_item.c.seq.desc())
    .limit(bindparam("limit"))
)


async def find_address(connection: Connection, person_id: UUID) -> str | None:
    """Where the person's mail goes at present."""
    found: str | None = await _ADDRESS.value(connection, id=person_id)
    return found


async def find_words(connection: Connection, held: Queued) -> Words | None:
    """What the mail says and to whom; None when the person is no longer known, or was never told."""
    key = held.delivery.key
    row = await _WORDS.find(connection, event=key.event_id, person=key.person_id)
    if row is None or (row["reasons"] is None and row["type"] != digests.TYPE):
        return None
    gathered: Sequence[Any] = ()
    if row["type"] == digests.TYPE:
        gathered = await _GATHERED.rows(connection, digest=key.event_id, limit=_LONGEST_LIST)
    return Words(
        event=_event(row),
        reasons=tuple(row["reasons"] or ()),
        person_id=row["person_id"],
        name=row["name"],
        email=row["email"],
        language=row["language"],
        organisation_name=row["organisation_name"],
        mandatory_kinds=frozenset(row["mandatory_kinds"] or ()),
        gathered=[_event(one) for one in gathered],
    )


def _event(row: Any) -> Event:  # noqa: ANN401 - asyncpg's row
    return Event(
        id=row["event_id"],
        organisation=row["organisation_id"],
        type=row["type"],
        subject=row["subject"],
        time=row["occurred_at"],
        data=json.loads(row["data"]),
    )
