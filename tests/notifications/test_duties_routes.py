"""Duties, their reminders and rules over HTTP (N1, N2, N4)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.schemas.duties import DutyOut, OwnDutyPageOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.world import NOW, World, remind_all

LATER = datetime(2026, 12, 15, 9, tzinfo=UTC)


def action(
    world: World, doer: UUID, *, due_on: str = "2026-12-01", kind: str = "planned", **more: Any
) -> Any:
    shared: dict[str, Any] = {
        "project_id": world.project_id,
        "benefit_id": UUID(int=1),
        "action_id": UUID(int=2),
        "name": "Teach everybody",
        "owner_person_id": doer,
        "due_on": due_on,
    }
    return world.fact(f"benefits.action-{kind}", about="actions/2", **shared | more)


async def _titles(world: World, who: str) -> list[str]:
    page = (await world.caller(who).get("/inbox")).json()
    return [item["title"] for item in page["items"] if item["kind"].startswith("duty-")]


async def _only(world: World) -> dict[str, Any]:
    found = (await world.caller("olle", Role.PORTFOLIO_OFFICE).get("/duties")).json()["items"]
    assert len(found) == 1
    one: dict[str, Any] = found[0]
    return one


async def test_the_one_who_must_do_it_is_reminded_and_the_line_after_them(world: World) -> None:
    """N2: the doer in time, then their leader; each once however often somebody looks."""
    doer = await world.person("dina")
    await world.person("lea")
    await world.role("lea", Role.UNIT_LEADER, "unit", world.unit_id)
    await world.hear(action(world, doer))

    now = NOW
    while now < LATER + timedelta(days=30):
        await remind_all(world, now)
        await remind_all(world, now)
        now += timedelta(hours=6)

    told = await _titles(world, "dina")
    assert len(told) == 6  # three days before, on the day, and four times after it; two weeks before is past
    assert set(told) == {"Due 1 December 2026: carry out an action (Teach everybody)"}
    assert len(await _titles(world, "lea")) == 2  # nobody is controller, so that she hears for them as well


async def test_what_is_done_or_moved_is_not_reminded_of(world: World) -> None:
    doer = await world.person("dina")
    await world.hear(action(world, doer), action(world, doer, kind="done"))

    await remind_all(world, LATER)

    assert await _titles(world, "dina") == []
    assert (await _only(world))["state"] == "done"


async def test_a_moved_deadline_begins_anew_and_an_older_reading_changes_nothing(world: World) -> None:
    """N5: a feed that is read again from its start tells nobody again."""
    doer = await world.person("dina")
    planned, moved = action(world, doer), action(world, doer, kind="changed", due_on="2026-12-11")
    await world.hear(planned, moved)
    once = await _only(world)
    await world.hear(planned, moved)

    again = await _only(world)

    assert (again["due_on"], again["due_version"]) == ("2026-12-11", 2)
    assert again == once
    DutyOut.model_validate(again)


async def test_what_postgresql_writes_is_what_the_model_says(world: World) -> None:
    doer = await world.person("dina")
    await world.hear(action(world, doer))
    duty = await _only(world)

    one = await world.caller("olle", Role.PORTFOLIO_OFFICE).get(f"/duties/{duty['id']}")

    read = DutyOut.model_validate_json(one.text)
    assert one.json() == read.model_dump(mode="json", exclude_none=True)


async def test_whoever_is_told_can_take_care_of_it_and_nobody_is_told_again(world: World) -> None:
    """N2: acknowledged with a day it is silent until then; others cannot."""
    doer = await world.person("dina")
    await world.hear(action(world, doer))
    duty = await _only(world)
    dina = world.caller("dina")
    path = f"/duties/{duty['id']}/acknowledgement"

    stranger = await world.caller("magnus").post(path, json={}, headers={"If-Match": '"1"'})
    stale = await dina.post(path, json={}, headers={"If-Match": '"9"'})
    long = await dina.post(path, json={"until": "2028-01-01"}, headers={"If-Match": '"1"'})
    taken = await dina.post(path, json={}, headers={"If-Match": '"1"'})

    assert [one.status_code for one in (stranger, stale, long, taken)] == [404, 412, 400, 200]
    assert taken.json()["acknowledged_by"] == str(doer)
    await remind_all(world, LATER)
    assert await _titles(world, "dina") == []


async def test_a_reminder_acknowledged_in_the_inbox_ends_the_reminders(world: World) -> None:
    doer = await world.person("dina")
    await world.hear(action(world, doer))
    await remind_all(world, LATER)
    item = (await world.caller("dina").get("/inbox")).json()["items"][0]

    await world.caller("dina").post(f"/inbox/{item['id']}/acknowledgement")
    await remind_all(world, LATER + timedelta(days=60))

    assert len(await _titles(world, "dina")) == 1


async def test_my_own_duties_are_those_of_my_name_and_my_roles(world: World) -> None:
    doer = await world.person("dina")
    report = world.fact(
        "benefits.monthly-report-owed", project_id=world.project_id, month="2026-11", due_on="2026-12-04"
    )
    await world.hear(action(world, doer), report)

    mine = (await world.caller("dina").get("/inbox/duties")).json()["items"]
    managers = (await world.caller("magnus").get("/inbox/duties")).json()["items"]

    assert [one["kind"] for one in mine] == ["action-due"]
    assert [(one["kind"], one["project_name"]) for one in managers] == [("report-due", "Digital post")]
    assert (await world.caller("siri").get("/inbox/duties")).json() == {"items": []}


async def test_my_own_duties_come_in_pages_with_filters_and_are_what_the_model_says(world: World) -> None:
    """N1: nothing stands twice or is missing between the pages, in either order."""
    doer = await world.person("dina")
    due = [f"2026-12-{day:02}" for day in (9, 3, 7, 3, 5)]
    for number, day in enumerate(due):
        await world.hear(action(world, doer, due_on=day, action_id=UUID(int=number + 10)))
    await world.hear(action(world, doer, kind="done", action_id=UUID(int=10)))
    dina = world.caller("dina")

    async def read(query: str) -> list[str]:
        found, cursor = [], ""
        while True:
            page = OwnDutyPageOut.model_validate_json((await dina.get(f"/inbox/duties?{query}{cursor}")).text)
            members = page.model_dump(mode="json", exclude_none=True)
            found += [one["due_on"] for one in members["items"]]
            assert members == (await dina.get(f"/inbox/duties?{query}{cursor}")).json()
            if "next_cursor" not in members:
                return found
            cursor = f"&cursor={members['next_cursor']}"

    assert await read("limit=2") == sorted(due[1:])
    assert await read("limit=2&sort=-due") == sorted(due[1:], reverse=True)
    assert await read("due_before=2026-12-05") == ["2026-12-03", "2026-12-03"]
    assert await read("state=done") == ["2026-12-09"]
    assert await read(f"project={new_id()}") == await read("kind=report-due") == []
    odd = [await dina.get(f"/inbox/duties?{query}") for query in ("cursor=x", "limit=0", "sort=name", "q=1")]
    assert [one.status_code for one in odd] == [400] * 4


async def test_a_vacant_role_goes_up_the_line_at_once_and_says_why(world: World) -> None:
    """B2, N2: nobody leads the unit, so the office hears, and is told that it stands in."""
    vacant = world.fact(
        "benefits.benefit-owner-vacant",
        role="benefit-owner",
        unit_id=world.unit_id,
        unit_name="Helse",
        since="2026-11-20",
        benefit_count=2,
    )
    await world.hear(vacant)
    await remind_all(world, NOW)
    duty = await _only(world)

    why = await world.caller("olle", Role.PORTFOLIO_OFFICE).get(f"/duties/{duty['id']}/explanation")

    step = why.json()["steps"][0]
    assert step["recipient_ids"] == [str(world.people["olle"])]
    assert step["vacant"] == ["owner", "controller", "owners-leader"]
    assert (await world.caller("olle").get("/inbox")).json()["items"][0]["why"] != ""


async def test_a_paused_projects_report_rests(world: World) -> None:
    await world.hear(
        world.fact(
            "benefits.monthly-report-owed", project_id=world.project_id, month="2026-11", due_on="2026-12-04"
        ),
        world.project(status="paused"),
    )

    await remind_all(world, LATER)

    assert await _titles(world, "magnus") == []
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    duty = await _only(world)
    why = (await office.get(f"/duties/{duty['id']}/explanation")).json()
    assert why["silent_because"] == "project-paused"


async def test_a_duty_that_cannot_be_dealt_with_holds_up_no_other(world: World) -> None:
    """N5: it is put off; its neighbours are reminded of."""
    doer = await world.person("dina")
    await world.hear(action(world, doer), action(world, doer, action_id=UUID(int=3), name="Learn"))
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute("UPDATE duty SET kind = 'unheard-of' WHERE name = 'Learn'")

    await remind_all(world, LATER)

    assert len(await _titles(world, "dina")) == 1
    async with world.database.transaction(world.organisation) as connection:
        put_off = await connection.fetchval("SELECT next_at FROM duty WHERE name = 'Learn'")
    assert put_off == LATER + timedelta(hours=1)


async def test_a_stopped_project_asks_nothing_more(world: World) -> None:
    """G6."""
    report = world.fact(
        "benefits.monthly-report-owed", project_id=world.project_id, month="2026-11", due_on="2026-12-04"
    )
    stop = world.event(
        "project-stopped", project_id=world.project_id, stopped_on="2026-11-20", status="stopped"
    )

    await world.hear(report, stop)

    assert (await _only(world))["state"] == "withdrawn"


async def test_an_organisation_has_rules_of_its_own(world: World) -> None:
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    path = "/reminder-rules/action-due"
    shipped = await office.get(path)
    body = {"steps": [{"to": "owner", "days": -2}], "within": 5}

    missing = await office.put(path, json=body)
    forbidden = await world.caller("magnus").put(path, json=body, headers={"If-Match": '"0"'})
    own = await office.put(path, json=body, headers={"If-Match": shipped.headers["etag"]})
    stale = await office.put(path, json=body, headers={"If-Match": '"0"'})
    listed = {one["kind"]: one for one in (await office.get("/reminder-rules")).json()["items"]}
    back = await office.delete(path, headers={"If-Match": own.headers["etag"]})

    assert (missing.status_code, forbidden.status_code, own.status_code, stale.status_code) == (
        428,
        403,
        200,
        412,
    )
    assert own.json()["steps"] == [{"to": "owner", "days": -2, "count": "working"}]
    assert listed["action-due"]["is_own"]
    assert set(listed) == set(DutyKind)
    assert back.json()["steps"] == shipped.json()["steps"]
    assert (back.json()["is_own"], back.json()["revision"]) == (False, 2)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([{"to": "controller", "days": 2}], "owner-hears-later"),
        ([{"to": "owner", "days": 1}, {"to": "owner", "days": 1}], "reminder-step-twice"),
        ([{"to": "owner", "days": 1, "times": 3}], "odd-reminder-repetition"),
    ],
)
async def test_a_rule_that_does_not_hold_together_is_refused(
    world: World, steps: list[dict[str, Any]], code: str
) -> None:
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)

    refused = await office.put(
        "/reminder-rules/action-due", json={"steps": steps, "within": 5}, headers={"If-Match": '"0"'}
    )

    assert refused.status_code == 400
    assert refused.json()["type"].endswith(code)


async def test_a_rule_of_its_own_holds_for_what_is_open_and_repeats_nothing(world: World) -> None:
    doer = await world.person("dina")
    await world.hear(action(world, doer))
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    body = {"steps": [{"to": "owner", "days": 3}], "within": 5}
    set_ = await office.put("/reminder-rules/action-due", json=body, headers={"If-Match": '"0"'})
    assert set_.status_code == 200

    duty = await _only(world)
    why = (await office.get(f"/duties/{duty['id']}/explanation")).json()

    assert [(one["step"], one["at"][:10]) for one in why["coming"]] == [("owner+3w", "2026-12-04")]


async def test_an_organisations_own_days_move_what_has_not_gone_out(world: World) -> None:
    """N3: closed on the first days of December, so that the day itself is reminded of before."""
    doer = await world.person("dina")
    await world.hear(action(world, doer))
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    days = [{"day": "2026-12-01", "is_open": False, "name": "Planning day"}]

    empty = await office.get("/working-days/2026")
    put = await office.put("/working-days/2026", json={"days": days}, headers={"If-Match": '"0"'})
    odd = await office.put("/working-days/2026", json={"days": days * 2}, headers={"If-Match": '"1"'})

    assert (empty.json()["days"], empty.json()["country"]) == ([], "NO")
    assert "2026-05-14" in empty.json()["holidays"]
    assert (put.status_code, put.json()["days"], odd.status_code) == (200, days, 400)
    duty = await _only(world)
    why = (await office.get(f"/duties/{duty['id']}/explanation")).json()
    on_the_day = [one["at"][:10] for one in why["coming"] if one["step"] == "owner+0c"]
    assert on_the_day in (["2026-11-30"], [])
