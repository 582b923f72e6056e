"""Phase models, progress and gates over HTTP (G1–G6)."""

import asyncio
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import day_there
from gevinst_shared.web.clock import utc_now
from tests.benefits.world import OWNER, World, made
from tests.support.callers import problem

SOON = (utc_now() + timedelta(days=60)).date().isoformat()


async def test_the_shipped_phase_models_speak_the_readers_language(world: World) -> None:
    """G1."""
    listed = (await world.office.get("/phase-models")).json()["items"]
    danish = (
        await world.office.get("/phase-models/prosjektveiviseren", headers={"Accept-Language": "da"})
    ).json()
    earlier = (await world.office.get("/phase-models/statens-it-projektmodel?version=2011")).json()
    newest = (await world.office.get("/phase-models/statens-it-projektmodel")).json()

    assert len(listed) == 5
    assert danish["phases"][1]["name"] == "Koncept"
    assert (earlier["version"], len(earlier["phases"])) == ("2011", 5)
    assert (newest["version"], len(newest["phases"])) == ("2018", 4)
    assert (await world.office.get("/phase-models/waterfall")).status_code == 404


async def test_a_project_starts_on_a_phase_model_once(world: World) -> None:
    progress = await world.started()

    again = await world.office.post(
        f"/projects/{world.project_id}/progress", json={"phase_model": "uk-gates"}
    )

    assert (progress["phase"], progress["state"]) == ("ide", "running")
    assert [gate["code"] for gate in progress["gates_ahead"]] == ["BP1"]
    assert progress["history"] == []
    assert problem(again)["type"].endswith("#progress-started-already")


async def test_a_gate_is_proposed_on_a_frozen_basis_and_decided_by_another(world: World) -> None:
    """G2, G3, G4."""
    await world.started()
    await world.planned()
    case = await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())

    gate = await world.proposed(decide_by=SOON)
    basis = (await world.office.get(f"/gates/{gate['id']}/basis")).json()
    decision = await world.decided(gate["id"], case_number="2026/12")
    progress = (await world.office.get(f"/projects/{world.project_id}/progress")).json()
    shown = (await world.office.get(f"/gates/{gate['id']}")).json()

    assert gate["business_case_id"] == case["id"]
    assert gate["is_decided"] is False
    assert hashlib.sha256(basis["canonical"].encode()).hexdigest() == gate["basis_sha256"]
    frozen = json.loads(basis["canonical"])
    assert frozen["business_case"]["net_present_value"] == "131.66"
    assert [one["name"] for one in frozen["benefits"]] == ["Less time spent on each application"]
    assert (decision["project_state"], decision["phase"]) == ("running", "konsept")
    assert (progress["phase"], progress["history"][0]["outcome"]) == ("konsept", "go")
    assert shown["decision"] == decision
    assert shown["is_decided"] is True
    listed = (await world.office.get(f"/projects/{world.project_id}/gates?decided=true")).json()["items"]
    assert [one["id"] for one in listed] == [gate["id"]]


async def test_the_next_gate_shows_what_changed_since_the_last(world: World) -> None:
    """G4: a case that changes is normal, and shown."""
    await world.started()
    path = f"/projects/{world.project_id}/business-cases"
    cost, gain = (await made(world.office, path, world.case()))["lines"]
    first = await world.proposed()
    await world.decided(first["id"])
    dearer = {**cost, "amounts": {"pattern": "yearly", "amounts": ["1300.00"]}}
    await made(world.office, path, world.case(lines=[dearer, gain]))
    benefit = await world.planned()

    found = (await world.proposed(gate="BP2"))["difference"]

    assert "difference" not in first
    assert found["gate_id"] == first["id"]
    assert found["case"]["effect_on_npv"] == "-300.00"
    assert found["present_cost"] == {"before": "1000.00", "after": "1300.00"}
    assert found["present_benefit"] == {"before": "1131.66", "after": "1131.66"}
    pointers = {change["pointer"] for change in found["changes"]}
    assert f"/business_case/lines/{cost['id']}/amounts/amounts/0" in pointers
    assert f"/benefits/{benefit['id']}/name" in pointers
    assert found["change_count"] == len(found["changes"])


async def test_the_proposer_cannot_decide(world: World) -> None:
    """G3, whatever roles the proposer holds."""
    await world.started()
    gate = await world.proposed()
    kari = world.desk.caller(Role.BOARD_MEMBER, subject="kari")

    answer = await kari.post(f"/gates/{gate['id']}/decision", json={"outcome": "go", "reason": "Mine"})

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (403, "proposer-decides")


