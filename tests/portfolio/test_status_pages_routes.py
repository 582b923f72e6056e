"""A project as a small page: the figures of its own operation."""

import json
from decimal import Decimal
from importlib.resources import files

import pytest

from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_shared.charts.words import Words
from gevinst_shared.values.actor import Role
from tests.portfolio.world import World
from tests.support.organisations import new_organisation

LANGUAGES = ("en", "nb", "nn", "da", "sv")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_says_what_the_project_says(world: World, language: str) -> None:
    project = await world.project(cost="1250000.00")

    answer = await world.office.get(
        f"/projects/{project['id']}/status-page", headers={"Accept-Language": language}
    )

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == language
    assert f"<h1>{project['name']}</h1>" in answer.text
    money = project["cost"]
    assert Words(language, {}).money(Decimal(money["amount"]), money["currency"]) in answer.text
    assert answer.text.count("<dd>") == 5


async def test_anothers_project_has_no_page(world: World) -> None:
    project = await world.project()
    stranger = world.desk.caller(Role.READER, organisation=new_organisation())

    assert (await stranger.get(f"/projects/{project['id']}/status-page")).status_code == 404


async def test_a_projects_page_can_be_published(world: World) -> None:
    """Looking at it makes no transaction read-only that is to write."""
    project = await world.project()
    body = {"resource": f"/projects/{project['id']}/status-page", "origins": ["https://intranet.example"]}

    published = await world.office.post("/embeds", json=body)
    assert published.status_code == 201, published.text
    shown = await world.office.get(published.json()["page"])

    assert shown.status_code == 200
    assert project["name"] in shown.text


def test_every_status_has_a_word_in_every_language() -> None:
    texts = files("gevinst_portfolio") / "texts" / "status_pages"
    found = {language: json.loads((texts / f"{language}.json").read_text("utf-8")) for language in LANGUAGES}

    for language in LANGUAGES:
        assert found[language].keys() == found["en"].keys()
        assert {f"status.{status}" for status in ProjectStatus} <= found[language].keys()
