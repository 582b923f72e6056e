"""The paper of a monthly report: its figures are the report's, in five languages (B13, B6)."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from gevinst_benefits.schemas.monthly_reports import KnownOut
from gevinst_shared.values.actor import Role
from tests.benefits.plan_records import action
from tests.benefits.reporting_world import BEFORE, LAST, MONTH, Reporting
from tests.benefits.steered import condition_set
from tests.benefits.world import made
from tests.support import office
from tests.support.callers import problem
from tests.support.organisations import new_organisation
from tests.support.paper_reading import docx_text, lost, pdf_text
from tests.support.tagged_pdf import TaggedPdf, faults

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RED = {"light": "red", "words": "Dearer: two suppliers went bankrupt"}
COSTS = {
    "planned_cost": {"amount": "1250000.00", "currency": "NOK", "price_year": 2026},
    "reported_cost": {"amount": "1500001.00", "currency": "NOK", "price_year": 2026},
}
# A red light on cost, the cost that is planned, and how much dearer it is.
SAID = {
    "nb": ("Rødt: Kostnad.", "1 250 000 kr (2026-priser)", "250 001 kr (+20,0 %)"),
    "nn": ("Raudt: Kostnad.", "1 250 000 kr (2026-prisar)", "250 001 kr (+20,0 %)"),
    "da": ("Rød: Økonomi.", "1.250.000 NOK (2026-priser)", "250.001 NOK (+20,0 %)"),
    "sv": ("Rött: Kostnad.", "1 250 000 Nkr (2026 års priser)", "250 001 Nkr (+20,0 %)"),
    "en": ("Red: Cost.", "NOK 1,250,000 (2026 prices)", "NOK 250,001 (+20.0 %)"),
}


async def paper(reporting: Reporting, report: dict[str, Any], **headers: str) -> httpx.Response:
    path = f"/monthly-reports/{report['id']}/paper"
    answer = await reporting.manager.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def told(reporting: Reporting, report: dict[str, Any], language: str = "en") -> str:
    return docx_text(
        (await paper(reporting, report, **{"Accept": DOCX, "Accept-Language": language})).content
    )


@pytest.mark.parametrize("language", SAID)
async def test_the_paper_says_the_reports_lights_and_costs_in_the_readers_language(
    reporting: Reporting, language: str
) -> None:
    """B13: as PDF and as a Word document."""
    report = await reporting.submitted(MONTH, cost=RED, **COSTS)

    printed = await paper(reporting, report, **{"Accept": PDF, "Accept-Language": language})
    written = await paper(reporting, report, **{"Accept": DOCX, "Accept-Language": language})

    for answer, text in ((printed, pdf_text(printed.content)), (written, docx_text(written.content))):
        assert answer.headers["content-language"] == language
        for said in (*SAID[language], RED["words"], "Digital post"):
            assert said in text, (said, text)
    assert faults(printed.content, language) == []
    kinds = [kind for kind, _ in TaggedPdf(printed.content).spoken()]
    assert kinds.count("/H1") >= 5
    assert "/TH" in kinds


@pytest.mark.slow
async def test_libreoffice_prints_all_of_it_in_every_language(reporting: Reporting, tmp_path: Path) -> None:
    report = await reporting.submitted(MONTH, cost=RED, **COSTS)
    written = {
        language: (await paper(reporting, report, **{"Accept": DOCX, "Accept-Language": language})).content
        for language in SAID
    }

    printed = office.printed_together(written, tmp_path)

    assert [lost(written[one], printed[one]) for one in SAID] == [[]] * 5


async def test_what_changed_since_the_report_before_stands_then_and_now(reporting: Reporting) -> None:
    """B13: the rows of the report's changes."""
    await reporting.submitted(BEFORE)
    report = await reporting.submitted(MONTH, cost=RED)

    text = await told(reporting, report)

    assert "Cost: light Green Red" in text
    assert f"Cost: words – {RED['words']}" in text
    assert "This is the project's first report" not in text


async def test_a_first_draft_says_that_it_is_not_submitted_and_what_is_missing(reporting: Reporting) -> None:
    """B6: an area without a light is never green, and a cost that nobody reported is not zero."""
    report = await reporting.drafted()

    text = await told(reporting, report)

    for said in (
        "Draft by maria; not submitted",
        "This report has not been submitted.",
        "No light: Benefits, Cost, Progress, Quality, Risk.",
        "This is the project's first report",
        "As it looks now Not reported",
        "one of the two is missing, which is not zero",
        "None in the plan; what the project is to give is missing, not zero",
        "No measure is proposed or being followed up.",
    ):
        assert said in text, (said, text)
    assert "Green" not in text


