"""The flow from criteria to a new plan, step by step over HTTP, for any portfolio."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

from gevinst_portfolio.domain.optimiser.file import problem_from_text
from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_shared.cli.api import Caller, Document
from gevinst_shared.values.organisation import day_there
from gevinst_shared.web.clock import utc_now
from tests.journeys.proof import Told, is_in, option_of
from tests.support.waiting import until
from tests.support.workbooks import cell, edited

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AMOUNTS = ("money", "people", "change-load")
ENOUGH_WORK = 20_000


@dataclass(frozen=True, slots=True)
class Flow:
    """Whose calls, and which portfolio."""

    office: Caller
    board: Caller
    portfolio: str

    @property
    def place(self) -> str:
        return f"portfolio/portfolios/{self.portfolio}"


async def weigh_in_pairs(flow: Flow) -> Document:
    """P6: weights from judgements of pairs, with how consistent they are."""
    model = await flow.office.get(f"{flow.place}/criteria-model")
    ids = [one["id"] for one in model["criteria"]]
    begun = await flow.office.post(f"{flow.place}/criteria-comparisons", {"name": "Vekter"})
    path = f"portfolio/criteria-comparisons/{begun['id']}"
    for judge, most in ((flow.office, 3), (flow.board, 5)):
        pairs = [
            {"preferred_id": a, "over_id": b, "strength": min(most, 1 + ids.index(b) - ids.index(a))}
            for a, b in combinations(ids, 2)
        ]
        await judge.post(f"{path}/judgements", {"judgements": pairs})
    read = await flow.office.send("GET", path)
    seen = {"If-Match": read.headers["etag"]}
    await flow.office.send("POST", f"{path}/weights", headers=seen, json={"reason": "Sammenlignet parvis"})
    found: Document = read.json()
    return found


async def followed(flow: Flow, run: Document) -> Document:
    ended = await flow.office.follow(run)
    assert ended["state"] == "done", ended
    return ended


async def solve_scenario(flow: Flow, scenario_id: str) -> Document:
    """The plan, proved to be the best."""
    run = await flow.office.post(f"portfolio/scenarios/{scenario_id}/runs")
    ended = await followed(flow, run)
    assert ended["plan_summary"]["status"] == "optimal", ended["plan_summary"]
    return await flow.office.get(f"portfolio/scenarios/{scenario_id}/plan")


async def explain(flow: Flow, scenario_id: str) -> Document:
    """P7: the explanation of the scenario's plan, in Norwegian."""
    asked = {"kind": "explanation", "options": {"work": ENOUGH_WORK}}
    run = await flow.office.post(f"portfolio/scenarios/{scenario_id}/analyses", asked)
    ended = await followed(flow, run)
    found = await flow.office.get(f"portfolio/analyses/{ended['analysis_id']}")
    explanation: Document = found["explanation"]
    return explanation


async def problem_of(flow: Flow, scenario_id: str) -> Problem:
    answer = await flow.office.send("GET", f"portfolio/scenarios/{scenario_id}/problem")
    return problem_from_text(answer.content)


def every_project_is_explained(plan: Document, explanation: Document) -> None:
    """Everything that is out, and everything that is forced in, each with what was proved."""
    explained = {one["project_id"] for one in explanation["left_out"]}
    out = {one["project_id"] for one in plan["left_out"]}
    # P9: beside them stand the concepts that were not chosen of what is in.
    concepts = {one["project_id"] for one in plan["selected"] if "concept_id" in one}
    assert out <= explained <= out | concepts, (out - explained, explained - out - concepts)
    assert {one["project_id"] for one in explanation["forced"]} == {
        one["project_id"] for one in plan["selected"] if one["is_forced"]
    }
    unproved = [one["project_name"] for one in explanation["left_out"] if not one["is_proved"]]
    unproved += [one["project_name"] for one in explanation["forced"] if not one["is_proved"]]
    assert unproved == [], unproved
    assert all(one["sentences"] for one in (*explanation["left_out"], *explanation["forced"]))


def amounts_are_proved(problem: Problem, explanation: Document, *, first_year: int) -> int:
    """Every remedy without a rule, by solving: it is enough, and no smaller one is. How many there were."""
    count = 0
    for one in explanation["left_out"]:
        key = option_of(problem, one)
        for remedy in (found for found in one["remedies"] if not found["relaxed"]):
            told = Told.of(remedy, problem, first_year=first_year)
            assert is_in(problem, key, told), (one["project_name"], remedy)
            for smaller in told.smaller(problem):
                assert not is_in(problem, key, smaller), (one["project_name"], remedy, smaller)
            count += 1
    return count


async def bring_in(
    flow: Flow, scenario: Document, one: Document, remedy: Document, *, is_held: bool = False
) -> Document:
    """A copy of the scenario that supposes what the remedy says, or that the project is in too; its plan."""
    path = f"portfolio/scenarios/{scenario['id']}"
    copy = await flow.office.post(f"{path}/copies", {"name": f"Med {one['project_name']}"[:200]})
    supposed = copy["assumptions"]
    budget = await flow.office.get(f"{flow.place}/budget")
    for more in remedy["money"]:
        there = next(
            year["budget"]["amount"]
            for year in budget["years"]
            if (year["year"], year["kind"]) == (more["year"], more["kind"])
        )
        amount = f"{Decimal(there) + Decimal(more['amount']['amount']):.2f}"
        supposed["budgets"].append({"year": more["year"], "kind": more["kind"], "amount": amount})
    for more in remedy["capacity"]:
        added = {name: more[name] for name in ("resource_id", "quarter", "amount")}
        supposed["capacity"].append({**added, "change": "add"})
    # P9: of a project with concepts it is one of them that is left out.
    leaving = [other.get("concept_id", other["project_id"]) for other in remedy["leaving_out"]]
    supposed["forced_out"] += leaving
    if is_held:
        # Forced work may run beyond the scenario; with this start it is over in time, as when it is free.
        supposed["pinned"].append({"project_id": one["project_id"], "quarter": remedy["start"]})
    body = {name: copy[name] for name in ("name", "first_quarter", "quarters", "seed", "work_limit")}
    body["assumptions"] = supposed
    await flow.office.put(f"portfolio/scenarios/{copy['id']}", body, revision=copy["revision"])
    return {**copy, "plan": await solve_scenario(flow, copy["id"])}


