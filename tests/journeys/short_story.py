"""The story in short: twelve projects, a scenario, a decision, three gates, and what follows from a stop."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from gevinst_shared.cli.api import Caller, Document, NotDone
from gevinst_shared.cli.demo.stage import CAST
from gevinst_shared.cli.house import House
from gevinst_shared.web.clock import utc_now
from tests.journeys.patience import Patient
from tests.support.organisations import new_organisation
from tests.support.waiting import until

PROJECTS = 12
GATES = ("stop", "stop", "rework")
_YEAR = utc_now().year + 1
_LONGEST_WAIT_SECONDS = 120.0


@dataclass(slots=True)
class Story:
    """Who acts, what they found, and what must come of it: events by type, and who hears of what."""

    people: dict[str, Patient]
    ids: dict[str, str] = field(default_factory=dict)
    projects: list[Document] = field(default_factory=list)
    gated: list[str] = field(default_factory=list)
    expected: Counter[str] = field(default_factory=Counter)
    hearing: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __getitem__(self, person: str) -> Patient:
        return self.people[person]

    def count(self, *types: str) -> None:
        self.expected.update(f"gevinst.{one}.v1" for one in types)

    def hears(self, kind: str, *people: str, times: int = 1) -> None:
        """Who is concerned hears of it `times`; nobody hears of what they did themselves."""
        for key in people:
            self.hearing[CAST[key].subject, kind] += times


@asynccontextmanager
async def story_in(house: House) -> AsyncIterator[Story]:
    """The demo's cast, in an organisation of their own."""
    organisation = new_organisation()
    async with AsyncExitStack() as stack:
        people = {}
        for key, person in CAST.items():
            token = house.token(person.role, organisation, subject=person.subject)
            people[key] = Patient(await stack.enter_async_context(Caller(house.base_url, token)))
        yield Story(people)


async def tell(story: Story) -> None:
    """From the first person to what to start instead."""
    await _people(story)
    await _projects(story)
    first = await _scenario(story, "What we can afford")
    await _decide(story, first)
    for project, outcome in zip(story.gated, GATES, strict=True):
        await _gate(story, project, outcome)
    await _heard(story)
    await _scenario(story, "After the stop")


async def _people(story: Story) -> None:
    admin, office = story["administrator"], story["office"]
    organisation = {"name": "Directorate of Examples", "currency": "GBP", "language": "en"}
    await admin.register("portfolio/organisation", organisation)
    unit = await admin.post("portfolio/units", {"name": "Casework"})
    portfolio = await office.post(
        "portfolio/portfolios", {"name": "Major projects", "currency": "GBP", "price_year": 2023}
    )
    story.ids |= {"unit": unit["id"], "portfolio": portfolio["id"]}
    story.count("portfolio.organisation-registered", "portfolio.unit-changed", "portfolio.portfolio-arranged")

    async def arrive(key: str) -> None:
        person = CAST[key]
        email = f"{person.subject}@example.org"
        body = {
            "subject": person.subject,
            "name": person.name,
            "email": email,
            "language": person.language,
        }
        story.ids[key] = (await admin.post("portfolio/people", body))["id"]
        story.count("portfolio.person-changed")

    await asyncio.gather(*map(arrive, CAST))
    for key, role in (("office", "portfolio-office"), ("board", "board-member")):
        await _assign(story, key, role, "organisation")
    await _assign(story, "line", "benefit-owner", "unit", unit["id"])


