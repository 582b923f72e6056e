"""What everybody may read: decisions with case numbers, without people and confidential projects (P8, E3)."""

from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from gevinst_portfolio.papers.public_decisions import CONTENT_SECURITY_POLICY, NAMES
from gevinst_portfolio.schemas.openness import (
    ConfidentialityOut,
    OpennessOut,
    PublicDecisionPageOut,
    PublicNoteOut,
)
from gevinst_shared.values.actor import EVERYONE, Role
from tests.portfolio.background import events_of
from tests.portfolio.boards import rule, ruled
from tests.portfolio.planned import decided, open_world, propose, publish, read, solved
from tests.portfolio.world import World, made, make_world, obeys
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation

OPEN = {"is_open": True, "body": "Porteføljestyret", "from_day": "2020-01-01"}
SECRET = {"is_confidential": True, "basis": "Offentleglova § 23"}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


def base(world: World) -> str:
    return f"/public/organisations/{world.desk.organisation}"


async def public(world: World, what: str = "decisions", **headers: str) -> httpx.Response:
    """As somebody without a token."""
    return await world.desk.with_headers(**headers).get(f"{base(world)}/{what}")


async def opened(world: World, **members: Any) -> dict[str, Any]:
    path = f"/portfolios/{world.portfolio_id}/openness"
    answer = await world.administrator.put(path, json={**OPEN, **members})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def hidden(world: World, project_id: str, **members: Any) -> httpx.Response:
    path = f"/projects/{project_id}/confidentiality"
    return await world.office.put(path, json={**SECRET, **members})


async def listed(world: World) -> list[dict[str, Any]]:
    answer = await public(world)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert obeys(PublicDecisionPageOut, found)
    items: list[dict[str, Any]] = found["items"]
    return items


async def test_nothing_is_public_until_an_administrator_says_so_and_nothing_after_it_is_taken_back(
    world: World,
) -> None:
    project = await propose(world, "Archive")
    await ruled(world, project["id"], "approve")
    path = f"/portfolios/{world.portfolio_id}/openness"
    office = await world.office.put(path, json=OPEN)
    unsaid = await world.office.get(path)
    closed = [await public(world, what) for what in ("decisions", "decision-feed", "decision-page")]

    said = await opened(world)
    shown = await listed(world)
    await opened(world, is_open=False)
    again = await public(world)

    assert (office.status_code, unsaid.status_code) == (403, 404)
    assert [answer.status_code for answer in closed] == [404, 404, 404]
    assert obeys(OpennessOut, said)
    assert len(shown) == 1
    assert again.status_code == 404
    assert [fact["is_open"] for fact in await events_of(world.desk, "openness-set")] == [True, False]


async def test_a_decision_shows_what_when_by_which_body_and_case_number_and_no_person(world: World) -> None:
    """E3: neither deciders, reasons, conditions nor who recorded it."""
    project = await propose(world, "Archive")
    reasons = "Kari Nordmann insisted, Ola Nordmann was against."
    decision = await ruled(world, project["id"], "approve", reasons=reasons)
    await opened(world)

    (shown,) = await listed(world)

    assert shown == {
        "id": decision["id"],
        "organisation": world.desk.organisation,
        "body": "Porteføljestyret",
        "case_number": "2026/12",
        "decided_on": decision["decided_on"],
        "is_withdrawn": False,
        "kind": "approve",
        "projects": [{"name": "Archive", "effect": "approved", "start": "2027-01-01", "end": "2027-12-31"}],
        "notes": [],
        "published_at": decision["created_at"],
        "updated_at": decision["created_at"],
    }
    for what in ("decisions", "decision-feed", "decision-page"):
        text = (await public(world, what)).text
        assert "Nordmann" not in text, what
        assert "board" not in text.replace("Porteføljestyret", ""), what
        assert project["id"] not in text, what