async def test_of_fifty_deciders_at_once_one_decides(world: World) -> None:
    """G2: a gate is decided once."""
    await world.started()
    gate = await world.proposed()
    deciders = [world.desk.caller(Role.BOARD_MEMBER, subject=f"member-{n}") for n in range(50)]
    body = {"outcome": "go", "reason": "Now"}

    answers = await asyncio.gather(
        *(decider.post(f"/gates/{gate['id']}/decision", json=body) for decider in deciders)
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    progress = (await world.office.get(f"/projects/{world.project_id}/progress")).json()
    assert (progress["phase"], len(progress["history"])) == ("konsept", 1)


async def test_an_owner_of_another_project_does_not_decide_this_one(world: World) -> None:
    await world.started()
    gate = await world.proposed()
    await world.assign("eva", Role.PROJECT_OWNER, "project", world.other_id)
    await world.assign("pia", Role.PROJECT_OWNER, "portfolio", world.portfolio_id)
    body = {"outcome": "go", "reason": "Now"}

    elsewhere = await world.desk.caller(subject="eva").post(f"/gates/{gate['id']}/decision", json=body)
    here = await world.desk.caller(subject="pia").post(f"/gates/{gate['id']}/decision", json=body)

    assert (elsewhere.status_code, here.status_code) == (403, 201)


@pytest.mark.parametrize(
    ("outcome", "members", "phase", "state"),
    [
        ("go", {}, "planlegge", "running"),
        ("go-with-conditions", {"conditions": True}, "planlegge", "running"),
        ("rework", {}, "konsept", "running"),
        ("step-back", {"step_back_to": "ide"}, "ide", "running"),
        ("pause", {}, "konsept", "paused"),
        ("stop", {}, "konsept", "stopped"),
    ],
)
async def test_each_of_the_six_outcomes_moves_the_project(
    world: World, outcome: str, members: dict[str, Any], phase: str, state: str
) -> None:
    """G2."""
    await world.started()
    await world.decided((await world.proposed())["id"])
    gate = await world.proposed(gate="BP2", outcome="rework")
    if "conditions" in members:
        condition = {"text": "Train them", "owner_id": str(world.owner_id), "deadline": SOON}
        members = {"conditions": [condition]}

    decision = await world.decided(gate["id"], outcome, **members)

    assert (decision["phase"], decision["project_state"]) == (phase, state)
    asked = [one | {"needs_confirmation": False} for one in members.get("conditions", [])]
    assert decision["conditions"] == asked


async def test_a_stop_closes_benefits_or_moves_them_with_their_indicators(world: World) -> None:
    """G6."""
    await world.started()
    kept, closed = await world.planned(name="Kept"), await world.planned(name="Closed")
    await world.desk.caller(subject=OWNER).post(f"/benefits/{kept['id']}/confirmation")
    indicator = await made(
        world.office,
        f"/benefits/{kept['id']}/indicators",
        {
            "name": "Letters",
            "unit_of_measure": "letters",
            "direction": "down",
            "target": "1",
            "action": "Act",
        },
    )
    gate = await world.proposed(outcome="stop")
    moves = [{"benefit_id": kept["id"], "project_id": world.other_id}]

    decision = await world.decided(gate["id"], "stop", moved_benefits=moves)

    moved, ended = decision["benefits"]
    assert (moved["benefit_id"], moved["state"], moved["moved_to"]) == (kept["id"], "moved", world.other_id)
    assert ended == {"benefit_id": closed["id"], "state": "closed"}
    continued = (await world.office.get(f"/benefits/{moved['continued_by']}")).json()
    assert (continued["project_id"], continued["continues_id"]) == (world.other_id, kept["id"])
    assert (continued["state"], continued["indicator_count"]) == ("proposed", 1)
    followed = (await world.office.get(f"/indicators/{indicator['id']}")).json()
    assert followed["benefit_id"] == continued["id"]
    assert (await world.office.get(f"/benefits/{kept['id']}")).json()["moved_to"] == world.other_id


async def test_a_stop_that_moves_a_benefit_nowhere_changes_nothing(world: World) -> None:
    """G6: the stop and its consequences are one transaction."""
    await world.started()
    benefit = await world.planned()
    gate = await world.proposed(outcome="stop")
    unknown = "0198b6a4-7c1e-7000-8000-000000000009"

    async def refused(*moves: tuple[str, str], outcome: str = "stop") -> str:
        body = {
            "outcome": outcome,
            "reason": "No",
            "moved_benefits": [{"benefit_id": one, "project_id": to} for one, to in moves],
        }
        answer = await world.board.post(f"/gates/{gate['id']}/decision", json=body)
        return str(problem(answer)["type"].partition("#")[2])

    here = (benefit["id"], world.project_id)
    assert await refused(here) == "benefit-moved-nowhere"
    assert await refused((benefit["id"], unknown)) == "project-takes-no-benefits"
    assert await refused((unknown, world.other_id)) == "benefit-moved-nowhere"
    assert await refused((benefit["id"], world.other_id), here) == "benefit-moved-twice"
    assert await refused((benefit["id"], world.other_id), outcome="rework") == "moves-without-stop"
    assert (await world.office.get(f"/benefits/{benefit['id']}")).json()["state"] == "proposed"
    assert (await world.office.get(f"/gates/{gate['id']}")).json()["is_decided"] is False


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"gate": "BP2"}, "gate-out-of-order"),
        ({"gate": "BP99"}, "gate-out-of-order"),
        ({"gate": "BP 1"}, "malformed"),
        ({"outcome": "maybe"}, "malformed"),
        ({"reason": " "}, "reason-missing"),
        ({"answers": []}, "mandatory-items-open"),
        ({"answers": [{"item": "no-such", "value": "yes"}]}, "unknown-checklist-item"),
        ({"answers": [{"item": "strategy-fit", "value": "yes"}] * 2}, "item-answered-twice"),
        ({"answers": [{"item": "strategy-fit", "value": "not-relevant"}]}, "not-relevant-without-reason"),
        ({"outcome": "go-with-conditions"}, "conditions-missing"),
        ({"outcome": "step-back", "step_back_to": "konsept"}, "no-earlier-phase"),
        ({"step_back_to": "ide"}, "no-earlier-phase"),
        ({"decide_by": "2020-01-01"}, "decide-by-passed"),
        ({"proposed_by": "somebody"}, "malformed"),
    ],
)
async def test_odd_proposals_are_refused(world: World, members: dict[str, Any], code: str) -> None:
    await world.started()

    answer = await world.office.post(f"/projects/{world.project_id}/gates", json=world.gate(**members))

    assert answer.status_code in {400, 409}, answer.text
    assert problem(answer)["type"].endswith(f"#{code}")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"deadline": "2020-01-01"}, "odd-condition"),
        ({"deadline": SOON}, "conditions-on-plain-go"),
        ({"owner_id": "0198b6a4-7c1e-7000-8000-000000000009", "deadline": SOON}, "person-not-known"),
    ],
)
async def test_odd_conditions_are_refused(world: World, condition: dict[str, Any], code: str) -> None:
    """G7."""
    await world.started()
    gate = await world.proposed()
    outcome = "go" if code == "conditions-on-plain-go" else "go-with-conditions"
    whole = {"text": "Train them", "owner_id": str(world.owner_id)} | condition

    answer = await world.board.post(
        f"/gates/{gate['id']}/decision", json={"outcome": outcome, "reason": "Yes", "conditions": [whole]}
    )

    assert problem(answer)["type"].endswith(f"#{code}")


