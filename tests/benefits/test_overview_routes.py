"""Duties and overviews over HTTP: who has to do what, and nobody else's."""

from typing import Any, cast

import httpx
import pytest

from gevinst_benefits.schemas.duties import MyDutiesOut
from gevinst_benefits.schemas.overviews import VerificationOverviewOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import action, agreement, owned, risk
from tests.benefits.random_plans import RandomPlans
from tests.benefits.reporting_world import Reporting
from tests.benefits.steered import condition_set
from tests.benefits.test_verification_routes import confirmed
from tests.benefits.world import OWNER, World, made
from tests.portfolio.test_statement_counts import counted
from tests.support.callers import problem
from tests.support.days import today
from tests.support.organisations import new_organisation


async def duties(caller: httpx.AsyncClient, query: str = "") -> dict[str, Any]:
    answer = await caller.get(f"/overviews/me{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert MyDutiesOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    return found


def kinds(found: dict[str, Any]) -> list[str]:
    return [one["kind"] for one in found["items"]]


async def test_an_owner_is_told_to_confirm_and_to_act_with_what_is_late_first(world: World) -> None:
    """B2, B8, N1."""
    benefit = await world.planned()
    at, role = f"/benefits/{benefit['id']}", {"role": "benefit-owner", "unit_id": str(world.unit)}
    later = {"hangs_on": "none", "day": "2099-01-01"}
    late = {"hangs_on": "none", "day": "2026-01-02"}
    await made(world.office, f"{at}/actions", action(world, owner=role, deadline=later))
    acted = await made(world.office, f"{at}/actions", action(world, owner=role, deadline=late))
    await made(world.office, f"{at}/actions", action(world))
    await made(world.office, f"{at}/prerequisites", owned(world, owner=role))
    await made(world.office, f"{at}/risks", risk(world, owner={"person_id": str(world.owner_id)}))
    owner = world.desk.caller(subject=OWNER)

    found = await duties(owner)

    assert kinds(found)[:2] == ["do-action", "do-action"]
    assert sorted(kinds(found)[2:]) == ["confirm-benefit", "meet-prerequisite", "reduce-risk"]
    first = found["items"][0]
    assert (first["id"], first["due_on"], first["is_late"]) == (acted["id"], "2026-01-02", True)
    assert first["path"] == f"/actions/{acted['id']}"
    assert {one["kind"]: (one["count"], one["late"]) for one in found["counts"]} == {
        "confirm-benefit": (1, 0),
        "do-action": (2, 1),
        "meet-prerequisite": (1, 0),
        "reduce-risk": (1, 0),
    }
    assert (await owner.get(first["path"])).status_code == 200


async def test_what_is_done_is_no_duty_any_more_and_another_has_none_of_it(world: World) -> None:
    benefit = await world.planned()
    owner, reader = world.desk.caller(subject=OWNER), world.desk.caller(Role.READER, subject="rita")
    assert kinds(await duties(owner)) == ["confirm-benefit"]

    await owner.post(f"/benefits/{benefit['id']}/confirmation")

    assert kinds(await duties(owner)) == []
    assert await duties(reader) == {"items": [], "counts": []}


async def test_roles_held_in_a_unit_count_beside_those_of_the_token(world: World) -> None:
    """B2: an owner who may read everything is still the owner."""
    await world.planned()

    assert kinds(await duties(world.desk.caller(Role.READER, subject=OWNER))) == ["confirm-benefit"]


async def test_pages_of_duties_have_each_of_them_once(world: World) -> None:
    for _ in range(5):
        await world.planned()
    owner, seen, query = world.desk.caller(subject=OWNER), list[str](), "?limit=2"

    while True:
        found = await duties(owner, query)
        seen += [one["id"] for one in found["items"]]
        if "next_cursor" not in found:
            break
        query = f"?limit=2&cursor={found['next_cursor']}"

    assert len(seen) == len(set(seen)) == 5
    assert kinds(await duties(owner, "?kind=do-action")) == []


async def test_a_gate_is_the_boards_to_decide_once_the_reviewers_have_advised(world: World) -> None:
    """G3: whoever proposed it does not decide."""
    await world.started()
    await world.assign("kari", Role.BOARD_MEMBER, "portfolio", world.portfolio_id)
    gate = await world.proposed(reviewer_ids=[str(world.owner_id)])
    owner = world.desk.caller(Role.READER, subject=OWNER)

    before = (kinds(await duties(world.board)), kinds(await duties(owner)))
    await made(owner, f"/gates/{gate['id']}/reviews", {"advice": "agree", "reason": "It holds"})
    after = (kinds(await duties(world.board)), kinds(await duties(owner)), kinds(await duties(world.office)))

    assert before == ([], ["review-gate"])
    assert after == (["decide-gate"], [], [])


async def test_a_condition_is_its_owners_and_then_somebody_elses_to_confirm(world: World) -> None:
    """G7."""
    condition = await condition_set(world, world.project_id, needs_confirmation=True)
    owner = world.desk.caller(Role.READER, subject=OWNER)

    before = await duties(owner)
    answer = await owner.post(
        f"/conditions/{condition['id']}/report",
        json={"evidence": "They are trained"},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.text

    assert [(one["kind"], one["due_on"]) for one in before["items"]] == [
        ("meet-condition", condition["deadline"])
    ]
    assert kinds(await duties(owner)) == []
    assert "confirm-condition" in kinds(await duties(world.board))


async def test_a_manager_owes_the_reports_of_every_month_and_an_overview_shows_the_late_one(
    reporting: Reporting,
) -> None:
    """B13: the months until now, two years back at most; what is missing is not green."""
    world = reporting.world

    found = await duties(reporting.manager, "?limit=100")
    overview = (await world.office.get(f"/portfolios/{world.portfolio_id}/overview")).json()

    owed = [one for one in found["items"] if one["kind"] == "submit-report"]
    assert len(owed) == (today().year - 2025) * 12 + today().month - 1
    assert owed == sorted(owed, key=lambda one: one["due_on"])
    assert (overview["reports"]["projects"], overview["reports"]["missing"]) == (1, 1)
    assert "worst" not in overview["reports"]


async def test_benefits_without_an_indicator_come_first_and_another_bodys_part_is_not_ours(
    world: World,
) -> None:
    """B6, B11."""
    benefit = await world.planned(
        timing={"hangs_on": "none", "starts_on": "2026-01-01", "duration_months": 24}
    )
    path = f"/portfolios/{world.portfolio_id}/overview?first_year=2026&years=2"
    before = (await world.office.get(path)).json()
    for members in ({}, {"state": "shared", "share_kept": "0.25"}):
        await made(world.office, f"/benefits/{benefit['id']}/agreement-entries", agreement(**members))

    after = (await world.office.get(path)).json()

    assert [one["id"] for one in before["without_indicator"]["first"]] == [benefit["id"]]
    assert [year["unconfirmed"] for year in before["sums"][0]["years"]] == ["1200", "1200"]
    assert [year["unconfirmed"] for year in after["sums"][0]["years"]] == ["300", "300"]
    assert "verified" not in after["sums"][0]["years"][0]
    assert after["benefits"]["falls_elsewhere"] == 1
    assert "reports" not in after


async def test_a_role_that_nobody_holds_is_shown_where_it_owns_benefits(world: World) -> None:
    """B2."""
    await world.planned(owner={"role": "unit-leader", "unit_id": str(world.unit)})

    found = (await world.office.get(f"/units/{world.top}/overview")).json()

    assert found["vacant_owners"]["benefits"] == 1
    assert found["vacant_owners"]["first"][0]["role"] == "unit-leader"
    assert (found["staff"], found["unit_count"]) == ({"known_units": 0, "unknown_units": 2}, 2)


async def test_controllers_see_which_years_wait_and_which_have_waited_too_long(world: World) -> None:
    """G3: from the year that the effect begins, for ten years."""
    ended = {"end": f"{today().year - 3}-06-30", "start": f"{today().year - 4}-01-01", "status": "closed"}
    fact = {"project_id": world.project_id, "name": "Digital post", "portfolio_id": world.portfolio_id}
    await world.tell("project-changed", **fact, **ended)
    await confirmed(world)

    found = (await world.office.get("/overviews/verification")).json()

    assert VerificationOverviewOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    assert (found["waiting"], found["late"]) == (3, 2)
    assert [one["is_late"] for one in found["years"]] == [True, True, False]
    assert [(one["unit_id"], one["waiting"]) for one in found["units"]] == [(str(world.unit), 3)]


@pytest.mark.parametrize("place", ["units", "programmes", "portfolios"])
async def test_an_overview_of_nothing_or_of_another_organisations_is_not_found(
    world: World, place: str
) -> None:
    theirs = {"units": world.unit, "programmes": new_id(), "portfolios": world.portfolio_id}[place]
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    answers = [
        await world.office.get(f"/{place}/{new_id()}/overview"),
        await stranger.get(f"/{place}/{theirs}/overview"),
        await world.office.get(f"/{place}/{theirs}/overview?colour=blue"),
        await world.office.get(f"/{place}/{theirs}/overview?years=0"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 400, 400]
    assert all(problem(answer) for answer in answers)


async def test_more_rows_take_no_more_statements(world: World) -> None:
    await RandomPlans(7, world.portfolio_id).write(world)
    paths = [
        "/overviews/me",
        "/overviews/verification",
        f"/units/{world.top}/overview",
        f"/portfolios/{world.portfolio_id}/overview",
    ]

    async def costs() -> list[int]:
        found = []
        for path in paths:
            await world.office.get(path)
            async with counted(cast("Any", world)) as statements:
                assert (await world.office.get(path)).status_code == 200
            found.append(len(statements))
        return found

    before = await costs()
    await RandomPlans(8, world.portfolio_id).write(world)

    assert await costs() == before
