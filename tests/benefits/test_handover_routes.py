"""Handover to the line, and decision point 6, over HTTP (G9, G10)."""

from datetime import timedelta
from typing import Any

import pytest

from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_there
from gevinst_shared.web.clock import utc_now
from tests.benefits.steered import papers, receiver
from tests.benefits.test_condition_routes import events, rung
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.world import OWNER, World, made
from tests.support.callers import problem

LINE = "lise"


async def opened(world: World) -> dict[str, Any]:
    await world.started()
    await world.assign(LINE, Role.UNIT_LEADER, "unit", world.unit)
    return await made(world.office, f"/projects/{world.project_id}/handovers", receiver(world))


async def act(
    world: World,
    handover: dict[str, Any],
    verb: str,
    subject: str = "kari",
    method: str = "POST",
    **body: Any,
) -> Any:
    """A write on the handover at its newest revision; the office acts unless somebody is named."""
    roles = (Role.PORTFOLIO_OFFICE,) if subject == "kari" else ()
    client = world.desk.caller(*roles, subject=subject)
    revision = (await world.office.get(f"/handovers/{handover['id']}")).headers["ETag"]
    path = f"/handovers/{handover['id']}/{verb}"
    return await client.request(method, path, json=body or None, headers={"If-Match": revision})


async def ready(world: World, handover: dict[str, Any]) -> None:
    """All papers delivered."""
    kept = await act(world, handover, "papers", method="PUT", papers=papers())
    assert kept.status_code == 200, kept.text


async def missing(world: World, handover: dict[str, Any]) -> list[str]:
    found = (await world.office.get(f"/handovers/{handover['id']}/shortcomings")).json()["items"]
    return [one["kind"] for one in found]


async def test_a_complete_project_is_offered_and_accepted_by_the_line(world: World) -> None:
    """G9."""
    handover = await opened(world)

    bare = await missing(world, handover)
    early = await act(world, handover, "offer")
    await ready(world, handover)
    offered = await act(world, handover, "offer")
    accepted = await act(world, handover, "acceptance", LINE)
    again = await act(world, handover, "acceptance", LINE)

    assert bare == ["paper-missing"] * 7
    assert problem(early)["type"].endswith("#handover-incomplete")
    assert (offered.json()["state"], offered.json()["offered_by"]) == ("offered", "kari")
    assert (accepted.json()["state"], accepted.json()["settled_by"]) == ("accepted", LINE)
    assert problem(again)["type"].endswith("#handover-settled")
    assert len(await events(world, "handover-accepted")) == 1


async def test_each_open_benefit_needs_an_indicator_and_a_confirmed_owner_whose_role_is_held(
    world: World,
) -> None:
    """G9: checked from what is known, not from a tick."""
    handover = await opened(world)
    await ready(world, handover)
    benefit = await world.planned()
    vacant = await world.planned(owner={"role": "unit-leader", "unit_id": str(world.top)})

    first = await missing(world, handover)
    for one in (benefit, vacant):
        await made(world.office, f"/benefits/{one['id']}/indicators", INDICATOR)
    await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    second = await missing(world, handover)
    await world.assign("tor", Role.UNIT_LEADER, "unit", world.top)
    await world.desk.caller(subject="tor").post(f"/benefits/{vacant['id']}/confirmation")
    third = await missing(world, handover)

    both = ["benefit-without-indicator", "benefit-not-confirmed"]
    assert first == [*both, *both, "benefit-owner-vacant"]
    assert second == ["benefit-not-confirmed", "benefit-owner-vacant"]
    assert third == []


async def test_what_was_there_at_the_offer_must_still_be_there_at_the_answer(world: World) -> None:
    handover = await opened(world)
    await ready(world, handover)
    await act(world, handover, "offer")
    await world.planned()

    answer = await act(world, handover, "acceptance", LINE)

    assert problem(answer)["type"].endswith("#handover-incomplete")


