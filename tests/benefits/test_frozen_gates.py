"""G4: what a gate was decided on cannot be changed, and proves it years later."""

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from gevinst_benefits.schemas.gates import GateOut
from gevinst_shared.cli.main import app
from tests.benefits.plan_records import approved, risk
from tests.benefits.steered import condition, condition_set
from tests.benefits.test_goal_routes import savings
from tests.benefits.world import World, connection_of, made

# Everything of a gate that is written once.
WRITTEN_ONCE = (
    "gate",
    "gate_basis",
    "gate_decision",
    "gate_withdrawal",
    "gate_review",
    "gate_comment",
    "phase_model",
    "phase_model_retirement",
    "threshold",
    "threshold_exemption",
    "tolerance",
)


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["basis", "verify", *arguments])


async def exported(world: World, gate_id: str, folder: Path) -> Path:
    """What a client that asked for the basis has kept."""
    file = folder / "basis.json"
    file.write_bytes((await world.office.get(f"/gates/{gate_id}/basis")).content)
    return file


async def decided_gate(world: World) -> dict[str, Any]:
    await world.started()
    await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())
    gate = await world.proposed()
    await world.decided(gate["id"])
    return gate


@pytest.mark.parametrize("table", WRITTEN_ONCE)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET revision = 9", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {}"],
)
async def test_the_services_own_role_changes_nothing_that_is_written_once(
    world: World, table: str, statement: str
) -> None:
    """G4."""
    if table == "gate_basis" and "revision" in statement:
        statement = "UPDATE {} SET canonical = 'x'"

    async with connection_of(world.desk) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement.format(table))


async def test_a_copy_that_does_not_fit_its_hash_cannot_even_be_written(world: World) -> None:
    """G4: the database itself holds the copy to its hash."""
    gate = await decided_gate(world)

    with pytest.raises(asyncpg.CheckViolationError):
        async with connection_of(world.desk) as connection:
            await connection.execute(
                "INSERT INTO gate_basis VALUES ($1, gen_random_uuid(), '{}', $2)",
                world.desk.organisation,
                gate["basis_sha256"],
            )


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
@pytest.mark.parametrize("part", ["", "/basis", "/decision"])
async def test_no_call_of_the_api_changes_a_decided_gate(world: World, method: str, part: str) -> None:
    """G4."""
    gate = await decided_gate(world)
    path = f"/gates/{gate['id']}"
    before = [(await world.office.get(f"{path}{one}")).content for one in ("", "/basis")]

    answer = await world.board.request(
        method, f"{path}{part}", json={"outcome": "stop", "reason": "After all"}, headers={"If-Match": '"1"'}
    )

    assert answer.status_code in {405, 409}, answer.text
    assert [(await world.office.get(f"{path}{one}")).content for one in ("", "/basis")] == before


async def test_an_export_proves_itself_years_later_without_any_server(world: World, tmp_path: Path) -> None:
    """G4: the same hash stands in the gate's record and in the audit trail."""
    gate = await decided_gate(world)
    file = await exported(world, gate["id"], tmp_path)

    whole = verify(str(file))
    known = verify(str(file), "--sha256", gate["basis_sha256"])
    other = verify(str(file), "--sha256", "a" * 64)

    assert whole.exit_code == 0, whole.output
    assert f"gate BP1 of project {world.project_id}" in whole.stdout
    assert known.exit_code == 0
    assert (other.exit_code, "known from elsewhere" in other.stderr) == (1, True)


async def test_one_changed_figure_in_an_export_is_found(world: World, tmp_path: Path) -> None:
    """G4."""
    gate = await decided_gate(world)
    file = await exported(world, gate["id"], tmp_path)
    members = json.loads(file.read_text())
    assert "131.66" in members["canonical"]
    members["canonical"] = members["canonical"].replace("131.66", "931.66")
    file.write_text(json.dumps(members))

    done = verify(str(file))

    assert done.exit_code == 1
    assert "it was changed" in done.stderr


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"gate_id": 1, "canonical": "", "sha256": ""}'],
)
def test_a_file_of_another_form_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "basis.json"
    file.write_bytes(content)

    done = verify(str(file))

    assert (done.exit_code, len(done.stderr.strip().splitlines())) == (1, 1)
    assert verify(str(tmp_path / "none.json")).exit_code == 1
    assert verify(str(file), "--sha256", "abc").exit_code == 1


