"""Criteria, scores with their history, and the ranking (P6), over HTTP."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from gevinst_portfolio.schemas.criteria import CriterionOut
from gevinst_portfolio.schemas.scores import GivenScoreOut, ProjectScoresOut, RankingPageOut
from gevinst_shared.values.actor import Role
from tests.portfolio.background import all_items, database_of
from tests.portfolio.scoring_world import BENEFIT, RISK, added_at, central, model, score, scored_at
from tests.portfolio.world import PORTFOLIO, World, made, obeys
from tests.support.callers import problem


async def criterion(world: World, body: dict[str, Any]) -> dict[str, Any]:
    return await made(world.office, f"/portfolios/{world.portfolio_id}/criteria", body)


async def test_a_criterion_is_added_to_the_model(world: World) -> None:
    added = await criterion(world, BENEFIT)
    second = await criterion(world, RISK)

    model = (await world.office.get(f"/portfolios/{world.portfolio_id}/criteria-model")).json()

    assert obeys(CriterionOut, added)
    assert [one["id"] for one in model["criteria"]] == [added["id"], second["id"]]
    assert [one["weight_share"] for one in model["criteria"]] == [0.75, 0.25]
    assert model["version"] == 2


async def test_several_criteria_are_scored_at_once(world: World) -> None:
    benefit, risk = await criterion(world, BENEFIT), await criterion(world, RISK)
    project = await world.project()

    answer = await score(world.office, project, {benefit["id"]: 5, risk["id"]: 5})

    scored = answer.json()
    assert answer.status_code == 201, answer.text
    assert obeys(ProjectScoresOut, scored)
    assert scored["total"] == {"points": 75.0, "coverage": 1.0, "is_partial": False, "missing": []}
    assert {each["scored_by"] for each in scored["scores"]} == {"kari"}


async def test_a_missing_score_makes_the_total_partial(world: World) -> None:
    """Missing is not zero (B6)."""
    benefit, risk = await criterion(world, BENEFIT), await criterion(world, RISK)
    project = await world.project()

    scored = (await score(world.office, project, {benefit["id"]: 3})).json()

    assert scored["total"] == {
        "points": 50.0,
        "coverage": 0.75,
        "is_partial": True,
        "missing": [risk["id"]],
    }


async def test_a_value_off_the_scale_is_refused(world: World) -> None:
    benefit = await criterion(world, BENEFIT)

    answer = await score(world.office, await world.project(), {benefit["id"]: 6})

    assert answer.status_code == 400
    assert problem(answer)["type"].endswith("#scored-outside-scale")


async def test_a_criterion_of_another_portfolio_is_not_found(world: World) -> None:
    other = await made(world.office, "/portfolios", {**PORTFOLIO, "name": "Another"})
    elsewhere = await made(world.office, f"/portfolios/{other['id']}/criteria", BENEFIT)

    answer = await score(world.office, await world.project(), {elsewhere["id"]: 3})

    assert answer.status_code == 404


async def test_the_same_criterion_twice_is_refused(world: World) -> None:
    benefit, project = await criterion(world, BENEFIT), await world.project()
    given = [{"criterion_id": benefit["id"], "value": value} for value in (1, 2)]

    answer = await world.office.post(f"/projects/{project['id']}/scores", json={"scores": given})

    assert problem(answer)["type"].endswith("#scored-twice")


async def test_the_ranking_puts_the_best_first_and_the_unscored_last(world: World) -> None:
    benefit = await criterion(world, BENEFIT)
    values = {"Low": 2, "High": 5, "Also low": 2}
    for name, value in values.items():
        await score(world.office, await central(world, name), {benefit["id"]: value})
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


async def test_each_scorers_last_score_counts_and_the_earlier_ones_stay(world: World) -> None:
    """P6: who scored, when and why; the history of a score is kept."""
    benefit, project = await criterion(world, BENEFIT), await world.project()
    ola = world.desk.caller(Role.BOARD_MEMBER, subject="ola")
    await score(world.office, project, {benefit["id"]: 1}, reason="At first sight.")
    await score(ola, project, {benefit["id"]: 2}, reason="Hardly.")
    await score(world.office, project, {benefit["id"]: 5}, reason="After the pilot.")

    scored = (await world.office.get(f"/projects/{project['id']}/scores")).json()
    history = await all_items(world.office, f"/projects/{project['id']}/scores/history")

    assert obeys(ProjectScoresOut, scored)
    assert {one["scored_by"]: one["value"] for one in scored["scores"]} == {"kari": 5, "ola": 2}
    (found,) = scored["criteria"]
    assert found["value"] == 3.5
    assert found["spread"] == {
        "count": 2,
        "lowest": 2,
        "highest": 5,
        "standard_deviation": pytest.approx(2.1213, abs=1e-4),
        "disagreement": 0.75,
    }
    assert scored["most_disputed"] == benefit["id"]
    assert [(one["scored_by"], one["value"], one["reason"]) for one in history] == [
        ("kari", 1, "At first sight."),
        ("ola", 2, "Hardly."),
        ("kari", 5, "After the pilot."),
    ]
    assert all(obeys(GivenScoreOut, one) for one in history)
    mine = await all_items(world.office, f"/projects/{project['id']}/scores/history", scored_by="ola")
    assert [one["value"] for one in mine] == [2]


async def test_scores_weights_and_total_are_shown_as_on_any_day(world: World) -> None:
    """P6: a day ends at midnight where the organisation is: 23:00 UTC in Norway's winter."""
    project = await world.project()
    benefit = await added_at(world, datetime(2026, 1, 10, 9, tzinfo=UTC))
    await scored_at(world, datetime(2026, 1, 15, 22, 59, tzinfo=UTC), project, {benefit: 2})
    await scored_at(world, datetime(2026, 1, 15, 23, 0, tzinfo=UTC), project, {benefit: 4})
    await added_at(world, datetime(2026, 2, 1, 9, tzinfo=UTC), name="Risk", weight=3)
    path = f"/projects/{project['id']}/scores"

    before, then, after, now = [
        (await world.office.get(path, params={"day": day} if day else {})).json()
        for day in ("2026-01-09", "2026-01-15", "2026-01-16", None)
    ]

    assert (before["model_version"], before["scores"]) == (0, [])
    assert "points" not in before["total"]
    assert (then["model_version"], then["total"]["points"], then["total"]["coverage"]) == (1, 25.0, 1.0)
    assert after["total"]["points"] == 75.0
    assert (now["model_version"], now["total"]["points"], now["total"]["coverage"]) == (2, 75.0, 0.25)
    weights = await world.office.get(
        f"/portfolios/{world.portfolio_id}/criteria-model", params={"day": "2026-01-31"}
    )
    assert [one["name"] for one in weights.json()["criteria"]] == ["Benefit"]