async def decide_in_a_meeting(flow: Flow, scenario_id: str, member_ids: list[str]) -> Document:
    """P8: published, called with an agenda, decided on its item."""
    path = f"portfolio/scenarios/{scenario_id}"
    now = await flow.office.get(path)
    await flow.office.post(f"{path}/publication", revision=now["revision"])
    starts = (utc_now() + timedelta(days=14)).isoformat()
    meeting = await flow.office.post(
        f"{flow.place}/meetings", {"name": "Porteføljestyret", "starts_at": starts, "member_ids": member_ids}
    )
    item = await flow.office.post(
        f"portfolio/meetings/{meeting['id']}/agenda-items",
        {"position": 1, "kind": "scenario", "name": "Plan", "scenario_id": scenario_id},
    )
    meeting = await flow.office.get(f"portfolio/meetings/{meeting['id']}")
    await flow.office.post(f"portfolio/meetings/{meeting['id']}/call", revision=meeting["revision"])
    decision = {
        "case_number": "2026/4711",
        "deciders": ["Bjørn Styre", "Hanne Helse"],
        "reasons": "Mest gevinst for det vi har.",
        "meeting_id": meeting["id"],
        "agenda_item_id": item["id"],
    }
    made = await flow.board.post(f"{path}/decisions", decision)
    assert made["scenario_id"] == scenario_id
    assert {name: made[name] for name in decision} == decision
    return made


async def statuses(flow: Flow, ids: Iterable[str]) -> dict[str, str]:
    wanted = set(ids)
    projects = flow.office.every("portfolio/projects", portfolio=flow.portfolio)
    return {one["id"]: one["status"] async for one in projects if one["id"] in wanted}


async def plan_again(flow: Flow, project_id: str) -> Document:
    """G6: the offer that follows from what the project has freed, accepted; the new scenario's plan."""
    offers: list[Document] = []

    async def is_offered() -> bool:
        page = await flow.office.get(f"{flow.place}/replans", state="open")
        offers[:] = [one for one in page["items"] if one["release"]["project_id"] == project_id]
        return bool(offers)

    await until(is_offered, every=0.3)
    (offer,) = offers
    accepted = await flow.office.post(
        f"portfolio/replans/{offer['id']}/acceptance", {}, revision=offer["revision"]
    )
    await followed(flow, await flow.office.get(f"portfolio/runs/{accepted['run_id']}"))
    plan = await flow.office.get(f"portfolio/scenarios/{accepted['scenario_id']}/plan")
    return {"offer": offer, "scenario_id": accepted["scenario_id"], "plan": plan}


async def differs_from_yesterday(flow: Flow, stopped: str) -> None:
    """P8: nothing was here at the end of yesterday; at the end of today the project is stopped."""
    registered = await flow.office.get("portfolio/organisation")
    today = day_there(registered["organisation"], utc_now())
    before = await flow.office.find(f"{flow.place}/snapshot", day=(today - timedelta(days=1)).isoformat())
    now = await flow.office.get(f"{flow.place}/snapshot", day=today.isoformat())
    assert before is None or before["statuses"] == []
    assert "stopped" in {one["status"] for one in now["statuses"]}
    page = flow.office.every(f"{flow.place}/snapshot/projects", day=today.isoformat())
    then = {one["project"]["id"]: one["project"]["status"] async for one in page}
    assert then[stopped] == "stopped"


async def change_by_workbook(flow: Flow, name: str, cost: float) -> None:
    """Download, change a cost, upload, look at what would change, apply: that and nothing else."""
    norwegian = {"Accept-Language": "nb"}
    content = (await flow.office.send("GET", f"{flow.place}/workbook", headers=norwegian)).content
    untouched = await upload(flow, content)
    assert (untouched["upload_report"]["change_count"], untouched["upload_report"]["fault_count"]) == (0, 0)
    place = ("Prosjekter", cell(content, "Prosjekter", "cost", name))
    read = await upload(flow, edited(content, {place: cost}))
    preview = await flow.office.get(f"portfolio/uploads/{read['id']}/cells")
    assert [one["member"] for one in preview["items"]] == ["cost"], json.dumps(preview)[:500]
    await followed(flow, await flow.office.post(f"portfolio/uploads/{read['id']}/application"))
    key = preview["items"][0]["record_key"]
    after = [one async for one in flow.office.every("portfolio/projects") if one["name"] == name]
    assert [float(one["cost"]["amount"]) for one in after] == [cost], key


async def upload(flow: Flow, content: bytes) -> Document:
    accepted = await flow.office.send(
        "POST", f"{flow.place}/uploads", content=content, headers={"Content-Type": XLSX}
    )
    return await followed(flow, accepted.json())
