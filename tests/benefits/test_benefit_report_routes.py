"""The benefit report: the figures of the overviews, the plan and the reconciliation, in five languages."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from gevinst_benefits.schemas.overviews import WorkOverviewOut
from gevinst_shared.papers.amounts import scale_of
from gevinst_shared.papers.wording import LANGUAGES, Words
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import action
from tests.benefits.reporting_world import NOW, Reporting
from tests.benefits.world import OWNER, World, made
from tests.support import office
from tests.support.organisations import new_organisation
from tests.support.paper_reading import docx_text, lost, pdf_text
from tests.support.tagged_pdf import TaggedPdf, faults

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CASH = {"ledger": "money", "money_per_year": {"amount": "360000.00", "currency": "NOK", "price_year": 2026}}
FROM_2026 = {"hangs_on": "none", "starts_on": "2026-01-01", "duration_months": 120}


async def planned(world: World) -> dict[str, Any]:
    """A confirmed budget reduction, and an unconfirmed benefit in time."""
    benefit = await world.planned(
        name="Mindre porto på øya",
        mode="budget-reduction",
        kind="avoided-cost",
        estimate=CASH,
        timing=FROM_2026,
    )
    owner = world.desk.caller(subject=OWNER)
    answer = await owner.post(f"/benefits/{benefit['id']}/confirmation")
    assert answer.status_code == 200, answer.text
    await world.planned(name="Kortere køer", timing=FROM_2026)
    return benefit


async def report(world: World, path: str, media: str = DOCX, language: str = "en") -> httpx.Response:
    headers = {"Accept": media, "Accept-Language": language}
    answer = await world.office.get(f"{path}/benefit-report?first_year=2026&years=3", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def told(world: World, path: str, language: str = "en") -> str:
    return docx_text((await report(world, path, DOCX, language)).content)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_sums_are_the_overviews_in_the_readers_language(world: World, language: str) -> None:
    """C7: ledger by ledger; B6: what nobody verified is a dash."""
    await planned(world)
    path = f"/projects/{world.project_id}"
    overview = (await world.office.get(f"{path}/overview?first_year=2026&years=3")).json()

    printed = await report(world, path, PDF, language)
    text = await told(world, path, language)

    assert WorkOverviewOut.model_validate(overview).model_dump(mode="json", exclude_none=True) == overview
    words = Words(language, "gevinst_benefits")
    assert len(overview["sums"]) == 2
    for one in overview["sums"]:
        for year in one["years"]:
            confirmed, unconfirmed = Decimal(year["confirmed"]), Decimal(year["unconfirmed"])
            if "currency" in one:
                scale = scale_of([confirmed])
                row = f"{year['year']} {scale.write(words, confirmed)} {scale.write(words, unconfirmed)} –"
            else:
                row = f"{year['year']} {words.number(confirmed)} {words.number(unconfirmed)} –"
            assert row.replace("\u00a0", " ") in text, (row, text)
            assert row.replace("\u00a0", " ") in pdf_text(printed.content)
    assert faults(printed.content, language) == []
    kinds = [kind for kind, _ in TaggedPdf(printed.content).spoken()]
    assert kinds.count("/H1") >= 6


async def test_each_benefit_stands_with_owner_state_promise_and_what_was_found(world: World) -> None:
    """B2, G3: one row a benefit; what was verified is the controller's."""
    benefit = await planned(world)
    controller = world.desk.caller(Role.BENEFIT_CONTROLLER, subject="cecilie")
    cash = {"amount": "300000.00", "currency": "NOK", "price_year": 2026}
    finding = {
        "year": 2026,
        "realised": {"ledger": "money", "money_per_year": cash},
        "evidence": "Account 2540",
    }
    await made(controller, f"/benefits/{benefit['id']}/verifications", finding)

    text = await told(world, f"/projects/{world.project_id}")

    for said in (
        "Mindre porto på øya budget reduction Benefit owner, Home care confirmed 2026",
        "NOK 360,000 (2026 prices) NOK 300,000 (2026) none",
        "2026 360,000 0 300,000",
        "1,200 hours not verified none",
        "Benefits without an indicator: 2",
        "Not confirmed by their owner: 1",
    ):
        assert said in text, (said, text)


async def test_what_became_of_budgets_is_the_reconciliation(world: World) -> None:
    """M1, E2: planned, and nothing agreed, booked or verified yet."""
    await planned(world)
    rows = (await world.office.get("/reconciliation?year=2026")).json()["items"]

    text = await told(world, f"/projects/{world.project_id}")
    first = NOW.year + 3
    path = f"/projects/{world.project_id}/benefit-report?first_year={first}&years=3"
    far = await world.office.get(path, headers={"Accept": DOCX})

    year = rows[0]["years"][0]
    assert year["planned"]["amount"] == "360000.00"
    assert {"agreed", "booked", "verified", "realised"}.isdisjoint(year)
    assert [one["reason"] for one in year["differences"]] == ["nothing-agreed"]
    assert "Mindre porto på øya 2026 360,000 – – – – nothing agreed" in text
    assert f"Nothing is to be told of budgets for {first}–{first + 2}." in docx_text(far.content)
    assert f"Mindre porto på øya {first}" not in docx_text(far.content)


