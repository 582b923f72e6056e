"""My duties as a page: the caller's own, in a frame with the caller's own ticket."""

import json
from importlib.resources import files

import pytest

from tests.notifications.test_duties_routes import action
from tests.notifications.world import World
from tests.support.callers import problem

LANGUAGES = ("en", "nb", "nn", "da", "sv")
INTRANET = "https://intranet.example"
PAGE = "/duties/status-page"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_lists_what_the_inbox_lists(world: World, language: str) -> None:
    doer = await world.person("dina")
    await world.hear(action(world, doer))
    caller = world.caller("dina")
    (duty,) = (await caller.get("/inbox/duties")).json()["items"]

    answer = await caller.get(PAGE, headers={"Accept-Language": language})

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-language"] == language
    assert duty["name"] in answer.text
    assert answer.text.count('<th scope="row"') == 1


async def test_a_ticket_shows_its_own_persons_duties_only(world: World) -> None:
    doer = await world.person("dina")
    await world.hear(action(world, doer))
    body = {"resource": f"{PAGE}?language=nb", "origins": [INTRANET]}
    browser = world.desk.with_headers()

    mine = (await world.caller("dina").post("/embed-tickets", json=body)).json()
    others = (await world.caller("siri").post("/embed-tickets", json=body)).json()
    shown, empty = await browser.get(mine["page"]), await browser.get(others["page"])

    assert shown.headers["content-security-policy"].endswith(f"frame-ancestors {INTRANET}")
    assert shown.headers["cache-control"] == "private, no-store"
    assert 'scope="row"' in shown.text
    assert "Ingenting venter på deg" in empty.text


async def test_duties_are_never_published(world: World) -> None:
    answer = await world.caller("dina").post("/embeds", json={"resource": PAGE, "origins": [INTRANET]})

    assert problem(answer)["status"] == 404


def test_every_sentence_is_there_in_every_language() -> None:
    texts = files("gevinst_notifications") / "texts" / "status_pages"
    keys = {tuple(json.loads((texts / f"{language}.json").read_text("utf-8"))) for language in LANGUAGES}

    assert len(keys) == 1
