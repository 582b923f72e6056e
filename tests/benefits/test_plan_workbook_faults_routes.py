"""What cannot be taken from a plan's workbook is answered by cell, and never by a fault of ours."""

import random
from datetime import date
from typing import Any

import pytest

from gevinst_shared.sheets.reading import CellValue
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_books import (
    Tabs,
    book_of,
    download,
    fill,
    found_faults,
    full_plan,
    previewed,
    sent,
    tab,
    tabs_of,
)
from tests.benefits.plan_records import plan_of
from tests.benefits.world import World
from tests.support.callers import problem

# Table, row, column, what is written there, and what it is refused for.
ODD: list[tuple[str, int, str, CellValue, str]] = [
    ("A", 3, "money", "NaN", "measurement-cell-not-a-number"),
    ("A", 3, "money", "#DIV/0!", "measurement-cell-not-a-number"),
    ("A", 3, "money", "=1+1", "measurement-cell-not-a-number"),
    ("A", 3, "money", True, "measurement-cell-not-a-number"),
    ("A", 3, "money", 1e300, "measurement-cell-out-of-reach"),
    ("A", 3, "money", 0.001, "plan-cell-not-taken"),
    ("A", 3, "money", "1.234", "measurement-cell-ambiguous"),
    ("A", 3, "money", None, "plan-cell-empty"),
    ("A", 3, "ledger", "time", "plan-cell-out-of-place"),
    ("A", 3, "ledger", "joy", "plan-cell-not-a-choice"),
    ("A", 3, "currency", "SKILLING", "plan-cell-not-a-choice"),
    ("A", 3, "price-year", 2026.5, "plan-cell-not-taken"),
    ("A", 3, "price-year", 1066, "plan-cell-not-taken"),
    ("A", 3, "amount", 12, "plan-cell-out-of-place"),
    ("A", 3, "unit", "The moon", "plan-cell-name-unknown"),
    ("A", 3, "role", "king", "plan-cell-not-a-choice"),
    ("A", 3, "role", None, "plan-cell-empty"),
    ("A", 3, "kind", "no kind at all!", "plan-cell-not-taken"),
    ("A", 3, "benefit-name", None, "plan-cell-empty"),
    ("A", 3, "benefit-name", "x" * 201, "plan-cell-not-taken"),
    ("A", 3, "benefit-name", "two\nlines", "plan-cell-not-taken"),
    ("A", 3, "starts-on", date(2027, 1, 1), "odd-timing"),
    ("A", 3, "starts-on", "the first of May", "measurement-cell-not-a-day"),
    ("A", 3, "delivery", "Pilot", "plan-cell-name-unknown"),
    ("A", 3, "duration-months", 0, "plan-cell-not-taken"),
    ("A", 4, "code", "M1", "plan-cell-number-taken"),
    ("A", 4, "benefit-name", "less POSTAGE", "plan-row-there-twice"),
    ("C", 3, "benefit", "M1", "plan-row-moved"),
    ("C", 3, "benefit", "M9", "plan-cell-name-unknown"),
    ("C", 3, "amount", -4, "plan-cell-not-taken"),
    ("C", 3, "money", 4, "plan-cell-empty"),
    ("D", 3, "agreement", "accepted", "plan-row-is-history"),
    ("E", 3, "person", "Olav", "plan-cell-out-of-place"),
    ("E", 3, "person", "Nobody", "plan-cell-name-unknown"),
    ("E", 3, "other-kind", "dance", "action-kind-unsaid"),
    ("E", 3, "day", None, "odd-timing"),
    ("F", 3, "probability", "perhaps", "plan-cell-not-a-choice"),
    ("F", 3, "probability", None, "plan-cell-empty"),
    ("F", 3, "risk-state", "met", "plan-cell-not-taken"),
    ("F", 3, "what", "prerequisite", "plan-row-moved"),
    ("F", 3, "what", None, "plan-row-moved"),
    ("F", 9, "risk", "Said of nothing", "plan-cell-name-unknown"),
    ("G", 3, "target", None, "plan-cell-empty"),
    ("G", 3, "baseline", 99, "new-baseline-without-reason"),
    ("G", 3, "until", None, "measurement-plan-not-whole"),
    ("G", 3, "until", date(2020, 1, 1), "measurement-plan-ends-early"),
    ("G", 3, "single-days", "2027-02-30", "measurement-cell-not-a-day"),
    ("G", 3, "measurer-role", "unit-leader", "plan-cell-empty"),
]