async def test_a_project_that_becomes_confidential_is_gone_at_once_from_list_feed_and_page(
    world: World,
) -> None:
    """Also from decisions about several, without leaving a count; and a known tag is no longer the latest."""
    secret, plain = (
        await propose(world, "Hemmelig anlegg"),
        await propose(world, "Archive", cost="1000000.00"),
    )
    scenario = await solved(world)
    await publish(world, scenario["id"])
    assert (await decided(world, scenario["id"])).status_code == 201
    alone = await ruled(world, secret["id"], "stop", case_number="2026/99")
    await opened(world)
    before = {what: await public(world, what) for what in ("decisions", "decision-feed", "decision-page")}
    assert all("Hemmelig anlegg" in answer.text for answer in before.values())

    baseless = await world.office.put(
        f"/projects/{secret['id']}/confidentiality", json={"is_confidential": True}
    )
    marked = await hidden(world, secret["id"])

    assert (baseless.status_code, problem(baseless)["type"].rpartition("#")[2]) == (400, "basis-missing")
    assert obeys(ConfidentialityOut, marked.json())
    for what, then in before.items():
        now = await public(world, what, **{"If-None-Match": then.headers["etag"]})
        assert now.status_code == 200, what
        assert now.headers["cache-control"] == "no-cache"
        for said in ("Hemmelig", secret["id"], alone["id"], "2026/99"):
            assert said not in now.text, (what, said)
        assert plain["name"] in now.text
    (shown,) = await listed(world)
    assert [one["name"] for one in shown["projects"]] == ["Archive"]

    await hidden(world, secret["id"], is_confidential=False)

    assert {one["case_number"] for one in await listed(world)} == {"2026/99", "2026/4711"}


async def test_a_correction_stands_beside_and_a_withdrawal_in_place_of_what_was_published(
    world: World,
) -> None:
    project = await propose(world, "Archive")
    decision = await ruled(world, project["id"], "approve")
    await opened(world)
    path = f"/decisions/{decision['id']}/public-notes"

    note = await made(world.office, path, {"kind": "correction", "text": "The case is 2026/13."})
    (corrected,) = await listed(world)
    page = (await public(world, "decision-page?language=en")).text
    await made(world.office, path, {"kind": "withdrawal", "text": "Published by mistake."})
    (withdrawn,) = await listed(world)
    feed = (await public(world, "decision-feed?language=en")).text
    more = await world.office.post(path, json={"kind": "correction", "text": "Once more."})

    assert obeys(PublicNoteOut, note)
    assert [(one["kind"], one["text"]) for one in corrected["notes"]] == [
        ("correction", "The case is 2026/13.")
    ]
    assert corrected["updated_at"] > corrected["published_at"]
    assert corrected["projects"]
    assert "The case is 2026/13." in page
    assert withdrawn["is_withdrawn"] is True
    assert {"kind", "projects", "until"}.isdisjoint(withdrawn)
    assert withdrawn["case_number"] == "2026/12"
    assert [one["text"] for one in withdrawn["notes"]] == ["Published by mistake."]
    assert "withdrawn from this list" in feed
    assert "Archive" not in feed
    assert more.status_code == 409
    assert (await read(world.office, path))["items"][0] == note
    (kept,) = (await read(world.office, f"/portfolios/{world.portfolio_id}/decisions"))["items"]
    assert kept == decision


async def test_a_later_decision_about_the_same_project_is_named(world: World) -> None:
    """P8: never changed, only followed by another."""
    project = await propose(world, "Archive")
    await ruled(world, project["id"], "approve")
    stopped = await rule(world, project["id"], "stop")
    await opened(world)

    last, first = await listed(world)

    assert last["kind"] == "stop"
    assert first["projects"][0]["followed_by_id"] == stopped.json()["id"] == last["id"]
    assert "followed_by_id" not in last["projects"][0]


async def test_only_decisions_from_the_day_on_and_of_open_portfolios_are_there(world: World) -> None:
    project = await propose(world, "Archive")
    await ruled(world, project["id"], "approve")
    other = await open_world(world)
    elsewhere = await propose(other, "Booking")
    await ruled(other, elsewhere["id"], "approve")

    await opened(world)
    only = await listed(world)
    await opened(world, from_day="2099-01-01")

    assert [one["projects"][0]["name"] for one in only] == ["Archive"]
    assert await listed(world) == []


