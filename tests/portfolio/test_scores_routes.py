"""Criteria, scores with their history, and the ranking (P6), over HTTP."""

from typing import Any

import httpx

from gevinst_portfolio.schemas.criteria import CriterionOut
from gevinst_portfolio.schemas.scores import ProjectScoresOut, RankingPageOut
from gevinst_shared.values.actor import Role
from tests.portfolio.world import PORTFOLIO, World, made, obeys, put
from tests.support.callers import problem

BENEFIT = {"name": "Benefit", "weight": 3, "scale_min": 1, "scale_max": 5}
RISK = {"name": "Risk", "weight": 1, "scale_min": 1, "scale_max": 5, "better": "lower"}


async def criterion(world: World, body: dict[str, Any]) -> dict[str, Any]:
    return await made(world.office, f"/portfolios/{world.portfolio_id}/criteria", body)


async def score(world: World, project: dict[str, Any], **values: Any) -> httpx.Response:
    given = [{"criterion_id": key, "value": value} for key, value in values.items()]
    return await world.office.post(f"/projects/{project['id']}/scores", json={"scores": given})


async def central(world: World, name: str) -> dict[str, Any]:
    """A project above the entry threshold: it needs a shared resource."""
    found = (await world.office.get("/resources")).json()["items"]
    resource = found[0] if found else await made(world.office, "/resources", {"name": "R", "kind": "role"})
    return await world.project(name=name, needs=[{"resource_id": resource["id"], "amounts": [1]}])


async def test_a_criterion_is_added_and_changed(world: World) -> None:
    added = await criterion(world, BENEFIT)

    answer = await put(world.office, f"/criteria/{added['id']}", {**BENEFIT, "weight": 7.5})

    assert obeys(CriterionOut, added)
    assert answer.json()["weight"] == 7.5
    listed = await world.office.get(f"/portfolios/{world.portfolio_id}/criteria")
    assert listed.json()["items"] == [answer.json()]


async def test_several_criteria_are_scored_at_once(world: World) -> None:
    benefit, risk = await criterion(world, BENEFIT), await criterion(world, RISK)
    project = await world.project()

    answer = await score(world, project, **{benefit["id"]: 5, risk["id"]: 5})

    scored = answer.json()
    assert answer.status_code == 201, answer.text
    assert obeys(ProjectScoresOut, scored)
    assert scored["total"] == {"points": 75.0, "coverage": 1.0, "is_partial": False, "missing": []}
    assert {each["scored_by"] for each in scored["scores"]} == {"kari"}


async def test_a_missing_score_makes_the_total_partial(world: World) -> None:
    """Missing is not zero (B6)."""
    benefit, risk = await criterion(world, BENEFIT), await criterion(world, RISK)
    project = await world.project()

    scored = (await score(world, project, **{benefit["id"]: 3})).json()

    assert scored["total"] == {
        "points": 50.0,
        "coverage": 0.75,
        "is_partial": True,
        "missing": [risk["id"]],
    }


async def test_earlier_scores_can_be_seen_as_they_were(world: World) -> None:
    """P6: the history of a score is kept."""
    benefit = await criterion(world, BENEFIT)
    project = await world.project()
    first = (await score(world, project, **{benefit["id"]: 2})).json()
    await score(world, project, **{benefit["id"]: 4})

    path = f"/projects/{project['id']}/scores"
    then = await world.office.get(path, params={"asof": first["scores"][0]["scored_at"]})
    now = await world.office.get(path)
    before = await world.office.get(path, params={"asof": "2020-01-01T00:00:00Z"})

    assert then.json() == first
    assert [each["value"] for each in now.json()["scores"]] == [4.0]
    assert before.json()["scores"] == []
    assert "points" not in before.json()["total"]
    history = (await world.office.get(f"/projects/{project['id']}/history")).json()["items"]
    assert history[-1]["changes"] == [{"member": "score of Benefit", "after": "4.0"}]


async def test_a_value_off_the_scale_is_refused(world: World) -> None:
    benefit = await criterion(world, BENEFIT)

    answer = await score(world, await world.project(), **{benefit["id"]: 6})

    assert answer.status_code == 400
    assert problem(answer)["type"].endswith("#scored-outside-scale")


async def test_a_criterion_of_another_portfolio_is_not_found(world: World) -> None:
    other = await made(world.office, "/portfolios", {**PORTFOLIO, "name": "Another"})
    elsewhere = await made(world.office, f"/portfolios/{other['id']}/criteria", BENEFIT)

    answer = await score(world, await world.project(), **{elsewhere["id"]: 3})

    assert answer.status_code == 404


async def test_the_same_criterion_twice_is_refused(world: World) -> None:
    benefit, project = await criterion(world, BENEFIT), await world.project()
    given = [{"criterion_id": benefit["id"], "value": value} for value in (1, 2)]

    answer = await world.office.post(f"/projects/{project['id']}/scores", json={"scores": given})

    assert problem(answer)["type"].endswith("#scored-twice")


async def test_no_score_falls_off_a_scale_that_changes(world: World) -> None:
    benefit = await criterion(world, BENEFIT)
    await score(world, await world.project(), **{benefit["id"]: 5})

    answer = await put(world.office, f"/criteria/{benefit['id']}", {**BENEFIT, "scale_max": 4})

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#scores-outside-scale")


async def test_the_ranking_puts_the_best_first_and_the_unscored_last(world: World) -> None:
    benefit = await criterion(world, BENEFIT)
    values = {"Low": 2, "High": 5, "Also low": 2}
    for name, value in values.items():
        await score(world, await central(world, name), **{benefit["id"]: value})
    await central(world, "Unscored")
    await world.project(name="Light")

    answer = await world.office.get(f"/portfolios/{world.portfolio_id}/scores")

    assert obeys(RankingPageOut, answer.json())
    assert [(each.get("rank"), each["name"]) for each in answer.json()["items"]] == [
        (1, "High"),
        (2, "Low"),
        (2, "Also low"),
        (None, "Unscored"),
    ]


async def test_the_ranking_comes_in_pages(world: World) -> None:
    for number in range(3):
        await central(world, f"P{number}")

    path = f"/portfolios/{world.portfolio_id}/scores"
    first = (await world.office.get(path, params={"limit": 2})).json()
    rest = (await world.office.get(path, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [project["name"] for project in first["items"] + rest["items"]] == ["P0", "P1", "P2"]
    assert "next_cursor" not in rest


async def test_who_owns_one_project_scores_that_one_only(world: World) -> None:
    benefit, person = await criterion(world, BENEFIT), await world.person("ola")
    own, other = await world.project(), await world.project()
    role = {"role": "project-owner", "scope": "project", "scope_id": own["id"]}
    await made(world.administrator, "/role-assignments", {"person_id": person["id"], **role})
    ola = world.desk.caller(Role.READER, subject="ola")
    body = {"scores": [{"criterion_id": benefit["id"], "value": 3}]}

    mine = await ola.post(f"/projects/{own['id']}/scores", json=body)
    theirs = await ola.post(f"/projects/{other['id']}/scores", json=body)

    assert (mine.status_code, theirs.status_code) == (201, 403)
