"""The whole flow over HTTP on the major projects that the United Kingdom published for 2023."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from rich.console import Console

from gevinst_shared.cli.api import Caller, Document, NotDone
from gevinst_shared.cli.example_data import PRICE_YEAR, example_file
from gevinst_shared.cli.house import House, running_house
from gevinst_shared.cli.importing import import_file, read_file
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.journeys import flow as step
from tests.journeys.flow import Flow
from tests.support.house import house_at
from tests.support.organisations import new_organisation
from tests.support.waiting import until

pytestmark = pytest.mark.slow
CANDIDATES = 12
YEAR = utc_now().year + 1
# What is planned with is the spending of two years in rounded amounts, so that every proof is quick.
GRAIN = 40_000_000


def test_major_projects_go_from_import_to_a_plan_and_on_to_the_next(home: Path) -> None:
    asyncio.run(_journey(home))


class Cast:
    """Callers of one organisation, made as they are asked for."""

    def __init__(self, house: House, stack: AsyncExitStack) -> None:
        self.house, self.stack, self.organisation = house, stack, new_organisation()
        self.people: dict[str, str] = {}

    async def caller(self, role: Role, subject: str) -> Caller:
        token = self.house.token(role, self.organisation, subject=subject)
        return await self.stack.enter_async_context(Caller(self.house.base_url, token))


async def _journey(home: Path) -> None:
    async with running_house(house_at(home), is_durable=False) as house, AsyncExitStack() as stack:
        cast = Cast(house, stack)
        administrator = await cast.caller(Role.ADMINISTRATOR, "astrid")
        body = {"name": "Directorate of Examples", "currency": "GBP", "language": "en"}
        await administrator.put("portfolio/organisation", body)
        for subject in ("olav", "birgit", "pia", "mats", "liv"):
            person = {"subject": subject, "name": subject.title(), "email": f"{subject}@example.org"}
            cast.people[subject] = (await administrator.post("portfolio/people", person))["id"]
        office = await cast.caller(Role.PORTFOLIO_OFFICE, "olav")
        board = await cast.caller(Role.BOARD_MEMBER, "birgit")
        threshold = {"threshold_shared_resources": False, "threshold_may_be_overruled": True}
        threshold["threshold_cost"] = "900000000000000.00"  # type: ignore[assignment]  # an amount is text
        named = {"name": "Major projects", "currency": "GBP", "price_year": PRICE_YEAR, **threshold}
        portfolio = await office.post("portfolio/portfolios", named)
        flow = Flow(office, board, portfolio["id"])
        candidates = await _imported(flow)
        unit = await administrator.post("portfolio/units", {"name": "Delivery"})
        await _capacity(flow, unit["id"], candidates)
        await _criteria(flow, candidates)
        scenario, plan = await _explained_plan(flow)
        await _decided(flow, cast, scenario, plan)
        stopped = await _stopped_at_a_gate(flow, cast, administrator, plan)
        again = await step.plan_again(flow, stopped)
        assert stopped not in {one["project_id"] for one in again["plan"]["selected"]}
        await step.differs_from_yesterday(flow, stopped)
        await step.change_by_workbook(flow, candidates[-1]["name"], 123_000_000.0)


async def _imported(flow: Flow) -> list[Document]:
    """P1, P2: 244 projects, of which the office takes the dearest that say enough into the round."""
    file = example_file()
    assert file is not None
    report = await import_file(
        flow.office,
        file.name,
        read_file(file),
        portfolio_id=flow.portfolio,
        console=Console(quiet=True),
        year=PRICE_YEAR,
        keep="valid",
    )
    assert report["created_count"] == 244
    known = [one async for one in flow.office.every("portfolio/projects", portfolio=flow.portfolio)]
    complete = [one for one in known if all(name in one for name in ("cost", "benefit", "start", "end"))]
    gainful = [one for one in complete if _net(one) > 0 and _yearly(one) >= GRAIN]
    found = sorted(gainful, key=lambda one: (_yearly(one), one["name"]))[:CANDIDATES]
    for one in found:
        central = {"registration": "central", "reason": "Taken into the round."}
        path = f"portfolio/projects/{one['id']}/registration"
        await flow.office.put(path, central, revision=one["revision"])
    return found


def _net(project: Document) -> float:
    return float(project["benefit"]["amount"]) - float(project["cost"]["amount"])


def _yearly(project: Document) -> float:
    years = 1 + int(project["end"][:4]) - int(project["start"][:4])
    return round(float(project["cost"]["amount"]) / years / GRAIN) * GRAIN


async def _capacity(flow: Flow, unit: str, candidates: list[Document]) -> None:
    """P4: money with roll-over, a shared role, and the change that a unit can take."""
    quarters = [{"year": YEAR + n // 4, "quarter": n % 4 + 1} for n in range(8)]
    role = {"name": "Commercial specialists", "kind": "role"}
    load = {"name": "Change in delivery", "kind": "change-load", "unit_id": unit}
    people = await flow.office.post(
        "portfolio/resources", {**role, "capacity": [{**one, "amount": 12.0} for one in quarters]}
    )
    change = await flow.office.post(
        "portfolio/resources", {**load, "capacity": [{**one, "amount": 9.0} for one in quarters]}
    )
    for number, one in enumerate(candidates):
        known = await flow.office.get(f"portfolio/projects/{one['id']}")
        spent = [{"year": YEAR, "kind": "investment", "amount": f"{_yearly(one):.2f}"}]
        needs = [
            {"resource_id": people["id"], "amounts": [2.0 + number % 3, 2.0]},
            {"resource_id": change["id"], "amounts": [0, 0, 1.0 + number % 4]},
        ]
        said = {
            "name": known["name"],
            "source": known["source"],
            "category": "Experiments" if number < 3 else "Delivery",
            "is_statutory": number == 3,
            "unit_id": unit,
            "receiving_unit_ids": [unit],
            "start": f"{YEAR}-01-01",
            "end": f"{YEAR}-12-31",
            "cost": known["cost"]["amount"],
            "benefit": known["benefit"]["amount"],
            "cost_by_year": spent,
            "needs": needs,
        }
        if number == 3:
            said["deadline"] = f"{YEAR + 1}-12-31"
        await flow.office.put(f"portfolio/projects/{one['id']}", said, revision=known["revision"])
    whole = sum(map(_yearly, candidates))
    yearly = round(whole * 0.35 / GRAIN) * GRAIN
    money = [{"year": YEAR + n, "kind": "investment", "amount": f"{yearly:.2f}"} for n in range(2)]
    carried = {"carry": "capped", "cap": f"{GRAIN:.2f}"}
    await flow.office.put(f"{flow.place}/budget", {"years": money, "roll_over": carried}, revision=0)
    outlook = await flow.office.get(f"{flow.place}/storms", proposals="true", overloaded="true")
    assert outlook["storms"]


async def _criteria(flow: Flow, candidates: list[Document]) -> None:
    names = ("Benefit per pound", "Urgency", "Deliverability")
    criteria = [{"name": name, "weight": 1, "scale_min": 1, "scale_max": 5} for name in names]
    model = await flow.office.put(
        f"{flow.place}/criteria-model", {"name": "Round 1", "criteria": criteria}, revision=0
    )
    compared = await step.weigh_in_pairs(flow)
    assert compared["priorities"]["consistency_ratio"] < 0.1
    for number, one in enumerate(candidates):
        for scorer, more in ((flow.office, 0), (flow.board, number % 2)):
            scores = [
                {"criterion_id": each["id"], "value": 1 + (number + place) % 4 + more}
                for place, each in enumerate(model["criteria"])
            ]
            await scorer.post(f"portfolio/projects/{one['id']}/scores", {"scores": scores})
    found = await flow.office.get(f"portfolio/projects/{candidates[1]['id']}/scores")
    assert all(one["spread"]["disagreement"] > 0 for one in found["criteria"])


async def _explained_plan(flow: Flow) -> tuple[Document, Document]:
    asked = {
        "name": "What we can afford",
        "first_quarter": f"{YEAR}-Q1",
        "quarters": 8,
        "assumptions": {
            "most_starts": 4,
            "categories": [{"category": "Experiments", "min_share": "0.05"}],
        },
    }
    scenario = await flow.office.post(f"{flow.place}/scenarios", asked)
    plan = await step.solve_scenario(flow, scenario["id"])
    assert plan["left_out"]
    explanation = await step.explain(flow, scenario["id"])
    step.every_project_is_explained(plan, explanation)
    problem = await step.problem_of(flow, scenario["id"])
    assert step.amounts_are_proved(problem, explanation, first_year=YEAR) > 0
    return scenario, plan


async def _decided(flow: Flow, cast: Cast, scenario: Document, plan: Document) -> None:
    later = await flow.office.post(f"portfolio/scenarios/{scenario['id']}/copies", {"name": "Slowly"})
    body = {name: later[name] for name in ("name", "first_quarter", "quarters", "assumptions")}
    body["assumptions"]["most_starts"] = 2
    await flow.office.put(f"portfolio/scenarios/{later['id']}", body, revision=later["revision"])
    await step.solve_scenario(flow, later["id"])
    other = {"with": later["id"]}
    compared = await flow.office.get(f"portfolio/scenarios/{scenario['id']}/comparison", **other)
    assert compared["enters"] or compared["leaves"] or compared["moves"]
    await step.decide_in_a_meeting(flow, scenario["id"], [cast.people["birgit"]])
    now = await step.statuses(flow, (one["project_id"] for one in plan["selected"]))
    assert set(now.values()) == {"approved"}


async def _stopped_at_a_gate(flow: Flow, cast: Cast, administrator: Caller, plan: Document) -> str:
    """G2, G3, G6: one proposes to stop at the gate, another decides; the portfolio hears of it."""
    project: str = plan["selected"][0]["project_id"]
    roles = {"mats": "project-manager", "pia": "project-owner"}
    for subject, role in roles.items():
        body = {"person_id": cast.people[subject], "role": role, "scope": "project", "scope_id": project}
        await administrator.post("portfolio/role-assignments", body)
    manager = await cast.caller(Role.READER, "mats")
    owner = await cast.caller(Role.READER, "pia")
    started = await _once_told(manager, f"benefits/projects/{project}/progress", {"phase_model": "uk-gates"})
    gate = started["gates_ahead"][0]
    proposal = {
        "gate": gate["code"],
        "outcome": "stop",
        "reason": "The case no longer holds.",
        "answers": [{"item": item["code"], "value": "no"} for item in gate["items"]],
    }
    proposed = await _once_told(manager, f"benefits/projects/{project}/gates", proposal)
    ruling = {"outcome": "stop", "reason": "As proposed.", "case_number": "2026/2"}
    await _once_told(owner, f"benefits/gates/{proposed['id']}/decision", ruling)
    return project


async def _once_told(caller: Caller, path: str, body: Document) -> Document:
    """The answer once the benefits service has heard of what the question is about."""
    found: list[Document] = []

    async def is_known() -> bool:
        try:
            found.append(await caller.post(path, body))
        except NotDone as not_yet:
            if not_yet.status not in {403, 404}:
                raise
        return bool(found)

    await until(is_known, every=0.3)
    return found[0]
