"""From an event to inboxes and deliveries, in the consumer's transaction."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gevinst_notifications.store import inbox
from gevinst_notifications.usecases.holding import hold
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.world import NOW, World


async def _kinds(world: World, subject: str) -> list[str]:
    page = (await world.caller(subject).get("/inbox")).json()
    return [item["kind"] for item in page["items"]]


async def _deliveries(world: World) -> list[dict[str, Any]]:
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    items: list[dict[str, Any]] = (await office.get("/deliveries")).json()["items"]
    return items


async def test_the_projects_owner_manager_and_the_office_hear_of_a_stop(world: World) -> None:
    """N1: the project's own members count as holders of their roles on it."""
    await world.hear(world.event("project-stopped", project_id=world.project_id, stopped_on="2026-11-20"))

    assert [await _kinds(world, who) for who in ("olga", "magnus", "olle")] == [["project-stopped"]] * 3
    assert {item["person_id"] for item in await _deliveries(world)} == {
        str(person) for person in world.people.values()
    }


async def test_the_names_come_from_what_the_portfolio_announced(world: World) -> None:
    await world.hear(world.event("project-stopped", project_id=world.project_id, stopped_on="2026-11-20"))

    item = (await world.caller("olga").get("/inbox")).json()["items"][0]

    assert {"label": "Prosjekt", "value": "Digital post"} in item["facts"]
    assert {"label": "Portefølje", "value": "Digitalisering"} in item["facts"]


async def test_a_leader_hears_of_a_project_that_lands_in_a_unit_below(world: World) -> None:
    """P4: a role in a unit holds in its subtree, also for units that only receive."""
    below = new_id()
    path = [str(world.unit_id), str(below)]
    await world.person("lea")
    await world.hear(world.event("unit-changed", unit_id=below, name="Sykehjem", path=path))
    await world.role("lea", Role.UNIT_LEADER, "unit", world.unit_id)
    await world.hear(world.project(unit_id=new_id(), receiving_unit_ids=[str(below)]))

    await world.hear(
        world.event("project-approved", project_id=world.project_id, starts_on="2027-05-01"),
    )

    assert await _kinds(world, "lea") == ["project-approved"]


async def test_a_role_that_ended_before_the_event_hears_nothing(world: World) -> None:
    assignment: dict[str, Any] = {
        "assignment_id": new_id(),
        "person_id": await world.person("siri"),
        "subject": "siri",
        "role": "portfolio-office",
        "scope": "organisation",
    }
    ended = world.event("role-ended", **assignment)
    await world.hear(world.event("role-assigned", **assignment), replace(ended, time=NOW - timedelta(days=2)))

    await world.hear(world.gate_decided())

    assert await _kinds(world, "siri") == []


async def test_nobody_is_told_of_their_own_deed(world: World) -> None:
    await world.hear(world.gate_decided(decided_by="olga"))

    assert await _kinds(world, "olga") == []
    assert await _kinds(world, "magnus") == ["gate-decided"]


async def test_whoever_had_an_idea_hears_what_became_of_it(world: World) -> None:
    """P1: they need hold no role for that; N4: it says that it is for the idea."""
    await world.person("ida", language="nb")
    idea: dict[str, Any] = {
        "idea_id": new_id(),
        "name": "Ett skjema",
        "submitter": "ida",
        "decided_by": "olle",
    }
    about = f"ideas/{idea['idea_id']}"
    await world.hear(
        world.event("idea-answered", about=about, **idea, outcome="parked", answer="Ikke nå."),
        world.event(
            "idea-answered", about=about, **idea, outcome="proposed", portfolio_id=world.portfolio_id
        ),
        world.event("idea-answered", about=about, **{**idea, "decided_by": "ida"}, outcome="open"),
        world.event("idea-answered", about=about, **{**idea, "submitter": "nobody"}, outcome="rejected"),
    )

    newer, older = (await world.caller("ida").get("/inbox")).json()["items"]

    assert older["title"] == "Ideen din er lagt til side: Ett skjema"
    assert older["subject"] == about
    assert {"label": "Svar", "value": "Ikke nå."} in older["facts"]
    assert older["why"] == "Du får denne meldingen fordi du sendte inn ideen."
    assert newer["title"] == "Ideen din er blitt et prosjektforslag: Ett skjema"
    assert {"label": "Portefølje", "value": "Digitalisering"} in newer["facts"]
    assert await _kinds(world, "olle") == []


