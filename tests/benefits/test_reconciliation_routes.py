"""Planned, agreed, booked, verified, realised: worked out on each read, with their sources (M1, M3, E2)."""

from typing import Any

from gevinst_benefits.schemas.reconciliation import BudgetPlanOut, ReconciliationOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import agreement
from tests.benefits.purse import FRAME, Purse, cash_benefit
from tests.benefits.world import made
from tests.support.callers import problem


def amounts(year: dict[str, Any]) -> dict[str, str]:
    names = ("planned", "agreed", "booked", "reversed", "verified", "realised", "cost")
    return {name: year[name]["amount"] for name in names if name in year}


async def year_of(purse: Purse, year: int) -> dict[str, Any]:
    answer = await purse.finance.get(f"/reconciliation?year={year}")
    assert answer.status_code == 200, answer.text
    ReconciliationOut.model_validate(answer.json())
    (item,) = answer.json()["items"]
    (found,) = item["years"]
    return dict(found)


async def test_each_step_says_what_is_missing_and_missing_is_not_zero(purse: Purse) -> None:
    """M1, B6: not verified yet is another thing than nothing found."""
    planned = await year_of(purse, 2026)
    phasing = await purse.agreed((2026, "-800.00"))
    agreed = await year_of(purse, 2026)
    entry = await purse.booked(phasing, 2026)
    await purse.reverse(entry["id"], "300.00")
    booked = await year_of(purse, 2026)
    found = await purse.verified(2026, "0.00")
    nothing = await year_of(purse, 2026)
    await purse.verified(2026, "600.00", corrects_id=found["id"], reason="The accounts were late")
    verified = await year_of(purse, 2026)

    assert amounts(planned) == {"planned": "1000.00", "reversed": "0.00", "cost": "0.00"}
    assert planned["differences"] == [{"reason": "nothing-agreed"}]
    assert [one["reason"] for one in agreed["differences"]] == ["agreed-below-plan", "nothing-booked"]
    assert [(one["reason"], one.get("amount", {}).get("amount")) for one in booked["differences"]] == [
        ("agreed-below-plan", "200.00"),
        ("booked-below-agreed", "300.00"),
        ("not-verified", None),
    ]
    assert (nothing["verified"]["amount"], nothing["realised"]["amount"]) == ("0.00", "0.00")
    assert "verified" not in booked
    assert amounts(verified) == {
        "planned": "1000.00",
        "agreed": "800.00",
        "booked": "500.00",
        "reversed": "300.00",
        "verified": "600.00",
        "realised": "500.00",
        "cost": "0.00",
    }


async def test_every_figure_names_the_entries_that_it_is_the_sum_of(purse: Purse) -> None:
    """E2."""
    phasing = await purse.agreed((2026, "-800.00"))
    entry = await purse.booked(phasing, 2026)
    reversal = (await purse.reverse(entry["id"], "300.00")).json()
    verification = await purse.verified(2026, "600.00")

    year = await year_of(purse, 2026)

    (line,) = year["lines"]
    assert (line["phasing_id"], line["entry_ids"]) == (phasing, [entry["id"], reversal["id"]])
    assert [line[name]["amount"] for name in ("agreed", "booked", "reversed", "net")] == [
        *("-800.00", "-800.00", "300.00", "-500.00")
    ]
    assert year["verification_id"] == verification["id"]


async def test_what_a_unit_keeps_and_what_goes_on_sum_to_what_it_saved(purse: Purse) -> None:
    """M3: the share of the year in force, from its first year on."""
    phasing = await purse.agreed((2026, "-333.33"), (2027, "-333.33"))
    share = {
        "unit_id": purse.unit,
        "from_year": 2027,
        "share": "0.5",
        "purpose": "Training",
        "agreed_by_id": purse.leader_id,
        "agreed_on": "2026-11-01",
    }
    await made(purse.finance, f"/benefits/{purse.benefit['id']}/kept-shares", share)
    for year in (2026, 2027):
        await purse.booked(phasing, year)

    before, after = (await year_of(purse, 2026))["units"][0], (await year_of(purse, 2027))["units"][0]

    shown = [
        [one[name]["amount"] for name in ("gross", "kept", "to_common_purse")] for one in (before, after)
    ]
    assert shown == [["333.33", "0.00", "333.33"], ["333.33", "166.66", "166.67"]]
    assert "share_number" not in before
    assert after["share_number"] == 1


