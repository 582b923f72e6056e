"""Outlooks, lights, queues and reference classes over HTTP, and the watch over due days (B6, B7, C6, N5)."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from gevinst_benefits.schemas.forecasts import OutlookOut, OverrideOut
from gevinst_benefits.schemas.queues import MeasurementDueOut
from gevinst_benefits.schemas.reference_classes import OptimismBiasListOut, ReferenceClassOut
from gevinst_benefits.usecases.watching import MeasurementWatch, tell_claimed
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.house import House
from tests.benefits.reporting_world import running
from tests.benefits.test_measuring_routes import indicator, owner_of, rows
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.test_verification_routes import HOURS, confirmed, controller_of, finding
from tests.benefits.world import World, connection_of, made
from tests.support.callers import problem
from tests.support.days import today


def way() -> dict[str, str]:
    return {"starts_on": str(today() - timedelta(300)), "target_on": str(today() + timedelta(300))}


def days_ago(days: int) -> str:
    return str(today() - timedelta(days))


async def measured(world: World, *values: tuple[int, str], **members: Any) -> dict[str, Any]:
    """An indicator half-way through its way, with values so many days ago."""
    known = await indicator(world, **{"trajectory": way()} | members)
    body = rows(*((days_ago(days), value) for days, value in values))
    if values:
        answer = await owner_of(world).post(f"/indicators/{known['id']}/measurements/batch", json=body)
        assert answer.status_code == 201, answer.text
    return known


async def outlook(world: World, known: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer = await world.office.get(f"/indicators/{known['id']}/forecast{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert OutlookOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    return found


async def test_half_of_the_planned_way_is_told_with_where_it_will_end(world: World) -> None:
    """B7: planned 31 today (half of 42 to 20), measured half of that way all along."""
    values = [(days, f"{42 - 22 * 0.5 * (300 - days) / 600:.6f}") for days in range(270, -1, -30)]
    known = await measured(world, *values)

    found = await outlook(world, known)

    assert found["planned"] == {"value": "31", "share": "0.5000", "hangs_on_benefit": False}
    assert (found["realised_share"], found["deviation"]) == ("0.2500", "-0.2500")
    assert found["forecast"]["method"] == "ratio-and-delay"
    assert found["forecast"]["month_count"] in {9, 10, 11}
    assert 0.3 < float(found["forecast"]["end"]["median"]) < 0.85
    assert found["light"]["computed_colour"] in {"yellow", "red"}


async def test_without_measurements_it_is_too_early_and_nothing_is_shown_as_zero(world: World) -> None:
    """B6."""
    found = await outlook(world, await measured(world))

    assert found["forecast"]["is_too_early"] is True
    assert not {"value", "realised_share", "deviation"} & found.keys()
    assert (found["light"]["colour"], found["light"]["cause"]) == ("none", "not-measured")


async def test_a_past_day_is_told_out_of_what_was_measured_by_then(world: World) -> None:
    known = await measured(world, (200, "40"), (100, "30"), act_at="35")

    then = await outlook(world, known, f"?on={days_ago(150)}")
    later = await outlook(world, known, f"?on={today() + timedelta(300)}")

    assert (then["value"], then["planned"]["share"]) == ("40", "0.2500")
    assert (later["value"], later["planned"]["value"]) == ("30", "20")
    assert (then["calls_for_action"], later["calls_for_action"]) == (True, False)
    odd = await world.office.get(f"/indicators/{known['id']}/forecast?on=soon")
    assert problem(odd)["type"].endswith("#malformed")


async def test_a_light_is_overruled_by_name_for_a_time_and_shown_to_be(world: World) -> None:
    """B7."""
    known = await measured(world, (30, "42"))
    path = f"/indicators/{known['id']}/light-overrides"
    said = {"colour": "green", "reason": "Two offices are missing in the extract", "until": str(today())}

    by_owner = await owner_of(world).post(path, json=said)
    past = await controller_of(world).post(path, json=said | {"until": days_ago(1)})
    odd = await controller_of(world).post(path, json=said | {"colour": "none"})
    set_ = await made(controller_of(world), path, said)
    found = await outlook(world, known)
    await made(controller_of(world), path, {"reason": "The extract is right", "until": str(today())})
    after = await outlook(world, known)

    assert by_owner.status_code == 403
    assert problem(past)["type"].endswith("#light-override-ends-early")
    assert odd.status_code == 400
    assert OverrideOut.model_validate(set_).model_dump(mode="json", exclude_none=True) == set_
    light = found["light"]
    assert (light["colour"], light["computed_colour"], light["is_overruled"]) == ("green", "red", True)
    assert light["override"]["overruled_by"] == "cato"
    assert (after["light"]["colour"], after["light"]["is_overruled"]) == ("red", False)
    assert len((await world.office.get(path)).json()["items"]) == 2


async def test_the_light_is_by_the_tolerance_in_force_on_the_day(world: World) -> None:
    """B7: half of what was planned is red by what is shipped, and yellow by the organisation's own rule."""
    known = await measured(world, (0, "36.5"))
    own = {
        "measure": "benefit",
        "yellow": {"share": "0.3"},
        "red": {"share": "0.9"},
        "reason": "The council's rule",
        "valid_from": str(today()),
    }

    before = (await outlook(world, known))["light"]
    answer = await world.office.post("/tolerances", json=own)
    assert answer.status_code == 201, answer.text
    after = (await outlook(world, known))["light"]

    assert (before["computed_colour"], before["tolerance"]) == ("red", "gevinst-benefit")
    assert (after["computed_colour"], after["tolerance"]) == ("yellow", f"own-{answer.json()['id']}")
    assert before["short_of_plan"] == after["short_of_plan"] == "0.5000"


