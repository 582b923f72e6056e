"""G6 across two services: the stop that benefits decides frees in the portfolio exactly what was unspent."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.tables.shared import feed_cursor
from gevinst_portfolio.worker.gates import apply_event
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.benefits.world import made as posted
from tests.benefits.world import make_world as make_benefits_world
from tests.portfolio.background import database_of
from tests.portfolio.planned import open_world, propose, read
from tests.portfolio.world import World, made, make_world
from tests.support.callers import Desk
from tests.support.days import today


async def told_to(world: World, events: Sequence[Event]) -> None:
    """The portfolio's worker reads a feed that has these events."""

    async def fetch(cursor: str) -> tuple[Sequence[Event], str]:
        return ([], cursor) if cursor else (events, "end")

    async def apply(connection: Connection, event: Event) -> None:
        await apply_event(connection, event, now=utc_now)

    following = Following(str(new_id()), fetch, apply)
    await Consumer(database_of(world.desk), feed_cursor, following).once()


async def gates_of(desk: Desk) -> list[Event]:
    """What the benefits service has told of its decided gates."""
    feed = await desk.caller(Role.INTEGRATION, subject="link").get("/events?limit=100&wait=5")
    found = [Event.read(one) for one in feed.json()["items"]]
    return [one for one in found if one.type == "gevinst.benefits.gate-decided.v1"]


async def stopped(portfolio: Desk, benefits: Desk) -> tuple[World, dict[str, Any]]:
    """A project of four quarters from this one on, let run by one gate and stopped by the next."""
    world = await open_world(await make_world(portfolio))
    role = await made(world.office, "/resources", {"name": "Developers", "kind": "role"})
    now = Quarter.of(today())
    quarters = [now.plus(at) for at in range(4)]
    project = await propose(
        world,
        "Digital post",
        cost="4000000.00",
        start=quarters[0].first_day.isoformat(),
        end=quarters[3].last_day.isoformat(),
        cost_by_year=[
            {"year": year, "kind": "investment", "amount": f"{count}000000.00"}
            for year, count in sorted(Counter(one.year for one in quarters).items())
        ],
        needs=[{"resource_id": role["id"], "amounts": [4, 3, 2, 1]}],
    )
    benefits.organisation = portfolio.organisation
    plan = await make_benefits_world(benefits)
    await plan.tell("project-proposed", project_id=project["id"], name="Digital post", unit_id=plan.unit)
    await plan.started(project["id"])
    for gate, outcome in (("BP1", "go"), ("BP2", "stop")):
        put = await posted(plan.office, f"/projects/{project['id']}/gates", plan.gate(gate, outcome))
        await plan.decided(put["id"], outcome)
    return world, project


async def test_a_stop_frees_exactly_what_was_unspent(portfolio: Desk, benefits: Desk) -> None:
    """G6: what was planned is what is spent, to the end of the quarter, and what is free again."""
    world, project = await stopped(portfolio, benefits)

    await told_to(world, await gates_of(benefits))
    await told_to(world, await gates_of(benefits))

    assert (await read(world.office, f"/projects/{project['id']}"))["status"] == "stopped"
    (release,) = (await read(world.office, f"/portfolios/{world.portfolio_id}/releases"))["items"]
    assert release["total"]["amount"] == "3000000.00"
    assert sum(Decimal(one["amount"]["amount"]) for one in release["money"]) == 3_000_000
    (developers,) = release["resources"]
    assert [one["amount"] for one in developers["quarters"]] == [3, 2, 1]
