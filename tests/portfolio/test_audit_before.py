"""E1: what one act changed in many rows, or wrote as a new version, says what was before as well."""

from typing import Any

from gevinst_shared.values.actor import Role
from tests.portfolio.background import all_items
from tests.portfolio.scoring_world import BENEFIT, RISK, score
from tests.portfolio.world import PORTFOLIO, World, made, put


async def images(world: World, action: str) -> list[tuple[Any, Any]]:
    """Before and after of each act of this kind, oldest first."""
    auditor = world.desk.caller(Role.AUDITOR, subject="auditor")
    items = await all_items(auditor, "/audit", action=f"gevinst.portfolio.{action}.v1")
    return [(one.get("before"), one["after"]) for one in reversed(items)]


def budget(amount: str, carry: str = "none") -> dict[str, Any]:
    lines = [{"year": 2027, "kind": "investment", "amount": amount}]
    return {"budget": lines, "carry": carry}


async def test_e1_a_budget_says_which_one_it_replaced(world: World) -> None:
    path = f"/portfolios/{world.portfolio_id}/budget"
    for version, amount in enumerate(("50.00", "60.00")):
        body = {"years": [{"year": 2027, "kind": "investment", "amount": amount}]}
        answer = await put(world.office, path, body, revision=version)
        assert answer.status_code == 200, answer.text

    assert await images(world, "budget-set") == [
        (None, budget("50.00")),
        (budget("50.00"), budget("60.00")),
    ]


async def test_e1_a_model_says_which_criteria_it_replaced(world: World) -> None:
    path = f"/portfolios/{world.portfolio_id}/criteria"
    await made(world.office, path, BENEFIT)
    await made(world.office, path, RISK)

    (none, first), (before, after) = await images(world, "criteria-model-changed")

    assert none is None
    assert before == first
    assert [one["name"] for one in after["criteria"]] == ["Benefit", "Risk"]


async def test_e1_a_score_says_what_its_scorer_said_before(world: World) -> None:
    benefit = await made(world.office, f"/portfolios/{world.portfolio_id}/criteria", BENEFIT)
    project = await world.project()
    ola = world.desk.caller(Role.PORTFOLIO_OFFICE, subject="ola")
    for caller, value in ((world.office, 3), (ola, 4), (world.office, 5)):
        answer = await score(caller, project, {benefit["id"]: value})
        assert answer.status_code == 201, answer.text

    assert await images(world, "project-scored") == [
        (None, {"score of Benefit": 3}),
        (None, {"score of Benefit": 4}),
        ({"score of Benefit": 3}, {"score of Benefit": 5}),
    ]


async def test_e1_a_threshold_says_how_each_project_was_registered(world: World) -> None:
    """P2: the portfolio's setting moves its projects."""
    await world.project(cost="1200.00")
    body = {"name": PORTFOLIO["name"], "threshold_cost": "1000.00", "threshold_months": 6}
    answer = await put(world.office, f"/portfolios/{world.portfolio_id}", body)

    assert answer.status_code == 200, answer.text
    assert await images(world, "project-changed") == [
        ({"registration": "light"}, {"registration": "central"}),
    ]


async def test_e1_a_moved_unit_says_where_everything_below_it_was(world: World) -> None:
    top, other = await world.unit("Top"), await world.unit("Other")
    middle = await world.unit("Middle", top["id"])
    low = await world.unit("Low", middle["id"])
    body = {"name": "Middle", "parent_id": other["id"]}
    answer = await put(world.administrator, f"/units/{middle['id']}", body)

    assert answer.status_code == 200, answer.text
    moved = [each for each in await images(world, "unit-changed") if each[1]["path"][-1] == low["id"]]
    assert moved[-1] == (
        {"path": [top["id"], middle["id"], low["id"]]},
        {"path": [other["id"], middle["id"], low["id"]]},
    )
