"""The criteria model in its versions (P6, E2), over HTTP."""

from typing import Any

import pytest

from gevinst_portfolio.schemas.criteria import CriteriaModelOut, CriteriaTemplatesOut, CriteriaVersionOut
from gevinst_shared.values.actor import Role
from tests.portfolio.background import all_items, events_of
from tests.portfolio.scoring_world import BENEFIT, RISK, model, model_path, score
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem

LEVELS = [
    {"name": "Low", "value": 1, "description": "Nobody would notice."},
    {"name": "Medium", "value": 3},
    {"name": "High", "value": 5, "description": "Everybody would."},
]


async def test_a_portfolio_begins_with_an_empty_model(world: World) -> None:
    answer = await world.office.get(model_path(world))

    assert obeys(CriteriaModelOut, answer.json())
    assert (answer.json()["version"], answer.json()["criteria"]) == (0, [])
    assert answer.headers["ETag"] == '"0"'


async def test_each_change_is_a_new_version_and_the_old_ones_stay(world: World) -> None:
    """P6, E2: who, when, why; every version can be read again."""
    first = await model(world, {**BENEFIT, "levels": LEVELS}, reason="To begin with.")
    benefit = first["criteria"][0]
    kept = {name: value for name, value in benefit.items() if name not in {"weight_share", "scale_since"}}
    second = await model(world, {**kept, "weight": 2}, RISK, version=1, middle="median", reason="Risk too.")

    again = (await world.office.get(model_path(world), params={"version": 1})).json()
    versions = await all_items(world.office, f"{model_path(world)}/versions")

    assert obeys(CriteriaModelOut, second)
    assert again == first
    assert second["criteria"][0]["id"] == benefit["id"]
    assert [one["scale_since"] for one in second["criteria"]] == [1, 2]
    assert second["criteria"][0]["levels"] == LEVELS
    assert [(one["version"], one["criteria_count"], one["reason"], one["made_by"]) for one in versions] == [
        (1, 1, "To begin with.", "kari"),
        (2, 2, "Risk too.", "kari"),
    ]
    assert all(obeys(CriteriaVersionOut, one) for one in versions)
    facts = await events_of(world.desk, "criteria-model-changed")
    assert [(one["version"], one["criteria_count"]) for one in facts] == [(1, 1), (2, 2)]


async def test_two_who_change_one_model_do_not_overwrite_each_other(world: World) -> None:
    await model(world, BENEFIT)

    late = await put(world.office, model_path(world), {"name": "Late", "criteria": [RISK]}, revision=0)

    assert late.status_code == 412
    assert (await world.office.get(model_path(world))).json()["criteria"][0]["name"] == "Benefit"


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        ([{**BENEFIT, "weight": 0}], "weights-all-zero"),
        ([BENEFIT, {**BENEFIT, "name": "BENEFIT"}], "criterion-named-twice"),
        ([{**BENEFIT, "scale_min": 5}], "odd-scale"),
        ([{**BENEFIT, "levels": [*LEVELS, {"name": "Huge", "value": 6}]}], "level-outside-scale"),
        ([{**BENEFIT, "levels": [*LEVELS, {"name": "Middling", "value": 3}]}], "level-twice"),
        ([{**BENEFIT, "levels": [*LEVELS, {"name": "low", "value": 2}]}], "level-twice"),
        ([{**BENEFIT, "levels": LEVELS[:1]}], "too-few-levels"),
    ],
)
async def test_a_model_that_cannot_be_scored_by_is_refused(
    world: World, criteria: list[dict[str, Any]], code: str
) -> None:
    answer = await put(world.office, model_path(world), {"name": "M", "criteria": criteria}, revision=0)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["type"].endswith(f"#{code}")


@pytest.mark.parametrize(
    "criterion",
    [
        {**BENEFIT, "weight": -1},
        {**BENEFIT, "weight": 1e9},
        {**BENEFIT, "weight": "3"},
        {**BENEFIT, "scale_max": 1e12},
        {**BENEFIT, "levels": [{"name": str(n), "value": 1 + n / 10} for n in range(26)]},
        {**BENEFIT, "name": " "},
    ],
)
async def test_a_criterion_that_is_malformed_is_refused(world: World, criterion: dict[str, Any]) -> None:
    answer = await put(world.office, model_path(world), {"name": "M", "criteria": [criterion]}, revision=0)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["errors"]


async def test_nan_is_no_weight(world: World) -> None:
    body = '{"name": "M", "criteria": [{"name": "C", "weight": NaN, "scale_min": 0, "scale_max": 1}]}'

    answer = await world.office.put(
        model_path(world), content=body, headers={"Content-Type": "application/json", "If-Match": '"0"'}
    )

    assert answer.status_code == 400


async def test_a_criterion_of_another_portfolio_cannot_be_gone_on_from(world: World) -> None:
    other = await made(world.office, "/portfolios", {"name": "Other", "currency": "NOK", "price_year": 2026})
    theirs = await made(world.office, f"/portfolios/{other['id']}/criteria", BENEFIT)

    body = {"name": "M", "criteria": [{**BENEFIT, "id": theirs["id"]}]}
    answer = await put(world.office, model_path(world), body, revision=0)

    assert answer.status_code == 404


async def test_newcomers_begin_with_a_model_in_their_language(world: World) -> None:
    """Five criteria from 1 to 5 with equal weights, in one call."""
    shipped = (await world.office.get("/criteria-templates", params={"language": "nb"})).json()
    begun = await made(world.office, model_path(world), {"template": "simple-five", "language": "nb"})
    project = await world.project()

    scored = await score(world.office, project, {one["id"]: 3 for one in begun["criteria"]})

    assert obeys(CriteriaTemplatesOut, shipped)
    assert [one["name"] for one in begun["criteria"]] == [
        one["name"] for one in shipped["items"][0]["criteria"]
    ]
    assert [one["weight_share"] for one in begun["criteria"]] == [0.2] * 5
    assert scored.json()["total"]["points"] == 50.0
    assert {one["level"] for one in scored.json()["scores"]} == {"Middels"}


async def test_a_model_that_is_there_is_not_begun_again(world: World) -> None:
    await model(world, BENEFIT)

    answer = await world.office.post(model_path(world), json={"template": "simple-five"})
    unknown = await world.office.post(model_path(world), json={"template": "no-such"})

    assert problem(answer)["type"].endswith("#criteria-model-exists")
    assert unknown.status_code == 404


async def test_who_may_score_may_not_change_the_model(world: World) -> None:
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")

    answer = await put(board, model_path(world), {"name": "M", "criteria": [BENEFIT]}, revision=0)

    assert answer.status_code == 403


async def test_a_repeated_call_adds_one_criterion(world: World) -> None:
    path = f"/portfolios/{world.portfolio_id}/criteria"

    first, second = [
        await world.office.post(path, json=BENEFIT, headers={"Idempotency-Key": "once"}) for _ in range(2)
    ]

    assert first.json() == second.json()
    assert (await world.office.get(model_path(world))).json()["version"] == 1
