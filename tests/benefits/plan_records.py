"""A record of each kind of a benefit plan, and the bodies that their operations take."""

from typing import Any

from gevinst_benefits.schemas.actions import ActionOut, ActionPageOut
from gevinst_benefits.schemas.agreement_halves import AgreementListOut, AgreementOut
from gevinst_benefits.schemas.agreements import AgreementPageOut
from gevinst_benefits.schemas.benefit_plans import BenefitPlanOut
from gevinst_benefits.schemas.deliveries import DeliveryOut, DeliveryPageOut
from gevinst_benefits.schemas.freed_value import FreedValueOut, FreedValueUsePageOut
from gevinst_benefits.schemas.installations import InstallationPageOut
from gevinst_benefits.schemas.owners import OwnerChangePageOut, VacantOwnerPageOut
from gevinst_benefits.schemas.planned_years import PlannedYearsOut
from gevinst_benefits.schemas.prerequisites import (
    PrerequisiteOut,
    PrerequisitePageOut,
    RiskOut,
    RiskPageOut,
)
from gevinst_benefits.schemas.staffing import FindingPageOut, StaffingOut
from gevinst_shared.values.actor import Role
from gevinst_shared.web.shapes import Out
from tests.benefits.world import World, made

PLAN_SHAPES: dict[str, type[Out]] = {
    "/actions": ActionPageOut,
    "/actions/{action_id}": ActionOut,
    "/agreement-offers": AgreementListOut,
    "/agreement-offers/{offer_id}": AgreementOut,
    "/agreement-replies": AgreementListOut,
    "/agreement-replies/{reply_id}": AgreementOut,
    "/benefits/{benefit_id}/agreement-entries": AgreementPageOut,
    "/benefits/{benefit_id}/freed-value": FreedValueOut,
    "/benefits/{benefit_id}/freed-value-uses": FreedValueUsePageOut,
    "/benefits/{benefit_id}/installations": InstallationPageOut,
    "/benefits/{benefit_id}/owners": OwnerChangePageOut,
    "/benefits/{benefit_id}/planned-years": PlannedYearsOut,
    "/benefits/{benefit_id}/prerequisites": PrerequisitePageOut,
    "/benefits/{benefit_id}/risks": RiskPageOut,
    "/deliveries/{delivery_id}": DeliveryOut,
    "/double-counting": FindingPageOut,
    "/prerequisites/{prerequisite_id}": PrerequisiteOut,
    "/projects/{project_id}/benefit-plan": BenefitPlanOut,
    "/projects/{project_id}/deliveries": DeliveryPageOut,
    "/risks/{risk_id}": RiskOut,
    "/units/{unit_id}/staffing": StaffingOut,
    "/vacant-owners": VacantOwnerPageOut,
}
DELIVERY = {"name": "Pilot", "due_on": "2027-04-01"}
KRONER = {"currency": "NOK", "price_year": 2026}


def money(amount: str) -> dict[str, Any]:
    return {"amount": amount, **KRONER}


def owned(world: World, **members: Any) -> dict[str, Any]:
    """Something of the plan that the line manager of the unit below owns."""
    return {"name": "Close the counter", "owner": role_of(world)} | members


def role_of(world: World) -> dict[str, str]:
    return {"role": "unit-leader", "unit_id": str(world.unit)}


def action(world: World, **members: Any) -> dict[str, Any]:
    deadline = {"hangs_on": "none", "day": "2027-06-01"}
    return owned(world, kind="work-process", deadline=deadline) | members


def risk(world: World, **members: Any) -> dict[str, Any]:
    return owned(world, name="People keep calling", probability="moderate", consequence="high") | members


def use(world: World, **members: Any) -> dict[str, Any]:
    named = {"purpose": "better-quality", "name": "Time with residents", "unit_id": str(world.unit)}
    return {**named, "year": 2027, "amount": "400"} | members


