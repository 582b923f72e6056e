"""Meetings of the board: planned, called, held, approved; and what is decided under their items (P8)."""

from typing import Any

import pytest

from gevinst_portfolio.schemas.decisions import DecisionOut
from gevinst_portfolio.schemas.meetings import AgendaItemOut, MeetingOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.portfolio.background import all_items, database_of, events_of
from tests.portfolio.boards import BASIS, board_of, post, rule, ruled
from tests.portfolio.planned import open_world, propose, publish, read, solved
from tests.portfolio.world import PORTFOLIO, World, made, make_world, obeys, put
from tests.support.callers import Desk, problem

UNKNOWN = "01987654-0000-7000-8000-000000000000"
PLAN = {"name": "March", "starts_at": "2027-03-01T09:00:00+01:00", "place": "Room 3"}
ITEM = {"position": 1, "kind": "information", "name": "Status"}


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].rpartition("#")[2]


async def meeting(world: World, **members: Any) -> dict[str, Any]:
    return await made(world.office, f"/portfolios/{world.portfolio_id}/meetings", {**PLAN, **members})


async def item(world: World, meeting_id: str, **members: Any) -> dict[str, Any]:
    return await made(world.office, f"/meetings/{meeting_id}/agenda-items", {**ITEM, **members})


async def called(world: World, **members: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A meeting whose members have its agenda, and the agenda's only item."""
    person = await world.person("ola")
    planned = await meeting(world, member_ids=[person["id"]])
    only = await item(world, planned["id"], **members)
    answer = await post(world.office, f"/meetings/{planned['id']}/call", revision=1)
    assert answer.status_code == 200, answer.text
    return answer.json(), only


async def test_a_meeting_goes_from_the_plan_to_the_approved_minutes(world: World) -> None:
    person = await world.person("ola")
    planned = await meeting(world, member_ids=[person["id"]], link="https://meet.example.org/a?b=c")
    path = f"/meetings/{planned['id']}"
    assert obeys(MeetingOut, planned)
    assert (planned["state"], planned["starts_at"], planned["time_zone"]) == (
        "planned",
        "2027-03-01T08:00:00.000000Z",
        "Europe/Oslo",
    )
    await item(world, planned["id"])

    moved = await put(world.office, path, {**PLAN, "member_ids": [person["id"]], "place": "Room 4"})
    call = await post(world.office, f"{path}/call", revision=2)
    held = await post(
        world.office, f"{path}/attendance", {"attended_ids": [person["id"]], "minutes": "Draft"}, revision=3
    )
    approved = await post(world.office, f"{path}/minutes", {"minutes": "All agreed."}, revision=4)

    states = [one.json()["state"] for one in (moved, call, held, approved)]
    assert states == ["planned", "called", "held", "approved"]
    last = await read(world.office, path)
    assert obeys(MeetingOut, last)
    assert last == approved.json()
    assert (last["minutes"], last["attended_ids"], last["approved_by"]) == (
        "All agreed.",
        [person["id"]],
        "kari",
    )
    listed = await all_items(world.office, f"/portfolios/{world.portfolio_id}/meetings", state="approved")
    assert listed == [last]
    for kind in ("planned", "changed", "called", "held"):
        (fact,) = await events_of(world.desk, f"meeting-{kind}")
        assert (fact["meeting_name"], fact["held_on"]) == ("March", "2027-03-01")
    (fact,) = await events_of(world.desk, "minutes-approved")
    assert fact["member_ids"] == [person["id"]]


async def test_the_meeting_does_nothing_out_of_its_order(world: World) -> None:
    planned = await meeting(world)
    path = f"/meetings/{planned['id']}"

    assert code_of(await post(world.office, f"{path}/call", revision=1)) == (409, "nobody-called")
    assert code_of(await post(world.office, f"{path}/minutes", {"minutes": "x"}, revision=1)) == (
        409,
        "meeting-not-so",
    )
    early = await post(world.office, f"{path}/attendance", {"attended_ids": []}, revision=1)
    assert code_of(early) == (409, "meeting-not-so")
    person = await world.person("ola")
    await put(world.office, path, {**PLAN, "member_ids": [person["id"]]})
    assert code_of(await post(world.office, f"{path}/call", revision=2)) == (409, "agenda-empty")
    await item(world, planned["id"])
    assert (await post(world.office, f"{path}/call", revision=1)).status_code == 412
    assert (await post(world.office, f"{path}/call", revision=2)).status_code == 200
    assert code_of(await post(world.office, f"{path}/call", revision=3)) == (409, "meeting-not-so")
    assert code_of(await put(world.office, path, PLAN, revision=3)) == (409, "nobody-called")


async def test_an_agenda_has_its_items_in_order_with_papers_that_nobody_fetches(world: World) -> None:
    project = await propose(world, "A")
    planned = await meeting(world)
    papers = [
        {"title": "The case", "url": "https://archive.example.org/4711"},
        {"title": "The annex", "document_id": "2026/4711-3"},
    ]
    second = await item(
        world,
        planned["id"],
        position=2,
        kind="proposal",
        project_ids=[project["id"]],
        papers=papers,
        proposed_decision="Approve it.",
    )
    first = await item(world, planned["id"])

    agenda = await all_items(world.office, f"/meetings/{planned['id']}/agenda-items", limit=1)

    assert [one["id"] for one in agenda] == [first["id"], second["id"]]
    assert all(obeys(AgendaItemOut, one) for one in agenda)
    assert second["papers"] == papers
    assert (second["is_late"], second["decision_ids"]) == (False, [])


@pytest.mark.parametrize(
    "paper",
    [
        {"title": "A", "url": "http://archive.example.org"},
        {"title": "A", "url": "https://user@archive.example.org"},
        {"title": "A", "url": "javascript:alert(1)"},
        {"title": "A", "url": "https://a.example/b c"},
        {"title": "A"},
        {"title": "A", "url": "https://a.example", "document_id": "1"},
    ],
)
async def test_a_paper_is_a_safe_address_or_an_id(world: World, paper: dict[str, str]) -> None:
    planned = await meeting(world)

    answer = await world.office.post(
        f"/meetings/{planned['id']}/agenda-items", json={**ITEM, "papers": [paper]}
    )

    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"kind": "scenario"}, 400),
        ({"kind": "proposal"}, 400),
        ({"kind": "stop"}, 400),
        ({"project_ids": [UNKNOWN]}, 404),
        ({"kind": "scenario", "scenario_id": UNKNOWN}, 404),
        ({"release_id": UNKNOWN}, 404),
    ],
)
async def test_an_item_names_what_it_is_about_and_that_is_there(
    world: World, members: dict[str, Any], status: int
) -> None:
    planned = await meeting(world)

    answer = await world.office.post(f"/meetings/{planned['id']}/agenda-items", json={**ITEM, **members})

    assert answer.status_code == status, answer.text