async def test_it_can_be_asked_for_a_unit_with_those_below_and_for_a_portfolio(purse: Purse) -> None:
    await purse.agreed((2027, "-800.00"))
    world = purse.world

    async def names(query: str) -> list[str]:
        items = (await purse.finance.get(f"/reconciliation?year=2027&{query}")).json()["items"]
        return [item["benefit_id"] for item in items]

    mine = [purse.benefit["id"]]
    assert await names(f"unit={world.top}") == mine
    assert await names(f"unit={world.unit}&portfolio={world.portfolio_id}") == mine
    assert await names(f"portfolio={new_id()}") == []
    assert await names(f"unit={new_id()}") == []


async def test_pages_follow_each_other_without_gap_or_repeat(purse: Purse) -> None:
    await world_with(purse, 4)

    first = (await purse.finance.get("/reconciliation?limit=3&year=2026")).json()
    second = (
        await purse.finance.get(f"/reconciliation?limit=3&year=2026&cursor={first['next_cursor']}")
    ).json()

    ids = [item["benefit_id"] for item in (*first["items"], *second["items"])]
    assert (len(first["items"]), len(ids), len(set(ids)), "next_cursor" in second) == (3, 5, 5, False)
    odd = await purse.finance.get("/reconciliation?cursor=WyJ4Il0")
    assert odd.status_code == 400


async def world_with(purse: Purse, benefits: int) -> None:
    for _ in range(benefits):
        await cash_benefit(purse.world, "50.00")


async def test_a_units_plan_shows_each_adjustment_of_it_and_of_those_below_with_its_source(
    purse: Purse,
) -> None:
    """M1, E2: agreed and not booked yet stands beside what is booked."""
    phasing = await purse.agreed((2026, "400.00"), (2027, "-500.00"))
    entry = await purse.booked(phasing, 2027, "-200.00")

    above = (await purse.finance.get(f"/units/{purse.world.top}/budget-plan?year=2027")).json()
    cost = (await purse.finance.get(f"/units/{purse.unit}/budget-plan?year=2026")).json()
    unknown = await purse.finance.get(f"/units/{new_id()}/budget-plan")

    assert BudgetPlanOut.model_validate(above).model_dump(mode="json", exclude_none=True) == above
    (line,) = above["lines"]
    assert [line[name]["amount"] for name in ("agreed", "booked", "net")] == ["-500.00", "-200.00", "-200.00"]
    assert (line["benefit_id"], line["entry_ids"]) == (purse.benefit["id"], [entry["id"]])
    assert above["savings"][0]["to_common_purse"]["amount"] == "200.00"
    assert [line["agreed"]["amount"] for line in cost["lines"]] == ["400.00"]
    assert unknown.status_code == 404


async def test_the_plan_as_csv_carries_no_formula_into_a_spreadsheet(purse: Purse) -> None:
    """A benefit's name comes from people."""
    phasing = await purse.agreed((2027, "-500.00"), account='=HYPERLINK("x")')
    await purse.booked(phasing, 2027, account='=HYPERLINK("x")')
    path = f"/units/{purse.unit}/budget-plan-table?year=2027"

    nordic = await purse.finance.get(path, headers={"Accept-Language": "da"})
    english = await purse.finance.get(path, headers={"Accept-Language": "en"})

    line = nordic.content.decode("utf-8-sig").splitlines()[1]
    assert ";-500,00;" in line
    assert "'=HYPERLINK" in line
    assert ",-500.00," in english.text
    assert nordic.headers["content-type"].startswith("text/csv")


async def test_a_benefit_in_hours_is_reconciled_with_no_budget(purse: Purse) -> None:
    """C7, B1."""
    await purse.world.planned(mode="budget-reduction")

    items = (await purse.finance.get("/reconciliation")).json()["items"]

    assert [item["benefit_id"] for item in items] == [purse.benefit["id"]]


