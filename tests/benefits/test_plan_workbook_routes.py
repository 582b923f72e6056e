"""A benefit plan as a workbook of tables A to G: downloaded, filled in, seen, applied (B1, B8, B14, C7)."""

import asyncio
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from gevinst_shared.sheets.reading import read_workbook
from gevinst_shared.values.actor import Role
from tests.benefits.plan_books import (
    XLSX,
    book_of,
    download,
    fill,
    full_plan,
    previewed,
    sent,
    tab,
    tabs_of,
)
from tests.benefits.plan_records import plan_of
from tests.benefits.world import World
from tests.portfolio.test_statement_counts import counted
from tests.support import office
from tests.support.callers import problem
from tests.support.organisations import new_organisation


@pytest.mark.parametrize("language", ["en", "nb", "nn", "da", "sv"])
async def test_an_untouched_download_changes_nothing(world: World, language: str) -> None:
    await full_plan(world)

    content = await download(world.office, world.project_id, language)
    seen = await previewed(world.office, world.project_id, content)
    answer = await sent(world.office, world.project_id, content, seen=seen["digest"])

    assert (seen["change_count"], seen["faults"]) == (0, [])
    assert problem(answer)["type"].endswith("#plan-workbook-changes-nothing")


async def test_the_tables_are_filled_in_the_readers_language(world: World) -> None:
    await full_plan(world)

    tabs = tabs_of(await download(world.office, world.project_id, "da"))

    assert [name[0] for name in tabs] == list("ABCDEFG")
    benefits = tab(tabs, "A")
    assert benefits[1][3] == "Gevinst"
    assert [row[2] for row in benefits[2:]] == ["M1", "T1"]
    assert "budgetreduktion" in benefits[2]
    assert "Home care" in benefits[2]
    assert "projektets start" in benefits[2]
    assert [len(tab(tabs, key)) - 2 for key in "CDEFG"] == [1, 1, 1, 2, 1]
    assert {row[3] for row in tab(tabs, "F")[2:]} == {"risiko", "forudsætning"}
    assert "Olav" in tab(tabs, "F")[2]


async def test_the_sums_by_year_are_the_plans_own_and_never_over_ledgers(world: World) -> None:
    """C7, B11: what another body has not agreed to is not counted here."""
    await full_plan(world)

    rows = tab(tabs_of(await download(world.office, world.project_id)), "B")
    totals = (await plan_of(world))["totals"]

    years = {place: int(str(head)) for place, head in enumerate(rows[1]) if str(head).isdecimal()}
    summed = {
        (str(row[5]), year): Decimal(str(row[place]))
        for row in rows[5:]
        for place, year in years.items()
        if row[place]
    }
    expected = {
        (_unit(one), one["year"]): Decimal(one["confirmed"]) + Decimal(one["unconfirmed"]) for one in totals
    }
    assert summed == {key: amount for key, amount in expected.items() if amount}
    assert summed == {("hours", 2027): Decimal(1200)}


@pytest.mark.slow
async def test_libreoffice_opens_it_and_comes_to_our_figures(world: World, tmp_path: Path) -> None:
    """The sums are formulas: recalculated by another program they are the same."""
    await full_plan(world)
    await world.planned(
        name="Fees",
        estimate={
            "ledger": "money",
            "money_per_year": {"amount": "-70.25", "currency": "NOK", "price_year": 2020},
        },
        timing={"hangs_on": "start", "duration_months": 300},
    )
    await world.planned(
        name="Satisfaction",
        estimate={"ledger": "quality", "amount_per_year": "3", "unit_of_measure": "Hours"},
        timing={"hangs_on": "start"},
    )
    content = await download(world.office, world.project_id)

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        formulas = [parts.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (2, 3)]
    saved = office.recalculated(content, tmp_path)

    ours, theirs = ({table.name: table.rows for table in read_workbook(one)} for one in (content, saved))
    assert [formulas[0].count(one) for one in ("SUM(", "SUMPRODUCT(")] == [4, 4 * 12]
    assert formulas[1].count("<f>") == 1
    for key in ("B", "C"):
        for row, (mine, their) in enumerate(zip(_tab(ours, key), _tab(theirs, key), strict=True)):
            figures = [(a, b) for a, b in zip(mine, their, strict=False) if isinstance(a, int | float)]
            assert all(a == pytest.approx(b) for a, b in figures), (key, row)
    assert _tab(ours, "C")[2][-1] == 400 * 520
    assert (await previewed(world.office, world.project_id, saved))["change_count"] == 0