async def test_an_item_stays_in_its_portfolio(world: World) -> None:
    project = await propose(world, "A")
    other = await made(world.office, "/portfolios", PORTFOLIO)
    elsewhere = await made(world.office, f"/portfolios/{other['id']}/meetings", PLAN)
    body = {**ITEM, "kind": "proposal", "project_ids": [project["id"]]}

    answer = await world.office.post(f"/meetings/{elsewhere['id']}/agenda-items", json=body)

    assert code_of(answer) == (409, "outside-portfolio")


async def test_after_the_call_every_change_of_the_agenda_is_recorded_with_its_reason(world: World) -> None:
    meeting_, only = await called(world)
    path = f"/agenda-items/{only['id']}"
    late = {**ITEM, "position": 2, "name": "Late", "reason": "It came yesterday."}

    refused = await put(world.office, path, {**ITEM, "name": "Other"})
    changed = await put(world.office, path, {**ITEM, "name": "Other", "reason": "A mistake."})
    added = await made(world.office, f"/meetings/{meeting_['id']}/agenda-items", late)
    no_reason = await post(world.office, f"/agenda-items/{added['id']}/withdrawal", {}, revision=1)
    withdrawn = await post(
        world.office, f"/agenda-items/{added['id']}/withdrawal", {"reason": "Not ready."}, revision=1
    )

    assert code_of(refused) == (409, "late-without-reason")
    assert code_of(no_reason) == (409, "late-without-reason")
    assert (changed.json()["name"], changed.json()["is_late"], added["is_late"]) == ("Other", True, True)
    assert withdrawn.json()["is_withdrawn"]
    again = await put(world.office, f"/agenda-items/{added['id']}", late, revision=2)
    assert code_of(again) == (409, "item-withdrawn")
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        rows = await connection.fetch(
            "SELECT actor, reason, before->>'name' AS before, after->>'name' AS after, request_id, time "
            "FROM audit WHERE subject = $1 ORDER BY id",
            f"agenda-items/{only['id']}",
        )
    assert [tuple(row)[:4] for row in rows] == [
        ("kari", None, None, "Status"),
        ("kari", "A mistake.", "Status", "Other"),
    ]
    assert all(row["request_id"] and row["time"] for row in rows)


async def test_a_change_of_a_meeting_leaves_who_when_what_before_and_after(world: World) -> None:
    """E1"""
    meeting_, _ = await called(world)

    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        rows = await connection.fetch(
            "SELECT actor, before->>'state' AS before, after->>'state' AS after FROM audit "
            "WHERE subject = $1 ORDER BY id",
            f"meetings/{meeting_['id']}",
        )

    assert [tuple(row) for row in rows] == [("kari", None, "planned"), ("kari", "planned", "called")]


