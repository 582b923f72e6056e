"""Monthly reports over HTTP: prefilled, submitted once, corrected openly, late in sight (B13, G3, E1)."""

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from gevinst_benefits.domain.monthly_reports import Area
from gevinst_benefits.schemas.monthly_reports import (
    KnownOut,
    MonthlyReportOut,
    ReportChangesOut,
    ReportVersionPageOut,
)
from gevinst_shared.values.actor import EVERYONE, Role
from tests.benefits.plan_records import action
from tests.benefits.reporting_world import BEFORE, LAST, MONTH, Reporting, content, events, running
from tests.benefits.steered import condition_set
from tests.benefits.world import OWNER, connection_of, made
from tests.support.callers import problem
from tests.support.organisations import new_organisation


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].partition("#")[2]


async def test_the_first_report_has_no_lights_and_the_next_begins_where_the_last_ended(
    reporting: Reporting,
) -> None:
    """B13: prefilled with what was said last; nobody is green by default."""
    first = await reporting.drafted(BEFORE)
    words = {"light": "yellow", "words": "Two suppliers are late"}
    path = f"/monthly-reports/{first['id']}"
    await reporting.manager.put(path, json=content(progress=words), headers={"If-Match": '"1"'})
    await reporting.manager.post(f"{path}/submission")

    second = await reporting.drafted(MONTH)

    assert MonthlyReportOut.model_validate(first).model_dump(mode="json", exclude_none=True) == first
    assert all("light" not in first["content"][area.value] for area in Area)
    assert second["content"]["progress"] == words
    assert (second["state"], second["version"]) == ("draft", 0)


async def test_the_planned_cost_is_the_newest_cases_and_stands_beside_what_is_reported(
    reporting: Reporting,
) -> None:
    world = reporting.world
    year = LAST.year
    lines = [world.cost(first_year=year)]
    await made(
        world.office, f"/projects/{world.project_id}/business-cases", world.case(base_year=year, lines=lines)
    )

    draft = await reporting.drafted()

    assert draft["content"]["planned_cost"] == {"amount": "1000.00", "currency": "NOK", "price_year": 2026}


