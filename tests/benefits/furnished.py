"""A record of each kind of the benefits service and a body for each write: for tests of every operation."""

from datetime import timedelta
from typing import Any

from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.benefits.living_cases import digital_post
from tests.benefits.money_records import money_records
from tests.benefits.plan_records import plan_records
from tests.benefits.steered import condition_set, own_model, papers, receiver
from tests.benefits.test_goal_routes import savings
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.test_requirement_routes import THRESHOLD, TOLERANCE
from tests.benefits.tree_desk import put
from tests.benefits.trees import example
from tests.benefits.two_bodies import agreement_records
from tests.benefits.world import OWNER, World, made

# `ids` by the name that paths give them, `bodies` by path.
Records = dict[str, dict[str, Any]]
SOON = (utc_now().date() + timedelta(days=30)).isoformat()


async def everything(world: World) -> Records:
    """Every kind of record, with ids that fit each other."""
    await world.started()
    benefit = await world.planned()
    await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    parts = [
        await indicator_records(world, benefit["id"]),
        await plan_records(world, benefit["id"]),
        await case_records(world),
        await money_records(world),
        await goal_records(world, benefit["id"]),
        await tree_records(world),
        await gate_records(world),
        await embed_records(world),
        await agreement_records(world),
    ]
    own = {"project_id": world.project_id, "benefit_id": benefit["id"]}
    bodies = {
        "/projects/{project_id}/benefits": world.benefit(),
        "/benefits/{benefit_id}": world.benefit(),
        "/benefits/{benefit_id}/verifications": {
            "year": 2025,
            "realised": world.benefit()["estimate"],
            "evidence": "Time sheets",
        },
    }
    found: Records = {"ids": own, "bodies": bodies}
    for part in parts:
        found["ids"] |= part["ids"]
        found["bodies"] |= part["bodies"]
    return found


async def embed_records(world: World) -> Records:
    resource = f"/projects/{world.project_id}/charts/gate-strip"
    shown = {"resource": resource, "origins": ["https://intranet.example"]}
    embed = await made(world.office, "/embeds", shown)
    return {"ids": {"embed_id": embed["id"]}, "bodies": {"/embeds": shown}}


async def indicator_records(world: World, benefit_id: str) -> Records:
    indicator = await made(world.office, f"/benefits/{benefit_id}/indicators", INDICATOR)
    measurement = {"taken_on": "2026-01-02", "value": "31"}
    await made(world.desk.caller(subject=OWNER), f"/indicators/{indicator['id']}/measurements", measurement)
    return {
        "ids": {"indicator_id": indicator["id"]},
        "bodies": {
            "/benefits/{benefit_id}/indicators": INDICATOR,
            "/indicators/{indicator_id}": INDICATOR,
            "/indicators/{indicator_id}/measurements": measurement,
            "/indicators/{indicator_id}/measurements/batch": {"measurements": [measurement]},
            "/indicators/{indicator_id}/baselines": {
                "value": "43",
                "measured_on": "2025-12-01",
                "reason": "Counted anew",
            },
            "/indicators/{indicator_id}/light-overrides": {
                "reason": "Counted by hand",
                "until": SOON,
            },
        },
    }


async def case_records(world: World) -> Records:
    words = {"digital-office": world.top, "citizens-centre": world.unit, "technical-centre": world.unit}
    path = f"/projects/{world.project_id}"
    case = await made(world.office, f"{path}/business-cases", digital_post(words))
    body = {"business_case_id": case["id"], "name": "Digital post", "summary": "Count your letters"}
    general = await made(world.office, "/general-cases", body)
    takeover = {
        "general_case_id": general["id"],
        "unit_id": str(world.unit),
        "drivers": [{"name": "letters_citizens", "value": "12000", "source": "Own count"}],
    }
    taken = await made(world.office, f"{path}/takeovers", takeover)
    salary = {"amount": "700000.00", "currency": "NOK", "price_year": 2026}
    return {
        "ids": {"general_case_id": general["id"], "case_id": taken["id"]},
        "bodies": {
            "/projects/{project_id}/business-cases": world.case(),
            "/general-cases": body | {"business_case_id": taken["id"]},
            "/general-case-imports": (
                await world.office.get(f"/general-cases/{general['id']}/document")
            ).json(),
            "/general-cases/{general_case_id}/withdrawal": {"reason": "Nobody counts letters"},
            "/projects/{project_id}/takeovers": takeover,
            "/business-cases/{case_id}/updates": {
                "sha256": taken["origin"]["sha256"],
                "assumptions": ["postage"],
            },
            "/price-indexes": {
                "code": "wages",
                "name": "Wages",
                "source": "Statistics Norway",
                "valid_from": "2026-01-01",
                "values": [{"year": 2026, "value": "100"}],
            },
            "/salary-costs": {
                "valid_from": "2026-01-01",
                "cost_per_year": salary,
                "hours_per_year": "1700",
                "source": "Accounts",
            },
        },
    }


