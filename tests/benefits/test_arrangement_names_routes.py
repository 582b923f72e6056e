"""Portfolios and programmes are called here what the portfolio service calls them."""

import pytest

from gevinst_shared.values.ids import new_id
from tests.benefits.test_benefit_report_routes import planned, told
from tests.benefits.world import World


async def with_programme(world: World) -> str:
    programme_id = str(new_id())
    await world.tell(
        "project-changed",
        project_id=world.project_id,
        portfolio_id=world.portfolio_id,
        programme_id=programme_id,
        name="Digital post",
        status="running",
    )
    return programme_id


async def status_page(world: World, path: str) -> str:
    answer = await world.office.get(f"{path}/status-page", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("kind", ["portfolio-arranged", "portfolio-changed"])
async def test_a_portfolios_name_stands_in_its_papers_pages_and_charts(world: World, kind: str) -> None:
    await planned(world)
    path = f"/portfolios/{world.portfolio_id}"
    before = await told(world, path)

    await world.tell(kind, portfolio_id=world.portfolio_id, name="Plans for {all} & <us>")

    assert "Benefit report: Portfolio (projects: " in before
    assert "Benefit report: Plans for {all} & <us>" in await told(world, path)
    assert "Plans for {all} &amp; &lt;us&gt;" in await status_page(world, path)
    chart = await world.office.get(f"{path}/charts/planned-against-realised", headers={"Accept": "text/html"})
    assert "Planned against realised: Plans for {all} &amp; &lt;us&gt;" in chart.text


async def test_a_programme_has_its_latest_name(world: World) -> None:
    await planned(world)
    programme_id = await with_programme(world)
    for name in ("Digital health", "Home longer"):
        await world.tell(
            "programme-changed", programme_id=programme_id, portfolio_id=world.portfolio_id, name=name
        )

    assert "Benefit report: Home longer" in await told(world, f"/programmes/{programme_id}")
    assert "Home longer" in await status_page(world, f"/programmes/{programme_id}")


async def test_a_name_that_is_missing_is_passed_over(world: World) -> None:
    """An event that is not understood must not stop those behind it."""
    await planned(world)

    await world.tell("portfolio-changed", portfolio_id=world.portfolio_id)

    assert "Portfolio (projects: " in await told(world, f"/portfolios/{world.portfolio_id}")
