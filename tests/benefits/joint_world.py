"""A central body and others that share how projects stand with it, over the real kit; and the same, counted
one by one."""

import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.schemas.joint_portfolio import JointLinePageOut, JointPortfolioOut
from gevinst_benefits.schemas.joint_projects import JointCasePageOut, JointProjectPageOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.shapes import Out
from tests.benefits.exchange import (
    ALL_FIELDS,
    RESULTS,
    BenefitBody,
    benefit_bodies,
    make_case,
    written,
)
from tests.benefits.origins import NATIONAL, origin
from tests.benefits.world import World
from tests.support.callers import Desk

Json = dict[str, Any]
_SHAPES: dict[str, type[Out]] = {
    "": JointPortfolioOut,
    "/bodies": JointLinePageOut,
    "/projects": JointProjectPageOut,
    "/cases": JointCasePageOut,
}
COUNTS = (
    *("green", "yellow", "red", "benefits", "unconfirmed", "without_indicator", "indicators", "measured"),
    *("gates_waiting", "conditions_open"),
)
WHAT = ("phase", "state", "light", *COUNTS, "potential", "realised", "net_present_value", "planned")


@dataclass
class Joint:
    """`central` looks at what `others` share with it."""

    desk: Desk
    central: BenefitBody
    others: Sequence[BenefitBody]

    async def look(self, below: str = "", *, role: Role = Role.PORTFOLIO_OFFICE, **query: Any) -> Json:
        """What is answered, which is as the document says."""
        client = self.desk.caller(role, organisation=self.central.organisation)
        answer = await client.get(f"/joint-portfolio{below}", params=query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        shaped = _SHAPES[below].model_validate_json(answer.text)
        assert json.loads(shaped.model_dump_json(exclude_none=True)) == found
        return found

    async def total(self, **query: Any) -> Json:
        found: Json = (await self.look(**query))["total"]
        return found

    async def lines(self, **query: Any) -> dict[str, Json]:
        """The figures of each body's line; None while it is held."""
        page = await self.look("/bodies", limit=100, **query)
        return {line["organisation"]: line.get("figures") for line in page["items"]}

    async def pull(self) -> None:
        for other in self.others:
            await self.central.pull(other)

    def world(self, body: BenefitBody) -> World:
        """The body as a world to write rows into, and to ask for its own overviews."""
        desk = Desk(self.desk.app, self.desk.service, self.desk.installation, body.organisation)
        office = self.desk.caller(Role.PORTFOLIO_OFFICE, organisation=body.organisation)
        return World(desk, office, office, "", "")


@asynccontextmanager
async def joint(desk: Desk, count: int) -> AsyncIterator[Joint]:
    """A central body, and so many others."""
    async with benefit_bodies(desk.installation.databases["benefits"].url, count + 1) as found:
        yield Joint(desk, found[0], found[1:])


async def add_project(body: BenefitBody, programme: UUID | None = None) -> UUID:
    return await body.add("project", name="Digital post", programme_id=programme, status="running")


async def add_benefit(body: BenefitBody, project: UUID, **columns: Any) -> UUID:
    """A benefit of 1,000.00 NOK of 2026 a year that its owner stands for."""
    values = {
        "project_id": project,
        "name": "Less postage",
        "mode": "budget-reduction",
        "kind": "avoided-cost",
        "owner_role": "benefit-owner",
        "owner_unit_id": await body.add("unit", name="Home care", path=[]),
        "ledger": "money",
        "money_minor": 100_000,
        "currency": "NOK",
        "price_year": 2026,
        "state": "confirmed",
        "confirmed_by": "olav",
        **written(),
    }
    return await body.add("benefit", **(values | columns))


async def add_time(body: BenefitBody, project: UUID, hours: str) -> UUID:
    """A benefit in hours that nobody stands for."""
    nothing = dict.fromkeys(("money_minor", "currency", "price_year", "confirmed_by"))
    amount = {"ledger": "time", "amount": Decimal(hours), "unit_of_measure": "hours", "state": "proposed"}
    return await add_benefit(body, project, **nothing, **amount)


async def localise(body: BenefitBody, project: UUID, value: str, *, edition: int = 1, **columns: Any) -> UUID:
    """A case that was taken over from the national one and is worth so much."""
    results = RESULTS | {"net_present_value": value}
    given: Json = {"origin": origin(edition), "results": results, "general_case_id": NATIONAL}
    return await make_case(body, project, 1, **(given | columns))


async def step(body: BenefitBody, benefit: UUID, *, counted: str, in_transit: str) -> None:
    """Where an agreement of the benefit is."""
    await body.add(
        "agreement_entry",
        benefit_id=benefit,
        agreement_id=new_id(),
        body="0192:958935420",
        body_name="The other body",
        state="confirmed",
        happened_on=body.now.date(),
        counted=Decimal(counted),
        in_transit=Decimal(in_transit),
        recorded_by="kari",
        created_at=body.now,
    )


async def share(
    body: BenefitBody, central: BenefitBody, *projects: UUID, without: Iterable[str] = ()
) -> None:
    """Share status and business cases of the projects, but for some fields."""
    fields = {
        kind: [name for name in ALL_FIELDS[kind] if name not in without]
        for kind in ("status", "business_case")
    }
    for project in projects:
        await body.share(central, "project", project, fields)


Project = tuple[Any, Mapping[str, Any] | None, Mapping[str, Any] | None]
"""Whose it is, its status and its business case, as far as they are known."""


def naive(projects: Iterable[Project]) -> Json:
    """What `JointFiguresOut` should say of these projects."""
    every = [(whose, status or {}, case or {}) for whose, status, case in projects]
    return {
        "project_count": len(every),
        "undecided": 0,
        **{f"{what}s": _words(what, every) for what in ("phase", "state", "light")},
        "counts": {what: sum(status.get(what, 0) for _, status, _ in every) for what in COUNTS},
        **_sums(every),
        "missing": [one for what in WHAT for one in _missing(what, every)],
    }


def _words(what: str, every: Iterable[Any]) -> list[Json]:
    counts = Counter(status[what] for _, status, _ in every if what in status)
    return [{what: word, "count": counts[word]} for word in sorted(counts)]


def _sums(every: Iterable[Any]) -> Json:
    found: dict[str, Any] = {}
    sums: dict[str, defaultdict[Any, list[Any]]] = {
        name: defaultdict(list) for name in ("potential", "realised", "net_present_value", "planned")
    }
    for whose, status, case in every:
        for name in ("potential", "realised"):
            for entry in status.get(name, ()):
                unit = tuple((key, entry[key]) for key in _UNIT if key in entry)
                figures = {key: Decimal(entry[key]) for key in entry.keys() - set(_UNIT)}
                sums[name][unit].append((whose, figures))
        if "net_present_value" in case:
            money = case["net_present_value"]
            unit = tuple((key, money[key]) for key in ("currency", "price_year"))
            sums["net_present_value"][unit].append((whose, {"amount": Decimal(money["amount"])}))
        if _has_plan(case):
            results = case["results"]
            for place, year in enumerate(results["years"]):
                unit = (*((key, case[key]) for key in ("currency", "price_year")), ("year", year))
                figures = {key: Decimal(results[key][place]) for key in ("costs", "benefits")}
                sums["planned"][unit].append((whose, figures))
    for name, units in sums.items():
        found[name] = sorted((_sum(unit, told) for unit, told in units.items()), key=_order)
    return found


_UNIT = ("ledger", "currency", "price_year", "unit_of_measure", "year")


def _has_plan(case: Mapping[str, Any]) -> bool:
    is_whole = {"years", "costs", "benefits"} <= case.get("results", {}).keys()
    return is_whole and {"currency", "price_year"} <= case.keys()


def _order(one: Mapping[str, Any]) -> Any:
    unit = one.get("currency", one.get("unit_of_measure"))
    return one.get("ledger", ""), unit, one.get("price_year", 0), one.get("year", 0)


def _sum(unit: Any, told: Sequence[Any]) -> Json:
    figures: dict[str, Decimal] = {}
    for _, one in told:
        for name, figure in one.items():
            figures[name] = figures.get(name, Decimal(0)) + figure
    plain = {name: format(figure.normalize() + 0, "f") for name, figure in figures.items()}
    return {**dict(unit), **plain, "projects": len(told), "bodies": len({whose for whose, _ in told})}


def _missing(what: str, every: Sequence[Any]) -> list[Json]:
    without = [whose for whose, status, case in every if _is_missing(what, status, case)]
    if not without:
        return []
    projects = Counter(whose for whose, _, _ in every)
    silent = [whose for whose, count in Counter(without).items() if count == projects[whose]]
    return [
        {"what": what, "projects": len(without), "bodies": len(set(without)), "silent_bodies": len(silent)}
    ]


def _is_missing(what: str, status: Mapping[str, Any], case: Mapping[str, Any]) -> bool:
    if what == "net_present_value":
        return what not in case
    if what == "planned":
        return not _has_plan(case)
    if what == "light":
        return what not in status and status.get("indicators") != 0
    return what not in status