async def test_a_decision_names_its_meeting_and_item_and_the_item_stays_as_it_was(world: World) -> None:
    project = await propose(world, "A")
    meeting_, only = await called(world, kind="proposal", project_ids=[project["id"]])

    decision = await ruled(world, project["id"], "approve", agenda_item_id=only["id"])

    assert obeys(DecisionOut, decision)
    assert (decision["meeting_id"], decision["agenda_item_id"]) == (meeting_["id"], only["id"])
    after = await read(world.office, f"/agenda-items/{only['id']}")
    assert obeys(AgendaItemOut, after)
    assert after["decision_ids"] == [decision["id"]]
    change = await put(world.office, f"/agenda-items/{only['id']}", {**ITEM, "reason": "Other."})
    gone = await post(world.office, f"/agenda-items/{only['id']}/withdrawal", {"reason": "No."}, revision=1)
    assert (code_of(change), code_of(gone)) == ((409, "item-decided"), (409, "item-decided"))
    log = await all_items(world.office, f"/portfolios/{world.portfolio_id}/decisions", meeting=meeting_["id"])
    assert log == [decision]


async def test_a_decision_is_refused_under_an_item_that_is_not_about_it(world: World) -> None:
    project, other = await propose(world, "A"), await propose(world, "B")
    meeting_, only = await called(world, kind="proposal", project_ids=[project["id"]])
    information = await item(world, meeting_["id"], reason="To know.")
    planned = await meeting(world)
    elsewhere = await made(world.office, "/portfolios", PORTFOLIO)
    foreign = await made(world.office, f"/portfolios/{elsewhere['id']}/meetings", PLAN)
    foreign_item = await made(world.office, f"/meetings/{foreign['id']}/agenda-items", ITEM)

    async def told(project_id: str, kind: str = "approve", **members: Any) -> tuple[int, str]:
        return code_of(await rule(world, project_id, kind, **members))

    assert await told(other["id"], agenda_item_id=only["id"]) == (409, "not-on-the-agenda")
    assert await told(project["id"], "stop", agenda_item_id=only["id"]) == (409, "not-on-the-agenda")
    assert await told(project["id"], agenda_item_id=information["id"]) == (409, "not-on-the-agenda")
    assert await told(project["id"], meeting_id=planned["id"]) == (409, "meeting-not-so")
    assert await told(project["id"], meeting_id=foreign["id"]) == (409, "other-meeting")
    assert await told(project["id"], agenda_item_id=foreign_item["id"]) == (409, "other-meeting")
    mixed = {"agenda_item_id": only["id"], "meeting_id": planned["id"]}
    assert await told(project["id"], **mixed) == (409, "other-meeting")
    assert (await rule(world, project["id"], "approve", meeting_id=UNKNOWN)).status_code == 404
    assert (await rule(world, project["id"], "approve", agenda_item_id=UNKNOWN)).status_code == 404


async def test_nothing_is_decided_in_a_meeting_whose_minutes_are_approved(world: World) -> None:
    project = await propose(world, "A")
    meeting_, only = await called(world, kind="proposal", project_ids=[project["id"]])
    path = f"/meetings/{meeting_['id']}"
    await post(world.office, f"{path}/attendance", {"attended_ids": []}, revision=2)
    await post(world.office, f"{path}/minutes", {"minutes": "Nothing."}, revision=3)

    by_item = await rule(world, project["id"], "approve", agenda_item_id=only["id"])
    by_meeting = await rule(world, project["id"], "approve", meeting_id=meeting_["id"])

    assert (code_of(by_item), code_of(by_meeting)) == ((409, "meeting-not-so"),) * 2


@pytest.mark.slow
async def test_a_scenario_is_put_on_the_agenda_when_it_is_published_and_decided_there(world: World) -> None:
    """P8: a scenario is private until it is published."""
    await propose(world, "A")
    found = await solved(world)
    planned = await meeting(world, member_ids=[(await world.person("ola"))["id"]])
    body = {**ITEM, "kind": "scenario", "scenario_id": found["id"]}
    private = await world.office.post(f"/meetings/{planned['id']}/agenda-items", json=body)
    await publish(world, found["id"])
    only = await item(world, planned["id"], kind="scenario", scenario_id=found["id"])
    await post(world.office, f"/meetings/{planned['id']}/call", revision=1)

    answer = await board_of(world).post(
        f"/scenarios/{found['id']}/decisions", json={**BASIS, "agenda_item_id": only["id"]}
    )

    assert code_of(private) == (409, "not-published")
    assert answer.status_code == 201, answer.text
    assert obeys(DecisionOut, answer.json())
    assert (answer.json()["meeting_id"], answer.json()["kind"]) == (planned["id"], "scenario")


async def test_meetings_are_the_offices_to_arrange_and_not_for_every_reader(world: World) -> None:
    planned = await meeting(world)
    only = await item(world, planned["id"])
    board, reader = board_of(world), world.desk.caller(Role.READER, subject="reader")
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")
    paths = (f"/meetings/{planned['id']}", f"/agenda-items/{only['id']}")

    assert (await put(board, paths[0], PLAN)).status_code == 403
    assert (await put(board, paths[1], ITEM)).status_code == 403
    assert (await world.office.put(paths[0], json=PLAN)).status_code == 428
    for path in paths:
        assert (await board.get(path)).status_code == 200
        assert (await reader.get(path)).status_code == 403
        assert (await stranger.get(path)).status_code == 404
    unknown_person = {**PLAN, "member_ids": [UNKNOWN]}
    assert (await put(world.office, paths[0], unknown_person)).status_code == 404
