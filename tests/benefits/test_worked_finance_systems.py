"""Worked case 3: finance systems, a case of 3 M that becomes one of 6 M, at three gates (G4, C2)."""

import hashlib
from decimal import Decimal
from itertools import pairwise

from tests.benefits.worked import Json, example, got, parts_of, placed, units_of
from tests.benefits.world import World, made


async def version(world: World, number: int, ids: Json, before: Json | None) -> Json:
    """The example's case number so and so; lines that were there before keep their ids."""
    body = placed(example("finance-systems", f"case-{number}.json"), ids)
    known = {line["name"]: line["id"] for line in (before or {"lines": []})["lines"]}
    for line in body["lines"]:
        if line["name"] in known:
            line["id"] = known[line["name"]]
    return await made(world.office, f"/projects/{world.project_id}/business-cases", body)


async def three_gates(world: World) -> tuple[list[Json], list[Json], list[Json]]:
    """The versions, the gates decided on them, and their frozen copies."""
    ids = {name: str(unit) for name, unit in (await units_of(world, "finance", "institutions")).items()}
    await world.started()
    versions: list[Json] = []
    gates: list[Json] = []
    copies: list[Json] = []
    for number, code in ((1, "BP1"), (2, "BP2"), (3, "BP3")):
        versions.append(await version(world, number, ids, versions[-1] if versions else None))
        gate = await world.proposed(gate=code)
        copies.append(await got(world.office, f"/gates/{gate['id']}/basis"))
        await world.decided(gate["id"])
        gates.append(gate)
    return versions, gates, copies


async def test_a_case_doubles_over_three_gates_and_each_difference_explains_itself_in_full(
    world: World,
) -> None:
    """G4: that a case changes is normal; the parts sum to the whole at every gate."""
    versions, gates, _ = await three_gates(world)

    # The potential of a full year: system cost only, then with the work processes.
    assert [Decimal(one["results"]["benefits"][2]) for one in versions[:2]] == [3_000_000, 6_000_000]
    assert "difference" not in gates[0]
    told = [one["difference"]["case"] for one in gates[1:]]
    for (before, after), difference in zip(pairwise(versions), told, strict=True):
        effect = Decimal(after["net_present_value"]) - Decimal(before["net_present_value"])
        assert parts_of(difference) == Decimal(difference["effect_on_npv"]) == effect
        assert effect == Decimal(difference["npv_after"]) - Decimal(difference["npv_before"])
    looked_again, as_piloted = told
    assert {one["name"] for one in looked_again["lines"]} == {
        "Invoices without paper",
        "Rosters made once",
        "Debtors followed up by rule",
        "New work processes",
    }
    changed = {one["name"]: Decimal(one["effect_on_npv"]) for one in as_piloted["assumptions"]}
    assert set(changed) == {"accounts_offer", "invoice_hours", "roster_hours"}
    assert changed["accounts_offer"] < 0 < changed["invoice_hours"]
    assert [one["part"] for one in as_piloted["parts"]] == ["risk-pool"]

    # C2: an assumption's effect is that of the lines it works through.
    for one in as_piloted["assumptions"]:
        lines = sum((Decimal(line["effect_on_npv"]) for line in one["lines"]), Decimal(0))
        assert lines == Decimal(one["effect_on_npv"])

    # From the first to the last version directly: the same whole.
    path = f"/business-cases/{versions[2]['id']}/difference"
    overall = await got(world.office, path, **{"with": versions[0]["id"]})
    both = sum((Decimal(one["effect_on_npv"]) for one in told), Decimal(0))
    assert parts_of(overall) == Decimal(overall["effect_on_npv"]) == both


async def test_each_gate_still_stands_on_the_copy_that_was_frozen_for_it(world: World) -> None:
    """G4."""
    _, gates, copies = await three_gates(world)

    for gate, copy in zip(gates, copies, strict=True):
        assert await got(world.office, f"/gates/{gate['id']}/basis") == copy
        assert hashlib.sha256(copy["canonical"].encode()).hexdigest() == gate["basis_sha256"]
    assert len({copy["sha256"] for copy in copies}) == 3