async def test_the_project_does_not_accept_its_own_handover(world: World) -> None:
    """G9: somebody else than the project's manager, and from the receiving unit."""
    handover = await opened(world)
    manager = new_id()
    await world.tell("person-changed", person_id=manager, subject="mia", name="Mia", language="nb")
    await world.tell(
        "project-changed",
        project_id=world.project_id,
        portfolio_id=world.portfolio_id,
        name="Digital post",
        unit_id=world.unit,
        manager_id=manager,
    )
    for subject in ("mia", "kari"):
        await world.assign(subject, Role.UNIT_LEADER, "unit", world.unit)
    await world.assign("stranger", Role.UNIT_LEADER, "unit", new_id())
    await ready(world, handover)
    await act(world, handover, "offer")

    answers = [await act(world, handover, "acceptance", one) for one in ("mia", "kari", "stranger")]

    found = [problem(one)["type"].partition("#")[2] for one in answers]
    assert found == ["handed-over-to-oneself", "handed-over-to-oneself", "not-allowed"]


async def test_the_line_refuses_with_what_is_missing_and_a_new_handover_is_opened(world: World) -> None:
    """G9."""
    handover = await opened(world)
    await ready(world, handover)
    await act(world, handover, "offer")

    nothing = await act(world, handover, "refusal", LINE, missing=[], reason="No")
    refused = await act(world, handover, "refusal", LINE, missing=["training"], reason="Not the night shift")
    late = await act(world, handover, "acceptance", LINE)
    anew = await made(world.office, f"/projects/{world.project_id}/handovers", receiver(world))

    assert problem(nothing)["type"].endswith("#refused-without-missing")
    lacking = [one for one in refused.json()["papers"] if one["state"] == "missing"]
    assert [(one["paper"], one["reason"]) for one in lacking] == [("training", "Not the night shift")]
    assert problem(late)["type"].endswith("#handover-settled")
    listed = (await world.office.get(f"/projects/{world.project_id}/handovers")).json()["items"]
    assert [one["state"] for one in listed] == ["draft", "refused"]
    assert listed[0]["id"] == anew["id"]


async def test_a_stop_during_a_handover_calls_it_off(world: World) -> None:
    """G6, G9: neither accepted nor left hanging."""
    handover = await opened(world)
    await ready(world, handover)
    await act(world, handover, "offer")
    review = await made(world.office, f"/projects/{world.project_id}/effect-reviews", {"due_on": later(400)})

    await world.decided((await world.proposed(outcome="stop"))["id"], "stop")
    answer = await act(world, handover, "acceptance", LINE)
    again = await world.office.post(f"/projects/{world.project_id}/handovers", json=receiver(world))
    planned = await world.office.post(
        f"/projects/{world.project_id}/effect-reviews", json={"due_on": later(9)}
    )

    assert problem(answer)["type"].endswith("#handover-settled")
    shown = (await world.office.get(f"/handovers/{handover['id']}")).json()
    assert (shown["state"], shown["reason"]) == ("called-off", "The board agrees")
    assert len(await events(world, "handover-called-off")) == 1
    assert (await world.office.get(f"/effect-reviews/{review['id']}")).json()["state"] == "called-off"
    assert problem(again)["type"].endswith("#project-ended")
    assert problem(planned)["type"].endswith("#project-ended")


@pytest.mark.parametrize(
    "found",
    [
        [{"paper": "training", "state": "delivered"}],
        [{"paper": "training", "state": "not-relevant"}],
        [{"paper": "training", "state": "missing"}] * 2,
    ],
)
async def test_odd_papers_are_refused(world: World, found: list[dict[str, Any]]) -> None:
    handover = await opened(world)

    answer = await act(world, handover, "papers", method="PUT", papers=found)

    assert answer.status_code == 400
    assert problem(answer)["type"].endswith("#odd-papers")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " ", "x"])
