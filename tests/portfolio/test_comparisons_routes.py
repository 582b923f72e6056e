"""Weights by pairwise comparison (P6), over HTTP."""

from typing import Any

import httpx
import pytest

from gevinst_portfolio.schemas.comparisons import (
    CriteriaComparisonOut,
    CriteriaComparisonRecordOut,
    JudgedOut,
)
from gevinst_shared.values.actor import Role
from tests.portfolio.background import all_items
from tests.portfolio.scoring_world import BENEFIT, RISK, model, model_path
from tests.portfolio.world import World, made, obeys
from tests.support.callers import problem

FIT = {**BENEFIT, "name": "Fit"}


@pytest.fixture
async def comparison(world: World) -> dict[str, Any]:
    """A comparison of Benefit, Risk and Fit."""
    await model(world, BENEFIT, RISK, FIT)
    path = f"/portfolios/{world.portfolio_id}/criteria-comparisons"
    return await made(world.office, path, {"name": "Weights for 2027"})


def pairs(comparison: dict[str, Any], *said: tuple[str, str, float]) -> list[dict[str, Any]]:
    ids = {one["name"]: one["id"] for one in comparison["criteria"]}
    return [
        {"preferred_id": ids[more], "over_id": ids[less], "strength": strength}
        for more, less, strength in said
    ]


async def judge(
    client: httpx.AsyncClient, comparison: dict[str, Any], *said: tuple[str, str, float]
) -> httpx.Response:
    body = {"judgements": pairs(comparison, *said), "reason": "As discussed."}
    return await client.post(f"/criteria-comparisons/{comparison['id']}/judgements", json=body)


def weights(document: dict[str, Any]) -> list[float]:
    return [round(one["weight"], 4) for one in document["priorities"]["weights"]]


CONSISTENT = (("Benefit", "Risk", 2.0), ("Risk", "Fit", 3.0), ("Benefit", "Fit", 6.0))


async def test_weights_come_from_judgements(world: World, comparison: dict[str, Any]) -> None:
    answer = await judge(world.office, comparison, *CONSISTENT)

    found = answer.json()
    assert answer.status_code == 201, answer.text
    assert obeys(CriteriaComparisonRecordOut, comparison)
    assert obeys(CriteriaComparisonOut, found)
    assert weights(found) == [0.6, 0.3, 0.1]
    assert found["priorities"]["is_consistent_enough"]
    assert found["priorities"]["most_inconsistent"] == []
    listed = await all_items(world.office, f"/portfolios/{world.portfolio_id}/criteria-comparisons")
    assert listed == [comparison | {"revision": 2}]


async def test_a_list_of_comparisons_says_what_if_match_asks_for(
    world: World, comparison: dict[str, Any]
) -> None:
    path = f"/portfolios/{world.portfolio_id}/criteria-comparisons"
    other = await made(world.office, path, {"name": "Other"})
    for client in (world.office, world.desk.caller(Role.BOARD_MEMBER, subject="ola")):
        judged = await judge(client, comparison, *CONSISTENT)
    listed = await all_items(world.office, path)
    revisions = {one["id"]: one["revision"] for one in listed}

    weighed = await world.office.post(
        f"/criteria-comparisons/{comparison['id']}/weights",
        json={},
        headers={"If-Match": f'"{revisions[comparison["id"]]}"'},
    )

    assert all(obeys(CriteriaComparisonRecordOut, one) for one in listed)
    assert revisions == {comparison["id"]: 3, other["id"]: 1}
    assert judged.json()["revision"] == 3
    assert weighed.status_code == 200, weighed.text


async def test_what_contradicts_is_a_warning_that_names_the_judgement(
    world: World, comparison: dict[str, Any]
) -> None:
    """P6: the consistency ratio, and what the judgement should be, in data and in words."""
    answer = await judge(
        world.office, comparison, ("Benefit", "Risk", 2), ("Risk", "Fit", 3), ("Fit", "Benefit", 4)
    )

    found = answer.json()["priorities"]
    assert answer.status_code == 201
    assert not found["is_consistent_enough"]
    assert found["consistency_ratio"] > 0.1
    ids = {one["name"]: one["id"] for one in comparison["criteria"]}
    culprit = next(one for one in found["most_inconsistent"] if one["preferred_id"] == ids["Fit"])
    assert culprit["implied"]["preferred_id"] == ids["Benefit"]
    assert culprit["implied"]["strength"] == pytest.approx(6)
    assert culprit["nearest_on_scale"] == 6
    assert culprit["text"] == (
        "“Fit” 4 times “Benefit” is said. The other judgements together say “Benefit” 6 times “Fit”: 6 on "
        "the scale."
    )


async def test_several_judges_are_joined_and_their_disagreement_is_shown(
    world: World, comparison: dict[str, Any]
) -> None:
    ola = world.desk.caller(Role.BOARD_MEMBER, subject="ola")
    await judge(world.office, comparison, *CONSISTENT)
    answer = await judge(ola, comparison, ("Risk", "Benefit", 2), ("Risk", "Fit", 3))

    found = answer.json()
    assert [one["judge"] for one in found["judges"]] == ["kari", "ola"]
    assert weights({"priorities": found["judges"][0]["priorities"]}) == [0.6, 0.3, 0.1]
    assert "consistency_ratio" not in found["judges"][1]["priorities"]
    assert found["most_disputed"]["disagreement"] == pytest.approx(4)
    assert found["most_disputed"]["strength"] == pytest.approx(1)


