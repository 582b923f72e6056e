"""What the projects of a portfolio or programme come to, as figures and as a small page."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from gevinst_portfolio.schemas.project_overviews import ProjectsOverviewOut
from gevinst_shared.charts.words import Words
from gevinst_shared.values.actor import Role
from tests.portfolio.planned import read
from tests.portfolio.world import World, made, obeys
from tests.support.organisations import new_organisation

LANGUAGES = ("en", "nb", "nn", "da", "sv")
INTRANET = "https://intranet.example"


async def programme(world: World) -> str:
    """Two projects in a programme, one of which has nothing but a name, and one beside it."""
    body = {"portfolio_id": world.portfolio_id, "name": "Health"}
    found = await made(world.office, "/programmes", body)
    whole = {"start": "2026-12-31", "end": "2028-01-01", "cost": "4000000.50", "benefit": "10000000.00"}
    await world.project(name="Whole", programme_id=found["id"], **whole)
    await world.project(name="Only a name", programme_id=found["id"])
    await world.project(name="Beside", cost="1000000.00")
    return str(found["id"])


async def overview(world: World, path: str) -> dict[str, Any]:
    found = await read(world.office, path)
    assert obeys(ProjectsOverviewOut, found)
    return found


async def test_what_is_not_known_of_some_is_counted_and_in_no_sum(world: World) -> None:
    programme_id = await programme(world)

    of_programme = await overview(world, f"/programmes/{programme_id}/overview")
    of_portfolio = await overview(world, f"/portfolios/{world.portfolio_id}/overview")

    money = {"currency": "NOK", "price_year": 2026}
    assert of_programme == {
        "id": programme_id,
        "name": "Health",
        "project_count": 2,
        "statuses": [{"status": "proposed", "count": 2}],
        "current_count": 2,
        "cost": {"amount": "4000000.50", **money},
        "cost_unknown": 1,
        "benefit": {"amount": "10000000.00", **money},
        "benefit_unknown": 1,
        "first_start": "2026-12-31",
        "last_end": "2028-01-01",
        "end_unknown": 1,
    }
    assert (of_portfolio["cost"]["amount"], of_portfolio["project_count"]) == ("5000000.50", 3)


async def test_an_empty_portfolio_costs_nothing_that_is_known(world: World) -> None:
    found = await overview(world, f"/portfolios/{world.portfolio_id}/overview")

    assert found["project_count"] == 0
    assert {"cost", "benefit", "first_start", "last_end"}.isdisjoint(found)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_says_what_the_overview_says(world: World, language: str) -> None:
    programme_id = await programme(world)
    for path in (f"/programmes/{programme_id}", f"/portfolios/{world.portfolio_id}"):
        found = await overview(world, f"{path}/overview")

        answer = await world.office.get(f"{path}/status-page", headers={"Accept-Language": language})

        assert answer.status_code == 200, answer.text
        assert answer.headers["content-language"] == language
        words, money = Words(language, {}), found["cost"]
        assert f"<h1>{found['name']}</h1>" in answer.text
        assert f"<dd>{words.money(Decimal(money['amount']), money['currency'])}</dd>" in answer.text
        assert f"<dd>{found['current_count']}</dd>" in answer.text
        assert answer.text.count("<tr") == 1 + len(found["statuses"])


async def test_a_page_can_stand_in_a_frame(world: World) -> None:
    body = {"resource": f"/portfolios/{world.portfolio_id}/status-page", "origins": [INTRANET]}

    got = (await world.office.post("/embed-tickets", json=body)).json()
    framed = await world.desk.with_headers().get(got["page"])

    assert framed.status_code == 200
    assert framed.headers["content-security-policy"].endswith(f"frame-ancestors {INTRANET}")


async def test_nothing_of_it_is_there_for_another_organisation(world: World) -> None:
    programme_id = await programme(world)
    stranger: httpx.AsyncClient = world.desk.caller(Role.READER, organisation=new_organisation())

    answers = [
        await stranger.get(f"{path}/{what}")
        for path in (f"/programmes/{programme_id}", f"/portfolios/{world.portfolio_id}")
        for what in ("overview", "status-page")
    ]

    assert {answer.status_code for answer in answers} == {404}