def installation(world: World, **members: Any) -> dict[str, Any]:
    """One that has paid for itself after two years."""
    return {
        "code": "night-cameras",
        "name": "Digital supervision at night",
        "unit_id": str(world.unit),
        "installed_on": "2026-01-01",
        "count": 10,
        "lifetime_months": 60,
        "one_off_cost": money("6000.00"),
        "cost_per_year": money("1000.00"),
        "benefit_per_year": money("5000.00"),
        "shared_cost_per_year": money("10000.00"),
    } | members


def agreement(**members: Any) -> dict[str, Any]:
    body = {"body": "0192:991825827", "body_name": "Digitaliseringsdirektoratet"}
    return {**body, "state": "proposed", "happened_on": "2026-01-02"} | members


STAFFING = {"years": [{"year": 2027, "fte": "2.5", "hours_per_fte": "1750"}]}


async def plan_records(world: World, benefit_id: str) -> dict[str, dict[str, Any]]:
    """The ids and bodies of a plan's records, made on a benefit."""
    at = f"/benefits/{benefit_id}"
    delivery = await made(world.office, f"/projects/{world.project_id}/deliveries", DELIVERY)
    acted = await made(world.office, f"{at}/actions", action(world))
    needed = await made(world.office, f"{at}/prerequisites", owned(world))
    feared = await made(world.office, f"{at}/risks", risk(world))
    await made(world.office, f"{at}/freed-value-uses", use(world))
    await made(world.office, f"{at}/installations", {"installations": [installation(world)]})
    return {
        "ids": {
            "delivery_id": delivery["id"],
            "action_id": acted["id"],
            "prerequisite_id": needed["id"],
            "risk_id": feared["id"],
            "unit_id": str(world.unit),
        },
        "bodies": {
            "/projects/{project_id}/deliveries": DELIVERY,
            "/deliveries/{delivery_id}": DELIVERY,
            "/benefits/{benefit_id}/actions": action(world),
            "/actions/{action_id}": action(world),
            "/actions/{action_id}/steps": {"state": "started"},
            "/benefits/{benefit_id}/prerequisites": owned(world),
            "/prerequisites/{prerequisite_id}": owned(world),
            "/benefits/{benefit_id}/risks": risk(world),
            "/risks/{risk_id}": risk(world),
            "/benefits/{benefit_id}/freed-value-uses": use(world),
            "/benefits/{benefit_id}/installations": {"installations": [installation(world)]},
            "/benefits/{benefit_id}/agreement-entries": agreement(),
            "/benefits/{benefit_id}/owners": role_of(world),
            "/units/{unit_id}/staffing": STAFFING,
        },
    }


async def told(world: World, kind: str) -> list[dict[str, Any]]:
    """The data of every event of a kind that this organisation's feed has."""
    feed = world.desk.caller(Role.INTEGRATION, subject="link")
    found, cursor = [], ""
    while True:
        page = (
            await feed.get("/events", params={"limit": 100, **({"cursor": cursor} if cursor else {})})
        ).json()
        found += [one["data"] for one in page["items"] if one["type"] == f"gevinst.benefits.{kind}.v1"]
        if not page["items"]:
            return found
        cursor = page["next_cursor"]


async def rescheduled(world: World, **members: Any) -> None:
    """The portfolio service tells that a decided project has other dates."""
    fact = {"project_id": world.project_id, "name": "Digital post", "portfolio_id": world.portfolio_id}
    await world.tell("project-rescheduled", **fact, **members)


async def approved(world: World, start: str, end: str, project_id: str | None = None) -> None:
    """The project is decided, between two days."""
    there = project_id or world.project_id
    dates = {"start": start, "end": end, "status": "approved"}
    await world.tell("project-approved", project_id=there, name="Digital post", **dates)


FROM_START = {"hangs_on": "start", "duration_months": 12}
POSTAGE = {
    "mode": "budget-reduction",
    "kind": "avoided-cost",
    "estimate": {"ledger": "money", "money_per_year": money("1000.00")},
    "timing": FROM_START,
    "budget_line": "2540 Postage",
}


async def plan_of(world: World, **query: Any) -> dict[str, Any]:
    answer = await world.office.get(f"/projects/{world.project_id}/benefit-plan", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