async def test_the_list_has_pages_and_finds_a_case_by_its_number(world: World) -> None:
    for number in range(3):
        project = await propose(world, f"Project {number}")
        await ruled(world, project["id"], "approve", case_number=f"2026/{number}")
    await opened(world)
    nobody = world.desk.with_headers()

    first = (await nobody.get(f"{base(world)}/decisions?limit=2")).json()
    second = await nobody.get(f"{base(world)}/decisions", params={"cursor": first["next_cursor"]})
    found = await nobody.get(f"{base(world)}/decisions", params={"case": "2026/1"})

    numbers = [one["case_number"] for one in (*first["items"], *second.json()["items"])]
    assert numbers == ["2026/2", "2026/1", "2026/0"]
    assert [one["case_number"] for one in found.json()["items"]] == ["2026/1"]


async def test_the_feed_is_atom_with_ids_that_stay(world: World) -> None:
    """RFC 4287."""
    project = await propose(world, "Archive & <co>")
    decision = await ruled(world, project["id"], "approve", case_number="2026/1 <b>")
    await opened(world)

    answer = await public(world, "decision-feed?language=nb")
    known = await public(world, "decision-feed?language=nb", **{"If-None-Match": answer.headers["etag"]})
    feed = ElementTree.fromstring(answer.content)

    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert known.status_code == 304
    assert feed.findtext(f"{ATOM}title") == "Beslutninger: Oslo"
    assert (feed.findtext(f"{ATOM}id") or "").endswith(f"{base(world)}/decision-feed")
    assert feed.findtext(f"{ATOM}updated") == decision["created_at"]
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{decision['id']}"
    assert entry.findtext(f"{ATOM}title") == "2026/1 <b>: godkjent"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Porteføljestyret"
    assert "Archive &amp; &lt;co&gt;: godkjent" in (entry.findtext(f"{ATOM}content") or "")


@pytest.mark.parametrize("language", NAMES)
async def test_the_page_has_no_script_and_speaks_five_languages(world: World, language: str) -> None:
    project = await propose(world, "<script>alert(1)</script>")
    await ruled(world, project["id"], "approve")
    await opened(world)

    answer = await public(world, f"decision-page?language={language}")

    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-language"] == language
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert f'<html lang="{language}' in answer.text
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    for code, name in NAMES.items():
        assert f'href="?language={code}"' in answer.text
        assert name in answer.text


async def test_the_page_is_in_the_organisations_language_when_nobody_asks(world: World) -> None:
    await opened(world)

    own = await public(world, "decision-page")
    asked = await public(world, "decision-page", **{"Accept-Language": "sv"})

    assert own.headers["content-language"] == "nb"
    assert "Ingen beslutninger er publisert ennå." in own.text
    assert asked.headers["content-language"] == "sv"


async def test_an_unknown_organisation_and_one_without_openness_are_answered_alike(world: World) -> None:
    nobody = world.desk.with_headers()
    unknown = new_organisation()

    closed = await public(world)
    other = await nobody.get(f"/public/organisations/{unknown}/decisions")
    odd = await nobody.get("/public/organisations/0192:' OR 1/decisions")
    wide = await nobody.get(f"{base(world)}/decisions?portfolio=x")

    assert {**problem(closed), "instance": ""} == {**problem(other), "instance": ""}
    assert (closed.status_code, odd.status_code, wide.status_code) == (404, 400, 400)


async def test_others_can_neither_open_nor_hide_nor_correct(world: World) -> None:
    project = await propose(world, "Archive")
    decision = await ruled(world, project["id"], "approve")
    elsewhere = world.desk.caller(*EVERYONE, organisation=new_organisation())
    reader = world.desk.caller(Role.READER, subject="rita")
    note = {"kind": "withdrawal", "text": "No"}
    asked = {
        f"/portfolios/{world.portfolio_id}/openness": OPEN,
        f"/projects/{project['id']}/confidentiality": SECRET,
    }

    for path, body in asked.items():
        assert (await elsewhere.put(path, json=body)).status_code == 404, path
        assert (await reader.put(path, json=body)).status_code == 403, path
    path = f"/decisions/{decision['id']}/public-notes"
    assert (await elsewhere.post(path, json=note)).status_code == 404
    assert (await reader.post(path, json=note)).status_code == 403