async def test_the_office_is_asked_whether_to_plan_again(world: World) -> None:
    """G6."""
    offer: dict[str, Any] = {"replan_id": new_id(), "release_id": new_id(), "project_id": world.project_id}
    await world.hear(world.event("replan-offered", **offer, portfolio_id=world.portfolio_id))

    (item,) = (await world.caller("olle").get("/inbox")).json()["items"]

    assert (item["kind"], item["title"]) == ("replan-offered", "Planera om: Digitalisering")
    assert item["lead"].startswith("Digital post har lämnat utrymme")
    assert await _kinds(world, "olga") == []


async def test_the_same_event_twice_tells_once(world: World) -> None:
    """N5: a feed read again from the start changes nothing."""
    event = world.gate_decided()

    await world.hear(event)
    await world.hear(event)

    page = (await world.caller("olga").get("/inbox")).json()
    assert (len(page["items"]), page["last_seq"]) == (1, 1)
    assert len(await _deliveries(world)) == 3


async def test_without_an_address_there_is_an_inbox_item_and_no_mail(world: World) -> None:
    await world.person("olga", email=False)

    await world.hear(world.gate_decided())

    assert await _kinds(world, "olga") == ["gate-decided"]
    assert str(world.people["olga"]) not in {item["person_id"] for item in await _deliveries(world)}


async def test_an_event_that_cannot_be_worded_is_passed_over_and_the_next_is_told(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.hear(
        world.gate_decided(decided_on="soon"),
        world.event("person-changed", person_id="not an id"),
        world.gate_decided(project_id="not an id"),
        world.gate_decided(gate_name="BP5"),
    )

    assert await _kinds(world, "olga") == ["gate-decided"]
    said = [record.message for record in caplog.records]
    assert (said.count("fact not told"), said.count("fact not understood")) == (2, 1)


async def test_a_change_that_says_little_leaves_what_was_known(world: World) -> None:
    await world.hear(
        world.event(
            "project-rescheduled",
            project_id=world.project_id,
            previous_start="2027-01-04",
            new_start="2027-08-16",
        ),
        world.gate_decided(),
    )

    assert await _kinds(world, "olga") == ["gate-decided", "project-rescheduled"]


async def test_two_consumers_number_one_inbox_without_gap_or_wait(world: World) -> None:
    """The feeds are read at the same time, and their pages name the same people in any order."""
    pages = [[world.gate_decided() for _ in range(10)] for _ in range(4)]

    await asyncio.gather(*(world.hear(*page) for page in pages))

    async with world.database.transaction(world.organisation) as connection:
        for person in world.people.values():
            found = await inbox.list_after(connection, person, 0, limit=100)
            assert [item["seq"] for item in found] == list(range(1, 41))


async def test_a_gates_event_waits_for_its_project(world: World) -> None:
    world.project_id = new_id()
    event = world.gate_decided()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            await world.hear(world.project(name="Late"))

    assert await hold(world.database, [event], _nothing_next, sleep=sleep)
    await world.hear(event)

    assert len(waits) == 3
    assert await _kinds(world, "olga") == ["gate-decided"]


async def test_a_gates_event_waits_for_what_the_portfolio_said_before_it(world: World) -> None:
    event = world.gate_decided()
    said = [replace(event, time=event.time - timedelta(seconds=n)) for n in (2, 0, -1)]
    waits: list[float] = []

    async def find_next(_cursor: str) -> Event | None:
        return said.pop(0)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    assert await hold(world.database, [event], find_next, sleep=sleep)
    assert len(waits) == 2


async def test_a_project_that_never_comes_is_told_with_what_is_known(world: World) -> None:
    """A bounded wait: one lost project must not silence everybody else's."""
    world.project_id = new_id()
    event = world.gate_decided()
    waited = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal waited
        waited += seconds

    assert not await hold(world.database, [event], _nothing_next, seconds=5, sleep=sleep)
    await world.hear(event)

    assert waited == 5
    item = (await world.caller("olle").get("/inbox")).json()["items"][0]
    assert item["facts"][0]["value"] == str(world.project_id)


async def _nothing_next(_cursor: str) -> Event | None:
    return None