async def _projects(story: Story) -> None:
    """Twelve projects that want twice the money there is; each is scored, some are changed."""
    office, portfolio = story["office"], story.ids["portfolio"]
    capacity = [{"year": _YEAR + n // 4, "quarter": n % 4 + 1, "amount": 20.0} for n in range(12)]
    resource = {"name": "Specialists", "kind": "role", "capacity": capacity}
    needed = await office.post("portfolio/resources", resource)
    criterion = {"name": "Benefit", "weight": 1, "scale_min": 0, "scale_max": 10}
    measured = await office.post(f"portfolio/portfolios/{portfolio}/criteria", criterion)
    story.count("portfolio.resource-changed", "portfolio.criteria-model-changed")

    async def propose(number: int) -> Document:
        body = {
            "portfolio_id": portfolio,
            "name": f"Project {number}",
            "unit_id": story.ids["unit"],
            "start": f"{_YEAR}-01-01",
            "end": f"{_YEAR + 1}-12-31",
            "cost": f"{1_000_000 + 100_000 * number}.00",
            "benefit": f"{3_000_000 + 150_000 * number}.00",
            "needs": [{"resource_id": needed["id"], "amounts": [2.0, 2.0]}],
        }
        project = await office.post("portfolio/projects", body)
        score = {"criterion_id": measured["id"], "value": number % 10, "reason": "As proposed."}
        await office.post(f"portfolio/projects/{project['id']}/scores", {"scores": [score]})
        story.count("portfolio.project-proposed", "portfolio.project-scored")
        if number % 3 == 0:
            changed = {name: value for name, value in body.items() if name != "portfolio_id"}
            path = f"portfolio/projects/{project['id']}"
            changed["need"] = "Less work per case."
            project = await office.put(path, changed, revision=project["revision"])
            story.count("portfolio.project-changed")
        return project

    story.projects = list(await asyncio.gather(*map(propose, range(PROJECTS))))
    years = [{"year": _YEAR + n, "kind": "investment", "amount": "3500000.00"} for n in range(3)]
    await office.put(f"portfolio/portfolios/{portfolio}/budget", {"years": years}, revision=0)
    story.count("portfolio.budget-set")


async def _scenario(story: Story, name: str) -> Document:
    """A scenario with its plan; a run that lost too many workers is asked for again."""
    office = story["office"]
    asked = {"name": name, "first_quarter": f"{_YEAR}-Q1", "quarters": 12, "work_limit": 20_000}
    scenario = await office.post(f"portfolio/portfolios/{story.ids['portfolio']}/scenarios", asked)
    for _attempt in range(5):
        run = await office.post(f"portfolio/scenarios/{scenario['id']}/runs")
        while run["state"] in {"queued", "running"}:
            await asyncio.sleep(0.3)
            run = await office.get(f"portfolio/runs/{run['id']}")
        if run["state"] == "done":
            break
        assert run["error"]["code"] == "run-abandoned", run
    assert run["state"] == "done"
    story.count("portfolio.scenario-made", "portfolio.scenario-solved")
    return await office.get(f"portfolio/scenarios/{scenario['id']}")


async def _decide(story: Story, scenario: Document) -> None:
    path = f"portfolio/scenarios/{scenario['id']}"
    await story["office"].post(f"{path}/publication", revision=scenario["revision"])
    decision = {"reasons": "The most benefit.", "deciders": [CAST["board"].name], "case_number": "2026/1"}
    made = await story["board"].post(f"{path}/decisions", decision)
    effects = Counter(one["effect"] for one in made["projects"])
    approved = [one["project_id"] for one in made["projects"] if one["effect"] == "approved"]
    story.gated = sorted(approved)[: len(GATES)]
    story.count("portfolio.scenario-published", "portfolio.decision-made")
    story.expected["gevinst.portfolio.project-approved.v1"] += effects["approved"]
    story.expected["gevinst.portfolio.project-rescheduled.v1"] += effects["rescheduled"]
    story.hears("scenario-published", "office", "board")
    story.hears("decision-made", "office", "board")
    story.hears("project-approved", "line", times=effects["approved"])
    story.hears("project-rescheduled", "line", times=effects["rescheduled"])


async def _gate(story: Story, project: str, outcome: str) -> None:
    """A benefit, a case, and a gate that one person proposes and another decides (G3)."""
    manager = story["manager"]
    await _assign(story, "owner", "project-owner", "project", project)
    await _assign(story, "manager", "project-manager", "project", project)
    started = await _once_told(
        lambda: manager.post(f"benefits/projects/{project}/progress", {"phase_model": "uk-gates"})
    )
    await manager.post(f"benefits/projects/{project}/business-cases", _case(story))
    benefit = await manager.post(f"benefits/projects/{project}/benefits", _benefit(story))
    await _once_told(lambda: story["line"].post(f"benefits/benefits/{benefit['id']}/confirmation"))
    gate = started["gates_ahead"][0]
    proposal = {
        "gate": gate["code"],
        "outcome": outcome,
        "reason": "The case no longer holds.",
        "answers": [{"item": item["code"], "value": "no"} for item in gate["items"]],
    }
    proposed = await manager.post(f"benefits/projects/{project}/gates", proposal)
    ruling = {"outcome": outcome, "reason": "As proposed.", "case_number": "2026/2"}
    await _once_told(lambda: story["owner"].post(f"benefits/gates/{proposed['id']}/decision", ruling))
    story.count("benefits.progress-started", "benefits.case-evaluated", "benefits.benefit-planned")
    story.count("benefits.benefit-confirmed", "benefits.gate-proposed", "benefits.gate-decided")
    story.hears("benefit-confirmed", "owner", "manager")
    story.hears("gate-proposed", "owner", "board")
    story.hears("gate-decided", "manager", "line", "office")
    if outcome == "stop":
        story.hears("project-stopped", "owner", "manager", "line", "office")
        story.hears("benefit-closed", "line")
        story.hears("capacity-freed", "office")
        story.hears("replan-offered", "office")
        story.count("benefits.benefit-closed", "portfolio.project-stopped")
        story.count("portfolio.capacity-freed", "portfolio.replan-offered")
    else:
        story.count("portfolio.project-changed")


async def _heard(story: Story) -> None:
    """The portfolio hears of every stop by the feed (G6)."""
    stops = GATES.count("stop")

    async def is_so() -> bool:
        found = await story["office"].get(f"portfolio/portfolios/{story.ids['portfolio']}/releases")
        return len(found["items"]) >= stops

    await until(is_so, seconds=_LONGEST_WAIT_SECONDS, every=0.3)


async def _assign(story: Story, key: str, role: str, scope: str, place: str | None = None) -> None:
    body = {"person_id": story.ids[key], "role": role, "scope": scope}
    if place is not None:
        body["scope_id"] = place
    await story["administrator"].post("portfolio/role-assignments", body)
    story.count("portfolio.role-assigned")


async def _once_told(ask: Callable[[], Awaitable[Document]]) -> Document:
    """The answer once the benefits service has heard of what the question is about."""
    found: list[Document] = []

    async def is_known() -> bool:
        try:
            found.append(await ask())
        except NotDone as not_yet:
            if not_yet.status not in {403, 404}:
                raise
        return bool(found)

    await until(is_known, seconds=_LONGEST_WAIT_SECONDS, every=0.3)
    return found[0]


def _case(story: Story) -> Document:
    common = {"unit_id": story.ids["unit"], "price_year": 2023, "first_year": _YEAR}
    cost = {"pattern": "yearly", "amounts": ["500000.00"] * 2}
    benefit = {"pattern": "yearly", "amounts": ["300000.00"] * 5}
    return {
        "base_year": _YEAR,
        "horizon_years": 6,
        "price_year": 2023,
        "currency": "GBP",
        "regime": "uk-green-book",
        "lines": [
            {**common, "name": "Cost", "side": "cost", "kind": "investment", "amounts": cost},
            {**common, "name": "Gain", "side": "benefit", "kind": "avoided-cost", "amounts": benefit},
        ],
    }


def _benefit(story: Story) -> Document:
    amount = {"amount": "300000.00", "currency": "GBP", "price_year": 2023}
    return {
        "name": "Less work per case",
        "mode": "budget-reduction",
        "kind": "avoided-cost",
        "owner": {"role": "benefit-owner", "unit_id": story.ids["unit"]},
        "estimate": {"ledger": "money", "money_per_year": amount},
    }
