"""What must not be told is told nowhere: not in words, ids, counts, tags, order or refusals (P8, E3)."""

from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.portfolio.boards import rule, ruled
from tests.portfolio.planned import decided, open_world, propose, publish, solved
from tests.portfolio.test_public_decisions_routes import ATOM, base, hidden, listed, opened, public
from tests.portfolio.world import World, made, make_world, put
from tests.support.callers import Desk
from tests.support.organisations import new_organisation

KINDS = ("decisions", "decision-feed?language=nb", "decision-page?language=nb")


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def told(world: World) -> dict[str, tuple[str, str]]:
    """The words and the tag of each form."""
    answers = {what: await public(world, what) for what in KINDS}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {what: (answer.text, answer.headers["etag"]) for what, answer in answers.items()}


async def note(world: World, decision: dict[str, Any], kind: str, text: str) -> dict[str, Any]:
    path = f"/decisions/{decision['id']}/public-notes"
    return await made(world.office, path, {"kind": kind, "text": text})


async def plan_decided(world: World) -> dict[str, Any]:
    """A decision about two projects at once."""
    scenario = await solved(world)
    await publish(world, scenario["id"])
    answer = await decided(world, scenario["id"])
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_happens_to_a_confidential_project_changes_nothing_that_everybody_sees(
    world: World,
) -> None:
    """Every form stays the same to the last byte, with its tag: decided, again, corrected, withdrawn."""
    secret, plain = await propose(world, "Hemmelig anlegg"), await propose(world, "Arkiv")
    await ruled(world, plain["id"], "approve", case_number="2026/1")
    await opened(world)
    assert (await hidden(world, secret["id"])).status_code == 200
    before = await told(world)

    first = await ruled(world, secret["id"], "approve", case_number="2026/99")
    await note(world, first, "correction", "Gjelder byggetrinn to.")
    stopped = await ruled(world, secret["id"], "stop", case_number="2026/100")
    await note(world, stopped, "withdrawal", "Feil.")

    assert await told(world) == before
    nobody = world.desk.with_headers()
    for number in ("2026/99", "2026/100", "2026/101"):
        found = await nobody.get(f"{base(world)}/decisions", params={"case": number})
        assert found.json() == {"items": []}
    pages = {
        number: (await public(world, f"decision-page?language=nb&case={number}")).text.replace(number, "")
        for number in ("2026/99", "2026/777")
    }
    assert pages["2026/99"] == pages["2026/777"].replace("2026%2F777", "2026%2F99")


async def test_a_correction_that_names_a_confidential_project_goes_with_it(world: World) -> None:
    """Also by the name that the project has got since, and without leaving its moment."""
    secret, plain = await propose(world, "Anlegg Nord"), await propose(world, "Arkiv", cost="1000000.00")
    decision = await plan_decided(world)
    await opened(world)
    await note(world, decision, "correction", "Saken er 2026/13.")
    (harmless,) = await listed(world)
    path = f"/projects/{secret['id']}"
    revision = (await world.office.get(path)).json()["revision"]
    renamed = await put(world.office, path, {"name": "Fjellhall"}, revision=revision)
    await note(world, decision, "correction", "Kostnaden for ANLEGG NORD var feil.")
    await note(world, decision, "correction", "Start for fjellhall er flyttet.")
    (open_to_all,) = await listed(world)

    await hidden(world, secret["id"])

    (shown,) = await listed(world)
    assert (renamed.status_code, len(open_to_all["notes"])) == (200, 3)
    assert [one["name"] for one in shown["projects"]] == [plain["name"]]
    assert [one["text"] for one in shown["notes"]] == ["Saken er 2026/13."]
    assert shown["updated_at"] == harmless["updated_at"] < open_to_all["updated_at"]
    for text, _ in (await told(world)).values():
        assert not [word for word in ("anlegg nord", "fjellhall") if word in text.lower()]


