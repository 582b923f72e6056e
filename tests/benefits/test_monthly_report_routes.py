"""Monthly reports over HTTP: prefilled, submitted once, corrected openly, late in sight (B13, G3, E1)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from gevinst_benefits.domain.monthly_reports import Area
from gevinst_benefits.schemas.monthly_reports import (
    DutyPageOut,
    MeasureOut,
    MonthlyReportOut,
    ReportChangesOut,
    ReportingPracticeOut,
    ReportSummaryOut,
    ReportVersionPageOut,
)
from gevinst_benefits.usecases import late_reports
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.house import House
from tests.benefits.world import OWNER, World, connection_of, made
from tests.support.callers import problem
from tests.support.organisations import new_organisation

NOW = datetime.now(UTC)
THIS = NOW.replace(day=1)
LAST = THIS - timedelta(days=1)
MONTH, BEFORE = f"{LAST:%Y-%m}", f"{LAST.replace(day=1) - timedelta(days=1):%Y-%m}"
LATER = NOW + timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Reporting:
    """A running project, its manager, and somebody who decides."""

    world: World
    manager: httpx.AsyncClient
    owner: httpx.AsyncClient

    @property
    def path(self) -> str:
        return f"/projects/{self.world.project_id}/monthly-reports"

    async def drafted(self, month: str = MONTH) -> dict[str, Any]:
        return await made(self.manager, self.path, {"month": month})

    async def submitted(self, month: str = MONTH, **areas: Any) -> dict[str, Any]:
        draft = await self.drafted(month)
        path = f"/monthly-reports/{draft['id']}"
        changed = await self.manager.put(path, json=content(**areas), headers={"If-Match": '"1"'})
        assert changed.status_code == 200, changed.text
        answer = await self.manager.post(f"{path}/submission")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def content(**areas: Any) -> dict[str, Any]:
    green = {"light": "green", "words": ""}
    return {area.value: green for area in Area} | areas


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].partition("#")[2]


@pytest.fixture
async def reporting(world: World) -> Reporting:
    await running(world)
    await world.assign("maria", Role.PROJECT_MANAGER, "project", world.project_id)
    await world.assign("petra", Role.PROJECT_OWNER, "project", world.project_id)
    body = {"due_working_day": 5, "from_month": "2025-01"}
    answer = await world.office.put("/reporting-practice", json=body)
    assert answer.status_code == 200, answer.text
    return Reporting(world, world.desk.caller(subject="maria"), world.desk.caller(subject="petra"))


async def running(world: World, **members: Any) -> None:
    told = {
        "project_id": world.project_id,
        "portfolio_id": world.portfolio_id,
        "name": "Digital post",
        "status": "running",
        "start": "2025-01-15",
        "unit_id": world.unit,
    }
    await world.tell("project-changed", **(told | members))


def house(reporting: Reporting) -> House:
    found = reporting.world.desk.app.state.house
    assert isinstance(found, House)
    return found


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


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
    assert version["known"] == {"benefits": {"proposed": 1}, "indicators_overdue": 1, "measures_overdue": 0}


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


async def test_a_measure_is_decided_by_another_once_and_followed_up(reporting: Reporting) -> None:
    """B13, G3."""
    world = reporting.world
    draft = await reporting.drafted()
    proposed = await made(reporting.manager, f"/monthly-reports/{draft['id']}/measures", {"text": "Two more"})
    path = f"/measures/{proposed['id']}"
    decision = {
        "outcome": "decided",
        "reason": "It pays",
        "owner_id": str(world.owner_id),
        "deadline": "2026-12-01",
    }
    await world.assign("maria", Role.PROJECT_OWNER, "project", world.project_id)

    own = await reporting.manager.post(f"{path}/decision", json=decision)
    open_ended = await reporting.owner.post(f"{path}/decision", json={"outcome": "decided", "reason": "Yes"})
    nobody = await reporting.owner.post(f"{path}/decision", json=decision | {"owner_id": str(new_id())})
    early = await reporting.manager.put(
        f"{path}/follow-up",
        json={"state": "done", "owner_id": str(world.owner_id), "deadline": "2026-12-01"},
        headers={"If-Match": '"1"'},
    )
    answers = await asyncio.gather(
        *(reporting.owner.post(f"{path}/decision", json=decision) for _ in range(5))
    )
    done = await reporting.manager.put(
        f"{path}/follow-up",
        json={"state": "done", "owner_id": str(world.owner_id), "deadline": "2026-12-01", "note": "Hired"},
        headers={"If-Match": '"2"'},
    )

    assert refused(own) == (403, "proposer-decides-measure")
    assert refused(open_ended) == (400, "follow-up-missing")
    assert refused(nobody) == (409, "person-not-known")
    assert refused(early) == (409, "measure-not-decided")
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    shown = done.json()
    assert (shown["state"], shown["decided_by"], shown["note"]) == ("done", "petra", "Hired")
    for written in (proposed, shown):
        assert MeasureOut.model_validate(written).model_dump(mode="json", exclude_none=True) == written


async def test_a_declined_measure_stays_to_be_read_and_open_ones_come_first(reporting: Reporting) -> None:
    draft = await reporting.drafted()
    path = f"/monthly-reports/{draft['id']}/measures"
    first, second = [await made(reporting.manager, path, {"text": text}) for text in ("One", "Two")]

    declined = await reporting.owner.post(
        f"/measures/{first['id']}/decision", json={"outcome": "declined", "reason": "No room"}
    )

    listed = (await reporting.manager.get(f"/projects/{reporting.world.project_id}/measures")).json()["items"]
    assert declined.json()["state"] == "declined"
    assert [one["id"] for one in listed] == [second["id"], first["id"]]


async def test_who_owes_a_report_is_listed_with_how_late_and_a_missing_one_is_never_green(
    reporting: Reporting,
) -> None:
    """B13, B6: two projects, one of which has reported."""
    world = reporting.world
    await world.tell(
        "project-changed",
        project_id=world.other_id,
        portfolio_id=world.portfolio_id,
        name="New switchboard",
        status="running",
        start="2025-03-01",
        unit_id=world.unit,
    )
    await reporting.submitted("2025-06", cost={"light": "yellow", "words": "A little"})

    duties = (await world.office.get("/report-duties?month=2025-06")).json()
    summary = (await world.office.get(f"/report-summary?month=2025-06&portfolio={world.portfolio_id}")).json()
    elsewhere = (await world.office.get(f"/report-duties?programme={new_id()}")).json()

    assert DutyPageOut.model_validate(duties).model_dump(mode="json", exclude_none=True) == duties
    late, late_but_there = duties["items"]
    assert (late["project_id"], late["state"], late["due_on"]) == (world.other_id, "late", "2025-07-07")
    assert late["working_days_late"] > 300
    assert "lights" not in late
    assert (late_but_there["state"], late_but_there["worst"]) == ("submitted-late", "yellow")
    assert ReportSummaryOut.model_validate(summary).model_dump(mode="json", exclude_none=True) == summary
    assert (summary["projects"], summary["missing"], summary["late"]) == (2, 1, 1)
    assert "worst" not in summary
    cost = next(area for area in summary["areas"] if area["area"] == "cost")
    assert (cost["missing"], cost["yellow"], cost["worst"]) == (1, 1, "yellow")
    assert elsewhere["items"] == []


async def test_duties_come_in_pages_and_odd_questions_are_refused(reporting: Reporting) -> None:
    world = reporting.world
    for _ in range(4):
        await world.tell(
            "project-changed",
            project_id=new_id(),
            portfolio_id=world.portfolio_id,
            name="One more",
            status="running",
            start="2025-03-01",
            unit_id=world.unit,
        )

    first = (await world.office.get("/report-duties?month=2025-06&limit=3")).json()
    second = (
        await world.office.get(f"/report-duties?month=2025-06&limit=3&cursor={first['next_cursor']}")
    ).json()

    ids = {one["project_id"] for one in (*first["items"], *second["items"])}
    assert (len(first["items"]), len(ids), "next_cursor" in second) == (3, 5, False)
    for query in ("month=2025-6", "month=x", "cursor=WyJ4Il0", "cursor=%%%", "limit=0"):
        assert (await world.office.get(f"/report-duties?{query}")).status_code == 400


async def test_nobody_owes_a_report_before_the_organisation_has_said_so(world: World) -> None:
    await running(world)

    unset = await world.office.get("/reporting-practice")
    duties = (await world.office.get("/report-duties?month=2025-06")).json()
    body = {"due_working_day": 5, "from_month": "2025-08"}
    shown = (await world.office.put("/reporting-practice", json=body)).json()
    before = (await world.office.get("/report-duties?month=2025-07")).json()

    assert (unset.status_code, duties["items"], before["items"]) == (404, [], [])
    assert ReportingPracticeOut.model_validate(shown).model_dump(mode="json", exclude_none=True) == shown
    odd: list[dict[str, Any]] = [{"due_working_day": 0}, {"due_working_day": 21}, {"from_month": "2025-00"}]
    for members in odd:
        assert (await world.office.put("/reporting-practice", json=body | members)).status_code == 400


async def test_that_a_report_is_late_is_said_once_whoever_looks_and_however_often(
    reporting: Reporting,
) -> None:
    """N5: exactly once for each project and month, also by workers at once."""
    world = reporting.world
    await world.office.put("/reporting-practice", json={"due_working_day": 5, "from_month": BEFORE})
    await reporting.submitted(MONTH)

    for _ in range(2):
        await asyncio.gather(*(late_reports.once(house(reporting).database, at(LATER)) for _ in range(4)))

    told = await events(reporting, "monthly-report-late")
    months = [one["month"] for one in told]
    assert len(months) == len(set(months))
    assert BEFORE in months
    assert MONTH not in months
    assert told[0]["project_id"] == world.project_id


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
    stranger = reporting.world.desk.caller(*Role, organisation=new_organisation())

    answers = [
        await stranger.get(f"/monthly-reports/{draft['id']}"),
        await stranger.post(f"/monthly-reports/{draft['id']}/submission"),
        await stranger.post(f"/monthly-reports/{draft['id']}/measures", json={"text": "x"}),
    ]

    assert {answer.status_code for answer in answers} == {404}


async def events(reporting: Reporting, kind: str) -> list[dict[str, Any]]:
    """The data of the events of a kind, in the order of their commit."""
    client = reporting.world.desk.caller(Role.INTEGRATION, subject="erp")
    page = (await client.get("/events?limit=100")).json()
    wanted = f"gevinst.benefits.{kind}.v1"
    return [one["data"] for one in page["items"] if one["type"] == wanted]