async def test_a_project_has_one_report_a_month_also_when_two_begin_at_once(reporting: Reporting) -> None:
    answers = await asyncio.gather(
        *(reporting.manager.post(reporting.path, json={"month": MONTH}) for _ in range(5))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_an_area_without_a_light_or_a_deviation_without_words_is_not_submitted(
    reporting: Reporting,
) -> None:
    draft = await reporting.drafted()
    path = f"/monthly-reports/{draft['id']}"

    unjudged = await reporting.manager.post(f"{path}/submission")
    await reporting.manager.put(path, json=content(cost={"light": "red"}), headers={"If-Match": '"1"'})
    unexplained = await reporting.manager.post(f"{path}/submission")

    assert refused(unjudged) == (409, "area-not-judged")
    assert refused(unexplained) == (409, "deviation-unexplained")


async def test_what_was_submitted_stays_and_a_correction_is_a_new_version_with_a_reason(
    reporting: Reporting,
) -> None:
    """E1."""
    report = await reporting.submitted()
    path = f"/monthly-reports/{report['id']}"

    late = await reporting.manager.put(path, json=content(), headers={"If-Match": f'"{report["revision"]}"'})
    again = await reporting.manager.post(f"{path}/submission")
    silent = await reporting.manager.post(f"{path}/correction", json={})
    opened = await reporting.manager.post(f"{path}/correction", json={"reason": "The invoice came"})
    red = content(cost={"light": "red", "words": "Dearer"})
    revision = opened.json()["revision"]
    await reporting.manager.put(path, json=red, headers={"If-Match": f'"{revision}"'})
    corrected = await reporting.manager.post(f"{path}/submission")

    assert {refused(late), refused(again)} == {(409, "report-submitted")}
    assert silent.status_code == 400
    assert (corrected.json()["state"], corrected.json()["version"]) == ("submitted", 2)
    versions = (await reporting.manager.get(f"{path}/versions")).json()
    assert (
        ReportVersionPageOut.model_validate(versions).model_dump(mode="json", exclude_none=True) == versions
    )
    assert [one["content"]["cost"]["light"] for one in versions["items"]] == ["red", "green"]
    assert versions["items"][0]["reason"] == "The invoice came"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with connection_of(reporting.world.desk) as connection:
            await connection.execute("UPDATE monthly_report_version SET content = '{}'")


async def test_a_version_keeps_what_was_known_of_the_project_on_the_day(reporting: Reporting) -> None:
    """B6: an indicator that is overdue is seen."""
    benefit = await reporting.world.planned()
    indicator = {
        "name": "Minutes",
        "unit_of_measure": "minutes",
        "direction": "down",
        "baseline": "42",
        "target": "20",
        "action": "Move cases",
        "due_on": ["2025-06-01"],
    }
    await made(reporting.world.office, f"/benefits/{benefit['id']}/indicators", indicator)

    report = await reporting.submitted()

    (version,) = (await reporting.manager.get(f"/monthly-reports/{report['id']}/versions")).json()["items"]
    assert version["known"] == {
        "benefits": {"proposed": 1},
        "open_conditions": [],
        "overdue_actions": [],
        "indicators_overdue": 1,
        "measures_overdue": 0,
    }


async def test_a_draft_is_written_by_what_waits_and_what_is_overdue(reporting: Reporting) -> None:
    """B8, B13, G7: conditions of gates that are not met, and actions past their day."""
    world = reporting.world
    asked = await condition_set(world, world.project_id)
    benefit = await world.planned()
    at = f"/benefits/{benefit['id']}/actions"
    late = await made(world.office, at, action(world, deadline={"hangs_on": "none", "day": "2026-01-02"}))
    await made(world.office, at, action(world, deadline={"hangs_on": "none", "day": "2099-01-02"}))
    report = await reporting.drafted()

    known = (await reporting.manager.get(f"/monthly-reports/{report['id']}/known")).json()

    assert KnownOut.model_validate(known).model_dump(mode="json", exclude_none=True) == known
    assert known["open_conditions"] == [
        {"id": asked["id"], "name": asked["text"], "due_on": asked["deadline"]}
    ]
    assert known["overdue_actions"] == [{"id": late["id"], "name": late["name"], "due_on": "2026-01-02"}]


async def test_what_changed_since_last_month_is_shown_as_a_difference(reporting: Reporting) -> None:
    await reporting.submitted(BEFORE)
    report = await reporting.submitted(MONTH, cost={"light": "red", "words": "Dearer"})

    shown = (await reporting.manager.get(f"/monthly-reports/{report['id']}/changes")).json()

    assert ReportChangesOut.model_validate(shown).model_dump(mode="json", exclude_none=True) == shown
    assert shown == {
        "since": BEFORE,
        "changes": [
            {"member": "/cost/light", "before": "green", "after": "red"},
            {"member": "/cost/words", "after": "Dearer"},
        ],
    }


async def test_the_manager_reports_while_it_runs_and_the_benefits_owner_when_it_is_closed(
    reporting: Reporting,
) -> None:
    """B13."""
    await reporting.world.planned()
    owner = reporting.world.desk.caller(subject=OWNER)

    early = await owner.post(reporting.path, json={"month": MONTH})
    stranger = await reporting.world.desk.caller(Role.FINANCE, subject="f").post(
        reporting.path, json={"month": MONTH}
    )
    await running(reporting.world, status="closed", end="2025-12-31")
    late = await reporting.manager.post(reporting.path, json={"month": MONTH})
    after = await owner.post(reporting.path, json={"month": MONTH})

    assert refused(early) == (403, "not-the-reporter")
    assert refused(stranger) == (403, "not-allowed")
    assert refused(late) == (403, "not-the-reporter")
    assert after.status_code == 201, after.text


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2199-12", (409, "report-month-ahead")),
        ("2024-12", (409, "report-before-start")),
        ("2026-13", (400, "malformed")),
        (202610, (400, "malformed")),
    ],
)
async def test_odd_months_are_refused(reporting: Reporting, month: Any, expected: tuple[int, str]) -> None:
    assert refused(await reporting.manager.post(reporting.path, json={"month": month})) == expected


async def test_submitting_and_deciding_are_announced(reporting: Reporting) -> None:
    draft = await reporting.drafted()
    measure = await made(reporting.manager, f"/monthly-reports/{draft['id']}/measures", {"text": "More"})
    path = f"/monthly-reports/{draft['id']}"
    await reporting.manager.put(path, json=content(), headers={"If-Match": '"1"'})
    await reporting.manager.post(f"{path}/submission")
    await reporting.owner.post(
        f"/measures/{measure['id']}/decision", json={"outcome": "declined", "reason": "No"}
    )

    (submitted,) = await events(reporting, "monthly-report-submitted")
    (decided,) = await events(reporting, "measure-decided")

    assert (submitted["month"], submitted["number"], submitted["lights"]["risk"]) == (MONTH, 1, "green")
    assert (decided["measure_id"], decided["state"]) == (measure["id"], "declined")


async def test_another_organisations_reports_are_unknown(reporting: Reporting) -> None:
    draft = await reporting.drafted()
    stranger = reporting.world.desk.caller(*EVERYONE, organisation=new_organisation())

    answers = [
        await stranger.get(f"/monthly-reports/{draft['id']}"),
        await stranger.post(f"/monthly-reports/{draft['id']}/submission"),
        await stranger.post(f"/monthly-reports/{draft['id']}/measures", json={"text": "x"}),
    ]

    assert {answer.status_code for answer in answers} == {404}
