"""X4: the chart of the joint portfolio says what its lines say, in every form, to those who may see them."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from gevinst_shared.values.actor import EVERYONE, Role
from tests.benefits.exchange import make_plan
from tests.benefits.joint_world import Joint, add_benefit, add_project, add_time, joint, localise, share
from tests.benefits.origins import origin
from tests.support.callers import Desk, problem
from tests.support.chart_reading import LANGUAGES, Cell, ReadChart, check_table, holds_all, read_chart
from tests.support.organisations import new_organisation

POTENTIAL = "/joint-portfolio/charts/potential"
DKK = {"currency": "DKK", "price_year": 2025, "money_minor": 70_050}


@pytest.fixture
async def three(benefits: Desk) -> AsyncIterator[Joint]:
    """A central body and two others."""
    async with joint(benefits, 2) as found:
        yield found


async def look(three: Joint, language: str = "en", query: str = "") -> ReadChart:
    client = three.desk.caller(Role.PORTFOLIO_OFFICE, organisation=three.central.organisation)
    return await read_chart(client, f"{POTENTIAL}{query}", language)


async def figures(three: Joint, **query: Any) -> dict[str, tuple[Decimal, Decimal]]:
    """What the lines say in NOK of 2026, by body: confirmed and unconfirmed."""
    unit = {"ledger": "money", "currency": "NOK", "price_year": 2026}
    return {
        organisation: (Decimal(one["confirmed"]), Decimal(one["unconfirmed"]))
        for organisation, line in (await three.lines(**query)).items()
        for one in (line or {"potential": []})["potential"]
        if unit.items() <= one.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_chart_says_what_the_lines_say(three: Joint, language: str) -> None:
    """E2, B6, C1, C7: 3,000.25 of one, 2,500 of ours, nothing of a third; DKK and hours are in no bar."""
    mine, (first, second) = three.central, three.others
    own, its = await add_project(mine), await add_project(first)
    for _ in range(2):
        await add_benefit(first, its)
        await add_benefit(mine, own, confirmed_by=None, state="proposed")
    await add_benefit(first, its, confirmed_by=None, state="proposed", money_minor=100_025)
    await add_benefit(mine, own, money_minor=50_000)
    await add_benefit(mine, own, **DKK)
    await add_time(first, its, "120")
    kept = await add_project(second)
    await add_benefit(second, kept)
    await share(first, mine, its)
    await share(second, mine, kept, without=["potential"])
    await three.pull()

    said, chart = await figures(three), await look(three, language)

    assert said == {
        first.organisation: (Decimal(2000), Decimal("1000.25")),
        mine.organisation: (Decimal(500), Decimal(2000)),
    }
    assert [(one["confirmed"], one["unconfirmed"]) for one in chart.rows] == [
        (2000.0, 1000.25),
        (500.0, 2000.0),
    ]
    names = [one["name"] for one in chart.rows]
    cells: list[list[Cell]] = [
        [name, *parts, sum(parts, Decimal(0))]
        for name, parts in zip(names, said_in(said, three), strict=True)
    ]
    check_table(chart, "gevinst_benefits", [*cells, [names_of(chart)[2], None, None, None]], columns=4)
    assert {one["said"] for one in chart.rows} <= chart.labels
    total = sum((part for parts in said.values() for part in parts), Decimal(0))
    most, confirmed = Decimal("3000.25"), Decimal(2500)
    numbers = chart.numbers_said(names[0], names_of(chart)[2])
    assert holds_all(numbers, [total, confirmed, most, 2026, 2025, 1, 2, 3])


def said_in(said: dict[str, tuple[Decimal, Decimal]], three: Joint) -> list[tuple[Decimal, Decimal]]:
    return [said[one.organisation] for one in (three.others[0], three.central)]


def names_of(chart: ReadChart) -> list[str]:
    return [row[0] for row in chart.tables[0]]


async def test_the_unit_can_be_chosen_and_what_nobody_states_is_no_axis_without_bars(three: Joint) -> None:
    mine, (first, _) = three.central, three.others
    for body in (mine, first):
        project = await add_project(body)
        await add_benefit(body, project)
        if body is first:
            await add_benefit(body, project, **DKK)
            await share(body, mine, project)
    await three.pull()

    usual, other = await look(three), await look(three, query="?currency=DKK")
    neither = await look(three, query="?currency=DKK&price_year=2026")

    assert [one["confirmed"] for one in usual.rows] == [1000.0, 1000.0]
    assert "DKK at 2025 prices (1)" in usual.description
    assert [one["confirmed"] for one in other.rows] == [700.5]
    assert neither.description.startswith(
        "No body here has told what its benefits give in this unit: DKK at 2026"
    )
    assert len(neither.tables[0]) == 3


async def test_projects_are_asked_for_as_in_the_lines(three: Joint) -> None:
    """C3: of one general case, which stands in the title by the name that our register knows."""
    mine, (first, second) = three.central, three.others
    plan = await make_plan(mine)
    its = origin(1, plan.general_case) | {"publisher": mine.organisation}
    for body, its_own in ((first, True), (second, False)):
        project = await add_project(body)
        await add_benefit(body, project)
        if its_own:
            await localise(body, project, "1.00", origin=its, general_case_id=plan.general_case)
        else:
            await localise(body, project, "1.00", origin=None, general_case_id=None)
        await share(body, mine, project)
    await three.pull()
    query: dict[str, Any] = {"case": str(plan.general_case), "publisher": mine.organisation, "own": "false"}

    chart = await look(three, query="?" + "&".join(f"{name}={one}" for name, one in query.items()))
    said = await figures(three, **query)

    assert chart.title.endswith(": Digital post")
    assert list(said) == [first.organisation]
    assert [one["confirmed"] for one in chart.rows] == [1000.0]
    assert [row[-1] for row in chart.tables[0]] == ["1 of 1", "no project known"]


async def test_after_a_restore_only_ours_is_drawn(three: Joint) -> None:
    """0040: as long as there is no total."""
    mine, (first, second) = three.central, three.others
    for body in (mine, first, second):
        project = await add_project(body)
        await add_benefit(body, project)
        if body is not mine:
            await share(body, mine, project)
    await three.pull()
    before = await look(three)
    async with mine.work() as connection:
        await mine.serving.settling.begin_epochs(connection, mine.now)

    held = await look(three)
    await three.pull()
    half = await three.look()
    after = await look(three)

    assert len(before.rows) == 3
    assert [one["name"] for one in held.rows] == ["Your organisation"]
    assert {row[1] for row in held.tables[0][1:]} == {"held back"}
    assert "Held since your restore from a backup: 2 of the partners" in held.description
    # Nobody had read us, so once all were read in full there is a total again.
    assert "total" in half
    assert after == before


async def test_it_is_for_those_who_see_the_joint_portfolio_and_on_no_page_of_others(three: Joint) -> None:
    mine = three.central
    project = await add_project(mine)
    await add_benefit(mine, project)
    codes = {}
    for role in EVERYONE:
        codes[role] = (
            await three.desk.caller(role, organisation=mine.organisation).get(POTENTIAL)
        ).status_code
    office = three.desk.caller(Role.PORTFOLIO_OFFICE, organisation=mine.organisation)
    stranger = three.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    theirs = await stranger.get(POTENTIAL)
    ticket = {"resource": POTENTIAL, "origins": ["https://intranet.example"]}
    embedded = await office.post("/embed-tickets", json=ticket)

    assert {role for role, code in codes.items() if code == 200} == {
        Role.ADMINISTRATOR,
        Role.PORTFOLIO_OFFICE,
    }
    assert "No body here has told" in theirs.json()["data"]["values"][0]["text"]
    assert problem(embedded)["type"].endswith("#not-embeddable")


@pytest.mark.parametrize(
    "query",
    [
        "currency=nok",
        "currency=KRONER",
        "currency=",
        "price_year=1",
        "price_year=x",
        "case=x",
        "colour=red",
        "width=1",
    ],
)
async def test_odd_questions_are_refused(three: Joint, query: str) -> None:
    client = three.desk.caller(Role.PORTFOLIO_OFFICE, organisation=three.central.organisation)

    answer = await client.get(f"{POTENTIAL}?{query}")

    assert answer.status_code == 400
    assert all(one["pointer"].startswith("/query") for one in problem(answer)["errors"])