async def test_an_indicator_without_days_moves_with_its_benefits(world: World) -> None:
    """B9: the way hangs on the benefit's dates, and those on the project's end."""
    members = {"timing": {"hangs_on": "end", "ramp": {"kind": "linear", "months": 24}}}
    benefit = await world.planned(**members)
    known = await made(world.office, f"/benefits/{benefit['id']}/indicators", INDICATOR)
    planned = []

    for end in (None, f"{today().year - 1}-01-01", f"{today().year + 1}-01-01", f"{today().year - 3}-01-01"):
        await running(world, end=end)
        planned.append((await outlook(world, known)).get("planned"))

    assert planned[0] is None
    assert planned[1] is not None
    assert planned[1]["hangs_on_benefit"] is True
    assert 0.5 <= float(planned[1]["share"]) < 1
    assert [one and one["share"] for one in planned[2:]] == ["0.0000", "1.0000"]


async def test_the_cause_is_told_in_the_readers_language(world: World) -> None:
    known = await measured(world, (30, "42"))

    answers = [
        await world.office.get(f"/indicators/{known['id']}/forecast", headers={"Accept-Language": language})
        for language in ("en", "nb", "nn", "da", "sv")
    ]

    sentences = [answer.json()["light"]["sentence"] for answer in answers]
    assert len(set(sentences)) == 5
    assert all("50 %" in sentence for sentence in sentences)


async def test_what_came_of_a_benefit_is_held_against_the_curve_that_was_promised(world: World) -> None:
    """C6, B9: half of a year's promise in the year in which it ramps up is all that was promised for it."""
    timing = {"hangs_on": "none", "starts_on": "2025-01-01", "ramp": {"kind": "linear", "months": 12}}
    benefit = await finished(world, "600", timing=timing)

    (found,) = await classes(world.office, "kind=saved-time&size=small")

    assert benefit["timing"]["ramp"] == timing["ramp"]
    # One case whose ratio is 1 leaves the prior's middle, ln 0.8, nine tenths of the say.
    assert float(found["factor"]) == pytest.approx(0.8**0.9, abs=1e-3)