async def test_a_filled_in_workbook_is_seen_cell_by_cell_and_applied(world: World) -> None:
    """B1, B2, B8: what is changed waits for its owner again; what is new hangs on a new number."""
    saved = await full_plan(world)
    content = _filled_in(await download(world.office, world.project_id, "nb"))

    seen = await previewed(world.office, world.project_id, content, **{"Accept-Language": "nb"})
    before = (await plan_of(world))["benefit_count"]
    answer = await sent(world.office, world.project_id, content, seen=seen["digest"])
    again = await previewed(world.office, world.project_id, content)

    assert seen["faults"] == []
    assert before == 2
    changed = [one for one in seen["changes"] if not one["is_new"]]
    assert [(one["cell"], one["member"], one.get("before"), one["after"]) for one in changed] == [
        ("K3", "Penger", "1000", "1500.5"),
        ("U3", "Budsjettpost", "2540 Postage", "2541 Porto"),
    ]
    assert answer.status_code == 201, answer.text
    plan = {one["name"]: one for one in (await plan_of(world))["items"]}
    changed_one, added = plan["Less postage"], plan["Fewer calls"]
    assert changed_one["estimate"]["money_per_year"]["amount"] == "1500.50"
    assert (changed_one["id"], changed_one["timing"]["ramp"]) == (
        saved["id"],
        {"kind": "linear", "months": 12},
    )
    assert changed_one["risks"][0]["level"] == "moderate"
    assert (added["timing"]["offset_months"], added["indicator_count"]) == (3, 1)
    assert [one["name"] for one in added["actions"]] == ["Callers are called back"]
    # Sent again, the new rows are there already: nothing is added twice.
    assert {one["code"] for one in again["faults"]} == {"plan-row-there-twice"}


async def test_a_figure_of_the_use_is_corrected_with_its_reason(world: World) -> None:
    """B14: what was recorded stays beside it."""
    await full_plan(world)
    tabs = tabs_of(await download(world.office, world.project_id))
    fill(tabs, "C", 3, amount=350)
    bare = await previewed(world.office, world.project_id, book_of(tabs))
    fill(tabs, "C", 3, reason="Counted again")
    content = book_of(tabs)
    seen = await previewed(world.office, world.project_id, content)

    answer = await sent(world.office, world.project_id, content, seen=seen["digest"])

    assert [one["code"] for one in bare["faults"]] == ["correction-unexplained"]
    assert answer.status_code == 201, answer.text
    benefit = next(one for one in (await plan_of(world))["items"] if one["estimate"]["ledger"] == "time")
    uses = (await world.office.get(f"/benefits/{benefit['id']}/freed-value-uses")).json()["items"]
    assert [(one["amount"], one["is_corrected"]) for one in uses] == [("400", True), ("350", False)]


async def test_only_what_was_seen_is_applied_and_all_or_nothing(world: World) -> None:
    saved = await full_plan(world)
    tabs = tabs_of(await download(world.office, world.project_id))
    fill(tabs, "A", 3, benefit_name="Post")
    content = book_of(tabs)
    seen = await previewed(world.office, world.project_id, content)
    fill(tabs, "E", 3, action_kind="a party")
    faulty = book_of(tabs)

    other = await sent(world.office, world.project_id, content, seen="0" * 64)
    halfway = await sent(world.office, world.project_id, faulty, seen=seen["digest"])
    await _renamed(world, saved, "Stamps")
    late = await previewed(world.office, world.project_id, content)

    assert problem(other)["type"].endswith("#plan-workbook-not-as-seen")
    assert problem(halfway)["type"].endswith("#plan-workbook-has-faults")
    assert {one["code"] for one in late["faults"]} == {"plan-row-changed-meanwhile"}
    names = [one["name"] for one in (await plan_of(world))["items"]]
    assert "Post" not in names


async def test_who_may_not_plan_is_told_and_others_do_not_see_the_project(world: World) -> None:
    await full_plan(world)
    content = await download(world.office, world.project_id)
    reader = world.desk.caller(Role.READER, subject="lars")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    seen = (await previewed(world.office, world.project_id, content))["digest"]

    denied = [
        await sent(reader, world.project_id, content),
        await sent(reader, world.project_id, content, seen=seen),
    ]
    unknown = [
        await stranger.get(f"/projects/{world.project_id}/plan-workbook"),
        await sent(stranger, world.project_id, content),
        await sent(stranger, world.project_id, content, seen=seen),
    ]

    assert [one.status_code for one in denied] == [403, 403]
    assert [one.status_code for one in unknown] == [404, 404, 404]