async def test_a_paper_is_linked_by_an_address_or_a_case_number_only(world: World, link: str) -> None:
    handover = await opened(world)
    paper = {"paper": "training", "state": "delivered", "link": link}

    answer = await act(world, handover, "papers", method="PUT", papers=[paper])

    assert answer.status_code == 400
    assert problem(answer)["type"].endswith("#malformed")


async def test_one_handover_at_a_time(world: World) -> None:
    await opened(world)

    answer = await world.office.post(f"/projects/{world.project_id}/handovers", json=receiver(world))

    assert answer.status_code == 409


def later(days: int) -> str:
    return (utc_now() + timedelta(days=days)).date().isoformat()


async def closed(world: World) -> None:
    await world.started()
    for code in ("BP1", "BP2", "BP3", "BP4", "BP5", "BP6"):
        await world.decided((await world.proposed(gate=code))["id"])


async def test_the_effect_is_looked_at_years_later_and_again_when_more_work_is_needed(world: World) -> None:
    """G10."""
    await closed(world)
    planned = await made(world.office, f"/projects/{world.project_id}/effect-reviews", {"due_on": later(700)})
    await rung(world, utc_now() + timedelta(days=697))
    before = await events(world, "effect-review-due")
    await rung(world, utc_now() + timedelta(days=701))
    await rung(world, utc_now() + timedelta(days=702))

    path = f"/effect-reviews/{planned['id']}/finding"
    more = {"outcome": "more-work-needed", "reason": "Half of the centres"}
    odd = await world.board.post(path, json=more, headers={"If-Match": '"1"'})
    held = await world.board.post(path, json=more | {"next_due_on": later(1000)}, headers={"If-Match": '"1"'})
    twice = await world.board.post(
        path, json={"outcome": "effect-reached", "reason": "x"}, headers={"If-Match": '"2"'}
    )

    assert before == []
    assert [one["review_id"] for one in await events(world, "effect-review-due")] == [planned["id"]]
    assert problem(odd)["type"].endswith("#next-effect-review-odd")
    assert (held.json()["state"], held.json()["outcome"]) == ("held", "more-work-needed")
    assert problem(twice)["type"].endswith("#effect-review-settled")
    [following] = (await world.office.get("/effect-reviews?state=scheduled")).json()["items"]
    assert (following["follows_id"], following["due_on"]) == (planned["id"], later(1000))


async def test_the_effect_is_not_looked_at_before_the_project_has_come_to_its_end(world: World) -> None:
    await world.started()
    planned = await made(world.office, f"/projects/{world.project_id}/effect-reviews", {"due_on": later(30)})

    answer = await world.board.post(
        f"/effect-reviews/{planned['id']}/finding",
        json={"outcome": "effect-reached", "reason": "x"},
        headers={"If-Match": '"1"'},
    )
    today = day_there(world.desk.organisation, utc_now()).isoformat()
    past = await world.office.post(f"/projects/{world.project_id}/effect-reviews", json={"due_on": today})

    assert problem(answer)["type"].endswith("#effect-review-too-early")
    assert problem(past)["type"].endswith("#effect-review-day-passed")


async def test_a_project_without_result_indicators_is_not_finished(world: World) -> None:
    """G9: neither by ticking the box."""
    await world.started()
    for code in ("BP1", "BP2", "BP3", "BP4", "BP5"):
        await world.decided((await world.proposed(gate=code))["id"])
    benefit = await world.planned()
    gate = await world.proposed(gate="BP6")

    bare = await world.board.post(f"/gates/{gate['id']}/decision", json={"outcome": "go", "reason": "Done"})
    await made(world.office, f"/benefits/{benefit['id']}/indicators", INDICATOR)
    await world.decided(gate["id"])

    assert problem(bare)["type"].endswith("#project-not-finished")
    progress = (await world.office.get(f"/projects/{world.project_id}/progress")).json()
    assert progress["state"] == "closed"
