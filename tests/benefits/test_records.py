"""Records over an outbox, as every service keeps them (E1)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest

from gevinst_benefits.store.announcements import announce, told_already
from gevinst_benefits.store.deliveries import RECORDS
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.clock import utc_now
from tests.benefits.plan_records import DELIVERY
from tests.benefits.world import World, connection_of, made


@dataclass(frozen=True, slots=True)
class Renamed(Fact):
    type: ClassVar[str] = "gevinst.benefits.made-up.v1"
    name: str


async def test_a_stale_record_stays_and_one_that_is_not_there_is_unknown(world: World) -> None:
    made_ = await made(world.office, f"/projects/{world.project_id}/deliveries", DELIVERY)
    async with connection_of(world.desk) as connection:
        work = Work(connection, Actor("kari", world.desk.organisation), utc_now(), new_id())
        row = await RECORDS.row(connection, UUID(made_["id"]), for_change=True) | {"name": "Other"}
        record = recorded(work, Renamed("Other"), subject="deliveries/1")

        stale = await RECORDS.change(connection, row, record, expected=9)
        said_of_stale = await told_already(connection, [record["event_id"]])
        with pytest.raises(Unknown):
            await RECORDS.change(connection, {**row, "id": new_id()}, record, expected=None)
        changed = await RECORDS.change(connection, row, record, expected=1)

        assert stale is None
        assert said_of_stale == frozenset()
        assert changed is not None
        assert changed.revision == 2
        assert await told_already(connection, [record["event_id"], new_id()]) == {record["event_id"]}


async def test_what_one_act_did_to_several_rows_is_announced_together(world: World) -> None:
    """E1: each with what was before and after."""
    async with connection_of(world.desk) as connection:
        work = Work(connection, Actor("kari", world.desk.organisation), utc_now(), new_id())
        records = [
            recorded(work, Renamed(name), subject="deliveries/1") | {"before": None, "after": {"name": name}}
            for name in ("a", "b")
        ]

        await announce(connection, records)
        await announce(connection, [])

        ids = [record["event_id"] for record in records]
        assert await told_already(connection, ids) == set(ids)
