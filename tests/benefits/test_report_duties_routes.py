"""Who owes a report, and how late, over HTTP and in the background (B13, N5)."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from gevinst_benefits.schemas.monthly_reports import (
    DutyPageOut,
    ReportingPracticeOut,
    ReportSummaryOut,
)
from gevinst_benefits.usecases import late_reports
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.house import House
from tests.benefits.reporting_world import BEFORE, LATER, MONTH, Reporting, events, running
from tests.benefits.world import World


def house(reporting: Reporting) -> House:
    found = reporting.world.desk.app.state.house
    assert isinstance(found, House)
    return found


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


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
