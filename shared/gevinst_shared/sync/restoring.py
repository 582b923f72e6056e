"""After a restore from backup: all feeds begin anew, and totals that include partners are held (X2).

A restore is noticed by itself when a partner comes back with a cursor that the backup does not know. Until
one has come, nobody knows; so whoever restores says it.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal_column, select
from sqlalchemy import union_all as all_of

from gevinst_shared.db.engine import Database
from gevinst_shared.db.query import Query
from gevinst_shared.settings import ServiceSettings
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.joint import has_not_read_us, is_held, is_unread, with_feeds
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.reading import Here
from gevinst_shared.sync.tables import SyncTables

AlsoRestored = Callable[[Here, str], Awaitable[None]]
"""What else one organisation's restore calls for in this service."""


@dataclass(frozen=True, slots=True)
class HeldPartner:
    """A partner that totals are held for: which of the two has not read the other in full since then."""

    organisation: str
    owner: str
    name: str
    since: datetime
    is_unread: bool
    has_not_read: bool


class Restoring:
    """Begins the feeds of one service anew, for every organisation."""

    def __init__(self, here: Here) -> None:
        self._here = here
        tables, reading = here.part.tables, here.part.reading
        self._organisations = Query(
            select(reading.c.organisation_id).distinct().order_by(reading.c.organisation_id)
        )
        self._partners = Query(
            select(tables.partner.c.id)
            .where(tables.partner.c.state == "confirmed")
            .order_by(tables.partner.c.id)
        )
        outlet, inlet = tables.outlet, tables.inlet
        # Nobody has got a page of it since it began for a restore: to begin again would change nothing.
        is_new = outlet.c.restored_at.is_not(None) & (
            func.cardinality(outlet.c.stamps) == literal_column("0")
        )
        # Nor was anybody read in full since.
        feeds = all_of(
            select(is_new.label("is_new")),
            select(inlet.c.restored_at.is_not(None)).where(inlet.c.epoch.is_not(None)),
        ).subquery()
        self._is_begun = Query(select(func.coalesce(func.bool_and(feeds.c.is_new), literal_column("false"))))
        self._held = Query(_held(tables))

    async def begin(self) -> AsyncIterator[tuple[str, bool]]:
        """The organisations with partners, each after its feeds have begun anew, and whether they did now."""
        here = self._here
        async with here.database.queue() as queue:
            rows = await self._organisations.rows(queue)
        for row in rows:
            organisation: str = row["organisation_id"]
            async with here.database.transaction(organisation, at=here.now()) as connection:
                is_begun: bool = await self._is_begun.value(connection)
                if not is_begun:
                    serving = here.part.serving(here.exchange)
                    await serving.restored(connection, organisation, here.now())
                    for partner in await self._partners.rows(connection):
                        await here.part.schedule.wake(connection, organisation, partner["id"], here.now())
            yield organisation, not is_begun

    async def held(self, organisation: str) -> list[HeldPartner]:
        """The partners that the organisation's totals are held for."""
        async with self._here.database.transaction(organisation, read_only=True) as connection:
            return [HeldPartner(organisation, **row) for row in await self._held.rows(connection)]


async def restored(
    settings: ServiceSettings, part: Part, *, now: Callable[[], datetime], also: AlsoRestored | None = None
) -> None:
    """The command: begin all feeds anew, and print who is held, one JSON object a line."""
    exchange = Exchange.of(settings)
    if exchange is None:
        return
    database = await Database.open(settings.database_url, size=2)
    try:
        here = Here(database, part, exchange, now)
        restoring = Restoring(here)
        async for organisation, has_begun in restoring.begin():
            if also is not None and has_begun:
                await also(here, organisation)
            for one in await restoring.held(organisation):
                print(json.dumps(_told(one)), flush=True)
    finally:
        await database.close()


def _told(held: HeldPartner) -> dict[str, Any]:
    return {
        "organisation": held.organisation,
        "owner": held.owner,
        "name": held.name,
        "since": f"{held.since:%Y-%m-%dT%H:%M:%SZ}",
        "is_unread": held.is_unread,
        "has_not_read": held.has_not_read,
    }


def _held(tables: SyncTables) -> Any:  # noqa: ANN401 - a select
    partner, outlet, inlet = tables.partner, tables.outlet, tables.inlet
    return (
        select(
            partner.c.owner,
            partner.c.name,
            # One of the two, or both, of the same moment.
            func.greatest(outlet.c.restored_at, inlet.c.restored_at).label("since"),
            is_unread(tables).label("is_unread"),
            has_not_read_us(tables).label("has_not_read"),
        )
        .select_from(with_feeds(tables))
        .where(is_held(tables))
        .order_by(partner.c.owner)
    )
