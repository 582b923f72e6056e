"""What waits for a controller: the planned years that have ended and are not verified (G3, B6, B9)."""

from gevinst_benefits.schemas.queues import WaitingOut
from gevinst_shared.values.actor import Role
from tests.benefits.reporting_world import running
from tests.benefits.test_verification_routes import confirmed, controller_of, finding
from tests.benefits.world import World, made
from tests.support.days import today


async def test_years_that_have_ended_wait_for_the_controller_until_they_are_verified(world: World) -> None:
    """G3, B6: from the year that the effect begins."""
    benefit = await confirmed(world)
    await world.planned(name="Not confirmed")
    body = {
        "name": "Hours",
        "unit_of_measure": "hours",
        "direction": "up",
        "target": "1200",
        "action": "Move people",
        "trajectory": {"starts_on": f"{today().year - 3}-07-01", "target_on": f"{today().year + 1}-01-01"},
    }
    await made(world.office, f"/benefits/{benefit['id']}/indicators", body)
    controller = controller_of(world)

    waiting = (await controller.get("/verification-queue")).json()["items"]
    await made(controller, f"/benefits/{benefit['id']}/verifications", finding(year=today().year - 2))
    after = (await controller.get("/verification-queue?sort=-year")).json()["items"]
    paged = (await controller.get("/verification-queue?limit=1")).json()

    assert [item["year"] for item in waiting] == [today().year - 3, today().year - 2, today().year - 1]
    assert [item["year"] for item in after] == [today().year - 1, today().year - 3]
    assert WaitingOut.model_validate(waiting[0]).model_dump(mode="json", exclude_none=True) == waiting[0]
    rest = (await controller.get(f"/verification-queue?limit=1&cursor={paged['next_cursor']}")).json()
    assert [paged["items"][0]["year"], rest["items"][0]["year"]] == [today().year - 3, today().year - 1]
    others = await controller.get(f"/verification-queue?unit={world.top}&project={world.project_id}")
    assert others.json()["items"] == []
    stranger = world.desk.caller(Role.BENEFIT_CONTROLLER, organisation="0192:974760673")
    assert (await stranger.get("/verification-queue")).json()["items"] == []


async def test_what_waits_follows_the_plans_own_years(world: World) -> None:
    """B9, G3: from the day that the benefit begins to its last, and later when the project slips."""
    timing = {
        "hangs_on": "end",
        "offset_months": 6,
        "duration_months": 24,
        "ramp": {"kind": "linear", "months": 12},
    }
    await confirmed(world, timing=timing)
    years = today().year
    controller = controller_of(world)
    seen = []

    for end in (f"{years - 4}-01-01", f"{years - 2}-01-01", f"{years}-01-01"):
        await running(world, end=end)
        items = (await controller.get("/verification-queue")).json()["items"]
        seen.append([(item["year"], item["planned"]) for item in items])
    await running(world, end=f"{years - 2}-01-01", status="stopped")
    stopped = (await controller.get("/verification-queue")).json()["items"]

    assert seen[0] == [(years - 4, "150"), (years - 3, "1050"), (years - 2, "600")]
    assert seen[1:] == [[(years - 2, "150"), (years - 1, "1050")], []]
    assert stopped == []
