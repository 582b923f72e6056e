"""The look of an organisation's charts: chosen by its administrator, seen by everybody in it."""

from base64 import b64encode
from typing import Any

import pytest

from gevinst_portfolio.schemas.themes import ThemeOut
from gevinst_shared.values.actor import Role
from tests.portfolio.planned import propose
from tests.portfolio.world import World, make_world, obeys
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation

LOGO = b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
    )
).decode()
RED: dict[str, Any] = {"light": ["#7a0019"], "dark": ["#ff9aa8"], "font": "Oslo Sans", "logo": LOGO}


@pytest.fixture
async def world(portfolio: Desk) -> World:
    made = await make_world(portfolio)
    await propose(made, "Ours")
    return made


def roadmap(world: World) -> str:
    return f"/portfolios/{world.portfolio_id}/charts/roadmap"


async def test_a_chosen_theme_is_that_of_every_chart_and_is_announced(world: World) -> None:
    before = await world.office.get(roadmap(world), headers={"Accept": "image/svg+xml"})
    unset = await world.office.get("/theme")
    chosen = await world.administrator.put("/theme", json=RED)
    again = await world.administrator.put("/theme", json=RED | {"light": ["#003366"]})

    picture = await world.office.get(roadmap(world), headers={"Accept": "image/svg+xml"})
    dark = await world.office.get(f"{roadmap(world)}?scheme=dark")

    assert (unset.status_code, chosen.status_code, chosen.headers["etag"]) == (404, 200, '"1"')
    assert obeys(ThemeOut, chosen.json())
    assert (again.headers["etag"], (await world.office.get("/theme")).json()) == ('"2"', again.json())
    assert "Oslo Sans" in picture.text
    assert "data:image/png;base64" in picture.text
    assert picture.headers["etag"] != before.headers["etag"]
    assert dark.json()["config"]["font"].startswith("Oslo Sans, ")
    (first, second) = [one for one in await world.events() if one["type"].endswith("theme-chosen.v1")]
    assert (first["data"]["light"], second["data"]["light"]) == (["#7a0019"], ["#003366"])


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"light": ["#1f5fa8", "#ffe08a"]}, "/body/light/1", "pale-colour"),
        ({"dark": ["#222222"]}, "/body/dark/0", "pale-colour"),
        ({"light": ["red"]}, "/body/light/0", "malformed"),
        ({"light": ["#1f5fa8"] * 7}, "/body/light", "malformed"),
        ({"font": "Arial'; url(x)"}, "/body/font", "malformed"),
        ({"logo": "iVBORw0KGgo="}, "/body/logo", "odd-logo"),
        ({"logo": "abc"}, "/body/logo", "odd-logo"),
        ({"logo": b64encode(b"<svg onload='run()'/>" * 9).decode()}, "/body/logo", "odd-logo"),
    ],
)
async def test_what_not_everybody_could_see_and_what_could_run_is_refused(
    world: World, body: dict[str, Any], pointer: str, code: str
) -> None:
    refused = problem(await world.administrator.put("/theme", json=body))

    assert (refused["status"], refused["type"].rpartition("#")[2]) == (400, code)
    assert pointer in [one["pointer"] for one in refused["errors"]]
    assert (await world.office.get("/theme")).status_code == 404


async def test_only_an_administrator_chooses_and_no_other_organisation_sees_it(world: World) -> None:
    peer = await world.office.put("/theme", json=RED)
    await world.administrator.put("/theme", json=RED)
    other = await make_world(
        Desk(world.desk.app, "portfolio", world.desk.installation, organisation=new_organisation())
    )

    assert peer.status_code == 403
    assert (await other.office.get("/theme")).status_code == 404
    stranger = world.desk.caller(Role.BOARD_MEMBER, organisation=new_organisation())
    assert (await stranger.get("/theme")).status_code == 404
    for client in other.desk.clients:
        await client.aclose()