async def test_the_basis_holds_goals_and_conditions_as_they_stood_and_the_next_gate_tells_what_changed(
    world: World,
) -> None:
    """G4, G7, G8."""
    asked = await condition_set(world, world.project_id)
    goal = await made(world.office, "/goals", savings(world))
    benefit = await world.planned()
    await made(world.office, f"/goals/{goal['id']}/means", {"benefit_id": benefit["id"]})
    second = await world.proposed(gate="BP2")
    await world.decided(second["id"], "rework", conditions=[condition(world, text="Ask the union")])
    changed = savings(world, name="Three per cent less")
    await world.office.put(f"/goals/{goal['id']}", json=changed, headers={"If-Match": '"2"'})

    third = await world.proposed(gate="BP2")

    papers = json.loads((await world.office.get(f"/gates/{second['id']}/basis")).json()["canonical"])
    assert [one["name"] for one in papers["goals"]] == ["Two per cent less"]
    assert [(one["text"], one["state"]) for one in papers["conditions"]] == [(asked["text"], "open")]
    pointers = {one["pointer"]: one for one in third["difference"]["changes"]}
    assert pointers[f"/goals/{goal['id']}/name"]["after"] == '"Three per cent less"'
    assert any(pointer.startswith("/conditions/") for pointer in pointers)


async def test_the_basis_holds_dates_risks_assumptions_financing_and_the_tree_and_tells_what_changed(
    world: World,
) -> None:
    """G4: NPV, costs, benefits, dates, risks, assumptions; and B3's tree."""
    await world.started()
    cases = f"/projects/{world.project_id}/business-cases"
    await made(world.office, cases, resting_on(world, "600"))
    benefit = await world.planned()
    at = f"/benefits/{benefit['id']}"
    threat = await made(world.office, f"{at}/risks", risk(world))
    await draw(world, None, benefit["id"], revision=0)
    await approved(world, "2027-01-01", "2027-12-31")
    first = await world.proposed()
    await world.decided(first["id"])

    await approved(world, "2027-01-01", "2028-12-31")
    await made(world.office, cases, resting_on(world, "500", paid="900"))
    less = risk(world, probability="low")
    await world.office.put(f"/risks/{threat['id']}", json=less, headers={"If-Match": '"1"'})
    await draw(world, "0.5", benefit["id"], revision=1)
    second = await world.proposed(gate="BP2")

    assert GateOut.model_validate(second).model_dump(mode="json", exclude_none=True) == second
    difference = second["difference"]
    parts = {one["part"]: one["change_count"] for one in difference["parts"]}
    assert {"costs-and-benefits", "assumptions", "financing", "dates", "risks", "tree"} <= parts.keys()
    assert sum(parts.values()) == difference["change_count"]
    changes = {one["pointer"]: (one.get("before"), one.get("after")) for one in difference["changes"]}
    assert changes["/project/end"] == ('"2027-12-31"', '"2028-12-31"')
    assert changes[f"/benefits/{benefit['id']}/starts_on"] == ('"2027-12-31"', '"2028-12-31"')
    assert changes["/tree/edges/C1>B1/share"] == (None, '"0.5"')
    assert changes["/business_case/model/assumptions/saved/value"] == ('"600"', '"500"')
    assert changes[f"/risks/{threat['id']}/probability"][1] == '"low"'
    assert "/business_case/model/financing/Own budget/amounts/0" in changes
    assert {"case", "present_cost", "present_benefit"} <= difference.keys()


def resting_on(world: World, saved: str, *, paid: str = "1000") -> dict[str, Any]:
    """A case whose gain is an assumption, paid for out of the own budget."""
    gain = {"pattern": "recurring", "amount_per_year": "saved"}
    assumption = {"name": "saved", "value": saved, "unit": "NOK/year"}
    source = {
        "name": "Own budget",
        "kind": "own-budget",
        "first_year": 2026,
        "price_year": 2026,
        "amounts": [paid],
    }
    lines = [world.cost(), world.gain(amounts=gain)]
    return world.case(lines=lines, assumptions=[assumption], financing=[source])


async def draw(world: World, share: str | None, benefit_id: str, *, revision: int) -> None:
    nodes = [
        {"key": "C1", "kind": "change", "name": "Send digitally"},
        {"key": "B1", "kind": "benefit", "benefit_id": benefit_id},
    ]
    edge = {"cause": "C1", "effect": "B1"} | ({} if share is None else {"share": share})
    answer = await world.office.put(
        f"/projects/{world.project_id}/benefit-tree",
        json={"nodes": nodes, "edges": [edge]},
        headers={"If-Match": f'"{revision}"'},
    )
    assert answer.status_code == 200, answer.text