async def test_an_empty_plan_has_a_workbook_to_begin_with(world: World) -> None:
    answer = await world.office.get(f"/projects/{world.other_id}/plan-workbook")
    tabs = tabs_of(answer.content)
    fill(tabs, "A", 3, benefit_name="First", mode="society", kind="quality", role="benefit owner")
    fill(tabs, "A", 3, unit=str(world.unit), ledger="quality", amount=1, unit_of_measure="points")
    content = book_of(tabs)

    seen = await previewed(world.office, world.other_id, content)
    done = await sent(world.office, world.other_id, content, seen=seen["digest"])

    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"].startswith("attachment")
    assert (seen["faults"], seen["row_count"]) == ([], 1)
    assert done.status_code == 201, done.text


async def test_of_two_uploads_at_once_one_adds_the_new_rows(world: World) -> None:
    """N5: nothing is added twice."""
    tabs = tabs_of(await download(world.office, world.other_id))
    fill(tabs, "A", 3, benefit_name="First", mode="society", kind="quality", role="benefit owner")
    fill(tabs, "A", 3, unit="Home care", ledger="quality", amount=1, unit_of_measure="points")
    content = book_of(tabs)
    seen = (await previewed(world.office, world.other_id, content))["digest"]

    uploads = (sent(world.office, world.other_id, content, seen=seen) for _ in range(4))
    answers = await asyncio.gather(*uploads)

    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_a_download_costs_the_same_number_of_statements_however_long_the_plan_is(world: World) -> None:
    await full_plan(world)
    counts = []
    for number in range(3):
        async with counted(cast("Any", world)) as statements:
            await download(world.office, world.project_id)
        counts.append(len(statements))
        await world.planned(name=f"One more {number}")

    assert counts[0] > 0
    assert len(set(counts)) == 1


def _filled_in(content: bytes) -> bytes:
    """Two cells changed, and a new benefit with something in every table; in Norwegian words."""
    tabs = tabs_of(content)
    fill(tabs, "A", 3, money=1500.5, budget_line="2541 Porto")
    fill(
        tabs,
        "A",
        5,
        code="X",
        benefit_name="Fewer calls",
        mode="redeployed",
        kind="spart tid",
        role="gevinstansvarlig",
        unit="home care",
        ledger="tid",
        amount=300,
        unit_of_measure="hours",
        hangs_on="prosjektets slutt",
        offset_months=3,
    )
    fill(tabs, "C", 4, benefit="X", use="Longer visits", purpose="bedre kvalitet", unit="Home care")
    fill(tabs, "C", 4, year=2028, amount=100)
    fill(tabs, "E", 4, benefit="X", action="Callers are called back", action_kind="arbeidsprosess")
    fill(tabs, "E", 4, role="enhetsleder", unit="Home care", hangs_on="start", offset_months=1)
    fill(tabs, "F", 5, benefit="M1", what="risiko", risk="Dearer stamps", probability="lav")
    fill(tabs, "F", 5, consequence="høy", person="Olav", measure="Agree a price")
    fill(tabs, "G", 4, benefit="X", indicator="Calls a day", unit_of_measure="count", direction="mindre")
    fill(tabs, "G", 4, baseline=40, target=25, owner_action="Look at the texts", frequency="årlig")
    fill(tabs, "G", 4, first_on="31.01.2028", until="2030-01-31", single_days="2027-06-30; 30.09.2027")
    return book_of(tabs)


def _unit(total: dict[str, Any]) -> str:
    return total.get("unit_of_measure") or f"{total['currency']} {total['price_year']}"


def _tab(tabs: dict[str, Any], key: str) -> Any:
    return next(rows for name, rows in tabs.items() if name.startswith(key))


async def _renamed(world: World, benefit: dict[str, Any], name: str) -> None:
    current = (await world.office.get(f"/benefits/{benefit['id']}")).json()
    members = ("mode", "kind", "owner", "estimate", "timing", "budget_line")
    body = {"name": name, **{member: current[member] for member in members}}
    answer = await world.office.put(
        f"/benefits/{benefit['id']}", json=body, headers={"If-Match": f'"{current["revision"]}"'}
    )
    assert answer.status_code == 200, answer.text
