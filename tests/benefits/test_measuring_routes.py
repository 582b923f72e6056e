"""Indicators measured by plan, in units and many at once, over HTTP (B5, B6, E1)."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from gevinst_benefits.schemas.forecasts import SeriesOut
from gevinst_benefits.schemas.indicators import BaselineOut, IndicatorOut
from gevinst_benefits.schemas.measurements import MeasurementOut
from gevinst_shared.values.actor import Role
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.world import OWNER, World, connection_of, made
from tests.support.callers import problem

UNKNOWN = "0198b6a4-7c1e-7000-8000-000000000009"


def owner_of(world: World) -> httpx.AsyncClient:
    return world.desk.caller(subject=OWNER)


async def indicator(world: World, **members: Any) -> dict[str, Any]:
    benefit = await world.planned()
    return await made(world.office, f"/benefits/{benefit['id']}/indicators", INDICATOR | members)


def rows(*values: tuple[str, str], **members: Any) -> dict[str, Any]:
    return {"measurements": [{"taken_on": day, "value": value, **members} for day, value in values]}


async def test_an_indicator_comes_back_as_it_was_planned(world: World) -> None:
    """B5, B7: what, when, where, by whom, and which way it is to go."""
    planned = {
        "act_at": "35",
        "aggregation": {"time": "mean", "units": "weighted-mean"},
        "measured_in": [str(world.unit)],
        "plan": {
            "frequency": "quarterly",
            "first_on": "2027-03-31",
            "until": "2027-12-31",
            "measurer": {"role": "unit-leader", "unit_id": str(world.top)},
            "method": "All cases",
            "source": "Case system",
        },
        "due_on": ["2027-02-01"],
        "trajectory": {
            "starts_on": "2027-01-01",
            "target_on": "2028-01-01",
            "curve": "points",
            "points": [
                {"day": "2027-01-01", "share": "0"},
                {"day": "2027-06-01", "share": "0.25"},
                {"day": "2028-01-01", "share": "1"},
            ],
        },
    }
    members = await indicator(world, **planned)

    assert {name: members[name] for name in planned} == planned
    assert members["due_days"] == ["2027-02-01", "2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31"]
    read = (await world.office.get(f"/indicators/{members['id']}")).json()
    assert read == members
    assert IndicatorOut.model_validate(read).model_dump(mode="json", exclude_none=True) == read


@pytest.mark.parametrize(
    ("members", "status", "code"),
    [
        ({"plan": {"frequency": "monthly"}}, 400, "measurement-plan-not-whole"),
        (
            {"plan": {"frequency": "weekly", "first_on": "2027-01-01", "until": "2027-02-01"}},
            400,
            "malformed",
        ),
        (
            {"plan": {"frequency": "monthly", "first_on": "2027-02-01", "until": "2027-01-01"}},
            400,
            "measurement-plan-ends-early",
        ),
        (
            {"plan": {"frequency": "monthly", "first_on": "2027-02-01", "until": "2199-01-01"}},
            400,
            "too-many-due-days",
        ),
        ({"measured_in": [UNKNOWN]}, 409, "unit-not-known"),
        (
            {"plan": {"measurer": {"role": "benefit-owner", "unit_id": UNKNOWN}}},
            409,
            "unit-not-known",
        ),
        (
            {"trajectory": {"starts_on": "2027-01-01", "target_on": "2027-01-01"}},
            400,
            "trajectory-ends-early",
        ),
        (
            {"trajectory": {"starts_on": "2027-01-01", "target_on": "2028-01-01", "curve": "points"}},
            400,
            "odd-trajectory-points",
        ),
        (
            {
                "trajectory": {
                    "starts_on": "2027-01-01",
                    "target_on": "2028-01-01",
                    "curve": "points",
                    "points": [
                        {"day": "2027-01-01", "share": "0"},
                        {"day": "2027-01-01", "share": "0.5"},
                        {"day": "2028-01-01", "share": "1"},
                    ],
                }
            },
            400,
            "odd-trajectory-points",
        ),
        ({"unit_of_measure": "yes-no"}, 400, "neither-yes-nor-no"),
    ],
)
async def test_odd_plans_are_refused(world: World, members: dict[str, Any], status: int, code: str) -> None:
    benefit = await world.planned()

    answer = await world.office.post(f"/benefits/{benefit['id']}/indicators", json=INDICATOR | members)

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (status, code), answer.text


async def test_a_baseline_is_appended_with_a_reason_and_never_after_the_effect(world: World) -> None:
    """B6."""
    known = await indicator(world)
    path = f"/indicators/{known['id']}/baselines"
    await made(
        owner_of(world), f"/indicators/{known['id']}/measurements", {"taken_on": "2026-02-01", "value": "40"}
    )
    another = {"value": "44", "measured_on": "2025-12-01", "method": "The archive, all of November"}

    unexplained = await world.office.post(path, json=another)
    too_late = await world.office.post(path, json=another | {"measured_on": "2026-02-02", "reason": "Anew"})
    never = await world.office.post(path, json=another | {"measured_on": "2999-01-01", "reason": "Anew"})
    wrong_side = await world.office.post(path, json=another | {"value": "19", "reason": "Anew"})
    set_ = await made(world.office, path, another | {"reason": "The archive was counted anew"})

    codes = [
        problem(answer)["type"].partition("#")[2] for answer in (unexplained, too_late, never, wrong_side)
    ]
    assert codes == [
        "new-baseline-without-reason",
        "baseline-after-effect",
        "baseline-in-future",
        "target-against-direction",
    ]
    assert BaselineOut.model_validate(set_).model_dump(mode="json", exclude_none=True) == set_
    items = (await world.office.get(path)).json()["items"]
    assert [(item["value"], item["is_replaced"]) for item in items] == [("42", True), ("44", False)]
    read = (await world.office.get(f"/indicators/{known['id']}")).json()
    assert (read["baseline"], read["value"], read["realised_share"]) == ("44", "40", "0.167")


async def test_a_change_keeps_the_baseline_and_says_why_there_is_another(world: World) -> None:
    known = await indicator(world)
    path, without = f"/indicators/{known['id']}", {**INDICATOR, "name": "Other"}
    without.pop("baseline")

    kept = await world.office.put(path, json=without, headers={"If-Match": '"1"'})
    silent = await world.office.put(path, json=INDICATOR | {"baseline": "50"}, headers={"If-Match": '"2"'})
    said = await world.office.put(
        path, json=INDICATOR | {"baseline": "50", "reason": "Counted anew"}, headers={"If-Match": '"2"'}
    )

    assert kept.json()["baseline"] == "42"
    assert problem(silent)["type"].endswith("#new-baseline-without-reason")
    assert said.json()["baseline"] == "50"


async def test_a_place_is_measured_once_and_a_source_beside_it_counts(world: World) -> None:
    known = await indicator(world)
    path, owner = f"/indicators/{known['id']}/measurements", owner_of(world)
    day = {"taken_on": "2026-02-01", "value": "40"}

    first = await made(owner, path, day)
    again = await owner.post(path, json=day)
    beside = await owner.post(path, json=day | {"source": "Counted by hand"})

    assert problem(again)["type"].endswith("#measured-already")
    assert first["id"] in problem(again)["detail"]
    assert beside.status_code == 201
    assert (
        MeasurementOut.model_validate(beside.json()).model_dump(mode="json", exclude_none=True)
        == beside.json()
    )


async def test_the_same_rows_can_be_sent_again_and_other_values_say_why(world: World) -> None:
    """E1: nothing is overwritten."""
    known = await indicator(world)
    path, owner = f"/indicators/{known['id']}/measurements/batch", owner_of(world)
    body = rows(("2026-01-31", "41"), ("2026-02-28", "40"))

    first = await owner.post(path, json=body)
    again = await owner.post(path, json=body)
    silent = await owner.post(path, json=rows(("2026-02-28", "39")))
    said = await owner.post(path, json=rows(("2026-02-28", "39"), reason="A case was counted twice"))

    assert first.json() == {"recorded_count": 2, "corrected_count": 0, "unchanged_count": 0}
    assert again.json() == {"recorded_count": 0, "corrected_count": 0, "unchanged_count": 2}
    assert problem(silent)["errors"][0]["pointer"] == "/body/measurements/0"
    assert said.json() == {"recorded_count": 1, "corrected_count": 1, "unchanged_count": 0}
    items = (await owner.get(f"/indicators/{known['id']}/measurements")).json()["items"]
    assert {(item["value"], item["is_corrected"]) for item in items} == {
        ("41", False),
        ("40", True),
        ("39", False),
    }


async def test_a_batch_is_taken_whole_or_not_and_names_every_row_that_cannot_be(world: World) -> None:
    known = await indicator(world)
    path, owner = f"/indicators/{known['id']}/measurements/batch", owner_of(world)
    body = rows(("2026-01-31", "41"), ("2999-01-01", "1"), ("2026-01-31", "40"))
    body["measurements"].append({"taken_on": "2026-03-01", "value": "1", "unit_id": str(world.unit)})
    body["measurements"].append(
        {"taken_on": "2026-03-01", "value": "1", "corrects_id": UNKNOWN, "reason": "Why"}
    )

    refused = await owner.post(path, json=body)

    pointers = [error["pointer"] for error in problem(refused)["errors"]]
    assert refused.status_code == 400
    assert pointers == [
        "/body/measurements/1/taken_on",
        "/body/measurements/2",
        "/body/measurements/3/unit_id",
        "/body/measurements/4/corrects_id",
    ]
    assert (await owner.get(f"/indicators/{known['id']}/measurements")).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"measurements": []},
        {"measurements": [{"taken_on": "2026-01-31", "value": "NaN"}]},
        {"measurements": [{"taken_on": 46000, "value": "1"}]},
        {"measurements": [{"taken_on": "2026-01-31", "value": "1", "weight": "0"}]},
        {"measurements": [{"taken_on": "2026-01-31", "value": "1"}] * 10_001},
    ],
)
async def test_malformed_batches_are_refused(world: World, body: dict[str, Any]) -> None:
    known = await indicator(world)

    answer = await owner_of(world).post(f"/indicators/{known['id']}/measurements/batch", json=body)

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (400, "malformed")


async def test_ten_thousand_rows_are_one_batch(world: World) -> None:
    known = await indicator(world)
    start = date(1999, 1, 1)
    body = rows(*((str(start + timedelta(number)), str(number % 97)) for number in range(10_000)))

    answer = await owner_of(world).post(f"/indicators/{known['id']}/measurements/batch", json=body)

    assert answer.json()["recorded_count"] == 10_000
    events = (await world.desk.caller(Role.INTEGRATION).get("/events?limit=100")).json()["items"]
    (event,) = [one for one in events if one["type"] == "gevinst.benefits.measurements-recorded.v1"]
    assert (event["data"]["count"], event["data"]["last_on"]) == (10_000, str(start + timedelta(9_999)))
    async with connection_of(world.desk) as connection:
        audited = await connection.fetchval(
            "SELECT jsonb_array_length(after) FROM audit WHERE action LIKE '%measurements-recorded.v1'"
        )
    assert audited == 10_000


async def test_units_make_one_value_when_all_are_measured(world: World) -> None:
    """B6: missing is not zero."""
    known = await indicator(
        world,
        measured_in=[str(world.top), str(world.unit)],
        aggregation={"time": "last", "units": "weighted-mean"},
    )
    path, owner = f"/indicators/{known['id']}/measurements", world.desk.caller(Role.BENEFIT_CONTROLLER)
    top = {"taken_on": "2026-02-01", "value": "30", "unit_id": str(world.top), "weight": "1"}
    unit = {"taken_on": "2026-03-01", "value": "40", "unit_id": str(world.unit), "weight": "3"}

    nowhere = await owner.post(path, json=top | {"unit_id": UNKNOWN})
    weightless = await owner.post(path, json={**top, "weight": None} | {"taken_on": "2026-01-01"})
    bare = {name: value for name, value in top.items() if name != "weight"}
    unweighed = await owner.post(path, json=bare)
    await made(owner, path, top)
    half = (await owner.get(f"/indicators/{known['id']}")).json()
    await made(owner, path, unit)
    whole = (await owner.get(f"/indicators/{known['id']}")).json()

    assert problem(nowhere)["type"].endswith("#measured-elsewhere")
    assert weightless.status_code == 400
    assert problem(unweighed)["type"].endswith("#measurement-weight-missing")
    assert ("value" in half, half["state"], half["latest"]["value"]) == (False, "not-yet-due", "30")
    assert (whole["value"], whole["realised_share"]) == ("37.5", "0.205")
    assert [one["value"] for one in whole["readings"]] == ["30", "40"]
    assert IndicatorOut.model_validate(whole).model_dump(mode="json", exclude_none=True) == whole


async def test_a_series_has_one_value_a_period_by_the_rules_and_leaves_out_what_is_missing(
    world: World,
) -> None:
    """By hand: January east (10 + 20) and west 5 are 35; in February west is missing."""
    known = await indicator(
        world,
        unit_of_measure="hours",
        direction="up",
        baseline="0",
        target="100",
        measured_in=[str(world.top), str(world.unit)],
        aggregation={"time": "sum", "units": "sum"},
    )
    owner = world.desk.caller(Role.BENEFIT_CONTROLLER)
    for unit, values in (
        (world.top, (("2026-01-10", "10"), ("2026-01-20", "20"), ("2026-02-10", "7"))),
        (world.unit, (("2026-01-31", "5"),)),
    ):
        path = f"/indicators/{known['id']}/measurements/batch"
        answer = await owner.post(path, json=rows(*values, unit_id=str(unit)))
        assert answer.status_code == 201, answer.text

    months = (await owner.get(f"/indicators/{known['id']}/series?by=month")).json()
    year = (await owner.get(f"/indicators/{known['id']}/series?by=year&from=2026-01-15")).json()
    empty = (await owner.get(f"/indicators/{known['id']}/series?from=2026-03-01&to=2026-02-01")).json()

    assert SeriesOut.model_validate(months).model_dump(mode="json", exclude_none=True) == months
    assert months["items"] == [
        {
            "period": "2026-01-01",
            "value": "35",
            "measurement_count": 3,
            "last_on": "2026-01-31",
            "is_complete": True,
        },
        {
            "period": "2026-02-01",
            "measurement_count": 1,
            "last_on": "2026-02-10",
            "is_complete": False,
        },
    ]
    assert [(one["period"], one["value"]) for one in year["items"]] == [("2026-01-01", "32")]
    assert empty == {"items": []}


async def test_a_corrected_measurement_is_no_part_of_a_series(world: World) -> None:
    known = await indicator(world)
    path, owner = f"/indicators/{known['id']}/measurements", owner_of(world)
    wrong = await made(owner, path, {"taken_on": "2026-01-10", "value": "10"})
    await made(
        owner,
        path,
        {"taken_on": "2026-04-10", "value": "30", "corrects_id": wrong["id"], "reason": "The wrong month"},
    )

    items = (await owner.get(f"/indicators/{known['id']}/series?by=quarter")).json()["items"]

    assert [(one["period"], one["value"]) for one in items] == [("2026-04-01", "30")]