async def test_a_gate_needs_progress_and_one_proposal_waits_at_a_time(world: World) -> None:
    path = f"/projects/{world.project_id}/gates"
    before = await world.office.post(path, json=world.gate())
    await world.started()
    await world.proposed()

    second = await world.office.post(path, json=world.gate())

    assert problem(before)["type"].endswith("#progress-not-started")
    assert problem(second)["type"].endswith("#gate-awaits-decision")


async def test_a_stopped_project_passes_no_more_gates_and_takes_no_benefits(world: World) -> None:
    await world.started()
    await world.decided((await world.proposed())["id"], "stop")

    answer = await world.office.post(f"/projects/{world.project_id}/gates", json=world.gate())
    progress = (await world.office.get(f"/projects/{world.project_id}/progress")).json()

    late = await world.office.post(f"/projects/{world.project_id}/benefits", json=world.benefit())

    assert problem(answer)["type"].endswith("#project-ended")
    assert problem(late)["type"].endswith("#project-takes-no-benefits")
    assert progress["gates_ahead"] == []


async def test_a_skipped_phase_brings_its_mandatory_items_along(world: World) -> None:
    """G5."""
    path = f"/projects/{world.project_id}/progress"
    model = {"phase_model": "statens-it-projektmodel", "version": "2011"}
    started = await made(world.office, path, model)
    phases = (await world.office.get("/phase-models/statens-it-projektmodel?version=2011")).json()["phases"]
    skippable = next(phase for phase in phases if phase["may_be_skipped"])

    body = {"phase": skippable["code"], "reason": "An agreement is in force"}
    wrong = await world.office.post(
        f"{path}/skipped-phases", json=body | {"phase": started["phase"]}, headers={"If-Match": '"1"'}
    )
    skipped = await world.office.post(f"{path}/skipped-phases", json=body, headers={"If-Match": '"1"'})
    stale = await world.office.post(f"{path}/skipped-phases", json=body, headers={"If-Match": '"1"'})

    assert problem(wrong)["type"].endswith("#phase-not-skippable")
    assert skipped.json()["skipped_phases"] == [skippable["code"]]
    assert stale.status_code == 412


async def test_proposal_and_decision_are_announced(world: World) -> None:
    await world.started()
    gate = await world.proposed(outcome="stop", decide_by=SOON)
    await world.decided(gate["id"], "stop")

    feed = await world.desk.caller(Role.INTEGRATION, subject="link").get("/events?limit=100&wait=5")

    facts = {one["type"]: one["data"] for one in feed.json()["items"]}
    told = {
        "project_id": world.project_id,
        "project_name": "Digital post",
        "gate_id": gate["id"],
        "gate": "BP1",
        "gate_name": "Beslutte oppstart av konseptfasen",
        "outcome": "stop",
    }
    assert facts["gevinst.benefits.gate-proposed.v1"] == told | {
        "reason": "It holds",
        "decide_by": SOON,
        "proposed_by": "kari",
    }
    assert facts["gevinst.benefits.gate-decided.v1"] == told | {
        "reason": "The board agrees",
        "phase": "ide",
        "project_state": "stopped",
        "decided_on": day_there(world.desk.organisation, utc_now()).isoformat(),
        "decided_by": "bjarne",
    }
