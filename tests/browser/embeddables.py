"""Everything of a service that can stand in a frame, found in its OpenAPI document, with something in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from gevinst_shared.values.ids import new_id
from tests.benefits.living_cases import digital_post
from tests.benefits.purse import Purse
from tests.benefits.tree_desk import drawn_up
from tests.benefits.world import MODEL, made
from tests.notifications.test_duties_routes import action
from tests.notifications.world import World as Duties
from tests.portfolio.planned import open_world, propose, solved
from tests.portfolio.scoring_world import BENEFIT, central, model, score
from tests.portfolio.test_analyses_routes import analysed
from tests.portfolio.test_storms_routes import developers
from tests.portfolio.world import make_world
from tests.support.callers import Desk
from tests.support.operations import every_operation

# The chart of the joint portfolio stands on no other page (docs/limits.md).
_SHOWN = re.compile(r"^(?!/joint-portfolio/).*/charts/|/status-page$")


@dataclass(frozen=True, slots=True)
class Embeddables:
    """`caller` may see all of them; `resources` are paths of the service."""

    service: str
    desk: Desk
    caller: httpx.AsyncClient
    resources: tuple[str, ...]


def templates(service: str) -> list[str]:
    """The paths of all charts and status pages that the service's document has."""
    return [
        one.path
        for one in every_operation()
        if one.service == service and one.method == "GET" and _SHOWN.search(one.path)
    ]


async def of_benefits(purse: Purse) -> Embeddables:
    world, programme_id = purse.world, new_id()
    units = {"digital-office": world.top, "citizens-centre": world.unit, "technical-centre": world.unit}
    project = f"/projects/{world.project_id}"
    case = await made(world.office, f"{project}/business-cases", digital_post(units))
    await drawn_up(world)
    await made(world.office, f"{project}/progress", {"phase_model": MODEL})
    await world.tell(
        "project-changed",
        project_id=world.project_id,
        portfolio_id=world.portfolio_id,
        programme_id=programme_id,
        name="Digital post",
        unit_id=world.unit,
    )
    ids = {
        "portfolio_id": world.portfolio_id,
        "unit_id": world.unit,
        "project_id": world.project_id,
        "programme_id": programme_id,
        "case_id": case["id"],
    }
    return _of("benefits", world.desk, world.office, ids)


async def of_portfolio(desk: Desk) -> Embeddables:
    """Also a scenario that was solved, and its frontier."""
    world = await open_world(await make_world(desk))
    (criterion,) = (await model(world, BENEFIT))["criteria"]
    best = await central(world, "Best", cost="4000000.00")
    await score(world.office, best, {criterion["id"]: 5})
    feasibility = [{"dimension": "technical", "level": 4, "reason": "So"}]
    concept = {"name": "Buy", "is_recommended": True, "feasibility": feasibility}
    await made(world.office, f"/projects/{best['id']}/concepts", concept)
    resource = await developers(world)
    programme = await made(
        world.office, "/programmes", {"portfolio_id": world.portfolio_id, "name": "Health"}
    )
    needs = [{"resource_id": resource["id"], "amounts": [2, 2]}]
    planned = await propose(world, "Digital post", needs=needs, programme_id=programme["id"])
    await propose(world, "Telemedicine", benefit="20000000.00")
    scenario = await solved(world)
    analysis = await analysed(world, scenario["id"], "frontier", points=4)
    ids = {
        "portfolio_id": world.portfolio_id,
        "programme_id": programme["id"],
        "project_id": planned["id"],
        "scenario_id": scenario["id"],
        "analysis_id": analysis["id"],
    }
    return _of("portfolio", desk, world.office, ids)


async def of_notifications(world: Duties) -> Embeddables:
    """One's own duties."""
    doer = await world.person("dina")
    await world.hear(action(world, doer))
    return _of("notifications", world.desk, world.caller("dina"), {})


def _of(service: str, desk: Desk, caller: httpx.AsyncClient, ids: Mapping[str, object]) -> Embeddables:
    """A new chart of a record that is not there yet fails here, with the name of the record."""
    return Embeddables(service, desk, caller, tuple(one.format(**ids) for one in templates(service)))
