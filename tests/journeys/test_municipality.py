"""The whole flow over HTTP in a made-up municipality with 60 projects."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from rich.console import Console

from gevinst_shared.cli.api import Caller, Document
from gevinst_shared.cli.house import running_house
from gevinst_shared.cli.municipality.loading import ORGANISATION, Loaded, load_municipality
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.journeys import flow as step
from tests.journeys.flow import Flow
from tests.support.house import house_at

pytestmark = [pytest.mark.slow, pytest.mark.database]
# Changes that are also brought about over HTTP.
BROUGHT_ABOUT = 6


def test_a_municipality_goes_from_ideas_to_a_plan_and_on_to_the_next(home: Path) -> None:
    asyncio.run(_journey(home))


async def _journey(home: Path) -> None:
    async with running_house(house_at(home), is_durable=False) as house, AsyncExitStack() as stack:

        def token(role: Role, subject: str) -> str:
            return house.token(role, ORGANISATION, subject=subject)

        loaded = await load_municipality(house.base_url, token, Console(quiet=True), today=utc_now().date())
        office = Caller(house.base_url, token(Role.PORTFOLIO_OFFICE, "kari-kontor"))
        board = Caller(house.base_url, token(Role.BOARD_MEMBER, "bjorn-styre"))
        flow = Flow(
            await stack.enter_async_context(office),
            await stack.enter_async_context(board),
            loaded.portfolio_id,
        )
        await _intake(flow, loaded)
        await _criteria(flow, loaded)
        await _capacity(flow)
        scenario, plan = await _explained_plan(flow, loaded)
        await _decided_and_replanned(flow, loaded, scenario, plan)


async def _intake(flow: Flow, loaded: Loaded) -> None:
    """P1, P9, P10, P11, P12."""
    projects = [one async for one in flow.office.every("portfolio/projects")]
    assert len(projects) == 60
    idea = {"name": "Digital post til alle innbyggere", "need": "Brev koster porto og tid."}
    doubled = await flow.office.post("portfolio/ideas", {**idea, "portfolio_id": loaded.portfolio_id})
    likely = await flow.office.get(f"portfolio/ideas/{doubled['id']}/duplicates")
    assert likely["items"][0]["id"] == loaded.ids["digital-post"]
    proposed = await flow.office.post(
        f"portfolio/ideas/{doubled['id']}/proposal",
        {"portfolio_id": loaded.portfolio_id},
        revision=doubled["revision"],
    )
    merge = {"into_id": loaded.ids["digital-post"], "reason": "Det samme."}
    await flow.office.post(f"portfolio/projects/{proposed['id']}/merge", merge, revision=proposed["revision"])
    survivor = await flow.office.get(f"portfolio/projects/{loaded.ids['digital-post']}")
    assert [one["name"] for one in survivor["origins"]] == [idea["name"]]
    compared = await flow.office.get(f"portfolio/projects/{loaded.ids['energi']}/concepts/comparison")
    assert len(compared["concepts"]) == 3
    assert {one["kind"] for one in projects} == {"project", "closing"}
    assert any(one["waves"] for one in projects)


async def _criteria(flow: Flow, loaded: Loaded) -> None:
    """P6: weights from pairs, and two people who do not always agree."""
    compared = await step.weigh_in_pairs(flow)
    assert compared["priorities"]["consistency_ratio"] < 0.1
    scored = await flow.office.get(f"portfolio/projects/{loaded.ids['medisin']}/scores")
    assert {one["scored_by"] for one in scored["scores"]} == {"kari-kontor", "bjorn-styre"}
    assert scored["total"]["points"] > 0
    ranking = await flow.office.get(f"{flow.place}/scores", limit=100)
    assert any(one["disagreement"] > 0 for one in ranking["items"])


async def _capacity(flow: Flow) -> None:
    """P3: everything at once, as registered, is a storm."""
    outlook = await flow.office.get(f"{flow.place}/storms", proposals="true", overloaded="true")
    assert {"year", "quarter"} <= {name for storm in outlook["storms"] for name in storm}
    assert all(storm["text"] and storm["causes"] for storm in outlook["storms"])


async def _explained_plan(flow: Flow, loaded: Loaded) -> tuple[Document, Document]:
    plan = await step.solve_scenario(flow, loaded.scenario_id)
    scenario = await flow.office.get(f"portfolio/scenarios/{loaded.scenario_id}")
    assert plan["left_out"]
    assert all(one["forced_by"] for one in plan["selected"] if one["is_forced"])
    explanation = await step.explain(flow, loaded.scenario_id)
    step.every_project_is_explained(plan, explanation)
    problem = await step.problem_of(flow, loaded.scenario_id)
    first_year = int(scenario["first_quarter"][:4])
    assert step.amounts_are_proved(problem, explanation, first_year=first_year) >= BROUGHT_ABOUT
    await _brought_about(flow, scenario, explanation)
    return scenario, plan


async def _brought_about(flow: Flow, scenario: Document, explanation: Document) -> None:
    """What the explanation says, done over HTTP: with the project held in, nothing is lost."""
    remedies = [
        (one, remedy)
        for one in explanation["left_out"]
        for remedy in one["remedies"]
        # Rules cannot be relaxed for one project, and a concept cannot be forced in or out alone.
        if not remedy["relaxed"] and not any(map(_is_concept, (one, *remedy["leaving_out"])))
    ]
    leaving_out = [found for found in remedies if found[1]["leaving_out"]]
    amounts = [found for found in remedies if not found[1]["leaving_out"]]
    assert len(remedies) >= BROUGHT_ABOUT
    for one, remedy in (leaving_out[:2] + amounts)[:BROUGHT_ABOUT]:
        free = await step.bring_in(flow, scenario, one, remedy)
        held = await step.bring_in(flow, scenario, one, remedy, is_held=True)
        assert held["plan"]["value"] == pytest.approx(free["plan"]["value"]), one["project_name"]


def _is_concept(told: Document) -> bool:
    return ": " in told["project_name"]


async def _decided_and_replanned(flow: Flow, loaded: Loaded, scenario: Document, plan: Document) -> None:
    tighter = await flow.office.post(f"portfolio/scenarios/{scenario['id']}/copies", {"name": "Strammere"})
    body = {name: tighter[name] for name in ("name", "first_quarter", "quarters", "assumptions")}
    body["assumptions"]["most_starts"] = 3
    await flow.office.put(f"portfolio/scenarios/{tighter['id']}", body, revision=tighter["revision"])
    await step.solve_scenario(flow, tighter["id"])
    compared = await flow.office.get(
        f"portfolio/scenarios/{scenario['id']}/comparison", **{"with": tighter["id"]}
    )
    assert compared["leaves"] or compared["moves"]
    assert compared["value_difference"] <= 0
    members = [loaded.ids["styre"], loaded.ids["leder-helse"]]
    decision = await step.decide_in_a_meeting(flow, scenario["id"], members)
    chosen = {one["project_id"] for one in plan["selected"]}
    now = await step.statuses(flow, chosen)
    assert set(now.values()) == {"approved", "running"}
    assert {one["project_id"] for one in decision["projects"]} >= {
        key for key, status in now.items() if status == "approved"
    }
    stopped = loaded.ids["medisin"]
    stop = {
        "project_id": stopped,
        "kind": "stop",
        "case_number": "2026/4712",
        "deciders": ["Bjørn Styre"],
        "reasons": "Leverandøren er konkurs.",
    }
    await flow.board.post(f"{flow.place}/decisions", stop)
    again = await step.plan_again(flow, stopped)
    assert again["scenario_id"] != scenario["id"]
    assert stopped not in {one["project_id"] for one in again["plan"]["selected"]}
    await step.differs_from_yesterday(flow, stopped)
    await step.change_by_workbook(flow, "Gatelys med LED og styring", 15_000_000.0)