async def test_what_is_due_is_told_with_who_answers_for_it(world: World) -> None:
    """B6: of the days that have passed an indicator's last one, and those to come."""
    late = await indicator(world, due_on=[days_ago(60), days_ago(10), str(today() + timedelta(20))])
    planned = {"measurer": {"role": "unit-leader", "unit_id": str(world.top)}}
    other = await indicator(world, due_on=[str(today())], plan=planned)
    met = await measured(world, (5, "41"), due_on=[days_ago(10)])
    path = "/measurements-due"

    items = (await world.office.get(path)).json()["items"]
    until_today = (await world.office.get(f"{path}?until={today()}&sort=-day")).json()["items"]
    leaders = (await world.office.get(f"{path}?role=unit-leader&unit={world.top}")).json()["items"]

    assert MeasurementDueOut.model_validate(items[0]).model_dump(mode="json", exclude_none=True) == items[0]
    assert [(one["indicator_id"], one["due_on"], one["is_overdue"]) for one in items] == [
        (late["id"], days_ago(10), True),
        (other["id"], str(today()), False),
        (late["id"], str(today() + timedelta(20)), False),
    ]
    assert met["id"] not in {one["indicator_id"] for one in items}
    assert [one["due_on"] for one in until_today] == [str(today()), days_ago(10)]
    assert [one["responsible"] for one in leaders] == [planned["measurer"]]


async def test_an_indicator_of_several_units_is_due_until_each_is_measured(world: World) -> None:
    known = await indicator(world, measured_in=[str(world.top), str(world.unit)], due_on=[days_ago(1)])
    controller, path = controller_of(world), f"/indicators/{known['id']}/measurements"

    seen = []
    for unit in (world.top, world.unit):
        seen.append(len((await controller.get("/measurements-due")).json()["items"]))
        await made(controller, path, {"taken_on": days_ago(2), "value": "30", "unit_id": str(unit)})
    seen.append(len((await controller.get("/measurements-due")).json()["items"]))

    assert seen == [1, 1, 0]


def watch_of(world: World, day: date | None = None) -> MeasurementWatch:
    house = world.desk.app.state.house
    assert isinstance(house, House)
    moment = datetime.combine(day or today(), datetime.min.time(), UTC) + timedelta(hours=12)
    return MeasurementWatch(house.database, lambda: moment)


async def overdue(world: World) -> list[tuple[str, str]]:
    events = (await world.desk.caller(Role.INTEGRATION).get("/events?limit=100")).json()["items"]
    return [
        (one["data"]["indicator_id"], one["data"]["due_on"])
        for one in events
        if one["type"] == "gevinst.benefits.measurement-overdue.v1"
    ]


async def test_each_missed_day_is_told_once_whoever_looks_and_however_often(world: World) -> None:
    """B6, N5."""
    known = await indicator(world, due_on=[days_ago(9), days_ago(3), str(today() + timedelta(5))])
    met = await measured(world, (4, "40"), due_on=[days_ago(3)])

    await asyncio.gather(*(watch_of(world).once() for _ in range(5)))
    await watch_of(world).once()
    first = await overdue(world)
    await watch_of(world, today() + timedelta(6)).once()
    await watch_of(world, today() + timedelta(7)).once()

    assert sorted(first) == [(known["id"], days_ago(9)), (known["id"], days_ago(3))]
    assert (await overdue(world))[len(first) :] == [(known["id"], str(today() + timedelta(5)))]
    assert met["id"] not in {indicator_id for indicator_id, _ in await overdue(world)}


async def test_a_changed_plan_tells_of_no_day_again(world: World) -> None:
    known = await indicator(world, due_on=[days_ago(3)])
    await watch_of(world).once()

    for revision, due_on in enumerate(([days_ago(3), days_ago(2)], [days_ago(3)]), start=1):
        answer = await world.office.put(
            f"/indicators/{known['id']}",
            json=INDICATOR | {"due_on": due_on},
            headers={"If-Match": f'"{revision}"'},
        )
        assert answer.status_code == 200, answer.text
        await watch_of(world).once()

    assert await overdue(world) == [(known["id"], days_ago(3))]


async def test_a_watch_killed_in_between_has_told_of_nothing_and_the_next_tells_all(world: World) -> None:
    """N5: the event and the place are one transaction."""
    known = await indicator(world, due_on=[days_ago(3)])
    house = world.desk.app.state.house
    assert isinstance(house, House)

    async def killed_before_the_commit() -> None:
        async with house.database.transaction(world.desk.organisation) as connection:
            work = Work(connection, Actor("watch", world.desk.organisation), datetime.now(UTC), new_id())
            assert await tell_claimed(work) == (1, 1)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await killed_before_the_commit()
    nothing = await overdue(world)
    await watch_of(world).once()

    assert nothing == []
    assert await overdue(world) == [(known["id"], days_ago(3))]


