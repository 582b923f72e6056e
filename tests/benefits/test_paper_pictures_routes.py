"""The pictures of gate papers, monthly reports and benefit reports are the charts of the same figures."""

import re
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import httpx
import pytest

from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.charts.renderer import Renderer
from tests.benefits.reporting_world import MONTH, Reporting
from tests.benefits.test_benefit_report_routes import planned, report
from tests.benefits.test_report_paper_routes import paper
from tests.benefits.tree_desk import drawn_up
from tests.benefits.world import World, made
from tests.support.paper_reading import docx_text, tags

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def description(client: httpx.AsyncClient, path: str, language: str) -> str:
    """What the chart says of itself."""
    answer = await client.get(path, headers={"Accept": "image/svg+xml", "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return str(fromstring(answer.text)[1].text)


def alternatives(content: bytes) -> list[str]:
    return [str(one["/Alt"]) for one in tags(content) if one["/S"] == "/Figure"]


@pytest.mark.parametrize("language", ["nb", "da"])
async def test_a_gate_paper_shows_the_frozen_cases_cash_flow(world: World, language: str) -> None:
    """G4: that of the version that was frozen, also when there is a newer one."""
    await world.started()
    case = await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())
    gate = await world.proposed()
    headers = {"Accept": PDF, "Accept-Language": language}
    path = f"/gates/{gate['id']}/paper"
    before = await world.office.get(path, headers=headers)
    await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())

    printed = await world.office.get(path, headers=headers)

    chart = f"/business-cases/{case['id']}/charts/cash-flow"
    assert alternatives(printed.content) == [await description(world.office, chart, language)]
    assert printed.content == before.content
    again = await world.office.get(path, headers=headers | {"If-None-Match": before.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("language", ["nn", "sv"])
async def test_a_projects_benefit_report_shows_planned_against_realised_and_its_tree(
    world: World, language: str
) -> None:
    await planned(world)
    await drawn_up(world)
    charts = f"/projects/{world.project_id}/charts"

    printed = await report(world, f"/projects/{world.project_id}", PDF, language)

    realised, tree = alternatives(printed.content)
    assert tree == await description(world.office, f"{charts}/benefit-tree", language)
    of_portfolio = f"/portfolios/{world.portfolio_id}/charts/planned-against-realised"
    assert realised == await description(world.office, of_portfolio, language)


async def test_a_unit_and_a_portfolio_have_their_own_picture(world: World) -> None:
    await planned(world)
    for path in (f"/units/{world.unit}", f"/portfolios/{world.portfolio_id}"):
        printed = await report(world, path, PDF)

        chart = f"{path}/charts/planned-against-realised"
        assert alternatives(printed.content) == [await description(world.office, chart, "en")]


async def test_amounts_that_cannot_be_added_are_not_drawn_together(world: World) -> None:
    """C1: the paper says so, and comes."""
    await planned(world)
    money = {"amount": "1000.00", "currency": "DKK", "price_year": 2026}
    await world.planned(
        mode="budget-reduction",
        kind="avoided-cost",
        estimate={"ledger": "money", "money_per_year": money},
        timing={"hangs_on": "none", "starts_on": "2026-01-01", "duration_months": 120},
    )

    text = docx_text((await report(world, f"/projects/{world.project_id}", DOCX)).content)

    assert "several currencies or price years, which are never added" in text


async def test_a_monthly_report_shows_the_gates_as_they_stand(reporting: Reporting) -> None:
    """G1; a project on no model has no strip."""
    found = await reporting.submitted(MONTH)
    without = await paper(reporting, found, Accept=PDF)
    await reporting.world.started()

    printed = await paper(reporting, found, Accept=PDF)
    written = await paper(reporting, found, Accept=DOCX)

    chart = f"/projects/{reporting.world.project_id}/charts/gate-strip"
    assert alternatives(without.content) == []
    assert alternatives(printed.content) == [await description(reporting.manager, chart, "en")]
    assert "they may have stood otherwise when the report was submitted" in docx_text(written.content)


async def test_a_paper_comes_with_rows_when_there_is_nobody_to_draw(world: World) -> None:
    """It has no tag: the next one may be whole again."""
    await drawn_up(world)
    said = await description(world.office, f"/projects/{world.project_id}/charts/benefit-tree", "en")
    house = world.desk.app.state.house
    full = Pictures(Renderer(processes=1, most_waiting=0), room=0)
    world.desk.app.state.house = replace(house, pictures=full)
    try:
        answer = await report(world, f"/projects/{world.project_id}", DOCX)
    finally:
        world.desk.app.state.house = house

    text = docx_text(answer.content)
    assert re.sub(r"\s+", " ", f"is not shown as a picture here. {said}") in text
    assert "leads to" in text
    assert "etag" not in answer.headers