async def test_measures_wait_first_with_owner_day_and_what_came_of_them(reporting: Reporting) -> None:
    """B13: decided measures are followed up; one past its day is said to be."""
    world = reporting.world
    draft = await reporting.drafted()
    at = f"/monthly-reports/{draft['id']}/measures"
    first = await made(reporting.manager, at, {"text": "Move the roll-out to March"})
    await made(reporting.manager, at, {"text": "Hire a tester"})
    ruling = {
        "outcome": "decided",
        "reason": "The line has room",
        "owner_id": str(world.owner_id),
        "deadline": "2026-01-05",
    }
    decided = await reporting.owner.post(f"/measures/{first['id']}/decision", json=ruling)
    assert decided.status_code == 200, decided.text

    text = await told(reporting, draft)

    assert "Measures that wait for a decision: 1." in text
    assert "Hire a tester to be decided – – –" in text
    assert "Move the roll-out to March decided Olav 5 January 2026, overdue The line has room" in text


async def test_what_waits_is_what_the_report_knew(reporting: Reporting) -> None:
    """G7, B8: conditions and actions with their days, of the day that it was submitted."""
    world = reporting.world
    asked = await condition_set(world, world.project_id)
    benefit = await world.planned()
    late = action(world, deadline={"hangs_on": "none", "day": "2026-01-02"})
    await made(world.office, f"/benefits/{benefit['id']}/actions", late)
    report = await reporting.submitted()

    text = await told(reporting, report)

    assert "As it was known when the report was submitted." in text
    assert asked["text"] in text
    assert f"{late['name']} 2 January 2026" in text
    assert "Benefits not confirmed: 1" in text


async def test_what_waits_beyond_what_a_report_lists_is_counted(reporting: Reporting) -> None:
    """B8: twenty of twenty-three actions."""
    world = reporting.world
    benefit = await world.planned()
    late = {"hangs_on": "none", "day": "2026-01-02"}
    for number in range(23):
        body = action(world, name=f"Late {number}", deadline=late)
        await made(world.office, f"/benefits/{benefit['id']}/actions", body)
    report = await reporting.submitted()

    text = await told(reporting, report)

    path = f"/monthly-reports/{report['id']}"
    known = (await reporting.manager.get(f"{path}/known")).json()
    (version,) = (await reporting.manager.get(f"{path}/versions")).json()["items"]
    for found in (known, version["known"]):
        assert KnownOut.model_validate(found)
        assert (len(found["overdue_actions"]), found["overdue_actions_more"]) == (20, 3)
        assert "open_conditions_more" not in found
    assert "Not shown here: 3." in text


async def test_a_corrected_report_says_why_and_which_version_it_is(reporting: Reporting) -> None:
    """E1."""
    report = await reporting.submitted()
    path = f"/monthly-reports/{report['id']}"
    await reporting.manager.post(f"{path}/correction", json={"reason": "The invoice came"})

    opened = await told(reporting, report)
    await reporting.manager.post(f"{path}/submission")
    corrected = await told(reporting, report)

    assert "Opened for correction; version 1 is the one that was submitted last" in opened
    assert "Corrected because The invoice came" in corrected
    assert "version 2" in corrected


async def test_prices_of_two_years_are_not_compared(reporting: Reporting) -> None:
    """C1."""
    reported = COSTS["reported_cost"] | {"price_year": 2025}
    report = await reporting.submitted(MONTH, **{**COSTS, "reported_cost": reported})

    text = await told(reporting, report)

    assert "Not computed: the two are not in the same currency and prices" in text
    assert f"Cost of {LAST.year}" in text


async def test_the_paper_is_for_those_who_see_the_report_and_in_two_forms(reporting: Reporting) -> None:
    report = await reporting.submitted()
    path = f"/monthly-reports/{report['id']}/paper"
    elsewhere = reporting.world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    first = await paper(reporting, report)
    known = await reporting.manager.get(path, headers={"If-None-Match": first.headers["etag"]})
    odd = await reporting.manager.get(path, headers={"Accept": "text/html"})

    assert (await elsewhere.get(path)).status_code == 404
    assert (await reporting.world.desk.with_headers().get(path)).status_code == 401
    assert (known.status_code, known.content) == (304, b"")
    assert odd.status_code == 406
    assert problem(odd)["type"].endswith("#representation-not-offered")