async def finished(world: World, amount: str, *, year: int = 2025, **members: Any) -> dict[str, Any]:
    """A benefit of 1,200 hours, verified for a year and found realised."""
    benefit = await confirmed(world, **members)
    controller = controller_of(world)
    body = finding(year=year, realised=HOURS | {"amount_per_year": amount})
    await made(controller, f"/benefits/{benefit['id']}/verifications", body)
    answer = await controller.post(f"/benefits/{benefit['id']}/verification")
    assert answer.status_code == 200, answer.text
    return benefit


async def classes(client: httpx.AsyncClient, query: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/reference-classes?{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_what_came_of_finished_benefits_corrects_the_next_one_of_its_class(world: World) -> None:
    """C6: ten at half of what was promised; unfinished and unverified ones do not count."""
    for _ in range(10):
        last = await finished(world, "600")
    unfinished = await confirmed(world)
    await made(
        controller_of(world),
        f"/benefits/{unfinished['id']}/verifications",
        finding(realised=HOURS | {"amount_per_year": "1"}),
    )
    unverified = await confirmed(world)
    await controller_of(world).post(f"/benefits/{unverified['id']}/verification")

    (small,) = await classes(world.office, "kind=saved-time&size=small")
    sizes = await classes(world.office, "kind=quality")
    own = (await world.office.get(f"/benefits/{last['id']}/reference-class")).json()

    assert ReferenceClassOut.model_validate(small).model_dump(mode="json", exclude_none=True) == small
    assert (small["factor"], small["case_count"]) == ("0.5000", 10)
    assert small["levels"][0] == {"name": "kind-and-size", "case_count": 10, "weight": "1.0000"}
    assert [one["size"] for one in sizes] == ["small", "medium", "large", "any"]
    assert (own["case_count"], own["levels"][0]["weight"]) == (9, "0.9000")


async def test_a_plan_lowered_later_does_not_improve_the_record(world: World) -> None:
    """C6: what counts is what the owner stood for first."""
    benefit = await confirmed(world)
    lower = {"ledger": "time", "amount_per_year": "300", "unit_of_measure": "hours"}
    read = await world.office.get(f"/benefits/{benefit['id']}")
    await world.office.put(
        f"/benefits/{benefit['id']}",
        json=world.benefit(estimate=lower),
        headers={"If-Match": read.headers["etag"]},
    )
    await owner_of(world).post(f"/benefits/{benefit['id']}/confirmation")
    controller = controller_of(world)
    await made(
        controller,
        f"/benefits/{benefit['id']}/verifications",
        finding(realised=HOURS | {"amount_per_year": "300"}),
    )
    await controller.post(f"/benefits/{benefit['id']}/verification")

    async with connection_of(world.desk) as connection:
        promised = await connection.fetchval("SELECT amount FROM promise")
    (small,) = await classes(world.office, "kind=saved-time&size=small")

    assert promised == 1200
    # A tenth of a quarter and nine tenths of the prior: exp(0.1 ln 0.25 + 0.9 ln 0.8).
    assert small["factor"] == "0.7122"


async def test_odd_classes_are_refused(world: World) -> None:
    for query in ("", "kind=Saved%20Time", "kind=quality&size=huge", "kind=quality&colour=red"):
        answer = await world.office.get(f"/reference-classes?{query}")
        assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (400, "malformed"), query


async def test_published_uplifts_stand_in_where_there_is_no_history(world: World) -> None:
    """C6: the figures of the study, as they are printed in it."""
    answer = await world.office.get("/optimism-biases")

    found = {one["project_type"]: one for one in answer.json()["items"]}
    development, outsourcing = found["equipment-and-development"], found["outsourcing"]
    assert OptimismBiasListOut.model_validate(answer.json())
    assert development["cost"] == {"upper": "2", "lower": "0.1"}
    assert development["duration"] == {"upper": "0.54", "lower": "0.1"}
    assert (outsourcing["is_operating_cost"], "duration" in outsourcing) == (True, False)
    assert "Mott MacDonald" in development["source"]