async def test_a_judge_may_think_again(world: World, comparison: dict[str, Any]) -> None:
    await judge(world.office, comparison, ("Benefit", "Risk", 9), ("Risk", "Fit", 9))

    found = (await judge(world.office, comparison, *CONSISTENT)).json()

    assert weights(found) == [0.6, 0.3, 0.1]
    assert len(found["judges"]) == 1
    history = (await world.office.get(f"/criteria-comparisons/{comparison['id']}")).headers["ETag"]
    assert history == '"3"'
    said = await all_items(world.office, f"/criteria-comparisons/{comparison['id']}/judgements")
    assert [len(one["judgements"]) for one in said] == [2, 3]
    assert all(obeys(JudgedOut, one) for one in said)


async def test_the_weights_are_set_by_an_act_of_its_own(world: World, comparison: dict[str, Any]) -> None:
    """P6: the model's history says which comparison its weights come from."""
    await judge(world.office, comparison, *CONSISTENT)
    before = (await world.office.get(model_path(world))).json()
    path = f"/criteria-comparisons/{comparison['id']}/weights"

    stale = await world.office.post(path, json={}, headers={"If-Match": '"1"'})
    answer = await world.office.post(path, json={"reason": "Agreed."}, headers={"If-Match": '"2"'})

    assert [one["weight"] for one in before["criteria"]] == [3, 1, 3]
    assert stale.status_code == 412
    assert answer.status_code == 200, answer.text
    assert [one["weight"] for one in answer.json()["criteria"]] == [60, 30, 10]
    assert (answer.json()["comparison_id"], answer.json()["reason"]) == (comparison["id"], "Agreed.")
    versions = await all_items(world.office, f"{model_path(world)}/versions")
    assert [one.get("comparison_id") for one in versions] == [None, comparison["id"]]


async def test_judgements_that_fall_apart_set_no_weights_and_say_what_is_missing(
    world: World, comparison: dict[str, Any]
) -> None:
    found = (await judge(world.office, comparison, ("Benefit", "Risk", 2))).json()

    path = f"/criteria-comparisons/{comparison['id']}/weights"
    answer = await world.office.post(path, json={}, headers={"If-Match": '"2"'})

    assert "priorities" not in found
    assert [len(part) for part in found["parts"]] == [2, 1]
    assert problem(answer)["type"].endswith("#comparison-falls-apart")
    assert "Benefit" in problem(answer)["detail"]
    assert "Fit" in problem(answer)["detail"]


async def test_weights_are_not_set_when_the_criteria_are_others_by_now(
    world: World, comparison: dict[str, Any]
) -> None:
    await judge(world.office, comparison, *CONSISTENT)
    await made(world.office, f"/portfolios/{world.portfolio_id}/criteria", {**BENEFIT, "name": "New"})

    answer = await world.office.post(
        f"/criteria-comparisons/{comparison['id']}/weights", json={}, headers={"If-Match": '"2"'}
    )

    assert problem(answer)["type"].endswith("#criteria-changed-meanwhile")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ((("Benefit", "Benefit", 1),), "compared-with-itself"),
        ((("Benefit", "Risk", 2), ("Risk", "Benefit", 2)), "compared-twice"),
        ((("Benefit", "Risk", 0.5),), "malformed"),
        ((("Benefit", "Risk", 10),), "malformed"),
    ],
)
async def test_odd_judgements_are_refused(
    world: World, comparison: dict[str, Any], said: tuple[tuple[str, str, float], ...], code: str
) -> None:
    answer = await judge(world.office, comparison, *said)

    assert answer.status_code == 400
    assert code == "malformed" or problem(answer)["type"].endswith(f"#{code}")


async def test_a_criterion_of_another_comparison_is_not_found(
    world: World, comparison: dict[str, Any]
) -> None:
    benefit = comparison["criteria"][0]["id"]
    said = [{"preferred_id": benefit, "over_id": comparison["id"], "strength": 2}]

    answer = await world.office.post(
        f"/criteria-comparisons/{comparison['id']}/judgements", json={"judgements": said}
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("count", [0, 1, 16])
async def test_too_few_or_too_many_criteria_are_not_compared(world: World, count: int) -> None:
    if count:
        await model(world, *({**BENEFIT, "name": f"C{number}"} for number in range(count)))

    answer = await world.office.post(
        f"/portfolios/{world.portfolio_id}/criteria-comparisons", json={"name": "W"}
    )

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#odd-number-compared")


async def test_a_reader_judges_nothing(world: World, comparison: dict[str, Any]) -> None:
    reader = world.desk.caller(Role.READER, subject="reader")

    answer = await judge(reader, comparison, *CONSISTENT)

    assert answer.status_code == 403