async def test_soro_net_cost_in_the_first_year_and_rising_savings_after_in_each_centre(purse: Purse) -> None:
    """Worked case 1, M1: per centre, phased over three years, measured and followed up."""
    world = purse.world
    centres = [new_id() for _ in range(3)]
    savings = ("120000.00", "80000.00", "50000.00")
    total = "250000.00"
    benefit = await cash_benefit(world, total, timing={"hangs_on": "none", "starts_on": "2013-01-01"})
    for number, (centre, saving) in enumerate(zip(centres, savings, strict=True)):
        name = f"Centre {number}"
        await world.tell("unit-changed", unit_id=centre, name=name, path=[world.top, centre])
        await world.assign(f"leader-{number}", Role.UNIT_LEADER, "unit", centre)
        lines = [
            {"account": "Postage", "year": 2013, "amount": "20000.00"},
            {"account": "Postage", "year": 2014, "amount": f"-{float(saving) / 2:.2f}"},
            {"account": "Postage", "year": 2015, "amount": f"-{saving}"},
        ]
        body = {"unit_id": str(centre), "account": "Postage", "lines": lines, **FRAME}
        draft = await made(purse.finance, f"/benefits/{benefit['id']}/budget-phasings", body)
        leader = world.desk.caller(subject=f"leader-{number}")
        assert (await leader.post(f"/budget-phasings/{draft['id']}/agreement")).status_code == 200
        wanted = [{"account": "Postage", "year": year} for year in (2013, 2014, 2015)]
        await made(purse.finance, f"/budget-phasings/{draft['id']}/bookings", {"lines": wanted})

    plans = [
        (await purse.finance.get(f"/units/{world.top}/budget-plan?year={year}")).json()["lines"]
        for year in (2013, 2014, 2015)
    ]

    nets = [[float(line["net"]["amount"]) for line in lines] for lines in plans]
    assert [sorted(net) for net in nets] == [
        [20000.0, 20000.0, 20000.0],
        [-60000.0, -40000.0, -25000.0],
        [-120000.0, -80000.0, -50000.0],
    ]
    assert [sum(net) for net in nets] == [60000.0, -125000.0, -250000.0]


async def test_odense_sixteen_positions_less_stay_positions_until_a_stated_use_makes_them_money(
    purse: Purse,
) -> None:
    """Worked case 2, C7, B14: freed positions are not booked, and are never added to money."""
    world = purse.world
    positions = {"ledger": "time", "amount_per_year": "16", "unit_of_measure": "FTE"}
    freed = await world.planned(name="Fewer controls", mode="budget-reduction", estimate=positions)
    owner = world.desk.caller(subject="olav")
    await owner.post(f"/benefits/{freed['id']}/confirmation")
    body = {"unit_id": purse.unit, "account": "Salaries", "lines": [], **FRAME}

    as_time = await purse.finance.post(f"/benefits/{freed['id']}/budget-phasings", json=body)
    unseen = (await purse.finance.get("/reconciliation")).json()["items"]
    priced = {"ledger": "money", "money_per_year": {"amount": "8000000.00", **FRAME}}
    changed = await world.office.put(
        f"/benefits/{freed['id']}",
        json=world.benefit(name="Fewer controls", mode="budget-reduction", estimate=priced),
        headers={"If-Match": '"2"'},
    )
    too_soon = await purse.finance.post(f"/benefits/{freed['id']}/budget-phasings", json=body)
    await owner.post(f"/benefits/{freed['id']}/confirmation")
    as_money = await purse.finance.post(f"/benefits/{freed['id']}/budget-phasings", json=body)

    assert as_time.status_code == 409
    assert [item["benefit_id"] for item in unseen] == [purse.benefit["id"]]
    assert changed.status_code == 200, changed.text
    assert (too_soon.status_code, as_money.status_code) == (409, 201)


async def test_what_falls_with_another_body_is_in_no_budget_of_ours(purse: Purse) -> None:
    """B11, M1: a quarter is ours; then the plan, what was found and what may be booked are a quarter."""
    path = f"/benefits/{purse.benefit['id']}"
    unsaid = {"unit_id": purse.unit, "account": "Postage", **FRAME}
    office = purse.world.office
    await made(office, f"{path}/agreement-entries", agreement())

    nobodys = await purse.finance.post(f"{path}/budget-phasings", json=unsaid)
    shared = agreement(state="shared", share_kept="0.25", happened_on="2026-01-03")
    await made(office, f"{path}/agreement-entries", shared)
    draft = await made(purse.finance, f"{path}/budget-phasings", unsaid)
    phasing = await purse.agreed((2026, "-1000.00"))
    too_much = await purse.book(phasing, 2026, "-250.01")
    await purse.booked(phasing, 2026, "-250.00")
    await purse.verified(2026, "800.00")
    year = await year_of(purse, 2026)

    assert problem(nobodys)["type"].endswith("#nothing-to-phase")
    assert {line["amount"] for line in draft["lines"]} == {"-250.00"}
    assert too_much.status_code == 409
    assert (year["planned"]["amount"], year["verified"]["amount"]) == ("250.00", "200.00")