TYPED: list[CellValue] = [
    *(None, 0, 1, -1, 2027, 16.5, 1e11, 1e-7, -1e300, True, "", " ", "x", "M1", "T1", "Home care", "Olav"),
    *(
        "NaN",
        "1e9",
        "9" * 30,
        "æøå\u202e",
        "line\nline",
        "y" * 11_000,
        "=A1",
        "\u0007",
        "2027-01-31",
        "31.13.2027",
    ),
    *("money", "tid", "end", "milestone", "risk", "yearly", "down", "benefit owner", "proposed", "DKK"),
    *(date(1900, 1, 1), date(2027, 6, 1), date(2199, 12, 31), "0192:991825827", "2027-01-01; 2028-01-01"),
]


async def test_each_odd_cell_is_answered_by_itself(world: World) -> None:
    """C7, B2, B5, B8, B14: numbers that are none, other ledgers, unknown owners and units, names twice."""
    await full_plan(world)
    content = await download(world.office, world.project_id)

    for key, row, column, value, code in ODD:
        tabs = tabs_of(content)
        fill(tabs, key, row, **{column.replace("-", "_"): value})
        found = await previewed(world.office, world.project_id, book_of(tabs))
        codes = {(one["sheet"][0], one["code"]) for one in found["faults"]}
        assert (key, code) in codes, (key, column, value, found)

    assert (await plan_of(world))["benefit_count"] == 2


async def test_all_faults_of_a_file_are_shown_at_their_cells_in_the_readers_words(world: World) -> None:
    await full_plan(world)
    tabs = tabs_of(await download(world.office, world.project_id))
    fill(tabs, "A", 3, money="NaN", unit="The moon")
    fill(tabs, "A", 6, benefit_name="Half a row")
    fill(tabs, "E", 7, action="Of nobody's benefit")

    seen = await previewed(world.office, world.project_id, book_of(tabs), **{"Accept-Language": "nn"})

    assert found_faults(seen) >= {
        ("A", "K3", "measurement-cell-not-a-number"),
        ("A", "I3", "plan-cell-name-unknown"),
        ("E", "C7", "plan-cell-name-unknown"),
    }
    assert {cell for table, cell, _ in found_faults(seen) if table == "A" and cell.endswith("6")} >= {"F6"}
    texts = {one["code"]: one["title"] for one in seen["faults"]}
    assert texts["plan-cell-name-unknown"] == "Namnet er ukjent"


async def test_rows_that_were_copied_with_their_hidden_id_or_have_a_strange_one_are_told(
    world: World,
) -> None:
    await full_plan(world)
    tabs = tabs_of(await download(world.office, world.project_id))
    benefits = tab(tabs, "A")
    benefits.append([*benefits[2]])
    benefits[4][3] = "A copy"
    actions = tab(tabs, "E")
    actions[2][0] = str(new_id())

    seen = await previewed(world.office, world.project_id, book_of(tabs))

    codes = {(table, code) for table, _, code in found_faults(seen)}
    assert codes == {
        ("A", "plan-row-there-twice"),
        ("A", "plan-cell-number-taken"),
        ("E", "plan-row-not-known"),
    }