async def test_a_withdrawal_that_names_a_confidential_project_stands_without_its_words(world: World) -> None:
    secret, _ = await propose(world, "Anlegg Nord"), await propose(world, "Arkiv", cost="1000000.00")
    decision = await plan_decided(world)
    await opened(world)
    await note(world, decision, "withdrawal", "Anlegg Nord skulle ikke vært med.")

    await hidden(world, secret["id"])

    (shown,) = await listed(world)
    assert (shown["is_withdrawn"], [one["text"] for one in shown["notes"]]) == (True, ["…"])
    assert not [text for text, _ in (await told(world)).values() if "Anlegg" in text]


async def test_a_decision_that_was_withdrawn_is_not_named_by_the_one_before(world: World) -> None:
    """Or the one before would say which project it was about."""
    project = await propose(world, "Arkiv")
    await ruled(world, project["id"], "approve", case_number="2026/1")
    stopped = (await rule(world, project["id"], "stop", case_number="2026/2")).json()
    await opened(world)
    before = await listed(world)
    await note(world, stopped, "withdrawal", "Feil.")

    last, first = await listed(world)

    assert before[1]["projects"][0]["followed_by_id"] == stopped["id"]
    assert last["is_withdrawn"] is True
    assert "followed_by_id" not in first["projects"][0]


async def test_another_organisation_sees_and_changes_nothing(world: World, portfolio: Desk) -> None:
    """The same names and case numbers on both sides."""
    project = await propose(world, "Arkiv")
    await ruled(world, project["id"], "approve", case_number="2026/1")
    await opened(world)
    before = await told(world)
    other = await open_world(await make_world(replace(portfolio, organisation=new_organisation())))
    theirs = await propose(other, "Arkiv")
    await ruled(other, theirs["id"], "approve", case_number="2026/1")
    await opened(other)

    await hidden(other, theirs["id"])

    assert await told(world) == before
    assert await listed(other) == []


@pytest.mark.parametrize(
    "query",
    [
        "cursor=WyJ4IiwieSJd",  # ["x","y"]
        "cursor=WyIxIl0",
        "cursor=%00",
        "cursor=!!!",
        "limit=0",
        "limit=101",
        "limit=x",
        "case=%00",
        f"case={'9' * 101}",
        "sort=case",
        "case=1&case=2",
        "is_confidential=true",
    ],
)
async def test_an_odd_question_is_refused_and_never_breaks(world: World, query: str) -> None:
    await opened(world)

    answer = await public(world, f"decisions?{query}")

    assert answer.status_code == 400, answer.text


async def test_the_feed_has_pages_and_each_entry_its_own_address(world: World) -> None:
    """RFC 4287: what must be there, once, in the form that it must have; RFC 5005: the next page."""
    for number in range(101):
        project = await propose(world, f"Prosjekt {number}")
        await ruled(world, project["id"], "approve", case_number=f"2026/{number}&")
    await opened(world)
    nobody = world.desk.with_headers()

    first = ElementTree.fromstring((await public(world, "decision-feed?language=sv")).content)
    (older,) = [one.attrib["href"] for one in first.findall(f"{ATOM}link") if one.attrib["rel"] == "next"]
    second = ElementTree.fromstring((await nobody.get(older)).content)

    entries = [*first.findall(f"{ATOM}entry"), *second.findall(f"{ATOM}entry")]
    assert len(entries) == 101
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 101
    for entry in (first, *entries):
        for name in ("id", "title", "updated"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1
        assert (entry.findtext(f"{ATOM}updated") or "").endswith("Z")
        assert entry.find(f"{ATOM}author") is not None
    moments = [entry.findtext(f"{ATOM}published") or "" for entry in entries]
    assert all(after <= before for before, after in pairwise(moments))
    assert not [one for one in second.findall(f"{ATOM}link") if one.attrib["rel"] == "next"]
    (alternate,) = [one.attrib["href"] for one in entries[-1].findall(f"{ATOM}link")]
    shown = await nobody.get(alternate)
    assert shown.status_code == 200
    assert shown.text.count("<article") == 1
    assert f'id="{alternate.partition("#")[2]}"' in shown.text
