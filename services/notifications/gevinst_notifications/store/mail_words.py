"""What a mail is made of, at the moment when it is sent."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_notifications.domain import digests
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.tables.destinations import suppression
from gevinst_notifications.tables.inbox import inbox_item, notice
from gevinst_notifications.tables.people import organisation_setting, person_setting
from gevinst_notifications.tables.register import organisation, person
from gevinst_shared.db.arrays import arrays_of, given_rows
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event

# A digest that nobody can read to the end helps nobody: the rest is a number.
_LONGEST_LIST = 20


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail is made of: what happened, why the person hears of it, and who they are now.

    `mandatory_kinds` are those that the organisation added; `gathered` are the newest facts of a digest;
    `is_suppressed`: no mail is sent to the address.
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
    is_suppressed: bool = False

    @property
    def is_digest(self) -> bool:
        return self.event.type == digests.TYPE


_TOLD = given_rows("told", delivery_id=Uuid, event_id=Uuid, person_id=Uuid)
_NOTICES = Query(select(notice).where(notice.c.event_id == func.any(bindparam("ids", type_=ARRAY(Uuid)))))
_WORDS = Query(
    select(
        _TOLD.c.delivery_id,
        _TOLD.c.event_id,
        inbox_item.c.reasons,
        person.c.id.label("person_id"),
        person.c.name,
        person.c.email,
        func.coalesce(person_setting.c.language, person.c.language, organisation.c.language).label(
            "language"
        ),
        func.coalesce(organisation.c.name, person.c.organisation_id).label("organisation_name"),
        organisation_setting.c.mandatory_kinds,
        select(suppression.c.id)
        .where(
            suppression.c.organisation_id == person.c.organisation_id,
            suppression.c.address == func.lower(person.c.email),
        )
        .exists()
        .label("is_suppressed"),
    )
    .select_from(_TOLD)
    .join(person, person.c.id == _TOLD.c.person_id)
    .outerjoin(
        inbox_item,
        (inbox_item.c.organisation_id == person.c.organisation_id)
        & (inbox_item.c.event_id == _TOLD.c.event_id)
        & (inbox_item.c.person_id == person.c.id),
    )
    .outerjoin(
        person_setting,
        (person_setting.c.organisation_id == person.c.organisation_id) & (person_setting.c.id == person.c.id),
    )
    .outerjoin(organisation, organisation.c.organisation_id == person.c.organisation_id)
    .outerjoin(organisation_setting, organisation_setting.c.organisation_id == person.c.organisation_id)
)
_ADDRESS = Query(select(person.c.email).where(person.c.id == bindparam("id")))
_newest = (
    select(inbox_item.c.event_id, inbox_item.c.seq)
    .where(inbox_item.c.digest_id == _TOLD.c.event_id)
    .order_by(inbox_item.c.seq.desc())
    .limit(literal_column(str(_LONGEST_LIST)))
    .lateral("newest")
)
_GATHERED = Query(
    select(_TOLD.c.delivery_id, notice)
    .select_from(_TOLD)
    .join(_newest, true())
    .join(notice, notice.c.event_id == _newest.c.event_id)
    .order_by(_TOLD.c.delivery_id, _newest.c.seq.desc())
)


async def find_address(connection: Connection, person_id: UUID) -> str | None:
    """Where the person's mail goes at present."""
    found: str | None = await _ADDRESS.value(connection, id=person_id)
    return found


async def find_words(connection: Connection, deliveries: Sequence[Queued]) -> Mapping[UUID, Words]:
    """What these mails say and to whom, by delivery; not of who is no longer known, or was never told.

    Mails about the same event have the same `event`.
    """
    keys = [(one.id, one.delivery.key.event_id, one.delivery.key.person_id) for one in deliveries]
    notices = await _NOTICES.rows(connection, ids=list({event_id for _, event_id, _ in keys}))
    events = {row["event_id"]: _event(row) for row in notices}
    digests_told = [key for key in keys if key[1] in events and events[key[1]].type == digests.TYPE]
    gathered: dict[UUID, list[Event]] = defaultdict(list)
    if digests_told:
        for row in await _GATHERED.rows(connection, **_told(digests_told)):
            gathered[row["delivery_id"]].append(_event(row))
    return {
        row["delivery_id"]: Words(
            event=events[row["event_id"]],
            reasons=tuple(row["reasons"] or ()),
            person_id=row["person_id"],
            name=row["name"],
            email=row["email"],
            language=row["language"],
            organisation_name=row["organisation_name"],
            mandatory_kinds=frozenset(row["mandatory_kinds"] or ()),
            gathered=gathered[row["delivery_id"]],
            is_suppressed=row["is_suppressed"],
        )
        for row in await _WORDS.rows(connection, **_told(keys))
        if row["event_id"] in events
        and (row["reasons"] is not None or events[row["event_id"]].type == digests.TYPE)
    }


def _told(keys: Sequence[tuple[UUID, UUID, UUID]]) -> dict[str, list[Any]]:
    return arrays_of("told", ("delivery_id", "event_id", "person_id"), keys)


def _event(row: Any) -> Event:  # noqa: ANN401 - asyncpg's row
    return Event(
        id=row["event_id"],
        organisation=row["organisation_id"],
        type=row["type"],
        subject=row["subject"],
        time=row["occurred_at"],
        data=json.loads(row["data"]),
    )