async def test_other_files_are_refused_as_a_whole(world: World) -> None:
    await full_plan(world)
    content = await download(world.office, world.project_id)
    strange = book_of({"Sheet1": [["a", "b"], [1, 2]]})
    long: Tabs = {name: rows for name, rows in tabs_of(content).items() if name.startswith("A")}
    rows = tab(long, "A")
    rows += [[None, None, f"N{at}", f"Name {at}", *[None] * (len(rows[0]) - 4)] for at in range(2001)]
    many: Tabs = {name: rows for name, rows in tabs_of(content).items() if name.startswith("A")}
    rows = tab(many, "A")
    rows += [[None, None, f"N{at}", f"Name {at}", *[None] * (len(rows[0]) - 4)] for at in range(1001)]

    answers: dict[str, Any] = {
        "not-a-workbook": await sent(world.office, world.project_id, b"PK\x03\x04 not really"),
        "plan-workbook-not-known": await sent(world.office, world.project_id, strange),
        "plan-workbook-of-another": await sent(world.office, world.other_id, content),
        "plan-workbook-too-large": await sent(world.office, world.project_id, book_of(long)),
    }
    too_many = await sent(world.office, world.project_id, book_of(many))
    csv = await world.office.post(
        f"/projects/{world.project_id}/plan-workbook-previews",
        content=b"a;b",
        headers={"Content-Type": "text/csv"},
    )

    for code, answer in answers.items():
        assert problem(answer)["type"].endswith(f"#{code}"), answer.text
    assert problem(too_many)["type"].endswith("#plan-workbook-too-large")
    assert csv.status_code == 415


@pytest.mark.parametrize("cut", ["rows", "columns", "sheets"])
async def test_what_is_not_in_the_file_stays_as_it_is(world: World, cut: str) -> None:
    await full_plan(world)
    tabs = tabs_of(await download(world.office, world.project_id))
    if cut == "rows":
        tabs = {name: rows[:2] for name, rows in tabs.items()}
    elif cut == "columns":
        tabs = {name: [row[:3] for row in rows] for name, rows in tabs.items()}
    else:
        tabs = {name: rows for name, rows in tabs.items() if name[0] in "AB"}

    seen = await previewed(world.office, world.project_id, book_of(tabs))

    assert (seen["change_count"], seen["faults"]) == (0, [])


async def test_a_risk_stays_a_risk_when_the_column_that_says_so_is_gone(world: World) -> None:
    await full_plan(world)
    tabs = tabs_of(await download(world.office, world.project_id))
    rows = tab(tabs, "F")
    what = rows[0].index("what")
    fill(tabs, "F", 3, measure="Tell them")
    for row in rows:
        del row[what]
    rows.append([None, None, "M1", "Neither risk nor prerequisite", *[None] * (len(rows[0]) - 4)])

    seen = await previewed(world.office, world.project_id, book_of(tabs))

    assert [one["after"] for one in seen["changes"]] == ["Tell them"]
    assert [one["code"] for one in seen["faults"]] == ["plan-cell-not-a-choice"]


@pytest.mark.slow
async def test_whatever_is_typed_the_answer_is_a_preview_or_says_what_is_wrong(world: World) -> None:
    """Numbers, days, words and nothing in cells where they do not belong, many at once."""
    await full_plan(world)
    content = await download(world.office, world.project_id)
    rng = random.Random(20270101)

    for _ in range(80):
        tabs = tabs_of(content)
        for _ in range(rng.randint(1, 12)):
            rows = tab(tabs, rng.choice("ABCDEFG"))
            row, place = (
                rng.randrange(0 if rng.random() < 0.05 else 2, len(rows) + 2),
                rng.randrange(len(rows[0])),
            )
            while len(rows) <= row:
                rows.append([None] * len(rows[0]))
            rows[row][place] = rng.choice(TYPED)
        answer = await sent(world.office, world.project_id, book_of(tabs))
        assert answer.status_code in (200, 400, 409), answer.text
        if answer.status_code == 200 and not answer.json()["fault_count"] and answer.json()["change_count"]:
            done = await sent(world.office, world.project_id, book_of(tabs), seen=answer.json()["digest"])
            assert done.status_code == 201, done.text
            content = await download(world.office, world.project_id)