async def test_the_ranking_of_a_past_day_is_that_of_its_scores_and_weights(world: World) -> None:
    one, other = await central(world, "One"), await central(world, "Other")
    benefit = await added_at(world, datetime(2026, 1, 10, 9, tzinfo=UTC))
    day = datetime(2026, 1, 15, 12, tzinfo=UTC)
    await scored_at(world, day, one, {benefit: 5})
    await scored_at(world, day, other, {benefit: 3})
    await scored_at(world, datetime(2026, 3, 1, 12, tzinfo=UTC), one, {benefit: 1})
    path = f"/portfolios/{world.portfolio_id}/scores"

    then = (await world.office.get(path, params={"day": "2026-01-15"})).json()["items"]
    now = (await world.office.get(path)).json()["items"]

    assert [project["name"] for project in then] == ["One", "Other"]
    assert [project["name"] for project in now] == ["Other", "One"]


async def test_only_whole_totals_are_ranked_against_each_other(world: World) -> None:
    """A partial total compares with no other: it has no rank, and stands after those that have."""
    benefit, risk = await criterion(world, BENEFIT), await criterion(world, RISK)
    await score(world.office, await central(world, "Whole"), {benefit["id"]: 2, risk["id"]: 3})
    await score(world.office, await central(world, "Partial"), {benefit["id"]: 5})

    items = (await world.office.get(f"/portfolios/{world.portfolio_id}/scores")).json()["items"]

    assert [(one["name"], one.get("rank"), one["total"]["coverage"]) for one in items] == [
        ("Whole", 1, 1.0),
        ("Partial", None, 0.75),
    ]


async def test_scores_by_an_older_version_stay_readable(world: World) -> None:
    """E2: they are shown with their version, and count while the criterion measures as it did."""
    first = await model(world, BENEFIT, RISK)
    benefit, risk = (one["id"] for one in first["criteria"])
    project = await world.project()
    await score(world.office, project, {benefit: 5, risk: 5})
    await model(
        world,
        {**BENEFIT, "id": benefit, "weight": 9},
        {**RISK, "id": risk, "scale_max": 10},
        version=1,
    )

    scored = (await world.office.get(f"/projects/{project['id']}/scores")).json()

    read = {one["criterion_id"]: (one["model_version"], one["is_counted"]) for one in scored["scores"]}
    assert read == {benefit: (1, True), risk: (1, False)}
    assert scored["total"]["missing"] == [risk]
    old = await world.office.get(f"/portfolios/{world.portfolio_id}/criteria-model", params={"version": 1})
    assert old.json() == first


async def test_a_score_between_levels_is_refused_and_one_on_a_level_is_named(world: World) -> None:
    levels = [{"name": "Low", "value": 1}, {"name": "High", "value": 5}]
    benefit, project = await criterion(world, {**BENEFIT, "levels": levels}), await world.project()

    between = await score(world.office, project, {benefit["id"]: 3})
    scored = (await score(world.office, project, {benefit["id"]: 5})).json()

    assert problem(between)["type"].endswith("#scored-between-levels")
    assert scored["scores"][0]["level"] == "High"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e300", '"4"', "null", "true"])
async def test_a_score_that_is_no_number_on_the_scale_is_refused(world: World, value: str) -> None:
    benefit, project = await criterion(world, BENEFIT), await world.project()
    body = f'{{"scores": [{{"criterion_id": "{benefit["id"]}", "value": {value}}}]}}'

    answer = await world.office.post(
        f"/projects/{project['id']}/scores", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("day", ["2026-02-30", "today", "2026-01-01T00:00:00Z"])
async def test_a_day_that_is_none_is_refused(world: World, day: str) -> None:
    answer = await world.office.get(f"/portfolios/{world.portfolio_id}/scores", params={"day": day})

    assert answer.status_code == 400
    assert problem(answer)["errors"][0]["pointer"] == "/query/day"


@pytest.mark.parametrize(("day", "count"), [("0001-01-02", 0), ("9999-12-30", 1)])
async def test_the_first_and_the_last_day_of_the_calendar_are_days(
    world: World, day: str, count: int
) -> None:
    benefit, project = await criterion(world, BENEFIT), await world.project()
    await score(world.office, project, {benefit["id"]: 3})

    answer = await world.office.get(f"/projects/{project['id']}/scores", params={"day": day})

    assert len(answer.json()["scores"]) == count


@pytest.mark.parametrize("table", ["score", "criteria_model", "judgement", "case_value", "valuation"])
async def test_the_service_itself_cannot_change_history(world: World, table: str) -> None:
    """P6, E1: the role that the service has may add and read, no more."""
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"DELETE FROM {table}")