async def test_indicators_stand_with_light_state_and_way(world: World) -> None:
    """B6, B7."""
    benefit = await planned(world)
    indicator = {
        "name": "Letters",
        "unit_of_measure": "count",
        "direction": "down",
        "baseline": "42000",
        "target": "20000",
        "action": "Move cases",
        "due_on": ["2026-06-01"],
    }
    made_one = await made(world.office, f"/benefits/{benefit['id']}/indicators", indicator)
    at = f"/indicators/{made_one['id']}/measurements"
    owner = world.desk.caller(subject=OWNER)
    await made(owner, at, {"taken_on": "2026-06-01", "value": "31000", "source": "Archive"})

    text = await told(world, f"/projects/{world.project_id}")
    shown = (await world.office.get(f"/indicators/{made_one['id']}")).json()

    assert shown["realised_share"] == "0.5"
    assert "measured 42,000 20,000 31,000 1 June 2026 50 %" in text, text
    assert "Letters (count) Mindre porto på øya" in text


async def test_what_happens_next_has_owners_and_days_and_late_ones_first(world: World) -> None:
    """B8, G7."""
    benefit = await planned(world)
    at = f"/benefits/{benefit['id']}/actions"
    person = {"person_id": str(world.owner_id)}
    later = action(world, name="Later", owner=person, deadline={"hangs_on": "none", "day": "2099-01-02"})
    late = action(world, name="Late", deadline={"hangs_on": "none", "day": "2026-01-02"})
    await made(world.office, at, later)
    await made(world.office, at, late)

    text = await told(world, f"/projects/{world.project_id}")

    assert text.index("Late Mindre porto") < text.index("Later Mindre porto")
    assert "2 January 2026, overdue" in text
    assert "Later Mindre porto på øya Olav 2 January 2099" in text


async def test_an_empty_plan_is_missing_and_not_zero(world: World) -> None:
    """B6."""
    text = await told(world, f"/projects/{world.project_id}")

    for said in (
        "None in the plan; what the project is to give is missing, not zero",
        "Nothing is promised or verified for 2026–2028. That is missing, not zero.",
        "Nothing is to be told of budgets for 2026–2028.",
        "No gate, condition or action is open.",
    ):
        assert said in text, (said, text)


async def test_portfolios_and_units_have_a_report_of_their_overview(world: World) -> None:
    await planned(world)
    portfolio, unit = f"/portfolios/{world.portfolio_id}", f"/units/{world.top}"

    of_portfolio, of_unit = await told(world, portfolio), await told(world, unit)

    assert "Benefit report: Portfolio (projects: 2)" in of_portfolio
    assert "2026 360,000 0 –" in of_portfolio
    assert "Mindre porto på øya Digital post confirmed" in of_portfolio
    assert "Benefit report: Health" in of_unit
    assert "2026 360,000 0 –" in of_unit
    assert "No unit has said how many people it has" in of_unit


async def test_a_programme_has_one_and_no_report_is_of_another_organisation(world: World) -> None:
    programme = new_id()
    await world.tell(
        "project-changed",
        project_id=world.project_id,
        portfolio_id=world.portfolio_id,
        programme_id=programme,
        name="Digital post",
    )
    elsewhere = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    scopes = {
        "projects": world.project_id,
        "programmes": programme,
        "portfolios": world.portfolio_id,
        "units": world.unit,
    }

    assert "Benefit report: Programme (projects: 1)" in await told(world, f"/programmes/{programme}")
    for scope, scope_id in scopes.items():
        path = f"/{scope}/{scope_id}/benefit-report"
        assert (await elsewhere.get(path)).status_code == 404, scope
        assert (await world.desk.with_headers().get(path)).status_code == 401, scope
        assert (await world.office.get(f"{path}?years=21")).status_code == 400, scope


async def test_a_projects_overview_has_its_own_reports_only(reporting: Reporting) -> None:
    """B13: the other project's late report is not this one's."""
    world = reporting.world
    await world.tell(
        "project-changed",
        project_id=world.other_id,
        portfolio_id=world.portfolio_id,
        name="New switchboard",
        status="running",
        start="2025-01-15",
    )

    shown = (await world.office.get(f"/projects/{world.project_id}/overview")).json()

    assert (shown["project_count"], shown["reports"]["projects"]) == (1, 1)
    assert "Benefit report: Digital post" in await told(world, f"/projects/{world.project_id}")


async def test_the_same_report_twice_is_the_same_bytes(world: World) -> None:
    await planned(world)
    path = f"/projects/{world.project_id}"

    first, second = [await report(world, path, PDF) for _ in range(2)]
    known = await world.office.get(
        f"{path}/benefit-report?first_year=2026&years=3",
        headers={"Accept": PDF, "If-None-Match": first.headers["etag"]},
    )

    assert first.content == second.content
    assert known.status_code == 304


@pytest.mark.slow
async def test_libreoffice_opens_the_report_and_reads_the_same(world: World, tmp_path: Path) -> None:
    await planned(world)
    path = f"/projects/{world.project_id}"
    written = {language: (await report(world, path, DOCX, language)).content for language in LANGUAGES}

    printed = office.printed_together(written, tmp_path)

    assert [lost(written[one], printed[one]) for one in LANGUAGES] == [[]] * 5
    text = pdf_text(printed["da"])
    for said in ("Gevinstrapport: Digital post", "2026 360.000 0 –", "Side 1 af"):
        assert said in text