async def goal_records(world: World, benefit_id: str) -> Records:
    goal = await made(world.office, "/goals", savings(world))
    await made(world.office, f"/goals/{goal['id']}/means", {"benefit_id": benefit_id})
    return {
        "ids": {"goal_id": goal["id"]},
        "bodies": {
            "/goals": savings(world),
            "/goals/{goal_id}": savings(world),
            "/goals/{goal_id}/state": {"state": "met", "reason": "It is"},
            "/goals/{goal_id}/means": {"benefit_id": benefit_id},
        },
    }


async def tree_records(world: World) -> Records:
    programme_id = new_id()
    programme = {"name": "New switchboard", "status": "approved", "programme_id": programme_id}
    await world.tell("project-changed", **programme, project_id=world.other_id)
    await put(world, example())
    return {
        "ids": {"portfolio_id": str(world.portfolio_id), "programme_id": str(programme_id)},
        "bodies": {"/projects/{project_id}/benefit-tree": example()},
    }


async def gate_records(world: World) -> Records:
    gate = await world.proposed(reviewer_ids=[str(world.owner_id)], review_by=SOON)
    condition = await condition_set(world, world.other_id)
    handover = await made(world.office, f"/projects/{world.other_id}/handovers", receiver(world))
    review = await made(world.office, f"/projects/{world.project_id}/effect-reviews", {"due_on": SOON})
    return {
        "ids": {
            "gate_id": gate["id"],
            "condition_id": condition["id"],
            "handover_id": handover["id"],
            "review_id": review["id"],
            "code": "uk-gates",
        },
        "bodies": GATE_BODIES
        | {
            "/projects/{project_id}/gates": world.gate(),
            "/projects/{project_id}/handovers": receiver(world),
        },
    }


GATE_BODIES: dict[str, Any] = {
    "/projects/{project_id}/progress": {"phase_model": "uk-gates"},
    "/projects/{project_id}/progress/skipped-phases": {"phase": "ide", "reason": "No need"},
    "/projects/{project_id}/progress/phase-model": {"phase_model": "uk-gates", "reason": "Better"},
    "/gates/{gate_id}/decision": {"outcome": "go", "reason": "Yes"},
    "/gates/{gate_id}/reviews": {"advice": "agree", "reason": "Yes"},
    "/gates/{gate_id}/comments": {"text": "Which centres?"},
    "/gates/{gate_id}/withdrawal": {"reason": "The price has changed"},
    "/conditions/{condition_id}/report": {"evidence": "All have passed"},
    "/conditions/{condition_id}/confirmation": {"is_met": True},
    "/conditions/{condition_id}/waiver": {"reason": "Not needed"},
    "/handovers/{handover_id}/papers": {"papers": papers()},
    "/handovers/{handover_id}/refusal": {"missing": ["training"], "reason": "None was given"},
    "/projects/{project_id}/effect-reviews": {"due_on": SOON},
    "/effect-reviews/{review_id}/finding": {"outcome": "effect-reached", "reason": "It came"},
    "/phase-models": own_model(),
    "/phase-models/{code}/retirement": {"version": "1", "reason": "No use"},
    "/tolerances": TOLERANCE | {"yellow": {"months": 1}, "red": {"months": 2}},
    "/thresholds": THRESHOLD | {"amount": "2.00"},
    "/threshold-exemptions": {
        "threshold": "no-quality-assurance",
        "reason": "A municipality",
        "valid_from": "2026-01-01",
    },
}
